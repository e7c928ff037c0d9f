"""A document beside its source, a sheet at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.documents import desk, operations, pictures
from kusei.documents.desk import Finder, Sheet
from kusei.documents.models import SourceDocument
from kusei.documents.tests.drafts import draft, item
from kusei.plans.drafting import Tree
from kusei.plans.queries.drafts import tree_of
from tests.cast import Cast

pytestmark = pytest.mark.slow

PAPERS = Path(desk.__file__).parent / "sample" / "papers"


def place(page: int | None, line: int, end: int | None = None, **said: object) -> dict[str, object]:
    return {
        "field": "title",
        "page": page,
        "line": line,
        "end_line": end or line,
        "box": None,
        "cell": None,
        **said,
    }


def started(
    cast: Cast, said: dict, pages: list[tuple[int, list[str]]], content: bytes = b"x"
) -> SourceDocument:
    document = operations.keep_draft(
        ward=cast.ward, actor=cast.planner, name="a.txt", content=content, pages=pages, draft=said
    )
    operations.start_import(document=document, actor=cast.planner)
    found = desk.document_for_desk(cast.ward, document.pk)
    assert found is not None
    return found


def shown(document: SourceDocument, **asked: object) -> desk.Desk:
    tree = tree_of(document.version)
    sheets, pages = desk.sheets_of(document)
    questions = desk.questions_of(document, Finder(sheets))
    words = {"sheet": None, "item": None, "question": None, **asked}
    return desk.desk_of(document, tree, [], questions=questions, sheets=sheets, pages=pages, **words)


@pytest.mark.parametrize(
    ("lines", "sheets"),
    [
        (0, [(1, 1, 1)]),  # an empty page is a sheet, too
        (110, [(1, 1, 110)]),  # a page that is a little long stays whole
        (111, [(1, 1, 70), (2, 71, 111)]),
        (140, [(1, 1, 70), (2, 71, 140)]),
        (141, [(1, 1, 70), (2, 71, 140), (3, 141, 141)]),
    ],
)
def test_sheets_of_a_page(cast: Cast, lines: int, sheets: list[tuple[int, int, int]]) -> None:
    document = started(cast, draft(item("goal", "a"), ward="みらい区"), [(1, ["x"] * lines)])
    found, _pages = desk.sheets_of(document)
    assert [(each.number, each.first, each.last) for each in found] == sheets


@pytest.mark.parametrize(
    ("page", "line", "sheet"),
    [(None, None, 1), (1, 1, 1), (1, 70, 1), (1, 71, 2), (2, 1, 3), (2, 999, 3), (9, 1, 3)],
)
def test_places_are_found_on_their_sheet(page: int | None, line: int | None, sheet: int) -> None:
    finder = Finder([Sheet(1, 1, 1, 70, False), Sheet(2, 1, 71, 120, False), Sheet(3, 2, 1, 5, True)])
    assert finder.sheet(page, line) == sheet


def test_a_line_knows_its_items_and_an_item_its_lines(cast: Cast) -> None:
    said = draft(
        item("measure", "上", item("project", "下", source={"page": None, "line": 3}, places=[place(None, 3, 4)]),
             source={"page": None, "line": 2}, places=[place(None, 2)]),
        ward="みらい区",
        warnings=[{"code": "sum", "message": "合いません", "page": None, "line": 4}],
        unplaced=[{"text": "迷子", "page": None, "line": 5}, {"text": "見出し", "page": None, "line": 1, "reason": "section"}],
    )  # fmt: skip
    document = started(cast, said, [(1, ["見出し", "上", "下", "下の続き", "迷子"])])
    found = shown(document)
    above, below = (row.row.item for row in found.rows)
    assert [line.items for line in found.lines] == [(), (above,), (below,), (below,), ()]
    assert [line.is_asked for line in found.lines] == [False, False, False, True, True]
    assert [row.lines for row in found.rows] == [("p1l2",), ("p1l3", "p1l4")]
    assert [[each.text for each in row.questions] for row in found.rows] == [[], ["合いません"]]
    assert [each.name for each in desk.questions_of(document, Finder(desk.sheets_of(document)[0]))] == [
        "warnings-0",
        "unplaced-0",
    ]


@pytest.mark.slow
def test_a_document_of_500_pages_is_shown_a_sheet_at_a_time(
    cast: Cast, django_assert_max_num_queries
) -> None:
    items = [
        item("project", f"事業{page}-{line}", source={"page": page, "line": line}, places=[place(page, line)])
        for page in range(1, 501)
        for line in (3, 9, 15, 21)
    ]
    said = draft(item("measure", "全部", *items, source={"page": 1, "line": 1}), ward="みらい区")
    document = started(
        cast, said, [(page, [f"{page}-{line}" for line in range(1, 41)]) for page in range(1, 501)]
    )
    tree = tree_of(document.version)
    wanted = tree.rows[1 + 4 * 299].item
    with django_assert_max_num_queries(8):
        found = shown(document, item=wanted)
    assert (found.sheet.page, len(found.lines), len(found.sheets)) == (300, 40, 500)
    assert [row.row.title for row in found.rows] == [
        "全部",
        "事業300-3",
        "事業300-9",
        "事業300-15",
        "事業300-21",
    ]
    assert [row.is_context for row in found.rows] == [True, False, False, False, False]


def test_an_item_added_by_hand_stands_with_the_one_before_it(cast: Cast) -> None:
    said = draft(
        item("measure", "一", source={"page": 1, "line": 1}),
        item("measure", "二", source={"page": 2, "line": 1}),
        ward="みらい区",
    )
    document = started(cast, said, [(1, ["一"]), (2, ["二"])])
    from kusei.plans import operations as plans
    from kusei.plans.drafting import Row

    second = document.version.texts.get(title="二").item_id
    plans.add_item(
        version=document.version,
        row=Row(item=-1, parent=None, kind="measure", title="手で"),
        under=None,
        after=second,
        actor=cast.planner,
    )
    assert [row.row.title for row in shown(document, sheet=2).rows] == ["二", "手で"]


def test_progress_counts_items_warnings_and_lost_texts(cast: Cast) -> None:
    said = draft(
        item("measure", "一"),
        item("measure", "二"),
        ward="みらい区",
        warnings=[{"code": "a", "message": "b", "page": 1, "line": 1}],
        unplaced=[
            {"text": "x", "page": 1, "line": 1, "reason": "caption"},
            {"text": "y", "page": 1, "line": 1},
        ],
    )
    document = started(cast, said, [(1, ["x"])])
    first = document.version.texts.get(title="一").item_id
    operations.look_at(document=document, items=[first], actor=cast.planner)
    operations.settle(document=document, what="unplaced", number=1, actor=cast.planner)
    found = desk.progress_of(document, tree_of(document.version))
    assert (found.done, found.total, found.is_complete) == (2, 4, False)
    operations.settle(document=document, what="warnings", number=0, actor=cast.planner)
    operations.look_at(
        document=document, items=document.version.texts.values_list("item_id", flat=True), actor=cast.planner
    )
    assert desk.progress_of(document, tree_of(document.version)).is_complete


def test_pictures_of_pages_are_drawn_kept_and_forgotten(cast: Cast) -> None:
    from django.core.files.storage import default_storage

    document = started(
        cast,
        draft(item("goal", "a"), ward="みらい区"),
        [(1, ["x"])],
        (PAPERS / "mirai_budget_2026.pdf").read_bytes(),
    )
    stored = document.file
    assert pictures.is_pdf(stored)
    width, height = pictures.page_size(stored, 1)
    assert (round(width), round(height)) == (595, 842)
    drawn = pictures.picture_of(stored, 1)
    assert drawn.startswith(b"\x89PNG")
    assert int.from_bytes(drawn[16:20], "big") == 1100
    name = f"pictures/{stored.sha256[:32]}/1.png"
    assert default_storage.exists(name)
    assert pictures.picture_of(stored, 1) == drawn
    with pytest.raises(pictures.NoPicture):
        pictures.picture_of(stored, 99)
    pictures.forget_pictures(stored)
    assert not default_storage.exists(name)
    pictures.forget_pictures(stored)  # nothing there: nothing to do


def test_what_was_answered_or_stands_in_the_queue_anyway_is_not_asked_again() -> None:
    document = SourceDocument(
        draft={
            "warnings": [
                {"code": "title_unknown", "message": "題名"},
                {"code": "sum_differs", "message": "合計", "line": 3},
                {"code": "unplaced_text", "message": "1行", "line": 5},
                {"code": "ward_inferred", "message": "区"},
            ],
            "unplaced": [{"text": "迷子の文", "line": 5}],
        }
    )
    asked = desk.questions_of(document, desk.Finder(()))
    assert [(each.what, each.number, each.text) for each in asked] == [
        ("warnings", 1, "合計"),
        ("unplaced", 0, "迷子の文"),
    ]
    document.settled = {"warnings": [0, 1], "unplaced": [0]}
    progress = desk.progress_of(document, Tree(()))
    assert (progress.done, progress.total) == (2, 2)
