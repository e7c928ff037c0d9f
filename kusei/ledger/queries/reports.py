"""Reports by hand: what they say, and how it came."""

from __future__ import annotations

from kusei.ledger.models import Evidence, Report, ReportCell
from kusei.wards.models import Ward


def report_of(ward: Ward, report_id: int) -> Report | None:
    """One report of a ward with its action and body."""
    return Report.objects.filter(ward=ward, pk=report_id).select_related("item", "body").first()


def cells_shown(report: Report) -> list[ReportCell]:
    """The numbers of a report by day, with metric and district."""
    return list(report.cells.select_related("metric", "district").order_by("on", "session", "metric__position", "pk"))  # fmt: skip


def proofs_of(report: Report) -> list[Evidence]:
    """How the numbers of a report came, the newest first."""
    return list(report.evidence.select_related("file").order_by("-noted_at", "-pk"))


def proof_of(ward: Ward, report_id: int, evidence_id: int) -> Evidence | None:
    """One proof of a report of the ward, with its file."""
    found = Evidence.objects.filter(ward=ward, report=report_id, pk=evidence_id)
    return found.select_related("file", "report__item", "report__body").first()
