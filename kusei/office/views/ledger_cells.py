"""The cells of the form of a body's numbers: what was posted in them, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.ledger.models import Metric
from kusei.ledger.rules import SHARES
from kusei.ledger.saying import said
from kusei.ledger.sheets import (
    MOST_SESSIONS,
    Clash,
    Merged,
    Place,
    as_typed,
    merge_typed,
    pack_seen,
    read_day,
    unpack_seen,
)
from kusei.office.queries.ledger import Place as PlanPlace
from kusei.office.queries.ledger import shortened
from kusei.office.queries.ledger_months import Column, RowOf, Writable, adding_mode, countable
from kusei.office.views.draft_frame import number_of
from kusei.press.formats import wareki
from kusei.wards import permissions
from kusei.wards.access import OfficeRequest
from kusei.wards.models import Body, Ward

_MOST_FIELDS = 900
"""As many fields as a page may have: a browser stays quick, and DATA_UPLOAD_MAX_NUMBER_FIELDS is far."""


@dataclass(slots=True)
class Cell:
    """One field of the form. `wrong` says what to mend; `clash` shows the other one's number."""

    name: str
    value: str
    label: str
    wrong: str = ""
    clash: str = ""
    taken: bool = False

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(slots=True)
class Row:
    """A metric of an action, of one `district` where it is counted by districts. `other` is what stands in the report beside
    the cells of this form; `may_split`: there are districts that it has no row for yet;
    `is_divided`: it stands above rows of districts."""

    key: str
    metric: Metric
    district: str
    may_split: bool
    is_divided: bool
    mode: str
    cells: list[Cell]
    other: int


