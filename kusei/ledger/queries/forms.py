"""Forms that came back, and what each would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import QuerySet

from kusei.ledger.enums import Adding, FormState
from kusei.ledger.models import Report, ReturnedForm
from kusei.ledger.month_book import read_book
from kusei.ledger.permissions import may_report
from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.returned import Action, Check, Counted, compare
from kusei.ledger.sheets import Place
from kusei.wards.models import Ward
from kusei.wards.permissions import Rights
from kusei.wards.queries import districts_of


def counted_by_key(ward: Ward) -> dict[str, Counted]:
    """What a form may count in a ward, by the key that stands in the form; the ward's own win."""
    metrics = sorted(usable_metrics(ward, ended=True), key=lambda metric: metric.ward_id is not None)
    return {
        metric.key: Counted(
            metric.pk,
            metric.name,
            metric.unit,
            metric.decimals,
            metric.adding == Adding.RATE,
            metric.ended_on,
        )
        for metric in metrics
    }


def forms_waiting(ward: Ward) -> list[ReturnedForm]:
    """Those that wait, the oldest first."""
    found = ReturnedForm.objects.filter(ward=ward, state=FormState.WAITING)
    return list(found.select_related("body", "file", "arrived_by").order_by("arrived_at", "pk"))


def forms_settled(ward: Ward) -> QuerySet[ReturnedForm]:
    """Those that were posted or dismissed, newest first."""
    found = ReturnedForm.objects.filter(ward=ward).exclude(state=FormState.WAITING)
    return found.select_related("body", "file", "arrived_by", "posted_by")


def form_of(ward: Ward, form_id: int) -> ReturnedForm | None:
    """One form of the ward."""
    found = ReturnedForm.objects.filter(ward=ward, pk=form_id)
    return found.select_related("body", "file", "arrived_by", "posted_by").first()


def content_of(form: ReturnedForm) -> bytes:
    """The workbook as it came. Raises FileNotFoundError."""
    with form.file.content.open("rb") as kept:
        return bytes(kept.read())


def check_form(form: ReturnedForm, *, actions: Mapping[str, Action], rights: Rights) -> Check:
    """What posting the form would change now, and what is wrong with it, for somebody with these rights.

    `actions` are those of the form's year by public id. Raises WorkbookRefused and FileNotFoundError where the kept file
    cannot be read any more.
    """
    metrics = counted_by_key(form.ward)
    read = read_book(content_of(form), {key: metric.decimals for key, metric in metrics.items()})
    mine = {
        key: replace(action, may_write=bool(may_report(rights, form.ward, form.body_id, action.bodies)))
        for key, action in actions.items()
    }
    districts = {district.pk: district.name for district in districts_of(form.ward)}
    return compare(read, actions=mine, metrics=metrics, now=_reported(form), districts=districts)


def _reported(form: ReturnedForm) -> dict[int, dict[Place, int]]:
    """What stands in the body's reports of the year, by action."""
    found = Report.objects.filter(ward=form.ward_id, fiscal_year=form.fiscal_year, body=form.body_id)
    return {
        report.item_id: {
            (c.metric_id, c.on, c.session, c.district_id): c.quantity for c in report.cells.all()
        }
        for report in found.prefetch_related("cells")
    }
