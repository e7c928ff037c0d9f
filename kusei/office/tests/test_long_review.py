"""A draft with many changed items is looked over page by page; what is decided goes back to its page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.enums import ReviewState
from kusei.plans.models import PlanVersion
from kusei.plans.rules import Entry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    """130 items, the words of all of them changed; the last 40 are the division's."""
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner,
        entries=[
            Entry(at, None, 0, "project", "", f"事業の{at:03d}", text="月に1回", owners=("地域振興課",) if at >= 90 else ())
            for at in range(130)
        ],
    )  # fmt: skip
    draft = plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)
    plans.replace_text(version=draft, find="1回", put="2回", actor=cast.planner)
    return draft


def test_pages_of_a_hundred_lead_on_and_back(cast: Cast, draft: PlanVersion) -> None:
    client, at = signed_in(cast.planner), reverse("office:review", args=[cast.ward.key, draft.pk])
    first = client.get(at).content.decode()
    assert (first.count('name="item"'), "事業の099" in first, "事業の100" in first) == (100, True, False)
    assert "1 / 2 ページ（全130件）" in first
    second = client.get(f"{at}?page=2").content.decode()
    assert (second.count('name="item"'), "事業の100" in second) == (30, True)
    assert client.get(f"{at}?page=nonsense").content.decode().count('name="item"') == 100

    item = draft.texts.get(title="事業の120")
    answer = client.post(
        reverse("office:decide", args=[cast.ward.key, draft.pk]),
        {"decision": "approve", "item": f"{item.item_id}:{item.revision}", "state": "", "page": "2"},
    )
    assert answer["Location"] == f"{at}?page=2"
    item.refresh_from_db()
    assert item.review == ReviewState.APPROVED


def test_a_division_finds_its_own_items_on_the_first_page(cast: Cast, draft: PlanVersion) -> None:
    at = reverse("office:review", args=[cast.ward.key, draft.pk])
    first = signed_in(cast.clerk).get(at).content.decode()
    assert first.count('name="item"') == 40
    assert first.index("事業の090") < first.index("事業の000")


def test_what_is_published_is_looked_over_page_by_page(cast: Cast, draft: PlanVersion) -> None:
    at = reverse("office:publish", args=[cast.ward.key, draft.pk])
    first = signed_in(cast.planner).get(at).content.decode()
    assert "変わるところ 130件" in first
    assert ("事業の099" in first, first.count('class="review"')) == (True, 100)
    assert signed_in(cast.planner).get(f"{at}?page=2").content.decode().count('class="review"') == 30
