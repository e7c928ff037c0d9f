"""An item is saved by a page of which nobody knows what it had shown: the person chooses, nothing is written over."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.rules import Entry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def test_both_texts_are_shown_and_nothing_is_written_over(cast: Cast) -> None:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner,
        entries=[Entry(0, None, 0, "project", "1", "見守り事業", owners=("地域振興課",))],
    )  # fmt: skip
    draft = plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)
    item = draft.texts.get().item_id
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "見守り隊"}, actor=cast.clerk)
    draft.steps.all().delete()

    answer = signed_in(cast.colleague).post(
        reverse("office:draft_item", args=[cast.ward.key, draft.pk, item]),
        {"revision": "1", "title": "声かけ事業"},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "見守り隊" in page
    assert "声かけ事業" in page
    assert draft.texts.get().title == "見守り隊"
