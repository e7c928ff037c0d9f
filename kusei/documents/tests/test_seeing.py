"""Mending beside the source: looking, dropping lost text in, joining with results, bodies, another plan; nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.documents import operations
from kusei.documents.comparing import compared_with_force
from kusei.documents.models import SourceDocument
from kusei.documents.tests.drafts import draft, item, row
from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.enums import ItemKind
from kusei.plans.models import ItemText, Plan, PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.results import operations as results
from kusei.wards.models import AuditEntry, Body, BodyAlias
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.slow


def paper(**said: Any) -> dict[str, Any]:
    return draft(
        item("measure", "つながり", item("project", "見守り事業", owners=["はじめての課"],
             amount_thousand_yen=3000, amount_printed="3000", amount_unit="千円", previous_amount_thousand_yen=2500)),
        row("講座を開く", "12回開いた。"),
        row("冊子を配る", "400部配った。"),
        ward="みらい区",
        unplaced=[{"text": "毎月開きます。", "page": 1, "line": 4}, {"text": "1", "page": 1, "line": 9, "reason": "page_number"}],
        warnings=[{"code": "sum", "message": "合いません。", "page": 1, "line": 2}],
        **said,
    )  # fmt: skip


def kept(cast: Cast, said: dict[str, Any], name: str = "plan.txt") -> SourceDocument:
    return operations.keep_draft(
        ward=cast.ward,
        actor=cast.planner,
        name=name,
        content=name.encode(),
        pages=[(1, ["x"] * 9)],
        draft=said,
    )


@pytest.fixture
def document(cast: Cast) -> SourceDocument:
    one = kept(cast, paper())
    operations.start_import(document=one, actor=cast.planner)
    return one


def version_of(document: SourceDocument) -> PlanVersion:
    return PlanVersion.objects.select_related("plan", "ward").get(pk=document.version_id)


def key(document: SourceDocument, title: str) -> int:
    return int(version_of(document).texts.get(title=title).item_id)


def shown(document: SourceDocument) -> dict[str, str]:
    titles = dict(version_of(document).texts.values_list("item_id", "title"))
    return {
        titles[each.item_id]: each.text
        for each in operations.results_in_import(
            SourceDocument.objects.get(pk=document.pk), version_of(document)
        )
    }


def test_items_are_marked_as_looked_at_and_the_mark_is_taken_back(
    document: SourceDocument, cast: Cast
) -> None:
    items = [key(document, "講座を開く"), key(document, "冊子を配る")]
    operations.look_at(document=document, items=[*items, 999999], actor=cast.planner)
    assert SourceDocument.objects.get().settled["items"] == sorted(items)
    operations.look_at(document=document, items=items[:1], actor=cast.planner, seen=False)
    assert SourceDocument.objects.get().settled["items"] == items[1:]


@pytest.mark.parametrize(
    ("way", "field", "said"),
    [
        ("text", "text", "毎月開きます。"),
        ("title", "title", "毎月開きます。"),
        ("bullet", "plan_bullets", ["講座を開く", "毎月開きます。"]),
    ],
)
def test_a_lost_text_goes_into_an_item_and_is_ticked_off(
    document: SourceDocument, cast: Cast, way: str, field: str, said: object
) -> None:
    target = key(document, "講座を開く")
    operations.place_text(document=document, number=0, item=target, way=way, actor=cast.planner)
    assert getattr(version_of(document).texts.get(item=target), field) == said
    assert SourceDocument.objects.get().settled["unplaced"] == [0]
    with pytest.raises(operations.NotPlaceable):  # somebody else presses the same button
        operations.place_text(document=document, number=0, item=target, way=way, actor=cast.planner)


def test_a_lost_text_becomes_an_item_that_knows_its_place(document: SourceDocument, cast: Cast) -> None:
    target = key(document, "見守り事業")
    operations.place_text(document=document, number=0, item=target, way="child", actor=cast.planner)
    text = version_of(document).texts.get(title="毎月開きます。")
    assert (text.parent.item_id, text.kind, text.source_page, text.source_line) == (target, "component", 1, 4)
    assert text.places[0]["line"] == 4


@pytest.mark.parametrize(("number", "way"), [(7, "text"), (0, "somewhere"), (-1, "text")])
def test_a_text_that_is_not_there_or_a_way_that_is_none_is_refused(
    document: SourceDocument, cast: Cast, number: int, way: str
) -> None:
    with pytest.raises(operations.NotPlaceable):
        operations.place_text(
            document=document, number=number, item=key(document, "講座を開く"), way=way, actor=cast.planner
        )
    assert "unplaced" not in SourceDocument.objects.get().settled


@pytest.mark.slow
def test_an_item_that_goes_into_another_takes_its_result_along_and_back(
    document: SourceDocument, cast: Cast
) -> None:
    operations.join_items(
        document=document,
        item=key(document, "冊子を配る"),
        into=key(document, "講座を開く"),
        actor=cast.planner,
    )
    assert shown(document) == {"講座を開く": "12回開いた。\n400部配った。"}

    plans.undo_step(version=version_of(document), actor=cast.planner)
    assert shown(document) == {"講座を開く": "12回開いた。", "冊子を配る": "400部配った。"}

    plans.redo_step(version=version_of(document), actor=cast.planner)
    done = operations.accept_import(document=SourceDocument.objects.get(), actor=cast.planner)
    published = results.results_of(done.version)
    assert [each.text for each in published] == ["12回開いた。\n400部配った。"]


def test_a_result_is_corrected_with_its_figures_and_a_line_of_the_trail(
    document: SourceDocument, cast: Cast
) -> None:
    target = key(document, "講座を開く")
    assert operations.reword_result(
        document=document, item=target, was="12回開いた。", text="講座を14回開催した。", actor=cast.planner
    )
    result = version_of(document).reported_results.get(item=target)
    assert (result.text, result.outcome) == ("講座を14回開催した。", "done")
    assert [(int(each.value), each.unit) for each in result.figures.all()] == [(14, "回")]
    line = AuditEntry.objects.get(verb="results.reword")
    assert (line.changes, line.target_label) == (
        {"result": ["12回開いた。", "講座を14回開催した。"]},
        "講座を開く",
    )

    with pytest.raises(results.ResultChanged):  # somebody who still sees the old one
        operations.reword_result(
            document=document, item=target, was="12回開いた。", text="13回", actor=cast.planner
        )
    assert not operations.reword_result(
        document=document, item=target, was="x", text="講座を14回開催した。", actor=cast.planner
    )
    operations.reword_result(
        document=document, item=target, was="講座を14回開催した。", text="", actor=cast.planner
    )
    assert "講座を開く" not in shown(document)


def test_a_body_that_was_known_is_told_apart_and_undoing_does_not_bring_it_back(
    document: SourceDocument, cast: Cast
) -> None:
    target = key(document, "見守り事業")
    plans.edit_item(
        version=version_of(document), item=target, revision=1, changes={"text": "毎週"}, actor=cast.planner
    )
    new = Body.objects.get(name="はじめての課")
    assert document.new_bodies == [new.pk]
    operations.same_body(document=document, body=new, into=cast.promotion, actor=cast.planner)

    assert not Body.objects.filter(name="はじめての課").exists()
    assert BodyAlias.objects.get(name="はじめての課").body == cast.promotion
    assert SourceDocument.objects.get().new_bodies == []
    plans.undo_step(version=version_of(document), actor=cast.planner)
    owner = version_of(document).texts.get(item=target).owners.get()
    assert (owner.body, owner.printed_name) == (cast.promotion, "はじめての課")
    with pytest.raises(operations.NotMendable):
        operations.same_body(document=document, body=cast.welfare, into=cast.promotion, actor=cast.planner)


def test_a_body_that_is_new_is_kept(document: SourceDocument, cast: Cast) -> None:
    new = Body.objects.get(name="はじめての課")
    operations.keep_body(document=document, body_id=new.pk, actor=cast.planner)
    assert SourceDocument.objects.get().settled["bodies"] == [new.pk]


def test_a_document_goes_to_another_plan_with_its_money_and_its_steps(
    document: SourceDocument, cast: Cast
) -> None:
    target = key(document, "見守り事業")
    plans.edit_item(
        version=version_of(document), item=target, revision=1, changes={"text": "毎週"}, actor=cast.planner
    )
    operations.retarget(
        document=document, fiscal_year=2021, kind="budget", part="施策２", title="予算", actor=cast.planner
    )
    assert [(p.fiscal_year, p.kind, p.part) for p in Plan.objects.all()] == [(2021, "budget", "施策２")]
    plans.undo_step(version=version_of(document), actor=cast.planner)  # the same year: steps stay

    operations.retarget(
        document=document, fiscal_year=2024, kind="budget", part="", title="予算", actor=cast.planner
    )
    amounts = version_of(document).texts.get(item=target).amounts
    assert list(amounts.values_list("fiscal_year", "basis", "amount_yen")) == [
        (2023, "previous", 2500000),
        (2024, "current", 3000000),
    ]
    assert version_of(document).steps.count() == 0
    done = operations.accept_import(document=SourceDocument.objects.get(), actor=cast.planner)
    assert (done.version.plan.fiscal_year, done.version.plan.kind, done.version.title) == (
        2024,
        "budget",
        "予算",
    )
    assert Plan.objects.count() == 1


ACTS = {
    "look_at": lambda d, c: operations.look_at(document=d, items=[1], actor=c),
    "place_text": lambda d, c: operations.place_text(document=d, number=0, item=1, way="text", actor=c),
    "join_items": lambda d, c: operations.join_items(document=d, item=1, into=2, actor=c),
    "reword_result": lambda d, c: operations.reword_result(document=d, item=1, was="", text="x", actor=c),
    "keep_body": lambda d, c: operations.keep_body(document=d, body_id=1, actor=c),
    "retarget": lambda d, c: operations.retarget(
        document=d, fiscal_year=2022, kind="other", part="", title="", actor=c
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_only_planners_of_the_ward_mend_and_only_while_it_is_mended(
    document: SourceDocument, cast: Cast, act: str
) -> None:
    for name in ("administrator", "clerk", "partner", "resident", "former", "stranger"):
        with pytest.raises(NotAllowed):
            ACTS[act](document, getattr(cast, name))
    operations.accept_import(document=document, actor=cast.planner)
    with pytest.raises(operations.NotMendable):
        ACTS[act](SourceDocument.objects.get(), cast.planner)


@pytest.mark.slow
def test_the_comparison_tells_what_changes_with_results(document: SourceDocument, cast: Cast) -> None:
    operations.accept_import(document=document, actor=cast.planner)
    again = kept(cast, paper(), "again.txt")
    version = operations.start_import(document=again, actor=cast.planner)
    assert compared_with_force(again).is_unchanged

    text = version.texts.get(title="見守り事業")
    plans.edit_item(
        version=version, item=text.item_id, revision=1, changes={"title": "見守り隊事業"}, actor=cast.planner
    )
    plans.add_item(
        version=version,
        row=Row(item=-1, parent=None, kind="measure", title="新しい施策"),
        under=None,
        actor=cast.planner,
    )
    plans.remove_item(version=version, item=key(again, "冊子を配る"), with_children=True, actor=cast.planner)
    operations.reword_result(
        document=again,
        item=key(again, "講座を開く"),
        was="12回開いた。",
        text="14回開いた。",
        actor=cast.planner,
    )
    again = SourceDocument.objects.select_related("version__plan", "ward").get(pk=again.pk)
    found = compared_with_force(again)
    assert [each.title for each in found.differences.added] == ["新しい施策"]
    assert [each.title for each in found.differences.removed] == ["冊子を配る"]
    assert [(each.old.title, each.new.title) for each in found.differences.changed] == [
        ("見守り事業", "見守り隊事業")
    ]
    assert [(each.title, each.old, each.new) for each in found.results] == [
        ("講座を開く", "12回開いた。", "14回開いた。")
    ]


WORDS = st.text("あいう川朝市123・。（）a", min_size=1, max_size=6)
ITEMS = st.recursive(
    st.builds(
        lambda kind, title, said: item(kind, title, **said),
        st.sampled_from(ItemKind.values),
        WORDS,
        st.fixed_dictionaries(
            {},
            optional={
                "number": WORDS,
                "body": WORDS,
                "owners": st.lists(
                    st.sampled_from(["地域振興課", "新しい課", "新しい会", "福祉保健課"]), max_size=2
                ),
                "tags": st.lists(st.sampled_from(["新規", "拡充"]), max_size=2),
                "plan": st.lists(WORDS, max_size=2),
                "result": st.none() | st.just("3回開催した。"),
                "amount_thousand_yen": st.integers(0, 9999),
                "previous_amount_thousand_yen": st.integers(0, 9999),
                "source": st.fixed_dictionaries({"page": st.integers(1, 3), "line": st.integers(1, 9)}),
            },
        ),
    ),
    lambda below: st.builds(
        lambda one, children: {**one, "children": children},
        st.builds(lambda title: item("measure", title), WORDS),
        st.lists(below, max_size=3),
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ITEMS, min_size=1, max_size=3))
def test_taken_in_unchanged_a_document_says_what_it_would_have_said_at_once(
    cast: Cast, items: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        said = draft(*items, ward="みらい区")
        told = []
        for part, with_own_eyes in (("一", False), ("二", True)):
            document = kept(cast, said, f"{part}.txt")
            if with_own_eyes:
                operations.start_import(document=document, actor=cast.planner, part=part)
                done = operations.accept_import(document=document, actor=cast.planner)
            else:
                done = operations.accept_document(document=document, actor=cast.planner, part=part)
            stored = plans.stored_entries(done.version)
            at = {each.item_id: each.entry.index for each in stored}
            told.append(
                (
                    [each.entry for each in stored],
                    [each.body_ids for each in stored],
                    [
                        (at[each.item_id], each.text, each.outcome, each.figures)
                        for each in results.results_of(done.version)
                    ],
                    done.version.title,
                )
            )
        assert told[0] == told[1]
        transaction.set_rollback(True)


def test_the_tree_of_an_import_is_the_printed_one(document: SourceDocument) -> None:
    tree = tree_of(version_of(document))
    assert [(row.title, tree.depth(row.item)) for row in tree.rows] == [
        ("つながり", 0), ("見守り事業", 1), ("講座を開く", 0), ("冊子を配る", 0),
    ]  # fmt: skip
    assert ItemText.objects.count() == 4
