"""What a planner sees of documents that come in: the list of them, and one beside its source, a sheet at a time.

A sheet is a page of the source or, where pages are long or there are none, a piece of it. Items belong to the sheet on which
they begin. So a document of 500 pages and 2,000 items is shown in pieces that a browser and a person can hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from kusei.documents.enums import ANSWERED_WARNINGS, UNDECIDED, DocumentStatus
from kusei.documents.models import SourceDocument
from kusei.documents.operations.accepting import printed_of
from kusei.jobs.enums import JobStatus
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import ItemKind, PlanKind, PlanStatus
from kusei.results.operations import PrintedResult
from kusei.wards.models import Body, Ward

LINES_ON_A_SHEET = 70
LONGEST_PAGE = 110
"""A page of up to so many lines stays in one piece."""

_SLOW = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One document in the list. `stage`: reading, failed, read (which plan?), mending, done."""

    document_id: int
    name: str
    file_name: str
    stage: str
    is_waiting: bool
    is_late: bool
    pages_done: int
    pages_total: int | None
    problem: str
    plan: str
    done: int
    total: int
    brought_by: str
    read_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far mending is: items looked at, warnings settled, lost texts placed or ticked off."""

    items_seen: int
    items: int
    warnings_settled: int
    warnings: int
    texts_settled: int
    texts: int

    @property
    def done(self) -> int:
        return self.items_seen + self.warnings_settled + self.texts_settled

    @property
    def total(self) -> int:
        return self.items + self.warnings + self.texts

    @property
    def is_complete(self) -> bool:
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide: a warning of the reader, or a text that found no place. `name` stands in addresses."""

    what: str
    number: int
    text: str
    page: int | None
    line: int | None
    is_settled: bool
    sheet: int
    reason: str = ""

    @property
    def name(self) -> str:
        return f"{self.what}-{self.number}"

    @property
    def anchor(self) -> str:
        return line_name(self.page, self.line) if self.line else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines `first` to `last` of a page."""

    number: int
    page: int
    first: int
    last: int
    is_whole_page: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line, and the items that were read from it."""

    number: int
    text: str
    items: tuple[int, ...]
    name: str
    is_asked: bool = False
    """A warning or a lost text stands here and is not settled."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One item beside its source. `is_context`: it begins on another sheet and stands here to show what is above."""

    row: Row
    depth: int
    sheet: int
    lines: tuple[str, ...]
    is_seen: bool
    is_context: bool
    result: str
    questions: tuple[Question, ...]

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.row.kind).label)

    @property
    def indent(self) -> int:
        """The style sheet knows ten levels."""
        return min(self.depth, 9)

    @property
    def anchor(self) -> str:
        return self.lines[0] if self.lines else ""


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of an item on the picture of a page, in points from the upper left."""

    item: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Desk:
    """One sheet of a document with what was read from it."""

    sheets: tuple[Sheet, ...]
    sheet: Sheet
    lines: tuple[SourceLine, ...]
    rows: tuple[DeskRow, ...]
    boxes: tuple[Box, ...]
    order: tuple[int, ...]
    sheet_of: dict[int, int]


def line_name(page: int | None, line: int | None) -> str:
    """p1l12: the name of a line in addresses; formats without pages have page 1."""
    return f"p{page or 1}l{line or 1}"


def document_for_desk(ward: Ward, document_id: int) -> SourceDocument | None:
    """A document of this ward, with its file, plan and job; None if there is none."""
    return (
        SourceDocument.objects.filter(ward=ward, pk=document_id)
        .select_related("ward", "file", "version__plan", "job", "brought_by", "accepted_by")
        .first()
    )


def incoming(ward: Ward) -> list[Incoming]:
    """Every document that was sent in and is not done, oldest first within its stage; two queries. Samples are left out."""
    return _incoming(SourceDocument.objects.filter(ward=ward, status__in=UNDECIDED).order_by("read_at", "pk"))


def taken_in(ward: Ward, limit: int = 30) -> list[Incoming]:
    """The documents that were accepted last."""
    done = SourceDocument.objects.filter(
        ward=ward, status__in=[DocumentStatus.ACCEPTED, DocumentStatus.REPLACED], is_sample=False
    )
    return _incoming(done.order_by("-accepted_at", "-pk")[:limit])


def _incoming(documents: Any) -> list[Incoming]:
    now = timezone.now()
    rows = list(
        documents.select_related("file", "version__plan", "job", "brought_by")
        .defer("draft")
        .annotate(unplaced=F("draft__unplaced"), warned=F("draft__warnings"))
    )
    versions = [row.version_id for row in rows if row.version_id]
    items = dict(
        SourceDocument.objects.filter(version__in=versions)
        .values("version")
        .annotate(total=Count("version__texts"))
        .order_by()
        .values_list("version", "total")
    )
    found = []
    for row in rows:
        job = row.job
        progress = _counted(
            row.settled, row.unplaced or [], row.warned or [], items.get(row.version_id, 0), None
        )
        is_waiting = job is not None and job.status == JobStatus.WAITING
        found.append(
            Incoming(
                document_id=row.pk,
                name=row.title or row.file.name,
                file_name=row.file.name,
                stage=stage_of(row),
                is_waiting=is_waiting,
                is_late=is_waiting and now - job.asked_at > _SLOW and job.attempts == 0,
                pages_done=job.done if job else 0,
                pages_total=job.total if job else None,
                problem=row.problem,
                plan=plan_name(row),
                done=progress.done,
                total=progress.total,
                brought_by=row.brought_by.display_name if row.brought_by else "",
                read_at=row.read_at,
                accepted_at=row.accepted_at,
            )
        )
    return found


def stage_of(document: SourceDocument) -> str:
    """reading, failed, read (which plan?), mending or done."""
    if document.status in {DocumentStatus.READING, DocumentStatus.FAILED}:
        return str(document.status)
    if document.status != DocumentStatus.DRAFT:
        return "done"
    version = document.version
    return "mending" if version is not None and version.status == PlanStatus.IMPORT else "read"


def plan_name(document: SourceDocument) -> str:
    """令和8年度 予算 施策２; "" where it is not known yet."""
    from kusei.japanese.fiscal_year import wareki_year

    plan = document.version.plan if document.version else None
    if plan is None:
        return ""
    return f"{wareki_year(plan.fiscal_year)} {PlanKind(plan.kind).label} {plan.part}".strip()


def progress_of(document: SourceDocument, tree: Tree) -> Progress:
    """How far mending is."""
    return _counted(
        document.settled,
        document.draft.get("unplaced") or [],
        document.draft.get("warnings") or [],
        len(tree.rows),
        {row.item for row in tree.rows},
    )


def _counted(
    settled: dict[str, Any],
    unplaced: Sequence[dict[str, Any]],
    warnings: Sequence[dict[str, Any]],
    items: int,
    known: set[int] | None,
) -> Progress:
    lost = {number for number, piece in enumerate(unplaced) if not piece.get("reason")}
    asked = {number for number, _each in _asked_about(warnings)}
    seen = set(settled.get("items", []))
    return Progress(
        items_seen=min(len(seen & known if known is not None else seen), items),
        items=items,
        warnings_settled=len(asked & set(settled.get("warnings", []))),
        warnings=len(asked),
        texts_settled=len(lost & set(settled.get("unplaced", []))),
        texts=len(lost),
    )


def new_bodies_of(document: SourceDocument) -> list[Body]:
    """The bodies that came with this document, those that nobody has looked at yet first."""
    looked = set(document.settled.get("bodies", []))
    bodies = Body.objects.filter(ward_id=document.ward_id, pk__in=document.new_bodies).annotate(
        item_count=Count("item_owners", filter=Q(item_owners__text__version=document.version_id))
    )
    return sorted(bodies, key=lambda body: (body.pk in looked, body.pk))


def sheets_of(document: SourceDocument) -> tuple[list[Sheet], dict[int, list[Any]]]:
    """The sheets of a document and its lines by page; one query."""
    pages = dict(document.pages.order_by("number").values_list("number", "lines"))
    found: list[Sheet] = []
    for page, lines in pages.items():
        total = max(len(lines), 1)
        step = total if total <= LONGEST_PAGE else LINES_ON_A_SHEET
        for first in range(1, total + 1, step):
            last = min(first + step - 1, total)
            found.append(Sheet(len(found) + 1, page, first, last, step == total))
    return found or [Sheet(1, 1, 1, 1, True)], pages


class Finder:
    """On which sheet a place stands."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._starts = [(sheet.page, sheet.first) for sheet in sheets]

    def sheet(self, page: int | None, line: int | None) -> int:
        """Its number, from 1."""
        return max(1, bisect_right(self._starts, (page or 1, line or 1)))


