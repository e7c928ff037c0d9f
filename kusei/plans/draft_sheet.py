"""A table of a draft's items that comes back from Excel, by file or by pasting: what it would change, cell by cell.

Plain values in, plain values out. Nothing is decided here: a person looks at the outcome and confirms it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.folding import fold_name
from kusei.plans import drafting
from kusei.plans.draft_fields import COLUMNS, Vocabulary, changes_of, plain, same_text, shown
from kusei.plans.drafting import Row, Tree
from kusei.plans.errors import PlanError

ID, REVISION, LEVEL = "id", "revision", "level"
HEADINGS: dict[str, Any] = {
    ID: gettext_lazy("項目ID"),
    REVISION: gettext_lazy("更新回数"),
    LEVEL: gettext_lazy("段"),
    **COLUMNS,
}
"""Every column of the workbook, with its heading. The first three are Kusei's own and are not to be changed."""


def revision_mark(version: int, revision: int) -> str:
    """What stands in the column REVISION: revisions of one draft say nothing about another one of the same plan."""
    return f"{version}_{revision}"


def revision_told(text: str, version: int) -> int | None:
    """The revision in this draft that a row was made of; None for another draft's, or what is none."""
    of, _sign, revision = text.rpartition("_")
    if of not in {"", str(version)} or not (
        revision.isascii() and revision.isdecimal() and len(revision) < 10
    ):
        return None
    return int(revision)


PASTED = ("number", "title", "text", "owners", "current", "previous")
"""The order of columns where a pasted table has no headings."""


class SheetError(PlanError):
    """The table cannot be read at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the table; `line` counts as Excel does. Columns that the table does not have are not in `cells`."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that would change. `theirs` is what somebody else put there since the table was made: then it is a clash,
    and what stands in the draft stays unless a person says otherwise."""

    line: int
    item: int
    title: str
    column: str
    before: str
    after: str
    is_clash: bool = False
    is_chosen: bool = True

    @property
    def label(self) -> str:
        return str(COLUMNS[self.column])

    @property
    def key(self) -> str:
        return f"{self.item}:{self.column}"


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that would become a new item."""

    line: int
    row: Row
    under: int | None
    behind: int | None
    above_title: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row of the table, and what to do."""

    line: int
    column: str
    message: str
    unknown: str = ""

    @property
    def label(self) -> str:
        return str(HEADINGS[self.column]) if self.column in HEADINGS else ""


@dataclass
class Comparison:
    """What a table would change. `others` are rows that somebody else changed since the table was made; `is_of_another` where
    it was made of another version, so that nobody knows what its author saw."""

    cells: list[Cell] = field(default_factory=list)
    added: list[NewRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    rows: list[SheetRow] = field(default_factory=list)
    missing: int = 0
    is_of_another: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.cells or self.added)

    @property
    def can_be_taken(self) -> bool:
        return not self.problems and bool(self.changes or self.added)


