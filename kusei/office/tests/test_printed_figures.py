"""Figures of published results: shown with what they would count as, taken many at once, left again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from kusei.ledger.models import Entry
from kusei.ledger.tests.ground import Ground
from kusei.plans.models import PlanVersion
from kusei.results import operations as results
from kusei.results.operations import PrintedFigure, PrintedResult
from tests.axe import axe_findings
from tests.cast import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def version(ground: Ground) -> PlanVersion:
    found = PlanVersion.objects.get()
    results.record_printed_results(
        version=found,
        results=[
            PrintedResult(
                ground.items[0].pk, "全12回、延べ348人が参加し、花を4鉢植えた。", "done", "",
                (PrintedFigure(Decimal(12), "回"), PrintedFigure(Decimal(348), "延べ人"), PrintedFigure(Decimal(4), "鉢", "花")),
            ),
            PrintedResult(ground.items[1].pk, "延べ348人が参加した。", "done", "", (PrintedFigure(Decimal(348), "延べ人"),)),
        ],
    )  # fmt: skip
    return found


def test_chosen_figures_become_entries_and_are_left_again(ground: Ground, version: PlanVersion) -> None:
    client = signed_in(ground.cast.planner)
    sources = client.get(reverse("office:printed_sources", args=[ground.cast.ward.key])).content.decode()
    here = reverse("office:printed_figures", args=[ground.cast.ward.key, version.pk])
    assert here in sources
    page = client.get(here).content.decode()
    assert "「鉢」で数えるものを加える" in page
    assert "同じ数が「防災訓練」にもあります" in page
    keys = [f"{ground.items[0].pk}:{place}:{metric}" for place, metric in ((0, ground.times.pk),)]
    answer = client.post(here, {"figure": keys, "state": "open"}, follow=True)
    assert "1件を実績に加えました" in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("?state=open")
    assert Entry.objects.get().quantity == 12
    assert "まだ加えていない 2" in client.get(f"{here}?state=taken").content.decode()
    client.post(here, {"figure": keys, "do": "leave"})
    assert Entry.objects.count() == 2  # the entry and its reversal


@pytest.mark.parametrize("sent", [[], ["x"], ["1:2"], ["9" * 40 + ":0:1"], ["²:0:1"], ["999999:0:1"]])
def test_nonsense_takes_nothing(ground: Ground, version: PlanVersion, sent: list[str]) -> None:
    client = signed_in(ground.cast.planner)
    here = reverse("office:printed_figures", args=[ground.cast.ward.key, version.pk])
    assert client.post(here, {"figure": sent}).status_code == 302
    assert not Entry.objects.exists()


def test_a_draft_and_another_wards_plan_are_not_found(ground: Ground, version: PlanVersion) -> None:
    client = signed_in(ground.cast.stranger)
    here = reverse("office:printed_figures", args=[ground.cast.other_ward.key, version.pk])
    assert client.get(here).status_code == 404


def test_the_queries_do_not_grow_with_the_figures(
    ground: Ground, version: PlanVersion, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(ground.cast.planner)
    here = reverse("office:printed_figures", args=[ground.cast.ward.key, version.pk])
    client.get(here)
    with CaptureQueriesContext(connection) as few:
        client.get(here)
    results.record_printed_results(
        version=version,
        results=[PrintedResult(ground.items[2].pk, "多い", "done", "", tuple(PrintedFigure(Decimal(n), "回") for n in range(40)))],
    )  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get(here)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_axe_and_a_phone(ground: Ground, version: PlanVersion, live_server, open_page) -> None:
    for width in (1280, 375):
        page = open_page(viewport={"width": width, "height": 800})
        cookie = signed_in(ground.cast.planner).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        for name, more in (("printed_sources", []), ("printed_figures", [version.pk])):
            page.goto(live_server.url + reverse(f"office:{name}", args=[ground.cast.ward.key, *more]))
            assert axe_findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
