"""The year's workbook at the desk and before residents: who gets which, and that the link is there."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kusei.results import operations as results
from tests.cast import Cast, signed_in
from tests.wide_year import WideYear, wide_year

pytestmark = pytest.mark.slow


@pytest.fixture
def year(cast: Cast) -> WideYear:
    return wide_year("横浜市都筑区", 6, bodies=3)


def publish(year: WideYear) -> None:
    results.approve_answers(answers=year.shown(), actor=year.planner)
    results.publish_results(collection=year.collection, actor=year.planner)


def clerk(year: WideYear) -> Client:
    from kusei.wards.models import Person

    return signed_in(Person.objects.get(username=f"{year.ward.key}-clerk0"))


def test_the_office_takes_the_year_as_it_stands_and_as_it_was_published(year: WideYear) -> None:
    client = clerk(year)
    board = reverse("office:board", args=[year.ward.key, year.collection.pk])
    so_far = reverse("office:year_so_far", args=[year.ward.key, year.collection.pk])
    assert so_far in client.get(board).content.decode()
    answer = client.get(so_far)
    assert (answer.status_code, "attachment" in answer["Content-Disposition"]) == (200, True)
    assert load_workbook(io.BytesIO(answer.content))["取組結果"]["L2"].value is None
    published = reverse("office:year_published", args=[year.ward.key, year.collection.pk, 2])
    assert client.get(published).status_code == 404
    publish(year)
    assert published in client.get(board).content.decode()
    assert client.get(published).content == client.get(published).content
    assert load_workbook(io.BytesIO(client.get(published).content))["まとめ"]["A2"].value == "第2版"


def test_residents_take_a_published_version_and_nothing_before(year: WideYear, client: Client) -> None:
    page = reverse("portal:results", args=[year.ward.key, year.plan.fiscal_year])
    place = [year.ward.key, year.plan.fiscal_year, year.plan.kind]
    assert ".xlsx" not in client.get(page).content.decode()
    assert client.get(reverse("portal:version_results", args=[*place, 1])).status_code == 404
    publish(year)
    address = reverse("portal:version_results", args=[*place, 2])
    assert address in client.get(page).content.decode()
    assert address in client.get(reverse("portal:plan", args=place)).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "入力の状態" not in [
        cell.value for cell in load_workbook(io.BytesIO(answer.content))["取組結果"][1]
    ]
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"/en{address}").content == answer.content
    assert client.get(reverse("portal:version_results", args=[*place, 3])).status_code == 404


def test_residents_find_what_was_published(year: WideYear, client: Client) -> None:
    search = reverse("portal:ward_search", args=[year.ward.key])
    asked = {"q": "地域の方と話し合って"}
    assert "健康教室1" not in client.get(search, asked).content.decode()
    publish(year)
    assert "健康教室1" in client.get(search, asked).content.decode()


def test_a_body_outside_takes_no_list_of_all_answers(year: WideYear, cast: Cast) -> None:
    from kusei.wards import operations as wards
    from kusei.wards.enums import Role

    wards.grant_role(
        ward=year.ward, person=cast.partner, role=Role.PARTNER, body=year.bodies[0], actor=cast.operator
    )
    client = signed_in(cast.partner)
    so_far = reverse("office:year_so_far", args=[year.ward.key, year.collection.pk])
    assert client.get(so_far).status_code == 403
    board = client.get(reverse("office:board", args=[year.ward.key, year.collection.pk]))
    assert so_far not in board.content.decode()
