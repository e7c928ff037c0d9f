"""Forms in Excel: the rows that a body is given to fill, and the forms that came back and wait.

The rows are those of the form on the screen (`ledger_months`): one definition for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from kusei.ledger.models import Metric, ReportCell, ReturnedForm
from kusei.ledger.month_book import Address, BookRow, write_book
from kusei.ledger.permissions import may_handle_form
from kusei.ledger.queries.forms import forms_settled, forms_waiting
from kusei.ledger.returned import Action
from kusei.ledger.rules import SHARES
from kusei.office.queries.ledger import Place, places_of
from kusei.office.queries.ledger_months import countable, lines_of, writable_of
from kusei.plans.models import Item
from kusei.press.formats import date_ja
from kusei.results.answer_sheet import add_answer_sheet
from kusei.results.queries.returned import asked_in_form, asked_until
from kusei.wards.models import Body, Ward
from kusei.wards.permissions import Rights

FIRST_METRICS = ("times", "attendances")
"""What an action is asked for that nobody has ever counted: how often, and how many came."""

SETTLED_AT_ONCE = 50


def actions_of(ward: Ward, fiscal_year: int) -> dict[str, Action]:
    """The actions of a year for which results are asked, by the public id that stands in a form."""
    places = {item: place for item, place in places_of(ward, fiscal_year).items() if place.is_counted}
    ids = dict(Item.objects.filter(ward=ward, pk__in=places).values_list("pk", "public_id"))
    return {str(ids[item]): Action(item, _titled(place), place.bodies) for item, place in places.items()}


def _titled(place: Place) -> str:
    return f"{place.number} {place.title}".strip()


def form_rows(
    rights: Rights, ward: Ward, fiscal_year: int, body: Body, *, by_district: bool = False
) -> list[BookRow]:
    """The rows of a body's form, filled with what stands there: its own actions, in the plans' order. An action without
    numbers of this year has the metrics of the year before, or the first ones; `by_district`: each with a row for every
    district, too."""
    own = {item: place for item, place in places_of(ward, fiscal_year).items() if body.pk in place.bodies}
    writable = writable_of(rights, ward, fiscal_year, body, own)
    metrics = {metric.pk: metric for metric in countable(writable, fiscal_year)}
    before = _counted_before(ward, fiscal_year, body)
    first = [metric for metric in metrics.values() if metric.key in FIRST_METRICS and metric.ward_id is None]
    lines: list[tuple[int, Metric, int | None]] = []
    for item, metric, district in lines_of(writable, body):
        if metric is None:
            known = [metrics[pk] for pk in metrics if pk in before.get(item, ())]
            lines += [(item, each, None) for each in known or first]
        elif metric in metrics:
            lines.append((item, metrics[metric], district))
    if by_district:
        wanted = (None, *(each for each in writable.districts if each in writable.this_year))
        pairs = dict.fromkeys((item, metric) for item, metric, _district in lines)
        ended = {line for line in lines if line[2] not in wanted}
        lines = [
            line
            for item, metric in pairs
            for line in (
                *((item, metric, each) for each in wanted if each is None or metric.unit not in SHARES),
                *(each for each in ended if each[:2] == (item, metric)),
            )
        ]
    ids = dict(
        Item.objects.filter(ward=ward, pk__in={line[0] for line in lines}).values_list("pk", "public_id")
    )
    return [
        BookRow(
            item=str(ids[item]),
            item_title=_titled(writable.places[item]),
            metric=metric.key,
            metric_name=metric.name,
            unit=metric.unit,
            decimals=metric.decimals,
            numbers={
                place[1].month: quantity
                for place, quantity in writable.cells(item).items()
                if place[0] == metric.pk and not place[2] and place[3] == district
            },
            district=district or 0,
            district_name=writable.districts[district].name if district else "",
        )
        for item, metric, district in lines
    ]


def form_file(ward: Ward, fiscal_year: int, body: Body, rows: list[BookRow]) -> bytes:
    """The form as .xlsx: the months, and the results that the body is asked for just now."""
    asked = asked_in_form(ward, fiscal_year, body.pk)
    note = _(
        "状況を選び、実施した取組結果を書いてください。主な担当でない取組（分担）には、自分の団体が行ったことだけを書きます。《開催・実施の回数》のように書くと、いつも今の実績の数になります。"
    )

    request = "　".join(
        _("しめきり %(day)s。%(note)s") % {"day": date_ja(due_on), "note": " ".join(words.split())}
        for due_on, words in asked_until(ward, fiscal_year)
    )

    def add_results(book: Workbook) -> None:
        if asked:
            add_answer_sheet(book, asked, note=str(note), request=request)

    return write_book(Address(ward.key, fiscal_year, body.pk), rows, body_name=body.name, more=add_results)


def _counted_before(ward: Ward, fiscal_year: int, body: Body) -> dict[int, set[int]]:
    cells = ReportCell.objects.filter(ward=ward, report__fiscal_year=fiscal_year - 1, report__body=body)
    found: dict[int, set[int]] = {}
    for item, metric in cells.order_by().values_list("report__item", "metric").distinct():
        found.setdefault(item, set()).add(metric)
    return found


@dataclass(frozen=True, slots=True)
class FormList:
    """The forms that somebody is in charge of."""

    waiting: tuple[ReturnedForm, ...]
    settled: tuple[ReturnedForm, ...]


def form_list(rights: Rights, ward: Ward) -> FormList:
    """Those that wait, the oldest first, and those that were settled, the newest first."""

    @lru_cache
    def named(year: int) -> list[tuple[int, ...]]:
        return [action.bodies for action in actions_of(ward, year).values()]

    @lru_cache
    def is_mine(body: int, year: int) -> bool:
        return bool(may_handle_form(rights, ward, body, named(year)))

    mine = (each for each in forms_settled(ward) if is_mine(each.body_id, each.fiscal_year))
    return FormList(
        tuple(each for each in forms_waiting(ward) if is_mine(each.body_id, each.fiscal_year)),
        tuple(islice(mine, SETTLED_AT_ONCE)),
    )


def may_see_form(rights: Rights, form: ReturnedForm, actions: Mapping[str, Action]) -> bool:
    """Whether this person is in charge of a form."""
    named = [action.bodies for action in actions.values()]
    return bool(may_handle_form(rights, form.ward, form.body_id, named))
