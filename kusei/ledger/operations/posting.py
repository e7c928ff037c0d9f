"""The one way into the ledger: saying what a record says.

`post` makes the ledger agree with a record: what is new is added, what changed is reversed and added anew, what is gone is
reversed, and what stands already is left alone. So posting the same record twice changes nothing, and a service calls the
same function when it records, corrects and withdraws. Who may do so is asked by the service's own operation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger.enums import Adding
from kusei.ledger.errors import NotCountable, QuantityRefused, SlotTwice, WrongWard, WrongYear
from kusei.ledger.models import Entry, Metric
from kusei.ledger.operations.keeping import keep_sums
from kusei.ledger.queries.books import books_states
from kusei.ledger.queries.entries import line_of
from kusei.ledger.rules import LARGEST_QUANTITY, Difference, Line, Standing, difference
from kusei.ledger.sources import Source
from kusei.plans.models import Item
from kusei.wards.models import Body, District, Person, Ward

_AT_ONCE = 500
_ATTEMPTS = 5
_DEADLOCK = "40P01"


@dataclass(frozen=True, slots=True)
class Posted:
    """How many entries were added, how many reversed, and how many stood there already."""

    added: int
    reversed: int
    unchanged: int


@dataclass(slots=True)
class _Known:
    """Of one record: what stands, the highest turn of each slot, and all its entries but the reversals."""

    standing: list[Standing] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)
    entries: list[int] = field(default_factory=list)


_Change = tuple[Source, Difference, list[int]]


def post(*, ward: Ward, source: Source, lines: Sequence[Line], actor: Person | None) -> Posted:
    """Make the ledger say of one record exactly `lines`; without any, what it said is taken back.

    `actor` is the account that recorded it, None for a job. Raises QuantityRefused, NotCountable, WrongWard, WrongYear,
    SlotTwice; then nothing is posted.
    """
    return post_records(ward=ward, records=[(source, lines)], actor=actor)


def post_records(
    *, ward: Ward, records: Iterable[tuple[Source, Sequence[Line]]], actor: Person | None
) -> Posted:
    """`post` for many records of one kind and ward, in one transaction: all or nothing. Raises what `post` raises."""
    wanted = {source: [_in_its_year(line) for line in lines] for source, lines in records}
    _check(ward, [line for lines in wanted.values() for line in lines])
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _post(ward, wanted, actor)
        except (IntegrityError, OperationalError) as error:
            if attempt == _ATTEMPTS or not _met_somebody(error):
                raise
    raise AssertionError("unreachable")


def _met_somebody(error: Exception) -> bool:
    """Whether somebody posted or reversed the same at the same moment, so that looking again helps."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") == _DEADLOCK


def _post(ward: Ward, wanted: dict[Source, list[Line]], actor: Person | None) -> Posted:
    now = timezone.now()
    day = timezone.localdate(now)
    plan = _differences(ward, wanted)
    if _queue_up(plan):
        plan = _differences(ward, wanted)
    _require_in_use(line for _source, found, _entries in plan for line, _turn in found.add)
    years = {each.line.year for _source, found, _entries in plan for each in found.reverse}
    years |= {line.year for _source, found, _entries in plan for line, _turn in found.add}
    states = books_states(ward, years)
    reversals, additions = [], []
    for source, found, _entries in plan:
        for standing in found.reverse:
            late = not states[standing.line.year].is_open(day)
            reversals.append(
                _entry(
                    ward, source, standing.line, standing.turn, actor, now, late, reverses=standing.entry_id
                )
            )
        for line, turn in found.add:
            late = not states[line.year].is_open(day)
            additions.append(_entry(ward, source, line, turn, actor, now, late))  # fmt: skip
    written = Entry.objects.bulk_create([*reversals, *additions], batch_size=_AT_ONCE)
    keep_sums(ward.pk, written)
    return Posted(len(additions), len(reversals), sum(found.unchanged for _source, found, _entries in plan))


def _entry(
    ward: Ward,
    source: Source,
    line: Line,
    turn: int,
    actor: Person | None,
    now: datetime,
    late: bool,
    *,
    reverses: int | None = None,
) -> Entry:
    return Entry(
        ward=ward,
        metric_id=line.metric_id,
        item_id=line.item_id,
        body_id=line.body_id,
        district_id=line.district_id,
        fiscal_year=line.year,
        happened_on=line.on,
        quantity=line.quantity if reverses is None else -line.quantity,
        source_kind=source.kind,
        source_id=source.id,
        slot=line.slot,
        turn=turn,
        reverses_id=reverses,
        is_late=late,
        posted_at=now,
        posted_by=actor,
    )


