"""What the columns of a table mean, told from what stands in them: a heading's words are a claim, the cells decide.

A column that groups rows has cells that reach over several of them; one of bodies holds names of offices; one of tags holds
新規 and 拡充; a name is short and hardly ever comes twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kusei.documents.reading.attributes import TAG_WORDS, is_body
from kusei.documents.reading.cells import PLACES, Grid, bullets_of, has_bullets, is_amount, split_owner_cell
from kusei.documents.reading.columns import GROUPS, Heading, Role, is_year_only
from kusei.documents.reading.totals import is_total

_CODE = re.compile(r"^(?:[A-Za-z]{0,2}-?\d{1,3}(?:[-.]\(?\d{1,3}\)?)*|\d{4,}|\(\d{1,3}\))[.)]?$")
_TAGS = re.compile(rf"^[<\[【(]?(?:{TAG_WORDS})[>\]】)]?(?:[\s・、/]+[<\[【(]?(?:{TAG_WORDS})[>\]】)]?)*$")
_NONE = re.compile(r"^[-―ー−–—.…・*]+$")
_VERDICT = re.compile(
    r"^(?:[◎○◯〇△▲×☆★✓A-ES]|[A-ES][+-]?|(?:改善して|見直し(?:て|の上)|一部)?(?:継続|拡充|改善|見直し|縮小|廃止|完了|終了|休止|統合|強化|維持|現状維持|順調|概ね順調|おおむね順調|やや遅れ|遅れ|達成|未達成|未着手|着手|実施中|検討中|続ける|強める|改める|終える|やめる))$"
)
_JUDGES = re.compile(
    r"(?:通り|とおり|どおり|継続|改善|拡[充大]|縮[小減]|見直し?|廃止|休止|終了|完了|統合|維持|順調|適[切正当]|妥当|達成|遅れ|推進|強化|重点化|要検討|検討|良好|不十分|十分|未着手|実施中|[上中下]昇?|高い|低い|[ABCDS])$"
)
_DONE = re.compile(
    r"(?:した|された|できた|なかった|行った|図った|努めた|[いっけせてげねべめれえみ]た|ている|である|中止)[。.)]?$"
)
_CLAIMS_DIRECTION = re.compile(r"方向|今後|評価|判定|進捗|進み|達成|状況|度$")
_LONGEST_GROUP = 60
_LONGEST_NAME = 45


@dataclass(slots=True)
class Column:
    """What stands in one column below the heading: the texts that begin there, and how they lie."""

    texts: list[str] = field(default_factory=list)
    reaching: int = 0
    """Cells that are merged over several rows."""
    gaps: int = 0
    """Rows left empty below a filled one."""
    bulleted: int = 0
    lists: int = 0
    """Cells with several bullets."""
    bodies: int = 0

    @property
    def blocks(self) -> bool:
        """Whether the same text comes row after row, and nowhere else: 東 東 西 西."""
        runs = [text for i, text in enumerate(self.texts) if not i or text != self.texts[i - 1]]
        return 2 <= len(runs) < len(self.texts) and len(set(runs)) == len(runs)

    def share(self, pattern: re.Pattern[str]) -> float:
        """Which part of the filled cells matches."""
        return sum(bool(pattern.match(text)) for text in self.texts) / len(self.texts) if self.texts else 0.0

    @property
    def judges(self) -> bool:
        """Whether the cells are judgements out of a short list: 現状通り, 事業内容の一部改善, 縮減."""
        plain = [text for text in self.texts if not _NONE.match(text)]
        return (
            len(plain) >= 3
            and len(set(plain)) * 4 <= max(len(plain), 4) * 3
            and all(len(text) <= 16 and not re.search(r"[。、\d]", text) for text in plain)
            and sum(bool(_JUDGES.search(text)) for text in plain) * 5 >= len(plain) * 4
        )

    @property
    def figures(self) -> float:
        filled = [text for text in self.texts if not _NONE.match(text)]
        return (
            sum(is_amount(text) or bool(re.fullmatch(r"[\d,.]+%?", text)) for text in filled) / len(filled)
            if filled
            else 0.0
        )

    @property
    def named_bodies(self) -> float:
        return self.bodies / len(self.texts) if self.texts else 0.0

    @property
    def distinct(self) -> float:
        return len(set(self.texts)) / len(self.texts) if self.texts else 0.0

    @property
    def longest(self) -> int:
        return max((len(text) for text in self.texts), default=0)


def read_columns(grid: Grid, headings: Sequence[Heading], body: int) -> list[Column]:
    """The columns below row `body`. Rows of totals and rows with a single cell say nothing about them."""
    columns = [Column() for _ in headings]
    above = [""] * len(headings)
    for r in range(body, grid.height):
        texts = grid.texts(r)
        filled = [text for text in texts if text]
        if (len(filled) < 2 and len(headings) > 2) or any(is_total(text) for text in filled[:2]):
            continue
        for c, column in enumerate(columns):
            cell = grid.at(r, c)
            if cell is None or grid.origin(r, c) != (r, c):
                continue
            if not texts[c]:
                column.gaps += bool(above[c])
                continue
            if texts[c] == headings[c].text:
                continue
            above[c] = texts[c]
            column.texts.append(texts[c])
            column.reaching += cell.row_span > 1
            column.bulleted += has_bullets(cell)
            column.lists += has_bullets(cell) and len(bullets_of(cell)) > 1
            owners = split_owner_cell(cell.text)
            column.bodies += bool(owners) and all(is_body(one) or one in PLACES for one in owners)
    return columns


def by_content(grid: Grid, found: Sequence[Heading], body: int) -> list[Heading]:
    """The headings of a table, each set right by what stands below it."""
    result = list(found)
    columns = read_columns(grid, found, body)
    for c, column in enumerate(columns):
        if column.texts:
            result[c] = replace(result[c], role=_own_role(result[c], column))
    _bodies(result, columns)
    _years(result, columns)
    _plans(result, columns)
    _name(result, columns)
    _groups(result, columns)
    return result


def _own_role(heading: Heading, column: Column) -> Role:
    """What a column is by itself: figures are no names, tags no groups, marks no results."""
    role = heading.role
    worded = {Role.PLAN, Role.RESULT, Role.PROJECT, Role.MATTER, Role.BODY, Role.OTHER, *GROUPS}
    if role in GROUPS | {Role.PROJECT, Role.MATTER} and column.figures >= 0.8 and column.share(_CODE) < 0.8:
        return Role.OTHER
    if role in GROUPS | {Role.OTHER, Role.STATUS} and column.share(_TAGS) >= 0.8:
        return Role.STATUS if _CLAIMS_DIRECTION.search(heading.text) or role is Role.STATUS else Role.TAG
    if role in {Role.PROJECT, Role.MATTER} and column.lists * 2 >= len(column.texts):
        return Role.PLAN
    if role in worded and column.share(_VERDICT) >= 0.8 and len(column.texts) > 1:
        return Role.STATUS
    if role in {Role.RESULT, Role.BODY, Role.OTHER} and column.judges:
        return Role.STATUS
    single = all(len(text) <= 6 and "。" not in text for text in column.texts)
    if role is Role.RESULT and single and re.search(r"進捗|状況|達成|評価", heading.text):
        return Role.STATUS
    return role


def _bodies(result: list[Heading], columns: Sequence[Column]) -> None:
    """Where no heading says who does it, a column of bodies does; one of the words alone may mean something else (部門)."""
    if any(heading.role is Role.OWNER for heading in result):
        return
    for c, column in enumerate(columns):
        if result[c].role is Role.OTHER and len(column.texts) >= 2 and column.named_bodies >= 0.8:
            result[c] = replace(result[c], role=Role.OWNER)


def _years(result: list[Heading], columns: Sequence[Column]) -> None:
    """Columns headed by nothing but a year hold money only where they hold figures; texts in them are the steps of that year."""
    steps = [
        c
        for c, heading in enumerate(result)
        if heading.role in {Role.AMOUNT, Role.PREVIOUS, Role.OTHER}
        and is_year_only(heading.text)
        and columns[c].texts
        and not any(re.search(r"\d[\d,]{2,}", text) for text in columns[c].texts)
    ]
    taken = any(heading.role is Role.PLAN for heading in result)
    for c in steps:
        result[c] = replace(result[c], role=Role.OTHER if taken or len(steps) > 1 else Role.PLAN)


def _plans(result: list[Heading], columns: Sequence[Column]) -> None:
    """Of several columns of what is done, the one that tells it in the past is the result; beside a result, bullets are the plan."""
    plans = [c for c, heading in enumerate(result) if heading.role is Role.PLAN]
    if len(plans) > 1 and not any(heading.role is Role.RESULT for heading in result):
        done = [
            c
            for c in plans
            if _past(columns[c]) >= 0.5 and not columns[c].bulleted * 2 > len(columns[c].texts)
        ]
        if len(done) == 1:
            result[done[0]] = replace(result[done[0]], role=Role.RESULT)
    elif len(plans) == 1 and not any(heading.role is Role.RESULT for heading in result):
        told = columns[plans[0]]
        deeds = re.search(r"(?:実施|取り?組み?|活動|事業)(?:した)?内容$", result[plans[0]].text)
        if deeds and len(told.texts) > 1 and _past(told) >= 0.6:
            result[plans[0]] = replace(result[plans[0]], role=Role.RESULT)
    plans = [c for c, heading in enumerate(result) if heading.role is Role.PLAN]
    years = {result[c].year for c in plans}
    if len(plans) > 1 and None not in years and len(years) == len(plans):
        first = min(plans, key=lambda c: result[c].year or 0)
        for c in plans:
            if c != first:
                result[c] = replace(result[c], role=Role.OTHER)
    results = [c for c, heading in enumerate(result) if heading.role is Role.RESULT]
    contents = [c for c in range(results[0]) if _is_content(result[c], columns[c])] if results else []
    plain = [c for c in plans if not _is_group(columns, result, c)]
    if results and not plain and contents:
        result[contents[-1]] = replace(result[contents[-1]], role=Role.PLAN)


def _past(column: Column) -> float:
    return column.share(re.compile(rf".*{_DONE.pattern}"))


def _is_content(heading: Heading, column: Column) -> bool:
    """Whether a column beside a result tells what was planned: by bullets, or by words (今年度の内容)."""
    if heading.role is not Role.BODY or not column.texts:
        return False
    return column.bulleted * 2 >= len(column.texts) or bool(
        re.search(r"年度の?(?:事業|取組)?内容$", heading.text)
    )


def _is_group(columns: Sequence[Column], result: Sequence[Heading], c: int) -> bool:
    """Whether the cells of a column reach over several rows of what stands right of it."""
    column = columns[c]
    right = [columns[i] for i in range(c + 1, len(columns)) if result[i].role is not Role.NUMBER]
    rows = max((len(other.texts) for other in right), default=0)
    few = 0 < len(column.texts) < rows
    shaped = bool(column.reaching) or (bool(column.gaps) and len(column.texts) > 1)
    return (
        ((few and shaped) or (column.blocks and not column.gaps))
        and not any(is_year_only(text) for text in column.texts)
        and column.longest <= _LONGEST_GROUP
        and column.figures < 0.5
        and column.named_bodies < 0.5
        and column.share(_CODE) < 0.8
        and column.share(_TAGS) < 0.5
        and column.bulleted * 2 < len(column.texts)
    )


def _groups(result: list[Heading], columns: Sequence[Column]) -> None:
    """Columns left of the names or plans whose cells reach over several rows group them, whatever they are called."""
    content = [
        c
        for c, heading in enumerate(result)
        if heading.role in {Role.PLAN, Role.RESULT, Role.PROJECT, Role.MATTER} and columns[c].texts
    ]
    plans = [c for c in content if result[c].role is Role.PLAN]
    for c, heading in enumerate(result):
        left = any(
            other > c and len(set(columns[other].texts)) > len(set(columns[c].texts)) for other in content
        )
        free = (
            heading.role is Role.OTHER
            or (heading.role is Role.PLAN and len(plans) > 1 and not heading.year)
            or (
                heading.role in {Role.PLAN, Role.BODY}
                and bool(re.search(r"目標|ねらい|目的|姿$|状態$", heading.text))
            )
        )
        merged = bool(columns[c].reaching)
        stands = left and free and (merged or c < content[0] or heading.role is Role.PLAN)
        if stands and _is_group(columns, result, c):
            result[c] = replace(result[c], role=Role.MEASURE)


def _name(result: list[Heading], columns: Sequence[Column]) -> None:
    """A table without a column of names has one all the same: the first with a short text of its own in every row."""
    roles = {heading.role for heading in result}
    names = [c for c, heading in enumerate(result) if heading.role in {Role.PROJECT, Role.MATTER}]
    if len(names) > 1 and _one_a_row(columns[names[0]], max(len(columns[c].texts) for c in names)):
        for c in names[1:]:
            if len(columns[c].texts) >= 3 or re.search(r"何|内容", result[c].text):
                result[c] = replace(result[c], role=Role.BODY)
    if roles & {Role.PROJECT, Role.MATTER, Role.INDICATOR}:
        return
    rows = max((len(column.texts) for column in columns), default=0)
    others = roles - {Role.OTHER, Role.NUMBER, Role.NOTE, Role.DIFFERENCE}
    groups = [c for c, heading in enumerate(result) if heading.role in GROUPS]
    own = [
        c
        for c, heading in enumerate(result)
        if (heading.role is Role.OTHER or (heading.role is Role.MEASURE and len(groups) > 1))
        and _names_rows(columns[c], rows)
    ]
    if Role.PLAN in roles:
        first = next(c for c, heading in enumerate(result) if heading.role is Role.PLAN)
        own = [c for c in own if c < first]
    if own and rows >= 2 and others:
        at = own[-1] if Role.PLAN in roles else own[0]
        task = not roles & {Role.PLAN, Role.RESULT, Role.AMOUNT, Role.STATUS} and Role.PERIOD in roles
        result[at] = replace(result[at], role=Role.MATTER if task else Role.PROJECT)


def _one_a_row(column: Column, rows: int) -> bool:
    return len(column.texts) >= rows and not column.reaching and len(set(column.texts)) == len(column.texts)


def _names_rows(column: Column, rows: int) -> bool:
    return (
        len(column.texts) >= rows
        and column.distinct >= 0.9
        and not column.reaching
        and column.longest <= _LONGEST_NAME
        and column.figures < 0.5
        and column.named_bodies < 0.5
        and column.share(_CODE) < 0.5
        and column.share(_TAGS) < 0.5
        and column.share(_VERDICT) < 0.5
        and not column.bulleted
        and sum(text.endswith("。") for text in column.texts) * 2 < len(column.texts)
    )
