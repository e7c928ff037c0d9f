"""Single entries."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from kusei.ledger.models import Entry, Report
from kusei.ledger.rules import Line
from kusei.wards.models import District, Ward


def standing_entries() -> QuerySet[Entry]:
    """Entries that count: neither reversed nor reversals. Of all wards: the caller names the one it means."""
    return Entry.objects.filter(reverses__isnull=True).exclude(
        Exists(Entry.objects.filter(reverses=OuterRef("pk")))
    )


def line_of(entry: Entry) -> Line:
    """The line that an entry was posted for."""
    return Line(
        slot=entry.slot,
        metric_id=entry.metric_id,
        item_id=entry.item_id,
        quantity=entry.quantity,
        on=entry.happened_on,
        body_id=entry.body_id,
        district_id=entry.district_id,
        fiscal_year=entry.fiscal_year,
    )


def entries_in_district(district: District) -> int:
    """How many entries name a district; those that were taken back name it, too."""
    return Entry.objects.filter(ward=district.ward_id, district=district).count()


def years_with_entries(ward: Ward) -> list[int]:
    """The fiscal years to which anything was posted or reported, oldest first."""
    posted = Entry.objects.filter(ward=ward).order_by().values_list("fiscal_year", flat=True).distinct()
    reported = Report.objects.filter(ward=ward).order_by().values_list("fiscal_year", flat=True).distinct()
    return sorted({*posted, *reported})
