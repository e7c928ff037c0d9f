"""文のひな形: the forms of sentences that the ward keeps for answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kusei.ledger.queries.metrics import usable_metrics
from kusei.office.forms.results import SentenceFields
from kusei.office.views.frame import office_page
from kusei.results import operations as results
from kusei.results import sentences
from kusei.results.errors import SentenceRefused
from kusei.results.models import SentenceForm
from kusei.results.permissions import may_collect
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_collect)
def sentence_list(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The ward's own forms and those of every ward; another one is added below."""
    form = SentenceFields(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = results.keep_sentence(ward=ward, actor=request.user, **form.cleaned_data)
        except SentenceRefused as error:
            form.add_error(error.field, list(error.problems))
        else:
            messages.success(request, _("「%(name)s」を加えました。") % {"name": kept})
            return redirect("office:sentences", key=ward.key)
    return _page(request, ward, form)


@require_POST
@in_office(may_collect)
def sentence(request: OfficeRequest, ward: Ward, form_id: int) -> HttpResponse:
    """Change a form, or take it off the list."""
    found = get_object_or_404(SentenceForm, ward=ward, pk=form_id)
    if request.POST.get("do") == "remove":
        results.remove_sentence(form=found, actor=request.user)
        messages.success(
            request, _("「%(name)s」を外しました。書いた文はそのまま残ります。") % {"name": found}
        )
        return redirect("office:sentences", key=ward.key)
    form = SentenceFields(request.POST, prefix=f"own-{found.pk}")
    if form.is_valid():
        try:
            results.keep_sentence(ward=ward, actor=request.user, form=found, **form.cleaned_data)
        except SentenceRefused as error:
            form.add_error(error.field, list(error.problems))
        else:
            messages.success(request, _("「%(name)s」を直しました。") % {"name": found})
            return redirect("office:sentences", key=ward.key)
    return _page(request, ward, SentenceFields(), wrong=(found.pk, form))


def _page(
    request: OfficeRequest,
    ward: Ward,
    form: SentenceFields,
    wrong: tuple[int, SentenceFields] | None = None,
) -> HttpResponse:
    own = [
        (
            each,
            wrong[1]
            if wrong and wrong[0] == each.pk
            else SentenceFields(initial={"name": each.name, "text": each.text}, prefix=f"own-{each.pk}"),
        )
        for each in SentenceForm.objects.filter(ward=ward)
    ]
    shown = wrong[1] if wrong else form
    return office_page(
        request,
        "office/settings/sentences.html",
        ward,
        title=_("文のひな形"),
        section="settings",
        context={
            "tab": "sentences",
            "form": shown,
            "new_form": form,
            "own": own,
            "general": sentences.GENERAL,
            "metrics": usable_metrics(ward),
            "opened": wrong[0] if wrong else 0,
        },
        status=422 if shown.errors else 200,
    )
