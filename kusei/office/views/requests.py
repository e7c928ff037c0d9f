"""Asking bodies outside about items of a draft, and what they answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.queries import state_now
from kusei.office.forms.questions import AskBodyForm, NoteAnswerForm, RenewForm
from kusei.office.views.draft_frame import is_first_time, number_of, tell_again
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.review import open_draft_or_404
from kusei.plans.models import ItemText
from kusei.plans.operations.drafts import plan_label
from kusei.services.questions import operations as questions
from kusei.services.questions import queries
from kusei.services.questions.models import BodyRequest
from kusei.services.questions.permissions import may_ask_bodies, may_work_on_questions
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.queries import trail_of

_LINKS_KEY = "kusei_request_links"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_ask_bodies)
def ask(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Choose the body and write the question; the items stand in the address."""
    version = open_draft_or_404(ward, version_id)
    wanted = [number for number in map(number_of, request.GET.getlist("item")) if number is not None]
    texts = list(ItemText.objects.filter(version=version, item__in=wanted).order_by("position"))
    if not texts:
        messages.error(request, _("尋ねる項目が選ばれていません。左のチェックを付けてから押してください。"))
        return redirect("office:review", key=ward.key, version_id=version_id)
    form = AskBodyForm(request.POST or None, ward=ward)
    if request.method == "POST" and form.is_valid() and not is_first_time(request):
        tell_again(request)
        return redirect("office:requests", key=ward.key)
    if request.method == "POST" and form.is_valid():
        try:
            asked = questions.ask_body(
                version=version,
                items=[text.item_id for text in texts],
                body=form.cleaned_data["body"],
                text=form.cleaned_data["text"],
                mail=form.cleaned_data["mail"],
                actor=request.user,
                site=settings.KUSEI_SITE_URL,
            )
        except questions.QuestionError as error:
            form.add_error(None, str(error))
        else:
            _keep_links(request, asked)
            return redirect("office:requests", key=ward.key)
    title = _("団体に確認を頼む")
    return office_page(
        request,
        "office/questions/ask_body.html",
        ward,
        title=title,
        section="plans",
        crumbs=[Crumb(plan_label(version.plan), reverse("office:review", args=[ward.key, version.pk]))],
        context={
            "form": form,
            "once": uuid.uuid4().hex,
            "texts": texts,
            "back": reverse("office:review", args=[ward.key, version.pk]),
            "here": f"{request.path}?{urlencode({'item': [text.item_id for text in texts]}, doseq=True)}",
        },
        status=422 if form.errors else 200,
    )


@never_cache
@require_safe
@in_office(may_work_on_questions)
def request_list(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What bodies were asked, and links that were made just now: they are shown this once."""
    return office_page(
        request,
        "office/questions/requests.html",
        ward,
        title=_("団体への確認"),
        section="questions",
        crumbs=[Crumb(_("住民からの質問"), reverse("office:questions", args=[ward.key]))],
        context={
            "rows": queries.requests_of(ward),
            "issued": request.session.pop(_LINKS_KEY, None),
            "may_ask": bool(may_ask_bodies(request.rights, ward)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_questions)
def request_page(request: OfficeRequest, ward: Ward, request_id: int) -> HttpResponse:
    """One request: its answer, or what can be done while there is none."""
    row = queries.request_row(ward, request_id)
    if row is None:
        raise Http404(_("この依頼はありません。"))
    found, tried = row.request, {}
    if request.method == "POST":
        verb = request.POST.get("do", "")
        form = _FORMS[verb](request.POST) if verb in _FORMS else None
        if form is None and verb != "withdraw":
            raise Http404
        if form is None or form.is_valid():
            try:
                return _act(request, ward, found, verb, form)
            except questions.QuestionError as error:
                if form is None:
                    messages.error(request, str(error))
                    return redirect("office:request", key=ward.key, request_id=request_id)
                form.add_error(None, str(error))
        tried = {verb: form}
    return office_page(
        request,
        "office/questions/request.html",
        ward,
        title=_("%(body)sへの確認") % {"body": found.body.name},
        section="questions",
        crumbs=[Crumb(_("団体への確認"), reverse("office:requests", args=[ward.key]))],
        context={
            "row": row,
            "found": found,
            "forms": {name: form() for name, form in _FORMS.items()} | tried,
            "tried": next(iter(tried.values()), None),
            "tried_verb": next(iter(tried), ""),
            "may_ask": bool(may_ask_bodies(request.rights, ward)),
            "entries": trail_of(ward, BodyRequest._meta.label_lower, found.pk),
        },
        status=422 if tried else 200,
    )


_FORMS: dict[str, Any] = {"note": NoteAnswerForm, "renew": RenewForm}


def _act(request: OfficeRequest, ward: Ward, found: BodyRequest, verb: str, form: Any) -> HttpResponse:
    if verb == "renew":
        asked = questions.renew_request(
            request=found,
            actor=request.user,
            site=settings.KUSEI_SITE_URL,
            mail=form.cleaned_data["mail"],
        )
        _keep_links(request, [asked])
        return redirect("office:requests", key=ward.key)
    if verb == "note":
        said = form.cleaned_data
        questions.note_request_answer(
            request=found, actor=request.user, is_confirmed=said["is_confirmed"], answer=said["answer"], name=said["name"]
        )  # fmt: skip
        messages.success(request, _("電話での回答を記録し、項目のコメントに加えました。"))
    else:
        questions.withdraw_request(request=found, actor=request.user)
        messages.success(request, _("依頼を取り下げました。リンクはもう使えません。"))
    return redirect("office:request", key=ward.key, request_id=found.pk)


def _keep_links(request: OfficeRequest, asked: list[questions.Asked]) -> None:
    notice = asked[0].notice
    request.session[_LINKS_KEY] = {
        "body": asked[0].request.body.name,
        "mailed": state_now(notice).value if notice else "",
        "expires_at": timezone.localtime(asked[0].link.expires_at).strftime("%Y-%m-%d %H:%M"),
        "links": [[each.request.item_title, each.url] for each in asked],
    }
    messages.success(
        request,
        ngettext("%(n)d件の確認を頼みました。", "%(n)d件の確認を頼みました。", len(asked))
        % {"n": len(asked)},
    )
