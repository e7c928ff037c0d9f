"""Two people at once: nothing that somebody was told is saved is lost, and nobody decides on what they have not seen."""

from __future__ import annotations

import pytest

from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.models import PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast


def entries(watch: str = "見守り事業") -> list[Entry]:
    return [
        Entry(0, None, 0, "measure", "1", "つながり"),
        Entry(1, 0, 1, "project", "1", watch, text="訪ねる。", owners=("地域振興課",)),
        Entry(2, 0, 1, "project", "2", "健康事業", owners=("福祉保健課",)),
    ]


def publish(cast: Cast, watch: str = "見守り事業") -> PlanVersion:
    done = plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", entries=entries(watch), actor=cast.planner
    )
    return done.version


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    publish(cast)
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def item_of(version: PlanVersion, title: str) -> int:
    return version.texts.get(title=title).item_id


def test_what_came_back_by_undoing_is_no_first_revision(draft: PlanVersion, cast: Cast) -> None:
    """Somebody has had the item open since before it was edited, taken out and brought back."""
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "見守り隊"}, actor=cast.clerk)
    plans.remove_item(version=draft, item=item, with_children=True, actor=cast.planner)
    plans.undo_step(version=draft, actor=cast.planner)

    with pytest.raises(plans.EditConflict) as met:
        plans.edit_item(
            version=draft, item=item, revision=1, changes={"title": "声かけ"}, actor=cast.colleague
        )
    assert [(clash.theirs, clash.mine) for clash in met.value.clashes] == [("見守り隊", "声かけ")]
    assert draft.texts.get(item=item).title == "見守り隊"


def test_where_nobody_knows_what_was_seen_a_person_chooses(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "見守り隊"}, actor=cast.clerk)
    draft.steps.all().delete()

    with pytest.raises(plans.EditConflict):
        plans.edit_item(
            version=draft, item=item, revision=1, changes={"title": "声かけ"}, actor=cast.colleague
        )
    assert draft.texts.get(item=item).title == "見守り隊"
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "見守り隊"}, actor=cast.colleague)


def test_a_published_version_is_not_thrown_away_by_an_old_page(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "見守り隊"}, actor=cast.planner)
    old = PlanVersion.objects.select_related("plan", "ward").get(pk=draft.pk)
    plans.publish_draft(version=draft, actor=cast.planner)

    with pytest.raises(plans.NotEditable, match="もう公開された"):
        plans.discard_draft(version=old, actor=cast.planner)
    assert plans.version_in_force(draft.plan) == draft


def test_taking_in_what_was_published_cannot_be_undone(draft: PlanVersion, cast: Cast) -> None:
    """Undone, the draft would take back what was published meanwhile, and nobody would be told."""
    publish(cast, "見守り隊")
    plans.take_in_force(version=draft, actor=cast.planner)
    before = tree_of(draft)

    with pytest.raises(plans.NothingToUndo, match="公開中の版"):
        plans.undo_step(version=draft, actor=cast.planner)
    assert tree_of(draft) == before


def test_undoing_takes_the_right_that_doing_takes(draft: PlanVersion, cast: Cast) -> None:
    """A planner of yesterday who is a clerk today."""
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    plans.move_item(version=draft, item=health, under=None, after=None, actor=cast.planner)
    moved = tree_of(draft)
    cast.planner.role_grants.update(starts_on="2020-04-01", ends_on="2021-04-01")
    wards.grant_role(
        ward=cast.ward, person=cast.planner, role=Role.STAFF, body=cast.promotion, actor=cast.operator
    )
    with pytest.raises(NotAllowed):
        plans.undo_step(version=draft, actor=cast.planner)
    assert tree_of(draft) == moved

    plans.edit_item(version=draft, item=watch, revision=1, changes={"text": "毎月"}, actor=cast.planner)
    plans.undo_step(version=draft, actor=cast.planner)
    plans.redo_step(version=draft, actor=cast.planner)
    assert draft.texts.get(item=watch).text == "毎月"


def test_a_division_undoes_what_it_added(draft: PlanVersion, cast: Cast) -> None:
    watch = item_of(draft, "見守り事業")
    plans.add_item(version=draft, row=Row(0, watch, "component", "訪問"), under=watch, actor=cast.clerk)
    plans.undo_step(version=draft, actor=cast.clerk)
    assert not draft.texts.filter(title="訪問").exists()
    plans.redo_step(version=draft, actor=cast.clerk)
    assert draft.texts.filter(title="訪問").exists()


def test_what_changed_since_it_was_shown_is_not_approved(draft: PlanVersion, cast: Cast) -> None:
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    seen = {watch: 1, health: 1}
    plans.edit_item(version=draft, item=watch, revision=1, changes={"text": "毎月"}, actor=cast.clerk)

    with pytest.raises(plans.ChangedSinceSeen, match="見守り事業"):
        plans.approve_items(version=draft, items=[watch, health], actor=cast.planner, seen=seen)
    assert set(draft.texts.values_list("review", flat=True)) == {"kept", "working"}
    assert (
        plans.approve_items(version=draft, items=[watch], actor=cast.planner, seen={watch: 2, health: 1}) == 1
    )
