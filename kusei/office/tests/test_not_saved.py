"""What was typed is not lost where it cannot be saved any more; and nothing between the office and the browser keeps a page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.drafting import Owner
from kusei.plans.errors import DraftingError
from kusei.plans.models import PlanVersion
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from tests.cast import Cast, signed_in

TYPED = {
    "revision": "1",
    "title": "声かけ隊",
    "text": "毎週、訪ねます。",
    "owner": ["地域振興課", ""],
    "reason": "名が変わった",
}


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner,
        entries=[
            Entry(0, None, 0, "project", "1", "見守り事業", owners=("地域振興課",)),
            Entry(1, None, 0, "project", "2", "健康事業"),
        ],
    )  # fmt: skip
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def address(cast: Cast, draft: PlanVersion) -> str:
    item = draft.texts.get(title="見守り事業").item_id
    return reverse("office:draft_item", args=[cast.ward.key, draft.pk, item])


def test_an_item_taken_out_meanwhile_shows_what_was_typed(cast: Cast, draft: PlanVersion) -> None:
    at = address(cast, draft)
    item = draft.texts.get(title="見守り事業").item_id
    plans.remove_item(version=draft, item=item, with_children=False, actor=cast.planner)

    answer = signed_in(cast.clerk).post(at, TYPED)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "この項目はもう下書きにありません" in page
    assert [
        text for text in ("声かけ隊", "毎週、訪ねます。", "地域振興課", "名が変わった") if text not in page
    ] == []
    assert reverse("office:draft", args=[cast.ward.key, draft.pk]) in page


def test_a_draft_discarded_meanwhile_shows_what_was_typed(cast: Cast, draft: PlanVersion) -> None:
    at = address(cast, draft)
    plans.discard_draft(version=draft, actor=cast.planner)

    answer = signed_in(cast.clerk).post(at, TYPED)

    page = answer.content.decode()
    assert (answer.status_code, "毎週、訪ねます。" in page) == (409, True)
    assert "捨てられた" in page
    assert signed_in(cast.clerk).get(at).status_code == 404


def test_no_item_is_handed_to_a_body_of_another_ward(cast: Cast, draft: PlanVersion) -> None:
    theirs = wards.add_body(cast.other_ward, "総務課", actor=cast.stranger)
    item = draft.texts.get(title="健康事業").item_id

    with pytest.raises(DraftingError, match="この区にない実施主体"):
        plans.edit_item(
            version=draft, item=item, revision=1, changes={"owners": (Owner(theirs.pk, "総務課"),)}, actor=cast.planner
        )  # fmt: skip

    assert not draft.steps.exists()
    assert not draft.texts.get(item=item).owners.exists()


def test_pages_of_the_office_are_kept_by_nobody_between(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.administrator)
    assert client.get(reverse("office:work", args=[cast.ward.key]))["Cache-Control"] == "private, no-cache"
    assert client.get(reverse("office:wards"))["Cache-Control"] == "private, no-cache"
    assert (
        "no-store" in client.get(reverse("office:people", args=[cast.ward.key]))["Cache-Control"]
    )  # an invitation's link
