"""Reports by hand as a kind of record: what they say now, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kusei.ledger.models import Report, ReportCell
from kusei.ledger.operations.reports import line_at
from kusei.ledger.rules import Line
from kusei.wards.models import Ward


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all reports of a ward's year say, report by report."""
    reports = {
        report.pk: report for report in Report.objects.filter(ward=ward, fiscal_year=fiscal_year).iterator()
    }
    lines: dict[int, list[Line]] = {}
    for cell in ReportCell.objects.filter(report__in=reports).order_by("report").iterator():
        place = (cell.metric_id, cell.on, cell.session, cell.district_id)
        lines.setdefault(cell.report_id, []).append(line_at(reports[cell.report_id], place, cell.quantity))
    yield from lines.items()


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """地域振興課の報告 …, by number."""
    from django.utils.translation import gettext as _

    return {
        report.pk: _("%(body)sの報告") % {"body": report.body.name}
        for report in Report.objects.filter(ward=ward, pk__in=numbers).select_related("body")
    }
