"""執行額を入れる: what each project spent, in one table beside its budget; typed or pasted from Excel, saved all or nothing."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kusei.ledger import operations as ledger
from kusei.ledger.errors import LedgerError, ReportChanged
from kusei.ledger.operations import CellChange, Sheet
from kusei.ledger.permissions import may_see_entries
from kusei.ledger.saying import said
from kusei.ledger.sheets import Merged, as_typed, merge_typed
from kusei.office.forms.fields import FIRST_YEAR, LAST_YEAR
from kusei.office.forms.ledger import ProofForm
from kusei.office.queries.ledger import office_years
from kusei.office.queries.spending import Spending, SpendingLine, place_in_report, spending_of
from kusei.office.views.draft_frame import is_first_time, number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.ledger_cells import reason_said
from kusei.plans.models import Item
from kusei.press.formats import wareki
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_entries)
def spending(request: OfficeRequest, ward: Ward, year: int) -> HttpResponse:
    """The year's projects with their money (`body` in the address narrows them); POST saves what was typed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(_("この年度のページはありません。"))
    body = number_of(request.GET.get("body", "")) or 0
    found = spending_of(request.rights, ward, year, today=timezone.localdate(), body=body)
    if request.method == "POST":
        return _save(request, ward, year, found)
    return _page(request, ward, year, found, ProofForm(), {})


def _merged(request: OfficeRequest, year: int, found: Spending) -> dict[int, Merged]:
    """By item, what was typed beside what was seen and what stands there."""
    at, metric = place_in_report(found.metric, year), found.metric
    merged: dict[int, Merged] = {}
    for line in found.lines:
        name = f"spent.{line.place.item}"
        if not line.may_type or name not in request.POST:
            continue
        was = number_of(request.POST.get(f"was.{line.place.item}", ""))
        merged[line.place.item] = merge_typed(
            {at: request.POST[name]},
            {} if was is None else {at: was},
            {} if line.typed is None else {at: line.typed},
            {metric.pk: (metric.decimals, metric.unit)},
        )
    return merged


def _save(request: OfficeRequest, ward: Ward, year: int, found: Spending) -> HttpResponse:
    at, merged = place_in_report(found.metric, year), _merged(request, year, found)
    proof = ProofForm(request.POST, request.FILES)
    changed = {item: each.changes[at] for item, each in merged.items() if each.changes}
    clashing = any(each.clashes for each in merged.values())
    if any(each.errors for each in merged.values()) or clashing or not proof.is_valid():
        return _page(request, ward, year, found, proof, merged, status=409 if clashing else 422)
    address = request.get_full_path()
    if not changed:
        messages.info(request, _("変わった数がないので、何も記録していません。"))
        return redirect(address)
    if not is_first_time(request):
        messages.info(request, _("この操作は受け付け済みです。二度目は何もしていません。"))
        return redirect(address)
    items = Item.objects.filter(ward=ward).in_bulk(list(changed))
    by_body: dict[int, list[SpendingLine]] = defaultdict(list)
    for line in found.lines:
        if line.place.item in changed and line.body is not None:
            by_body[line.body.pk].append(line)
    try:
        with transaction.atomic():
            for _pk, lines in sorted(by_body.items()):
                body = lines[0].body
                assert body is not None
                sheets = [
                    Sheet(
                        item=items[line.place.item],
                        changes=[CellChange(at[0], at[1], changed[line.place.item])],
                        owners=line.place.bodies,
                        revision=line.revision,
                        seen={} if line.typed is None else {at: line.typed},
                    )
                    for line in lines
                ]
                ledger.save_sheets(
                    ward=ward, fiscal_year=year, body=body, sheets=sheets, proof=proof.proof(), actor=request.user
                )  # fmt: skip
    except ReportChanged:  # between our look and the saving: look again, nothing that was typed is lost
        body_asked = number_of(request.GET.get("body", "")) or 0
        found = spending_of(request.rights, ward, year, today=timezone.localdate(), body=body_asked)
        return _page(request, ward, year, found, proof, _merged(request, year, found), status=409)
    except LedgerError as error:
        proof.add_error(None, str(error))
        return _page(request, ward, year, found, proof, merged, status=422)
    messages.success(request, _("%(n)d件の執行額を記録しました。") % {"n": len(changed)})
    return redirect(address)


def _page(
    request: OfficeRequest,
    ward: Ward,
    year: int,
    found: Spending,
    proof: ProofForm,
    merged: dict[int, Merged],
    *,
    status: int = 200,
) -> HttpResponse:
    rows = []
    for line in found.lines:
        item = line.place.item
        each = merged.get(item) or Merged()
        clash = next(iter(each.clashes.values()), None)
        wrong = next((reason_said(reason) for reason in each.errors.values()), "")
        if clash is not None:
            wrong = _("開いているあいだに、ほかの人が%(theirs)sと入れました。確かめて、もう一度保存してください。") % {"theirs": said(clash.theirs, found.metric) if clash.theirs is not None else _("空け")}  # fmt: skip
        typed = request.POST.get(f"spent.{item}") if merged else None
        rows.append(
            {
                "line": line,
                "value": as_typed(line.typed, found.metric.decimals) if typed is None else typed,
                "was": "" if line.typed is None else str(line.typed),
                "wrong": wrong,
                "refusal": line.refusal,
            }
        )
    chosen = number_of(request.GET.get("body", "")) or 0
    return office_page(
        request,
        "office/ledger/spending.html",
        ward,
        title=_("%(year)sの執行額を入れる") % {"year": wareki(year)},
        section="figures",
        crumbs=[Crumb(_("実績"), f"{reverse('office:figures', args=[ward.key])}?year={year}")],
        context={
            "year": year,
            "years": sorted({*office_years(ward), year}, reverse=True),
            "rows": rows,
            "wrong": [row for row in rows if row["wrong"]],
            "metric": found.metric,
            "bodies": found.bodies,
            "chosen": chosen,
            "proof": proof,
            "is_running": any(line.is_running for line in found.lines),
            "may_type": any(line.may_type for line in found.lines),
        },
        status=status,
    )
