"""Saying that a figure is also other actions', and taking that back: the forms of the figure's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kusei.ledger import operations as ledger
from kusei.ledger.errors import LedgerError
from kusei.ledger.models import SharedFigure
from kusei.ledger.operations import SeenFrom
from kusei.ledger.permissions import may_share
from kusei.ledger.queries.metrics import metric_of
from kusei.office.forms.fields import FIRST_YEAR, LAST_YEAR
from kusei.office.queries.ledger import place_of
from kusei.office.queries.ledger_sharing import own_sets
from kusei.office.views.draft_frame import number_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_POST
@in_office(may_share)
def share(request: OfficeRequest, ward: Ward, year: int, item_id: int, metric_id: int) -> HttpResponse:
    """Show one record's figure in the actions that were chosen, or in one of them no longer."""
    metric = metric_of(ward, metric_id)
    place = place_of(ward, year, item_id) if FIRST_YEAR <= year <= LAST_YEAR else None
    if metric is None or place is None:
        raise Http404(_("この実績は見つかりません。"))
    given = request.POST
    try:
        if given.get("do") == "part":
            shared = SharedFigure.objects.filter(
                ward=ward, fiscal_year=year, metric=metric, pk=number_of(given.get("shared", "")) or 0
            ).first()
            item = number_of(given.get("item", "")) or 0
            parted = shared and ledger.part_figure(
                shared=shared, item=item, actor=request.user, title=place.title
            )
            messages.success(
                request, _("別のものに戻しました。") if parted else _("もう別のものに戻してあります。")
            )
        else:
            chosen = next(
                (each for each in own_sets(ward, year, item_id, metric) if each.value == given.get("set")),
                None,
            )
            items = [number for number in map(number_of, given.getlist("item")) if number]
            if chosen is None or not items:
                messages.error(
                    request, _("どの記録の数か、同じものを伝えている取組はどれかを選んでください。")
                )
            else:
                ledger.share_figure(
                    ward=ward, fiscal_year=year, of=chosen.of, seen_from=[SeenFrom(each) for each in items],
                    actor=request.user, title=place.title,
                )  # fmt: skip
                messages.success(
                    request,
                    _("同じものとして、ほかの取組にも見せます。合計では一度だけ数えます。"),
                )
    except LedgerError as error:
        messages.error(request, str(error))
    here = reverse("office:figure", args=[ward.key, year, item_id, metric_id])
    return redirect(f"{here}#shared")