@dataclass(slots=True)
class Group:
    """An action with its rows. `seen` is what the form shows, for it to bring back."""

    place: PlanPlace
    seen: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """One form in the making: what may be written, its columns, and what was typed."""

    request: OfficeRequest
    ward: Ward
    year: int
    body: Body
    writable: Writable
    columns: list[Column]
    session_item: int | None = None
    typed_days: list[str] = field(default_factory=list)
    wrong_days: dict[int, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(where, what): `where` is the id of a field, or empty."""

    @property
    def url(self) -> str:
        if self.session_item is not None:
            args = [self.ward.key, self.year, self.body.pk, self.session_item]
            return reverse("office:session_form", args=args)
        return reverse("office:month_form", args=[self.ward.key, self.year, self.body.pk])


def posted_lines(form: Form) -> list[RowOf]:
    """The rows that the form had. Raises NotAllowed where one is of an action that this person may not write."""
    lines: list[RowOf] = []
    for text in form.request.POST.getlist("row")[:500]:
        item, metric, district, *_rest = [number_of(part) for part in text.split(".")] + [None, None]
        line = RowOf(item or 0, metric, district)
        if line.item not in form.writable.places:
            raise permissions.NotAllowed(
                _("この取組の担当ではないので、実績を記録できません。担当の課か企画担当に頼んでください。")
            )
        if metric and (
            metric not in form.writable.metrics or district not in (None, *form.writable.districts)
        ):
            form.problems.append(("", _("知らない数えるものが届きました。画面を開き直してください。")))
        elif line not in lines:
            lines.append(line)
    return lines


def with_districts(form: Form, lines: list[RowOf], asked: str) -> list[RowOf]:
    """The rows with one for each district of the year below the metric whose button was pressed."""
    item, metric, *_rest = [number_of(part) for part in asked.partition(":")[2].split(".")] + [None, None]
    known = [line for line in lines if (line.item, line.metric) == (item, metric)]
    if not known or metric is None:
        form.problems.append(("", _("知らない数えるものが届きました。画面を開き直してください。")))
        return lines
    first = lines.index(known[0])
    shown = {line.district for line in known} | form.writable.this_year
    rows = [RowOf(known[0].item, metric), *(RowOf(known[0].item, metric, each) for each in form.writable.districts if each in shown)]  # fmt: skip
    made = [line for line in lines if line not in known]
    made[first:first] = rows
    if len(made) * (len(form.columns) + 1) > _MOST_FIELDS:
        form.problems.append(
            ("", _("一度に出せる行より多くなります。いまの数を保存してから、もう一度押してください。"))
        )
        return lines
    return made


def with_added(form: Form, lines: list[RowOf], asked: str) -> list[RowOf]:
    """The rows with one more: of the action whose button was pressed, or of the one chosen below the table."""
    given = form.request.POST
    item = number_of(asked.partition(":")[2] or given.get("add_item", "")) or 0
    metric = number_of(given.get(f"add.{item}" if ":" in asked else "add_metric", ""))
    allowed = {each.pk for each in countable(form.writable, form.year)}
    if item not in form.writable.places or metric not in allowed:
        where = "add-metric" if ":" not in asked else f"add-{item}"
        form.problems.append((where, _("どの取組の、何を数えるかを選んでから「加える」を押してください。")))
        return lines
    if RowOf(item, metric) in lines:
        form.problems.append(("", _("その取組では、もう数えています。表の中に入れてください。")))
        return lines
    before = [line for line in lines if line != RowOf(item, None)]
    behind = max((place for place, line in enumerate(before) if line.item == item), default=-1)
    place = behind + 1 if behind >= 0 else _place_among(form, before, item)
    return [*before[:place], RowOf(item, metric), *before[place:]]


def _place_among(form: Form, lines: Sequence[RowOf], item: int) -> int:
    order = list(form.writable.places)
    return sum(order.index(line.item) < order.index(item) for line in lines)


def seen_in(form: Form, lines: Sequence[RowOf]) -> dict[int, tuple[int, dict[Place, int]]]:
    """By item, the revision and the cells that the form had shown; what stands now where it showed none."""
    found = {}
    for item in dict.fromkeys(line.item for line in lines):
        try:
            found[item] = unpack_seen(form.request.POST.get(f"seen.{item}", ""))
        except ValueError:
            found[item] = (form.writable.revision(item), form.writable.cells(item))
    return found


def typed_in(
    form: Form, lines: Sequence[RowOf], seen: Mapping[int, tuple[int, Mapping[Place, int]]]
) -> dict[int, dict[Place, str]]:
    """By item, what stands in each place according to the form."""
    if form.session_item is not None:
        _read_days(form, lines)
    found: dict[int, dict[Place, str]] = {line.item: {} for line in lines}
    for line in lines:
        item, metric, district = line
        if metric is None:
            continue
        for number, column in enumerate(form.columns):
            text = form.request.POST.get(_cell_name(line, number))
            if text is None or column.on is None:
                continue
            found[item][metric, column.on, column.session, district] = text
        if form.session_item is not None:  # a session that was moved to another day, or has no day any more
            for place in seen[item][1]:
                if place[0] == metric and place[2] and place[3] == district:
                    found[item].setdefault(place, "")
    return found


def _read_days(form: Form, lines: Sequence[RowOf]) -> None:
    """Put the days that were typed into the columns; say which numbers have none."""
    given = form.request.POST
    numbers = [number_of(each) for each in given.getlist("number")[: MOST_SESSIONS + 20]]
    form.typed_days = [text[:40] for text in given.getlist("day")[: len(numbers)]]
    columns: list[Column] = []
    for place, (number, text) in enumerate(zip(numbers, form.typed_days, strict=False)):
        day = read_day(text, form.year)
        has_numbers = any(given.get(_cell_name(line, place), "").strip() for line in lines if line.metric)
        column = Column(day, number if number and number < 1000 else place + 1)
        if text.strip() and day is None:
            form.wrong_days[place] = _("「%(text)s」は、%(year)sの日付として読めません。6/10 のように入れてください。") % {"text": text, "year": wareki(form.year)}  # fmt: skip
        elif has_numbers and day is None:
            form.wrong_days[place] = _("数が入っている回には、日付を入れてください。")
        elif day is not None and column in columns:
            form.wrong_days[place] = _("同じ回と日付が二つあります。")
        columns.append(column)
    form.columns = columns
    for place, wrong in form.wrong_days.items():
        form.problems.append((f"day-{place}", _("第%(n)d回: %(wrong)s") % {"n": columns[place].session, "wrong": wrong}))  # fmt: skip


def _cell_name(line: RowOf, column: int) -> str:
    return f"c.{line.item}.{line.metric}.{column}" + (f".{line.district}" if line.district else "")


def merged_with(
    form: Form,
    typed: Mapping[int, Mapping[Place, str]],
    seen: Mapping[int, tuple[int, Mapping[Place, int]]],
) -> dict[int, Merged]:
    units = form.writable.units()
    return {
        item: merge_typed(cells, seen[item][1], form.writable.cells(item), units)
        for item, cells in typed.items()
    }


def reason_said(reason: str) -> str:
    return {
        "negative": _("0以上の数を入れてください。減らすときは、正しい数に書き直してください。"),
        "decimals": _("小数の桁が多すぎます。"),
        "large": _("数が大きすぎます。桁を確かめてください。"),
        "text": _("数として読めません。数だけを入れてください。"),
    }[reason]


def cell_id(form: Form, item: int, place: Place) -> str:
    column = (
        form.columns.index(Column(place[1], place[2])) if Column(place[1], place[2]) in form.columns else 0
    )
    return _cell_name(RowOf(item, place[0], place[3]), column).replace(".", "-")


def where(form: Form, item: int, place: Place) -> str:
    metric, on, session, district = place
    when = _("第%(n)d回") % {"n": session} if session else _("%(month)d月") % {"month": on.month}
    name = f"{shortened(form.writable.places[item], 30).title} {form.writable.metrics[metric].name}"
    return f"{name} {form.writable.districts[district].name} {when}" if district else f"{name} {when}"


def groups_of(
    form: Form,
    lines: Sequence[RowOf],
    merged: Mapping[int, Merged],
    typed: Mapping[int, Mapping[Place, str]],
) -> list[Group]:
    groups: dict[int, Group] = {}
    for line in lines:
        item, metric_id, district = line
        cells = form.writable.cells(item)
        if item not in groups:
            groups[item] = Group(form.writable.places[item], pack_seen(cells, form.writable.revision(item)))
        if metric_id is None:
            continue
        metric = form.writable.metrics[metric_id]
        found = merged.get(item) or Merged()
        row = [
            _cell(form, line, metric, number, column, cells, found, typed.get(item, {}))
            for number, column in enumerate(form.columns)
        ]
        shown = {(column.on, column.session) for column in form.columns}
        other = sum(
            quantity
            for (of, on, session, where), quantity in cells.items()
            if (of, where) == (metric.pk, district) and (on, session) not in shown
        )
        shown_districts = {each.district for each in lines if each[:2] == line[:2]}
        rest = form.writable.this_year - shown_districts
        name = form.writable.districts[district].name if district else ""
        groups[item].rows.append(
            Row(
                line.key,
                metric,
                name,
                bool(rest) and not district and metric.unit not in SHARES,
                not district and len(shown_districts) > 1,
                adding_mode(metric),
                row,
                other,
            )
        )
    return list(groups.values())


def _cell(
    form: Form,
    line: RowOf,
    metric: Metric,
    number: int,
    column: Column,
    cells: Mapping[Place, int],
    found: Merged,
    typed: Mapping[Place, str],
) -> Cell:
    name = _cell_name(line, number)
    place: Place = (metric.pk, column.on or date.min, column.session, line.district)
    of = f"{metric.name} {form.writable.districts[line.district].name}" if line.district else metric.name
    value = as_typed(cells.get(place), metric.decimals)
    if form.request.method == "POST" and place not in found.taken:
        value = typed.get(place, form.request.POST.get(name, value))
    clash: Clash | None = found.clashes.get(place)
    heading = _("第%(n)d回") % {"n": column.session} if column.session else _("%(n)d月") % {"n": column.on.month if column.on else 0}  # fmt: skip
    return Cell(
        name=name,
        value=value,
        label=f"{shortened(form.writable.places[line.item], 30).title} {of} {heading}",
        wrong=reason_said(found.errors[place]) if place in found.errors else "",
        clash=_("いま: %(now)s") % {"now": said(clash.theirs, metric)} if clash else "",
        taken=place in found.taken,
    )


def day_shown(column: Column, fiscal_year: int) -> str:
    """A session's day as it is typed: without its year where that goes without saying."""
    if column.on is None:
        return ""
    short = f"{column.on.month}/{column.on.day}"
    return short if read_day(short, fiscal_year) == column.on else f"{column.on.year}/{short}"
