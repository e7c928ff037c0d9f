"""Drafts in the database: opened, edited by several people, undone, reviewed, published, discarded."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.plans import drafting
from kusei.plans import operations as plans
from kusei.plans.drafting import Owner, Row
from kusei.plans.enums import LinkKind, PlanStatus, ReviewState
from kusei.plans.models import Item, ItemText, Link, PlanVersion
from kusei.plans.queries.drafts import draft_of, open_mentions, plan_rows, texts_waiting, tree_of
from kusei.plans.rules import Entry, Money
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast


def entries() -> list[Entry]:
    """1 施策 > 2 事業 (地域振興課, > 3, 4 内訳), 5 事業 (福祉保健課)."""
    money = (Money(2026, "current", "", 3_000_000, "3000", "千円"),)
    return [
        Entry(0, None, 0, "measure", "1", "つながり"),
        Entry(1, 0, 1, "project", "1", "見守り事業", text="訪ねる。", owners=("地域振興課",), money=money, tags=("新規",)),
        Entry(2, 1, 2, "component", "(1)", "訪問"),
        Entry(3, 1, 2, "component", "(2)", "集い"),
        Entry(4, 0, 1, "project", "2", "健康事業", owners=("福祉保健課",)),
    ]  # fmt: skip


@pytest.fixture
def published(cast: Cast) -> PlanVersion:
    done = plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", entries=entries(), actor=cast.planner, title="予算"
    )
    return done.version


@pytest.fixture
def draft(cast: Cast, published: PlanVersion) -> PlanVersion:
    return plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


def item_of(version: PlanVersion, title: str) -> int:
    return version.texts.get(title=title).item_id


def titles(version: PlanVersion) -> list[tuple[int, str]]:
    return list(version.texts.order_by("position").values_list("depth", "title"))


def test_a_draft_says_what_is_in_force_about_the_same_items(
    draft: PlanVersion, published: PlanVersion
) -> None:
    assert tree_of(draft) == tree_of(published)
    assert (draft.base, draft.number, draft.status) == (published, 2, "draft")
    assert Item.objects.count() == 5


def test_a_plan_has_one_open_draft(draft: PlanVersion, cast: Cast) -> None:
    with pytest.raises(plans.DraftIsOpen, match="令和8年度 予算"):
        plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner)


@pytest.mark.parametrize("name", ["administrator", "clerk", "partner", "resident", "former", "stranger"])
def test_only_planners_open_and_discard(published: PlanVersion, cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        plans.open_draft(ward=cast.ward, fiscal_year=2026, kind="budget", actor=getattr(cast, name))
    assert PlanVersion.objects.count() == 1


def test_a_division_edits_its_own_items_and_what_stands_below(draft: PlanVersion, cast: Cast) -> None:
    for title in ("見守り事業", "訪問"):
        item = item_of(draft, title)
        plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎月"}, actor=cast.clerk)
        text = draft.texts.get(item=item)
        assert (text.text, text.revision, text.review) == ("毎月", 2, ReviewState.WORKING)

    for actor in (cast.clerk, cast.partner, cast.resident, cast.stranger, cast.former):
        with pytest.raises(NotAllowed):
            plans.edit_item(
                version=draft, item=item_of(draft, "健康事業"), revision=1, changes={"text": "x"}, actor=actor
            )
    assert draft.texts.get(title="健康事業").text == ""


def test_an_edit_is_told_field_by_field_in_the_trail(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "見守り事業")
    money = (drafting.money_of_yen(4_000_000, 2026, "current"),)
    plans.edit_item(
        version=draft, item=item, revision=1, actor=cast.clerk, reason="要望を受けて",
        changes={"title": "見守り隊", "money": money, "owners": (Owner(cast.welfare.pk, "福祉保健課"),)},
    )  # fmt: skip

    entry = AuditEntry.objects.filter(target_type="plans.item", target_id=str(item)).first()
    assert entry is not None
    assert (entry.verb, entry.actor, entry.reason) == ("plans.edit_item", cast.clerk, "要望を受けて")
    assert entry.changes["title"] == ["見守り事業", "見守り隊"]
    assert entry.changes["money"] == [["2026 3000千円"], ["2026 4000千円"]]
    assert entry.changes["owners"] == [["地域振興課"], ["福祉保健課"]]
    text = draft.texts.get(item=item)
    assert (text.amounts.get().amount_yen, text.owners.get().body) == (4_000_000, cast.welfare)


def test_two_people_at_different_fields_are_joined(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "見守り隊"}, actor=cast.colleague)

    edited = plans.edit_item(
        version=draft,
        item=item,
        revision=1,
        changes={"title": "見守り事業", "text": "毎週訪ねる。"},
        actor=cast.clerk,
    )

    text = draft.texts.get(item=item)
    assert (text.title, text.text, text.revision) == ("見守り隊", "毎週訪ねる。", 3)
    assert edited.joined == ("title",)


def test_two_people_at_one_field_are_shown_both_and_nothing_is_lost(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎週"}, actor=cast.colleague)

    with pytest.raises(plans.EditConflict) as told:
        plans.edit_item(
            version=draft,
            item=item,
            revision=1,
            changes={"text": "毎日", "title": "見守り隊"},
            actor=cast.clerk,
        )

    (clash,) = told.value.clashes
    assert (clash.field, clash.base, clash.theirs, clash.mine) == ("text", "訪ねる。", "毎週", "毎日")
    assert told.value.mine == {"text": "毎日", "title": "見守り隊"}
    text = draft.texts.get(item=item)
    assert (text.title, text.text) == ("見守り事業", "毎週")  # nothing half saved
    plans.edit_item(
        version=draft, item=item, revision=told.value.theirs.revision, actor=cast.clerk,
        changes={"text": "毎日", "title": "見守り隊"},
    )  # fmt: skip
    assert draft.texts.get(item=item).text == "毎日"


def test_items_are_added_moved_split_merged_and_removed(draft: PlanVersion, cast: Cast) -> None:
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    added = plans.add_item(
        version=draft,
        row=Row(0, None, "component", "電話"),
        under=watch,
        after=item_of(draft, "訪問"),
        actor=cast.clerk,
    )
    assert added.item is not None
    plans.move_item(
        version=draft, item=health, under=item_of(draft, "つながり"), after=None, actor=cast.planner
    )
    assert titles(draft) == [
        (0, "つながり"),
        (1, "健康事業"),
        (1, "見守り事業"),
        (2, "訪問"),
        (2, "電話"),
        (2, "集い"),
    ]

    split = plans.split_item(
        version=draft, item=health, revision=draft.texts.get(item=health).revision,
        pieces=[("体操", "毎朝"), ("食育", "")], actor=cast.planner,
    )  # fmt: skip
    new = item_of(draft, "食育")
    assert split.item == health
    assert Link.objects.filter(kind=LinkKind.SPLIT).values_list("from_item", "to_item").get() == (new, health)

    plans.merge_items(version=draft, item=new, into=health, actor=cast.planner)
    assert Link.objects.filter(kind=LinkKind.MERGED).values_list("from_item", "to_item").get() == (
        new,
        health,
    )
    plans.remove_item(version=draft, item=watch, with_children=False, actor=cast.planner)
    assert titles(draft) == [(0, "つながり"), (1, "体操"), (1, "訪問"), (1, "電話"), (1, "集い")]
    assert Item.objects.filter(pk=watch).exists()  # its identity and what was published of it stay
    assert tree_of(draft.base).row(watch).title == "見守り事業"  # type: ignore[arg-type]


def test_a_division_does_not_move_or_remove(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "訪問")
    with pytest.raises(NotAllowed):
        plans.move_item(version=draft, item=item, under=None, after=None, actor=cast.clerk)
    with pytest.raises(NotAllowed):
        plans.remove_item(version=draft, item=item, with_children=True, actor=cast.clerk)
    with pytest.raises(NotAllowed):
        plans.add_item(version=draft, row=Row(0, None, "measure", "新しい柱"), under=None, actor=cast.clerk)
    assert tree_of(draft) == tree_of(draft.base)  # type: ignore[arg-type]


def test_undo_and_redo_one_step_after_the_other(draft: PlanVersion, cast: Cast) -> None:
    at_first = tree_of(draft)
    item = item_of(draft, "健康事業")
    plans.move_item(
        version=draft, item=item, under=item_of(draft, "見守り事業"), after=None, actor=cast.planner
    )
    plans.edit_item(version=draft, item=item, revision=2, changes={"title": "体操"}, actor=cast.planner)
    at_last = tree_of(draft)

    plans.undo_step(version=draft, actor=cast.planner)
    assert draft.texts.get(item=item).title == "健康事業"
    plans.redo_step(version=draft, actor=cast.planner)
    assert said(tree_of(draft)) == said(at_last)
    plans.undo_step(version=draft, actor=cast.planner)
    plans.undo_step(version=draft, actor=cast.planner)
    assert said(tree_of(draft)) == said(at_first)
    with pytest.raises(plans.NothingToUndo):
        plans.undo_step(version=draft, actor=cast.planner)


def test_undo_leaves_what_others_changed_since(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "訪問")
    plans.edit_item(version=draft, item=item, revision=1, changes={"title": "戸別訪問"}, actor=cast.clerk)
    plans.edit_item(version=draft, item=item, revision=2, changes={"text": "月1回"}, actor=cast.planner)
    with pytest.raises(plans.NothingToUndo, match="ほかの人が直した"):
        plans.undo_step(version=draft, actor=cast.clerk)
    assert draft.texts.get(item=item).title == "戸別訪問"


def said(tree: drafting.Tree) -> list[Row]:
    return [
        Row(**{**{f: getattr(row, f) for f in Row.__slots__}, "revision": 0, "review": "", "review_note": ""})
        for row in tree.rows
    ]


MOVES = st.lists(
    st.tuples(st.sampled_from(["move", "edit", "remove", "add", "merge"]), st.integers(0, 9), st.integers(0, 9)), max_size=8
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_was_done_is_undone_step_by_step(
    draft: PlanVersion, cast: Cast, moves: list[tuple[str, int, int]]
) -> None:
    """And the tree in the database is always a tree: positions in order, depths right, parents above."""
    with transaction.atomic():  # each example begins with the same draft
        at_first = said(tree_of(draft))
        steps = 0
        for verb, one, other in moves:
            rows = tree_of(draft).rows
            if not rows:
                break
            a, b = rows[one % len(rows)].item, rows[other % len(rows)].item
            try:
                if verb == "move":
                    done = plans.move_item(version=draft, item=a, under=b, after=None, actor=cast.planner)
                elif verb == "edit":
                    revision = tree_of(draft).row(a).revision
                    done = plans.edit_item(
                        version=draft,
                        item=a,
                        revision=revision,
                        changes={"title": f"題{one}{other}"},
                        actor=cast.planner,
                    )
                elif verb == "remove":
                    done = plans.remove_item(
                        version=draft, item=a, with_children=bool(other % 2), actor=cast.planner
                    )
                elif verb == "add":
                    done = plans.add_item(
                        version=draft, row=Row(0, None, "action", "新"), under=a, actor=cast.planner
                    )
                else:
                    done = plans.merge_items(version=draft, item=a, into=b, actor=cast.planner)
            except drafting.DraftingError:
                continue
            steps += done.step is not None
            texts = list(ItemText.objects.filter(version=draft).order_by("position").select_related("parent"))
            assert [text.position for text in texts] == list(range(len(texts)))
            assert all(text.depth == (text.parent.depth + 1 if text.parent else 0) for text in texts)
            assert [row.item for row in drafting.build(tree_of(draft).rows).rows] == [
                text.item_id for text in texts
            ]
        for _each in range(steps):
            plans.undo_step(version=draft, actor=cast.planner)
        assert said(tree_of(draft)) == at_first
        transaction.set_rollback(True)


def test_review_by_item_then_publish(draft: PlanVersion, cast: Cast) -> None:
    item = item_of(draft, "見守り事業")
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎週"}, actor=cast.clerk)
    with pytest.raises(plans.NotReady) as told:
        plans.publish_draft(version=draft, actor=cast.planner)
    assert [gap.item for gap in told.value.gaps] == [item]

    assert plans.submit_items(version=draft, items=[item], actor=cast.clerk) == 1
    assert [text.item_id for text in texts_waiting(cast.ward, [ReviewState.SUBMITTED])] == [item]
    with pytest.raises(plans.PlanError, match="理由"):
        plans.return_items(version=draft, items=[item], actor=cast.planner, note=" ")
    plans.return_items(version=draft, items=[item], actor=cast.planner, note="回数を書いてください")
    text = draft.texts.get(item=item)
    assert (text.review, text.review_note) == ("returned", "回数を書いてください")
    plans.submit_items(version=draft, items=[item], actor=cast.clerk)
    with pytest.raises(NotAllowed):
        plans.approve_items(version=draft, items=[item], actor=cast.clerk)
    plans.approve_items(version=draft, items=[item], actor=cast.planner)

    done = plans.publish_draft(version=draft, actor=cast.planner, note="文言の訂正")

    assert (done.status, done.number, done.published_by, done.note) == (
        "published",
        2,
        cast.planner,
        "文言の訂正",
    )
    assert plans.version_in_force(done.plan) == done
    assert set(done.texts.values_list("review", flat=True)) == {"kept"}
    with pytest.raises(plans.NotEditable):
        plans.edit_item(version=done, item=item, revision=2, changes={"title": "x"}, actor=cast.planner)
    assert draft_of(cast.ward, done.pk) is None


@pytest.mark.parametrize("name", ["administrator", "clerk", "partner", "resident", "former", "stranger"])
def test_only_planners_publish(draft: PlanVersion, cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        plans.publish_draft(version=draft, actor=getattr(cast, name))
    draft.refresh_from_db()
    assert draft.status == PlanStatus.DRAFT


def test_what_says_nothing_new_is_not_published(draft: PlanVersion, cast: Cast) -> None:
    with pytest.raises(plans.NothingChanged):
        plans.publish_draft(version=draft, actor=cast.planner)


def test_a_version_published_meanwhile_is_taken_in_first(draft: PlanVersion, cast: Cast) -> None:
    changed = entries()
    changed[2] = Entry(2, 1, 2, "component", "(1)", "訪問", text="電話も")
    changed[4] = Entry(4, 0, 1, "project", "2", "健康事業", text="体操", owners=("福祉保健課",))
    changed.append(Entry(5, 0, 1, "project", "3", "花壇事業"))
    plans.edit_item(
        version=draft,
        item=item_of(draft, "健康事業"),
        revision=1,
        changes={"text": "食育"},
        actor=cast.planner,
    )
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", entries=changed, actor=cast.planner, title="予算"
    )
    with pytest.raises(plans.PlanChangedMeanwhile):
        plans.publish_draft(version=draft, actor=cast.planner)

    taken = plans.take_in_force(version=draft, actor=cast.planner)

    assert [title for _depth, title in titles(draft)][-1] == "花壇事業"
    assert draft.texts.get(title="訪問").text == "電話も"
    assert [(row.title, [clash.field for clash in clashes]) for row, clashes in taken.clashes] == [
        ("健康事業", ["text"])
    ]
    assert draft.texts.get(title="健康事業").text == "食育"
    done = plans.publish_draft(version=draft, actor=cast.planner)
    assert done.number == 4


def test_a_discarded_draft_takes_its_new_items_along(draft: PlanVersion, cast: Cast) -> None:
    plans.add_item(
        version=draft,
        row=Row(0, None, "project", "新規"),
        under=item_of(draft, "つながり"),
        actor=cast.planner,
    )
    assert Item.objects.count() == 6
    seen_by_another = PlanVersion.objects.get(pk=draft.pk)
    plans.discard_draft(version=draft, actor=cast.planner, reason="練習")
    assert (Item.objects.count(), PlanVersion.objects.count()) == (5, 1)
    with pytest.raises(plans.NotEditable):
        plans.edit_item(
            version=seen_by_another,
            item=Item.objects.first().pk,
            revision=1,
            changes={"title": "x"},
            actor=cast.planner,  # type: ignore[union-attr]
        )


def test_replacing_words_touches_only_what_the_actor_may_edit(draft: PlanVersion, cast: Cast) -> None:
    plans.replace_text(version=draft, find="事業", put="活動", actor=cast.clerk)
    assert {title for _depth, title in titles(draft)} >= {"見守り活動", "健康事業"}
    plans.replace_text(version=draft, find="事業", put="活動", actor=cast.planner)
    assert "健康活動" in {title for _depth, title in titles(draft)}
    with pytest.raises(NotAllowed):
        plans.replace_text(
            version=draft, find="活動", put="事業", actor=cast.clerk, only=[item_of(draft, "健康活動")]
        )


def test_many_changes_at_once_are_one_step_and_all_or_nothing(draft: PlanVersion, cast: Cast) -> None:
    watch, health = item_of(draft, "見守り事業"), item_of(draft, "健康事業")
    with pytest.raises(NotAllowed):
        plans.change_many(
            version=draft,
            changes={watch: {"text": "a"}, health: {"text": "b"}},
            added=[],
            actor=cast.clerk,
            label="表",
        )
    assert draft.texts.get(item=watch).text == "訪ねる。"
    done = plans.change_many(
        version=draft, changes={watch: {"text": "a"}, health: {"text": "b"}}, actor=cast.planner, label="表",
        added=[(Row(0, None, "component", "体操"), health)],
    )  # fmt: skip
    assert done.step is not None
    plans.undo_step(version=draft, actor=cast.planner)
    assert said(tree_of(draft)) == said(tree_of(draft.base))  # type: ignore[arg-type]


def test_comments_call_bodies_and_wait_until_settled(draft: PlanVersion, cast: Cast) -> None:
    item = Item.objects.get(pk=item_of(draft, "健康事業"))
    comment = plans.write_comment(
        ward=cast.ward, item=item, text="@福祉保健課に確認をお願いします。@知らない課", actor=cast.clerk
    )
    assert list(comment.mentions.all()) == [cast.welfare]
    assert open_mentions(cast.ward, [cast.welfare.pk]) == [comment]
    assert open_mentions(cast.ward, [cast.promotion.pk]) == []
    plans.settle_comment(ward=cast.ward, comment_id=comment.pk, actor=cast.other_clerk)
    assert open_mentions(cast.ward, [cast.welfare.pk]) == []
    for actor in (cast.resident, cast.stranger, cast.former):
        with pytest.raises(NotAllowed):
            plans.write_comment(ward=cast.ward, item=item, text="x", actor=actor)
    with pytest.raises(plans.PlanError):
        plans.write_comment(ward=cast.ward, item=item, text="  ", actor=cast.clerk)


def test_what_calls_a_body_calls_the_one_it_becomes(draft: PlanVersion, cast: Cast) -> None:
    twin = wards.add_body(cast.ward, "福祉係", actor=cast.operator)
    item = Item.objects.get(pk=item_of(draft, "健康事業"))
    one = plans.write_comment(ward=cast.ward, item=item, text="@福祉係 確認を", actor=cast.clerk)
    both = plans.write_comment(ward=cast.ward, item=item, text="@福祉係 @福祉保健課 確認を", actor=cast.clerk)

    plans.merge_body(duplicate=twin, into=cast.welfare, actor=cast.planner)

    assert open_mentions(cast.ward, [cast.welfare.pk]) == [one, both]


def test_the_list_of_plans_needs_the_same_queries_for_one_and_three(
    draft: PlanVersion, cast: Cast, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        (row,) = plan_rows(cast.ward)
    assert (row.draft, row.published, row.items) == (draft, draft.base, 5)
    for year in (2024, 2025):
        plans.open_draft(ward=cast.ward, fiscal_year=year, kind="policy", actor=cast.planner)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(plan_rows(cast.ward)) == 3


def test_reading_a_draft_needs_four_queries(draft: PlanVersion, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(tree_of(draft).rows) == 5
