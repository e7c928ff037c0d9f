"""Links that splitting and merging leave behind: they go with undo and with the draft, come back with redo, and count for
residents only once the draft is published."""

from __future__ import annotations

import pytest
from django.test import Client

from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Item, Link, PlanVersion
from kusei.plans.queries import links_of
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from tests.cast import Cast

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    rows = [
        Entry(0, None, 0, "measure", "1", "つながり"),
        Entry(1, 0, 1, "project", "1", "見守り事業", text="訪ねる。\n集う。"),
        Entry(2, 0, 1, "project", "2", "健康事業"),
    ]
    plans.publish_version(ward=cast.ward, fiscal_year=2026, kind="budget", entries=rows, actor=cast.planner)
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def item_of(version: PlanVersion, title: str) -> int:
    return version.texts.get(title=title).item_id


def split(draft: PlanVersion, cast: Cast) -> tuple[int, int]:
    """Cut 集い off 見守り事業; the new item and the old one."""
    watch = item_of(draft, "見守り事業")
    revision = draft.texts.get(item=watch).revision
    pieces = [("見守り事業", "訪ねる。"), ("集い", "集う。")]
    plans.split_item(version=draft, item=watch, revision=revision, pieces=pieces, actor=cast.planner)
    return item_of(draft, "集い"), watch


def merge(draft: PlanVersion, cast: Cast) -> tuple[int, int]:
    """Let 健康事業 go into 見守り事業."""
    health, watch = item_of(draft, "健康事業"), item_of(draft, "見守り事業")
    plans.merge_items(version=draft, item=health, into=watch, actor=cast.planner)
    return health, watch


def links() -> list[tuple[int, int, str]]:
    return list(Link.objects.order_by("pk").values_list("from_item", "to_item", "kind"))


@pytest.mark.parametrize(("do", "kind"), [(split, LinkKind.SPLIT), (merge, LinkKind.MERGED)])
def test_undo_takes_the_link_back_and_redo_brings_it_again(cast: Cast, draft: PlanVersion, do, kind) -> None:
    start, end = do(draft, cast)
    assert links() == [(start, end, kind)]
    for _round in range(2):
        plans.undo_step(version=draft, actor=cast.planner)
        assert links() == []
        plans.redo_step(version=draft, actor=cast.planner)
        assert links() == [(start, end, kind)]
    link = Link.objects.get()
    assert (link.status, link.decided_by, link.draft) == (LinkStatus.CONFIRMED, cast.planner, draft)


def test_undo_takes_back_only_the_link_of_its_own_step(cast: Cast, draft: PlanVersion) -> None:
    cut = split(draft, cast)
    merge(draft, cast)
    plans.undo_step(version=draft, actor=cast.planner)
    assert links() == [(*cut, LinkKind.SPLIT)]
    plans.undo_step(version=draft, actor=cast.planner)
    assert links() == []
    with pytest.raises(plans.NothingToUndo):
        plans.undo_step(version=draft, actor=cast.planner)


def test_an_undo_that_is_refused_leaves_the_link(cast: Cast, draft: PlanVersion) -> None:
    start, end = split(draft, cast)
    person = wards.add_person(
        ward=cast.ward, username="planner-2", last_name="計画", actor=cast.administrator
    )
    wards.grant_role(ward=cast.ward, person=person, role=Role.PLANNER, actor=cast.administrator)
    plans.edit_item(version=draft, item=start, revision=1, changes={"text": "月1回"}, actor=person)
    with pytest.raises(plans.NothingToUndo, match="ほかの人が直した"):
        plans.undo_step(version=draft, actor=cast.planner)
    assert links() == [(start, end, LinkKind.SPLIT)]


def test_a_discarded_draft_takes_its_links_along_and_leaves_others(cast: Cast, draft: PlanVersion) -> None:
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    Link.objects.create(
        ward=cast.ward, from_item_id=watch, to_item_id=health, kind=LinkKind.FUNDS,
        status=LinkStatus.CONFIRMED, confidence_percent=90, reason="名前が同じ",
    )  # fmt: skip
    split(draft, cast)
    merge(draft, cast)
    plans.discard_draft(version=draft, actor=cast.planner, reason="やり直すため")
    assert links() == [(watch, health, LinkKind.FUNDS)]


def test_a_link_counts_once_its_draft_is_published(cast: Cast, draft: PlanVersion) -> None:
    cut, merged = split(draft, cast), merge(draft, cast)
    for kind in (LinkKind.SPLIT, LinkKind.MERGED):
        assert links_of(cast.ward, [*cut, *merged], kind=kind) == []
    plans.publish_draft(version=draft, actor=cast.planner)
    found = [
        (each.item_id, each.other_id)
        for kind in (LinkKind.SPLIT, LinkKind.MERGED)
        for each in links_of(cast.ward, [*cut, *merged], kind=kind)
        if each.is_outgoing
    ]
    assert found == [cut, merged]


def test_a_piece_that_never_came_before_residents_leaves_no_link(cast: Cast, draft: PlanVersion) -> None:
    piece, _watch = split(draft, cast)
    kept = merge(draft, cast)
    plans.remove_item(version=draft, item=piece, with_children=False, actor=cast.planner)
    plans.publish_draft(version=draft, actor=cast.planner)
    assert links() == [(*kept, LinkKind.MERGED)]


@pytest.mark.slow
def test_residents_see_nothing_of_a_draft_in_a_projects_genealogy(cast: Cast, draft: PlanVersion) -> None:
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    ids = [str(Item.objects.get(pk=each).public_id) for each in (watch, health)]
    pages = [f"/w/{cast.ward.key}/items/{each}/{rest}" for each in ids for rest in ("", "life/")]
    before = [Client().get(page) for page in pages]
    assert [page.status_code for page in before] == [200] * 4
    piece, _watch = split(draft, cast)
    merge(draft, cast)
    plans.add_item(
        version=draft, row=Row(0, None, "project", "まだ秘密の事業"), under=item_of(draft, "つながり"),
        actor=cast.planner,
    )  # fmt: skip

    after = [Client().get(page) for page in pages]
    assert [page.status_code for page in after] == [200] * 4
    for page in after:
        text = page.content.decode()
        assert "集い" not in text
        assert "まだ秘密の事業" not in text
    hidden = Item.objects.get(pk=piece).public_id
    assert Client().get(f"/w/{cast.ward.key}/items/{hidden}/life/").status_code == 404

    plans.publish_draft(version=draft, actor=cast.planner)
    assert Client().get(f"/w/{cast.ward.key}/items/{hidden}/life/").status_code == 200
