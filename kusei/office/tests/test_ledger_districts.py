"""Numbers by district: the usual row stays one, and one press divides it."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry, Metric, ReportCell, ReturnedForm
from kusei.ledger.queries.figures import by_district, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground, ground
from kusei.office.tests.test_ledger import plain
from kusei.office.tests.test_ledger_forms import at, fingerprint, send
from kusei.office.tests.test_ledger_months import cell, fields, total, url, with_row
from kusei.wards import operations as wards
from kusei.wards.models import District
from tests.cast import signed_in

__all__ = ["ground"]
pytestmark = pytest.mark.slow


@pytest.fixture
def districts(ground: Ground) -> list[District]:
    """中田 and 緑園, and 和泉, which ended the year before."""
    found = [wards.add_district(ward=ground.cast.ward, name=name, actor=ground.cast.planner) for name in ("中田", "緑園", "和泉")]  # fmt: skip
    wards.end_district(district=found[2], last_year=2025, actor=ground.cast.planner)
    return found


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def divided(ground: Ground, client: Client, at_url: str, **more: object) -> dict:
    data = with_row(ground, client) | {"do": f"split:{ground.items[0].pk}.{ground.times.pk}", **more}
    return fields(client.post(at_url, data))


def shares(ground: Ground) -> dict[str, int | None]:
    names = {district.pk: district.name for district in District.objects.all()}
    found = by_district(ground.cast.ward, 2026, ground.times, items=[ground.items[0].pk])
    return {names.get(district or 0, ""): figure.quantity for district, figure in found.items()}


def test_without_districts_nothing_is_offered(client: Client, ground: Ground) -> None:
    page = client.post(
        url(ground), with_row(ground, client) | {"do": "save", cell(ground, 6): "1"}, follow=True
    )
    assert "split:" not in page.content.decode()


def test_a_row_is_divided_typed_saved_and_shown_again(
    client: Client, ground: Ground, districts: list[District]
) -> None:
    data = divided(ground, client, url(ground), **{cell(ground, 4): "9"})
    assert not Entry.objects.exists()
    keys = [f"{ground.items[0].pk}.{ground.times.pk}{tail}" for tail in ("", f".{districts[0].pk}", f".{districts[1].pk}")]  # fmt: skip
    assert [key for key in data["row"] if key in keys] == keys
    assert data[cell(ground, 4)] == "9"  # what was typed stays
    data |= {f"{cell(ground, 6)}.{districts[0].pk}": "12", f"{cell(ground, 6)}.{districts[1].pk}": "８回"}
    saved = client.post(url(ground), data, follow=True)
    said = plain(saved)
    assert "健康教室 開催・実施の回数 中田 6月: 12回" in said
    assert (total(ground), shares(ground)) == (29, {"": 9, "中田": 12, "緑園": 8})
    assert list(discrepancies(ground.cast.ward, 2026)) == []
    again = fields(saved)
    assert again[f"{cell(ground, 6)}.{districts[0].pk}"] == "12"
    assert "split:" not in saved.content.decode()  # every district of the year has its row
    again |= {f"{cell(ground, 6)}.{districts[0].pk}": "", cell(ground, 4): ""}
    client.post(url(ground), again)
    assert shares(ground) == {"緑園": 8}
    assert [key for key in fields(client.get(url(ground)))["row"] if key in keys] == [keys[0], keys[2]]


def test_a_wrong_number_is_told_with_its_district(
    client: Client, ground: Ground, districts: list[District]
) -> None:
    data = divided(ground, client, url(ground)) | {f"{cell(ground, 6)}.{districts[1].pk}": "八"}
    page = client.post(url(ground), data)
    assert page.status_code == 422
    assert "健康教室 開催・実施の回数 緑園 6月: 数として読めません" in plain(page)
    assert "八" in page.content.decode()


def test_sessions_are_divided_too(client: Client, ground: Ground, districts: list[District]) -> None:
    place = url(ground, item=ground.items[0].pk)
    data = with_row(ground, client) | {cell(ground, 4): "1"}
    client.post(url(ground), data)
    data = fields(client.get(place)) | {"do": f"split:{ground.items[0].pk}.{ground.times.pk}"}
    data = fields(client.post(place, data))
    name = f"c.{ground.items[0].pk}.{ground.times.pk}.0.{districts[0].pk}"
    data["day"] = ["6/10", *data["day"][1:]]
    client.post(place, data | {name: "7"})
    stored = ReportCell.objects.get(district=districts[0])
    assert (stored.session, str(stored.on), stored.quantity) == (1, "2026-06-10", 7)
    moved = fields(client.get(place))
    moved["day"] = ["6/11", *moved["day"][1:]]
    client.post(place, moved)
    assert [(str(each.on), each.quantity) for each in ReportCell.objects.filter(district=districts[0])] == [("2026-06-11", 7)]  # fmt: skip


def test_a_district_of_another_ward_is_no_row(
    client: Client, ground: Ground, districts: list[District]
) -> None:
    elsewhere = District.objects.create(ward=ground.cast.other_ward, name="ほし", folded="ほし")
    data = with_row(ground, client)
    data["row"] = [*data["row"], f"{ground.items[0].pk}.{ground.times.pk}.{elsewhere.pk}"]
    page = client.post(url(ground), data | {f"{cell(ground, 6)}.{elsewhere.pk}": "3"})
    assert "知らない数えるもの" in plain(page)
    assert not Entry.objects.exists()


def test_a_district_with_entries_is_not_removed(
    client: Client, ground: Ground, districts: list[District]
) -> None:
    data = divided(ground, client, url(ground)) | {f"{cell(ground, 6)}.{districts[0].pk}": "12"}
    client.post(url(ground), data)
    with pytest.raises(wards.DistrictInUse, match="実績"):
        wards.remove_district(district=districts[0], actor=ground.cast.planner)


def test_the_form_in_excel_has_rows_of_districts_where_asked_for(
    client: Client, ground: Ground, districts: list[District]
) -> None:
    address = at(ground, "form_file", 2026, ground.cast.promotion.pk)
    plain_form = load_workbook(io.BytesIO(client.get(address).content)).worksheets[0]
    content = client.get(address, {"districts": "1"}).content
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert sheet.max_row - 4 == 3 * (plain_form.max_row - 4)
    place = next(
        row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 3).value == "開催・実施の回数　緑園"
    )
    sheet.cell(place, 7).value = 5
    out = io.BytesIO()
    book.save(out)
    page = send(ground, client, ("様式.xlsx", out.getvalue()))
    assert "開催・実施の回数 緑園" in plain(page)
    form = ReturnedForm.objects.get()
    client.post(at(ground, "form", form.pk), {"do": "post", "fingerprint": fingerprint(page)})
    assert shares(ground) == {"緑園": 5}


def test_percentages_are_not_divided_and_people_of_several_courses_not_added(
    client: Client, ground: Ground, districts: list[District]
) -> None:
    percentage = Metric.objects.get(ward=None, key="percentage")
    once = ledger.add_metric(
        ward=ground.cast.ward, name="講座の実人数", unit="人", adding="distinct", scope="record", actor=ground.cast.planner
    )  # fmt: skip
    data = with_row(ground, client, metric=percentage)
    name = f"c.{ground.items[0].pk}.{percentage.pk}"
    page = client.post(url(ground), data | {f"{name}.0": "10.5", f"{name}.5": "11%"}, follow=True)
    assert f"split:{ground.items[0].pk}.{percentage.pk}" not in page.content.decode()
    key = ground.items[0].pk, percentage.pk
    assert year_figures(ground.cast.ward, 2026)[key].quantity == 110  # the newest, not the sum
    data = with_row(ground, client, metric=once)
    name = f"c.{ground.items[0].pk}.{once.pk}"
    client.post(url(ground), data | {f"{name}.0": "5"})
    assert year_figures(ground.cast.ward, 2026)[ground.items[0].pk, once.pk].quantity == 5
    client.post(url(ground), fields(client.get(url(ground))) | {f"{name}.1": "6"})
    assert year_figures(ground.cast.ward, 2026)[ground.items[0].pk, once.pk].quantity is None
    assert "足せません" in plain(client.get(at(ground, "figure", 2026, ground.items[0].pk, once.pk)))