def split_pasted(text: str) -> list[list[str]]:
    """The cells of a table copied from Excel: tabs between cells, cells with line breaks in quotation marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter="\t")]
    except csv.Error:
        raise SheetError(_("表として読めません。Excelの表をそのまま写して貼り付けてください。")) from None


def rows_of(
    lines: Sequence[Sequence[str]], *, needs_id: bool = False
) -> tuple[list[SheetRow], tuple[str, ...]]:
    """The rows of a table and its columns in order. Raises SheetError for headings that say nothing."""
    table = [(number, list(cells)) for number, cells in enumerate(lines, start=1)]
    table = [(number, cells) for number, cells in table if any(cell.strip() for cell in cells)]
    if not table:
        raise SheetError(_("表が空です。Excelで見出しの行から選んで写し、ここに貼り付けてください。"))
    names = {fold_name(str(heading)): column for column, heading in HEADINGS.items()}
    names |= {fold_name(str(heading)).split("(")[0]: column for column, heading in COLUMNS.items()}
    first = [names.get(fold_name(cell), "") for cell in table[0][1]]
    if needs_id and ID not in first:
        raise SheetError(
            _(
                "見出しに「%(name)s」の列がありません。Kuseiから書き出したファイルの列を消さずに使ってください。"
            )
            % {"name": HEADINGS[ID]}
        )
    has_headings = ID in first or "title" in first
    if has_headings:
        twice = next((column for column in first if column and first.count(column) > 1), "")
        if twice:
            raise SheetError(
                _("見出し「%(name)s」の列が二つあります。一つにしてください。") % {"name": HEADINGS[twice]}
            )
        columns, body = first, table[1:]
    else:
        columns, body = list(PASTED), table
        if max(len(cells) for _number, cells in body) > len(PASTED):
            raise SheetError(
                _(
                    "列が多すぎます。1行目を見出し（題名、説明、担当など）にするか、%(count)d列までにしてください。"
                )
                % {"count": len(PASTED)}
            )
    rows = [
        SheetRow(
            number, {column: plain(cell) for column, cell in zip(columns, cells, strict=False) if column}
        )
        for number, cells in body
    ]
    return [row for row in rows if any(row.cells.values())], tuple(column for column in columns if column)


def compare_table(
    tree: Tree,
    rows: Sequence[SheetRow],
    words: Vocabulary,
    *,
    ids: Mapping[str, int],
    may_edit: Callable[[Tree, int | None], bool],
    version: int = 0,
    bases: Mapping[tuple[int, int], Row] = {},
    foreign: Mapping[str, str] = {},
    by_title: bool = False,
    under: int | None = None,
    mine: frozenset[str] = frozenset(),
) -> Comparison:
    """What the rows would change in the draft.

    `ids` are the public ids of the draft's items; `foreign` says of other ids where they belong. A row without an id is a
    new item, behind the row before it at its level; with `by_title` it is the item of that title if there is just one,
    else new under `under`. `bases` are rows as they were at the revision that the table names; where it names one of another
    version than `version`, whatever differs is a clash. `mine` are the clashes (`Cell.key`) where the table's text is to win.
    """
    found = Comparison()
    taken: dict[int, int] = {}
    titles: dict[str, list[int]] = {}
    for each in tree.rows if by_title else ():
        titles.setdefault(fold_name(each.title), []).append(each.item)
    path: list[tuple[int, int]] = []  # the rows above the place where the next new row goes: level, item
    growing = tree
    anchor: SheetRow | None = None
    for row in rows:
        item, problem = _item_of(row, tree, ids, foreign, titles, by_title=by_title)
        if problem:
            found.problems.append(problem)
            continue
        if item is not None and item in taken and set(row.cells) == {ID}:
            path = _path_to(tree, item)
            continue
        if item is not None and item in taken:
            found.problems.append(
                Problem(row.line, ID, _("%(line)d行目と同じ項目です。どちらかの行を消してください。") % {"line": taken[item]})
            )  # fmt: skip
            continue
        if item is None:
            if (
                anchor is not None
            ):  # a new row stands behind another one: both are needed to find its place again
                found.rows.append(SheetRow(anchor.line, {ID: anchor.cells[ID]}))
                anchor = None
            growing = _new_row(found, row, growing, path, words, may_edit, by_title=by_title, under=under)
            continue
        taken[item] = row.line
        path = _path_to(tree, item)
        if not by_title:
            anchor = row
        _changes_in(found, row, tree, item, words, may_edit, version, bases, mine, len(path) - 1)
    found.missing = len(tree.rows) - len(taken)
    return found


def _path_to(tree: Tree, item: int) -> list[tuple[int, int]]:
    """The rows from the top down to an item, each with its level."""
    return list(enumerate(reversed([item, *(each.item for each in tree.above(item))])))


def _item_of(
    row: SheetRow,
    tree: Tree,
    ids: Mapping[str, int],
    foreign: Mapping[str, str],
    titles: Mapping[str, list[int]],
    *,
    by_title: bool,
) -> tuple[int | None, Problem | None]:
    public_id = row.cells.get(ID, "").lower()
    if public_id:
        item = ids.get(public_id)
        if item is not None and item in tree:
            return item, None
        message = foreign.get(public_id) or _(
            "この項目IDはこの下書きにありません。IDの列が書き換わったか、ほかの人が項目を外しました。書き出し直してください。"
        )
        return None, Problem(row.line, ID, message)
    if row.cells.get(REVISION) and not by_title:
        return None, Problem(
            row.line, ID, _("項目IDが消えています。書き出し直すか、元のIDを入れてください。")
        )
    if by_title:
        same = titles.get(fold_name(row.cells.get("title", "")), [])
        if len(same) > 1:
            number = fold_name(row.cells.get("number", ""))
            same = [item for item in same if number and fold_name(tree.row(item).number) == number]
            if len(same) != 1:
                return None, Problem(
                    row.line, "title", _("同じ題名の項目がいくつもあります。番号の列も付けて、どれかわかるようにしてください。")
                )  # fmt: skip
        if same:
            return same[0], None
    return None, None


def _changes_in(
    found: Comparison,
    row: SheetRow,
    tree: Tree,
    item: int,
    words: Vocabulary,
    may_edit: Callable[[Tree, int | None], bool],
    version: int,
    bases: Mapping[tuple[int, int], Row],
    mine: frozenset[str],
    level: int,
) -> None:
    now = tree.row(item)
    base: Row | None = now
    if mark := row.cells.get(REVISION, ""):
        told = revision_told(mark, version)
        if told is None:
            base, found.is_of_another = None, True
        elif told != now.revision:
            base = bases.get((item, told))
            found.others.append((row.line, now.title))
    told_level = row.cells.get(LEVEL, "")
    if told_level and told_level != str(level + 1):
        found.problems.append(
            Problem(row.line, LEVEL, _("段は表では変えられません。下書きの画面で動かしてください。元の値は%(level)dです。") % {"level": level + 1})
        )  # fmt: skip
    typed = {
        column: text
        for column, text in row.cells.items()
        if column in COLUMNS
        and not (base and same_text(text, shown(column, base, words)))
        and not same_text(text, shown(column, now, words))
    }
    if not typed:
        return
    if not may_edit(tree, item):
        found.problems.append(
            Problem(row.line, "title", _("「%(title)s」は担当でないため直せません。この行を元に戻してください。") % {"title": now.title})
        )  # fmt: skip
        return
    above = tree.row(now.parent).kind if now.parent is not None else None
    chosen: dict[str, str] = {}
    for column, text in typed.items():
        before = shown(column, now, words)
        is_clash = base is None or not same_text(before, shown(column, base, words))
        cell = Cell(row.line, item, now.title, column, before, text, is_clash)
        is_chosen = not is_clash or cell.key in mine
        found.cells.append(Cell(row.line, item, now.title, column, before, text, is_clash, is_chosen))
        if is_chosen:
            chosen[column] = text
    changes, problems = changes_of(chosen, now, above, words)
    found.problems += [Problem(row.line, each.column, each.message, each.unknown) for each in problems]
    if changes:
        found.changes[item] = changes
    found.seen[item] = now.revision
    kept = {column: row.cells[column] for column in (ID, REVISION) if row.cells.get(column)}
    if ID not in kept:  # matched by its title, which has to be found again
        kept |= {column: row.cells[column] for column in ("title", "number") if row.cells.get(column)}
    found.rows.append(SheetRow(row.line, {**kept, **typed}))


def _new_row(
    found: Comparison,
    row: SheetRow,
    tree: Tree,
    path: list[tuple[int, int]],
    words: Vocabulary,
    may_edit: Callable[[Tree, int | None], bool],
    *,
    by_title: bool,
    under: int | None,
) -> Tree:
    level_text = row.cells.get(LEVEL, "")
    behind: int | None = None
    if not by_title:
        is_level = level_text.isdecimal() and len(level_text) < 4 and 1 <= int(level_text) <= len(path) + 1
        if level_text and not is_level:
            found.problems.append(
                Problem(row.line, LEVEL, _("新しい行の段は、1から%(most)dまでの数で入れてください。") % {"most": len(path) + 1})
            )  # fmt: skip
            return tree
        level = int(level_text) - 1 if level_text else (path[-1][0] if path else 0)
        under = path[level - 1][1] if level > 0 and len(path) >= level else None
        behind = path[level][1] if len(path) > level else None
    if not may_edit(tree, under):
        found.problems.append(
            Problem(row.line, "title", _("ここに項目を加えられるのは、上の項目の担当か企画担当です。この行を消してください。"))
        )  # fmt: skip
        return tree
    above = tree.row(under) if under is not None else None
    kinds = drafting.kinds_under(above.kind if above else None)
    sibling = tree.row(behind).kind if behind is not None else ""
    blank = Row(-len(found.added) - 1, under, sibling if sibling in kinds else kinds[0], "")
    typed = {column: text for column, text in row.cells.items() if column in COLUMNS and text}
    changes, problems = changes_of(typed, blank, above.kind if above else None, words)
    if "title" not in typed:
        found.problems.append(Problem(row.line, "title", _("題名がありません。題名を入れてください。")))
        return tree
    if problems:
        found.problems += [Problem(row.line, each.column, each.message, each.unknown) for each in problems]
        return tree
    fresh = Row(**{**_fields(blank), **changes})
    found.added.append(NewRow(row.line, fresh, under, behind, above.title if above else ""))
    found.rows.append(SheetRow(row.line, {**typed, **({LEVEL: level_text} if level_text else {})}))
    if not by_title:
        path[level:] = [(level, fresh.item)]
    return drafting.add(tree, fresh, under=under, after=behind)


def _fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__slots__}
