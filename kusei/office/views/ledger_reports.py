"""A report by hand: its numbers, and the calls, papers and files that they came by."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.ledger.models import Report
from kusei.ledger.permissions import may_report, may_see_entries, may_see_proofs
from kusei.ledger.queries.reports import cells_shown, proof_of, proofs_of, report_of
from kusei.office.queries.ledger import Place, place_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import wareki
from kusei.wards import permissions
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.queries import trail_of


@require_safe
@in_office(may_see_entries)
def report(request: OfficeRequest, ward: Ward, report_id: int) -> HttpResponse:
    """What one body says about one action in a year, and how that came. Notes and files only for those in charge."""
    found, place = _found(ward, report_id)
    base = reverse("office:figures", args=[ward.key])
    return office_page(
        request,
        "office/ledger/report.html",
        ward,
        title=_("%(body)sの報告") % {"body": found.body.name},
        section="figures",
        crumbs=[Crumb(_("実績"), f"{base}?year={found.fiscal_year}")],
        context={
            "report": found,
            "place": place,
            "year": found.fiscal_year,
            "year_said": wareki(found.fiscal_year),
            "cells": cells_shown(found),
            "proofs": proofs_of(found),
            "sees_proofs": bool(may_see_proofs(request.rights, ward, found.body_id, place.bodies)),
            "may_write": bool(may_report(request.rights, ward, found.body_id, place.bodies)),
            "entries": trail_of(ward, "ledger.report", found.pk),
        },
    )


@require_safe
@in_office(may_see_entries)
def proof_file(request: OfficeRequest, ward: Ward, report_id: int, evidence_id: int) -> HttpResponse:
    """A scan or workbook as it came. Never shown in the browser itself: what others made is not ours to run."""
    proof = proof_of(ward, report_id, evidence_id)
    if proof is None or proof.file is None:
        raise Http404(_("このファイルは見つかりません。"))
    found, place = _found(ward, report_id)
    permissions.require(may_see_proofs(request.rights, ward, found.body_id, place.bodies))
    try:
        with proof.file.content.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        raise Http404(_("預かったファイルが保管場所に見つかりません。")) from None
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": content_disposition_header(True, proof.file.name) or "attachment"},
    )


def _found(ward: Ward, report_id: int) -> tuple[Report, Place]:
    found = report_of(ward, report_id)
    if found is None:
        raise Http404(_("この報告は見つかりません。"))
    place = place_of(ward, found.fiscal_year, found.item_id)
    return found, place or Place(found.item_id, "", "", "", is_gone=True)