def _queue_up(plan: Sequence[_Change]) -> bool:
    """Who corrects what somebody else is correcting waits for their entries; whether there was anything to wait for, so that
    the records have to be read again. On SQLite one transaction writes at a time."""
    if not connection.features.has_select_for_update:
        return False
    numbers = sorted(pk for _source, found, entries in plan if found.reverse or found.add for pk in entries)
    for begin in range(0, len(numbers), _AT_ONCE):
        rows = Entry.objects.select_for_update(no_key=True).filter(pk__in=numbers[begin : begin + _AT_ONCE])
        list(rows.order_by("pk").values_list("pk"))
    return bool(numbers)


def _differences(ward: Ward, wanted: dict[Source, list[Line]]) -> list[_Change]:
    """What each record wants changed, by their kinds and numbers."""
    known: dict[Source, _Known] = defaultdict(_Known)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for source in wanted:
        by_kind[source.kind].append(source.id)
    for kind, numbers in by_kind.items():
        for begin in range(0, len(numbers), _AT_ONCE):
            _read_known(ward, kind, numbers[begin : begin + _AT_ONCE], known)
    plan = []
    # In one order for all: two postings of the same records then wait for each other instead of blocking each other.
    for source, lines in sorted(wanted.items(), key=lambda each: (each[0].kind, each[0].id)):
        here = known[source]
        try:
            plan.append((source, difference(here.standing, lines, here.turns), here.entries))
        except ValueError as error:
            raise SlotTwice(
                _("一つの記録の中で、同じ位置「%(slot)s」が二度使われています。") % {"slot": error}
            ) from error
    return plan


def _read_known(ward: Ward, kind: str, numbers: Sequence[int], known: dict[Source, _Known]) -> None:
    entries = list(
        Entry.objects.filter(source_kind=kind, source_id__in=numbers, reverses__isnull=True).order_by("pk")
    )
    if any(entry.ward_id != ward.pk for entry in entries):
        raise WrongWard(_("この記録は、ほかの区の実績としてすでに記録されています。"))
    taken_back = set(
        Entry.objects.filter(reverses__in=[entry.pk for entry in entries]).values_list("reverses", flat=True)
    )
    for entry in entries:
        here = known[Source(kind, entry.source_id)]
        here.entries.append(entry.pk)
        here.turns[entry.slot] = max(entry.turn, here.turns.get(entry.slot, -1))
        if entry.pk not in taken_back:
            here.standing.append(Standing(entry.pk, entry.turn, line_of(entry)))


def _in_its_year(line: Line) -> Line:
    try:
        return replace(line, fiscal_year=line.year)
    except ValueError:
        raise WrongYear(
            _("%(date)sは%(year)s年度に入りません。日付か年度を直してください。")
            % {"date": line.on.isoformat(), "year": line.fiscal_year}
        ) from None


def _require_in_use(lines: Iterable[Line]) -> None:
    """Nothing new is counted by a metric that was ended; what stands of it stays, and can be taken back."""
    days: dict[int, date] = {}
    for line in lines:
        days[line.metric_id] = max(line.on, days.get(line.metric_id, line.on))
    for metric in Metric.objects.filter(pk__in=days, ended_on__isnull=False):
        if metric.ended_on is not None and days[metric.pk] >= metric.ended_on:
            raise NotCountable(
                _("「%(metric)s」は%(date)sから使わないことになっています。別のものを選んでください。")
                % {"metric": metric.name, "date": metric.ended_on.isoformat()}
            )


def _check(ward: Ward, lines: Sequence[Line]) -> None:
    for line in lines:
        if not 0 <= line.quantity <= LARGEST_QUANTITY:
            raise QuantityRefused(_("数は0以上で書いてください（%(number)s）。") % {"number": line.quantity})
    metrics = {
        metric.pk: metric for metric in Metric.objects.filter(pk__in={line.metric_id for line in lines})
    }
    for line in lines:
        metric = metrics.get(line.metric_id)
        if metric is None or metric.ward_id not in (None, ward.pk):
            raise WrongWard(_("数えるものが、この区で使えるものではありません。"))
        if metric.adding == Adding.RATE:
            raise NotCountable(
                _("「%(metric)s」はほかの数から計算されます。もとの数を記録してください。")
                % {"metric": metric.name}
            )
    for model, numbers, what in (
        (Item, {line.item_id for line in lines}, _("取組")),
        (Body, {line.body_id for line in lines if line.body_id is not None}, _("実施主体")),
        (District, {line.district_id for line in lines if line.district_id is not None}, _("地区")),
    ):
        known = model.objects.filter(ward=ward, pk__in=numbers).count() if numbers else 0
        if known != len(numbers):
            raise WrongWard(_("%(what)sが、この区のものではありません。") % {"what": what})
