"""Two bodies become one while they are asked about a year's results."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import by_body
from kusei.ledger.queries.reconciling import discrepancies
from kusei.office.operations import end_body, join_bodies
from kusei.office.tests.collecting import answer_at, collecting, published, report
from kusei.plans.queries.drafts import tree_of
from kusei.results import operations as results
from kusei.wards.models import Body
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def test_answers_and_parts_go_over_and_no_text_is_lost(cast: Cast) -> None:
    collection = collecting(cast)
    second, third, fourth = (answer_at(collection, place) for place in (2, 3, 4))
    council, plaza = Body.objects.get(pk=cast.council.pk), fourth.lead
    assert plaza is not None
    results.contribute(
        contribution=second.contributions.get(), was="", text="見守った。", is_done=True, actor=cast.partner
    )
    second.contributions.create(ward=cast.ward, body=plaza, text="集まりを開いた。")
    fourth.contributions.create(ward=cast.ward, body=council)

    join_bodies(duplicate=council, into=plaza, actor=cast.planner)

    part = second.contributions.get()
    assert (part.body, part.text, part.is_done) == (plaza, "集まりを開いた。\n見守った。", False)
    third.refresh_from_db()
    assert third.lead == plaza
    assert not fourth.contributions.exists()  # an empty part of the body that leads


def test_a_body_with_entries_stays_behind_them_and_counts_as_the_other(cast: Cast) -> None:
    collection = collecting(cast)
    item = answer_at(collection, 1).item
    report(cast, item, 12)
    client = signed_in(cast.planner)
    url = reverse("office:merge_body", args=[cast.ward.key, cast.promotion.pk])
    assert "書き換えずに残り" in client.get(url, {"into": cast.welfare.pk}).content.decode()
    page = client.post(url, {"into": cast.welfare.pk}, follow=True)
    assert "まとめました" in page.content.decode()
    assert "地域振興課（まとめたもの）" in page.content.decode()
    assert answer_at(collection, 1).lead == cast.welfare
    times = Metric.objects.get(ward=None, key="times")
    [(body, figure)] = by_body(cast.ward, 2026, times, items=[item.pk]).items()
    assert (body, figure.quantity) == (cast.welfare.pk, 12)
    assert list(discrepancies(cast.ward, 2026)) == []
    figure_page = client.get(reverse("office:figure", args=[cast.ward.key, 2026, item.pk, times.pk]))
    assert "福祉保健課" in figure_page.content.decode()
    for name in ("bodies", "add_body"):
        listed = client.get(reverse(f"office:{name}", args=[cast.ward.key])).content.decode()
        assert ">地域振興課<" not in listed, name
    assert client.get(reverse("office:body", args=[cast.ward.key, cast.promotion.pk])).status_code == 404


def test_a_body_without_entries_goes_and_takes_those_before_it_along(cast: Cast) -> None:
    collection = collecting(cast)
    report(cast, answer_at(collection, 1).item, 12)
    end_body(body=cast.promotion, last_year=2025, successor=cast.council, actor=cast.planner)
    join_bodies(duplicate=cast.council, into=cast.welfare, actor=cast.planner)
    assert not Body.objects.filter(pk=cast.council.pk).exists()
    cast.promotion.refresh_from_db()
    assert cast.promotion.successor == cast.welfare
    assert list(discrepancies(cast.ward, 2026)) == []


def test_a_body_ends_with_a_year_and_the_next_plan_names_its_successor(cast: Cast) -> None:
    plan = published(cast)
    client = signed_in(cast.planner)
    url = reverse("office:end_body", args=[cast.ward.key, cast.promotion.pk])
    assert client.get(url).status_code == 200
    for given in ({"last_year": "いつか", "successor": ""}, {"last_year": "", "successor": cast.welfare.pk}):
        assert client.post(url, given).status_code == 422
    page = client.post(
        url, {"last_year": "令和8年度", "successor": cast.welfare.pk}, follow=True
    ).content.decode()
    assert "そのあとは「福祉保健課」が引き継ぎます" in page
    assert "令和8年度まで" in client.get(reverse("office:bodies", args=[cast.ward.key])).content.decode()
    draft = results.roll_plan_over(plan=plan, actor=cast.planner).version
    assert draft is not None
    owners = [[owner.printed for owner in row.owners] for row in tree_of(draft).rows]
    assert owners[1:3] == [["福祉保健課"], ["福祉保健課", "みらい区社会福祉協議会"]]
    told = client.get(reverse("office:last_year", args=[cast.ward.key, draft.pk])).content.decode()
    assert "<del>地域振興課</del><ins>福祉保健課</ins>" in told
    # This year's results are still asked of the body itself, and whoever acts for it next year may write them.
    collection = results.open_collection(
        plan=plan, due_on=timezone.localdate() + timedelta(days=9), actor=cast.planner
    )
    assert answer_at(collection, 1).lead == cast.promotion
    own = reverse("office:answer", args=[cast.ward.key, answer_at(collection, 1).pk])
    assert 'name="text"' in signed_in(cast.other_clerk).get(own).content.decode()
    assert client.post(url, {"last_year": "", "successor": ""}, follow=True).status_code == 200
    assert signed_in(cast.clerk).get(url).status_code == 403
