"""数えるもの: what the ward counts, declared for all wards or its own; adding, wording more exactly, ending."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kusei.ledger import operations as ledger
from kusei.ledger.errors import LedgerError
from kusei.ledger.permissions import may_define_metrics
from kusei.ledger.queries.metrics import metric_of, usable_metrics, uses_of_metrics
from kusei.office.forms.ledger import DefinitionForm, EndMetricForm, MetricForm
from kusei.office.views.frame import Crumb, office_page
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.queries import trail_of


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_define_metrics)
def metrics(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """All that can be counted, with how often it was; what the ward counts of its own is added below."""
    form = MetricForm(request.POST or None, ward=ward)
    if request.method == "POST" and form.is_valid():
        try:
            added = ledger.add_metric(ward=ward, actor=request.user, **form.words())
        except LedgerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("「%(name)s」を加えました。数を入れる画面で選べます。") % {"name": added}
            )
            return redirect("office:metrics", key=ward.key)
    uses = uses_of_metrics(ward)
    lines = [(each, uses.get(each.pk, 0)) for each in usable_metrics(ward, ended=True)]
    return office_page(
        request,
        "office/ledger/metrics.html",
        ward,
        title=_("数えるもの"),
        section="settings",
        context={
            "tab": "metrics",
            "own": [line for line in lines if line[0].ward_id is not None],
            "declared": [line for line in lines if line[0].ward_id is None],
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_define_metrics)
def metric(request: OfficeRequest, ward: Ward, metric_id: int) -> HttpResponse:
    """One metric: what it counts, said more exactly; ending it."""
    found = metric_of(ward, metric_id)
    if found is None:
        raise Http404(_("この数えるものは見つかりません。"))
    wording: forms.Form = DefinitionForm(initial={"definition": found.definition})
    ending: forms.Form = EndMetricForm()
    sent: forms.Form | None = None
    if request.method == "POST":
        is_end = request.POST.get("do") == "end"
        if is_end:
            sent = ending = EndMetricForm(request.POST)
        else:
            sent = wording = DefinitionForm(request.POST)
        if sent.is_valid():
            try:
                if is_end:
                    ledger.end_metric(metric=found, actor=request.user, on=sent.cleaned_data["ended_on"])
                    messages.success(request, _("「%(name)s」を使わないことにしました。これまでの数は残ります。") % {"name": found.name})  # fmt: skip
                else:
                    ledger.reword_metric(metric=found, definition=sent.cleaned_data["definition"], actor=request.user)  # fmt: skip
                    messages.success(request, _("「%(name)s」の説明を直しました。") % {"name": found.name})
            except LedgerError as error:
                sent.add_error(None, str(error))
                found = metric_of(ward, metric_id) or found
            else:
                return redirect("office:metric", key=ward.key, metric_id=found.pk)
    return office_page(
        request,
        "office/ledger/metric.html",
        ward,
        title=found.name,
        section="settings",
        crumbs=[Crumb(_("数えるもの"), reverse("office:metrics", args=[ward.key]))],
        context={
            "tab": "metrics",
            "metric": found,
            "uses": uses_of_metrics(ward).get(found.pk, 0),
            "wording": wording,
            "ending": ending,
            "form": sent,
            "entries": trail_of(ward, "ledger.metric", found.pk),
        },
        status=422 if sent is not None and sent.errors else 200,
    )