def _asked_about(warnings: Sequence[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """The reader's warnings that somebody has to look at, with their numbers."""
    return [
        (number, each) for number, each in enumerate(warnings) if each.get("code") not in ANSWERED_WARNINGS
    ]


def questions_of(document: SourceDocument, finder: Finder) -> list[Question]:
    """The reader's warnings and the texts that found no place, in the order of print."""
    settled = {what: set(document.settled.get(what, [])) for what in ("warnings", "unplaced")}
    found = [
        Question(
            "warnings",
            number,
            each["message"],
            each.get("page"),
            each.get("line"),
            number in settled["warnings"],
            finder.sheet(each.get("page"), each.get("line")),
        )
        for number, each in _asked_about(document.draft.get("warnings") or [])
    ]
    found += [
        Question(
            "unplaced",
            number,
            each["text"],
            each.get("page"),
            each.get("line"),
            number in settled["unplaced"],
            finder.sheet(each.get("page"), each.get("line")),
        )
        for number, each in enumerate(document.draft.get("unplaced") or [])
        if not each.get("reason")
    ]
    return sorted(found, key=lambda each: (each.page or 1, each.line or 0, each.what, each.number))


def desk_of(
    document: SourceDocument,
    tree: Tree,
    results: Iterable[PrintedResult],
    *,
    sheet: int | None,
    item: int | None,
    question: Question | None,
    questions: Sequence[Question],
    sheets: Sequence[Sheet],
    pages: dict[int, list[Any]],
) -> Desk:
    """One sheet: the one asked for, else the item's, else the question's, else the first."""
    finder = Finder(sheets)
    sheet_of: dict[int, int] = {}
    last = 1
    for row in tree.rows:
        if row.line is not None:
            last = finder.sheet(row.page, row.line)
        sheet_of[row.item] = last
    number = sheet or (sheet_of.get(item) if item else None) or (question.sheet if question else None) or 1
    shown = sheets[min(max(number, 1), len(sheets)) - 1]
    told = {each.item_id: each.text for each in results}
    seen = set(document.settled.get("items", []))
    lines_of = {row.item: _lines_of(row) for row in tree.rows}
    here = [row for row in tree.rows if sheet_of[row.item] == shown.number or _touches(row, shown)]
    ids = {row.item for row in here}
    context = {above.item for row in here for above in tree.above(row.item)} - ids
    asked: dict[tuple[int, int], list[Question]] = {}
    for each in questions:
        if each.line and not each.is_settled:
            asked.setdefault((each.page or 1, each.line), []).append(each)
    first_on: dict[tuple[int, int], list[int]] = {}
    for row in here:
        for page, line in lines_of[row.item]:
            first_on.setdefault((page, line), []).append(row.item)
    rows = []
    for row in tree.rows:
        if row.item not in ids and row.item not in context:
            continue
        rows.append(
            DeskRow(
                row=row,
                depth=tree.depth(row.item),
                sheet=sheet_of[row.item],
                lines=tuple(line_name(*each) for each in lines_of[row.item]),
                is_seen=row.item in seen,
                is_context=row.item in context,
                result=told.get(row.item, ""),
                questions=tuple(
                    question
                    for place in lines_of[row.item]
                    for question in asked.get(place, [])
                    if question.what == "warnings"
                ),
            )
        )
    kept = pages.get(shown.page, [])
    lines = tuple(
        SourceLine(
            at,
            _text(kept[at - 1]) if at <= len(kept) else "",
            tuple(first_on.get((shown.page, at), ())),
            line_name(shown.page, at),
            (shown.page, at) in asked,
        )
        for at in range(shown.first, shown.last + 1)
    )
    boxes = tuple(
        Box(row.item, box[0], box[1], max(box[2] - box[0], 1), max(box[3] - box[1], 1))
        for row in here
        for place in row.places
        if (box := place.get("box")) and (place.get("page") or 1) == shown.page
    )
    return Desk(
        tuple(sheets), shown, lines, tuple(rows), boxes, tuple(row.item for row in tree.rows), sheet_of
    )


def results_at_desk(document: SourceDocument, tree: Tree) -> list[PrintedResult]:
    """What the items that stand in the import print as done."""
    assert document.version is not None
    return printed_of(document, document.version, {row.item for row in tree.rows})


def _touches(row: Row, sheet: Sheet) -> bool:
    return any(page == sheet.page and sheet.first <= line <= sheet.last for page, line in _lines_of(row))


def _lines_of(row: Row) -> tuple[tuple[int, int], ...]:
    """The lines that an item was read from, in order."""
    found: dict[tuple[int, int], None] = {}
    for place in row.places:
        if (first := place.get("line")) is None:
            continue
        page = place.get("page") or 1
        # A piece that goes on over many lines is a long cell: its first lines are enough to find it.
        for line in range(first, min((place.get("end_line") or first), first + 30) + 1):
            found[page, line] = None
    if not found and row.line is not None:
        found[row.page or 1, row.line] = None
    return tuple(sorted(found))


def _text(line: Any) -> str:
    return str(line.get("text", "")) if isinstance(line, dict) else str(line)
