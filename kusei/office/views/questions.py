"""Residents' questions: the list of those one handles, one of them with all that can be done, and writing one down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.notices.enums import NoticeState
from kusei.notices.queries import state_now
from kusei.office.forms.questions import (
    AnswerQuestionForm,
    HandOverForm,
    PublishForm,
    SettleForm,
    WrittenDownForm,
)
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.public_pages import page_name
from kusei.plans.models import Item
from kusei.services.questions import operations as questions
from kusei.services.questions import queries, rules
from kusei.services.questions.enums import Arrival, ContactReason, QuestionKind, QuestionState
from kusei.services.questions.models import Question
from kusei.services.questions.permissions import bodies_in_charge, may_handle_question, may_work_on_questions
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import require
from kusei.wards.post import can_send
from kusei.wards.queries import bodies_of, trail_of

ROWS_AT_ONCE = 50
_AGES = ("", "7", "14", "30", "90")


@require_safe
@in_office(may_work_on_questions)
def question_list(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The questions that this person handles, the oldest open ones first."""
    asked = {name: request.GET.get(name, "") for name in ("state", "body", "kind", "age")}
    asked["state"] = asked["state"] or "open"
    found = queries.filtered(
        queries.questions_for(ward, request.rights), state=asked["state"], body=asked["body"], kind=asked["kind"],
        older_than_days=asked["age"],
    )  # fmt: skip
    page = Paginator(found, ROWS_AT_ONCE).get_page(request.GET.get("page"))
    titles = queries.titles_of(each.item_id for each in page)
    now = timezone.now()
    keep = request.GET.copy()
    keep.pop("page", None)
    is_planner = request.rights.has(ward, Role.PLANNER)
    mine = bodies_in_charge(request.rights, ward)
    return office_page(
        request,
        "office/questions/list.html",
        ward,
        title=_("住民からの質問"),
        section="questions",
        context={
            "page": page,
            "keep": keep.urlencode(),
            "rows": [(each, titles.get(each.item_id or 0) or page_name(each.about_path), rules.age_days(each.received_at, now)) for each in page],
            "asked": asked,
            "states": [("open", _("まだ終わっていないもの")), ("all", _("すべて")), *QuestionState.choices],
            "kinds": QuestionKind.choices,
            "ages": [(each, _("%(days)s日より前から") % {"days": each} if each else _("いつでも")) for each in _AGES],
            "bodies": [
                *([("planning", _("企画担当"))] if is_planner else []),
                *((str(each.pk), each.name) for each in bodies_of(ward) if is_planner or each.pk in mine),
            ],
        },
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_questions)
def question(request: OfficeRequest, ward: Ward, question_id: int) -> HttpResponse:
    """One question; a POST does what its button says, to the question as it was shown."""
    found = _question_or_404(request, ward, question_id)
    if request.method != "POST":
        return _page(request, ward, found)
    revision = request.POST.get("revision", "")
    found.revision = int(revision) if revision.isdigit() and len(revision) < 10 else 0
    verb = request.POST.get("do", "")
    if verb not in _VERBS:
        raise Http404
    form_class, act = _VERBS[verb]
    form = form_class(request.POST, ward=ward) if form_class is HandOverForm else form_class(request.POST)
    if form.is_valid():
        try:
            said = act(request, found, form)
        except questions.QuestionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            still_mine = may_handle_question(request.rights, ward, found.body_id)
            return redirect("office:question" if still_mine else "office:questions", **(
                {"key": ward.key, "question_id": question_id} if still_mine else {"key": ward.key}
            ))  # fmt: skip
    fresh = _question_or_404(request, ward, question_id)
    return _page(request, ward, fresh, forms_={verb: form}, status=422)


@never_cache
@require_POST
@in_office(may_work_on_questions)
def contact(request: OfficeRequest, ward: Ward, question_id: int) -> HttpResponse:
    """Show the contact, for a reason that is recorded; the page is not kept, and shows it this once."""
    found = _question_or_404(request, ward, question_id)
    reason = request.POST.get("reason", "")
    if reason not in ContactReason.values:
        messages.error(request, _("連絡先を見る理由を選んでください。"))
        return redirect("office:question", key=ward.key, question_id=question_id)
    try:
        shown = questions.see_contact(question=found, reason=ContactReason(reason), actor=request.user)
    except questions.QuestionError as error:
        messages.error(request, str(error))
        return redirect("office:question", key=ward.key, question_id=question_id)
    return _page(request, ward, found, contact=shown)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_questions)
def write_down(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Write down what somebody asked by telephone or at the counter."""
    form = WrittenDownForm(request.POST or None, ward=ward, initial={"about": request.GET.get("about", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        path, item = _page_of_address(ward, said["about"])
        try:
            done = questions.receive_question(
                ward=ward, kind=QuestionKind(said["kind"]), text=said["text"], about_path=path, item=item,
                ticket=said["ticket"], way=Arrival(said["way"]), body=said["body"], actor=request.user,
                contact=questions.Contact(said["name"], said["mail"], said["telephone"]),
            )  # fmt: skip
        except questions.QuestionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("第%(number)d号として受け付けました。") % {"number": done.number})
            mine = may_handle_question(request.rights, ward, done.body_id)
            if mine:
                return redirect("office:question", key=ward.key, question_id=done.pk)
            messages.info(
                request,
                _("担当（%(body)s）に渡しました。")
                % {"body": done.body.name if done.body else _("企画担当")},
            )
            return redirect("office:questions", key=ward.key)
    return office_page(
        request,
        "office/questions/new.html",
        ward,
        title=_("電話・窓口で聞かれたことを書く"),
        section="questions",
        crumbs=[_crumb(ward)],
        context={"form": form},
        status=422 if form.errors else 200,
    )


def _answer(request: OfficeRequest, found: Question, form: forms.Form) -> str:
    notice = questions.answer_question(
        question=found,
        answer=form.cleaned_data["answer"],
        by_mail=form.cleaned_data["by_mail"],
        actor=request.user,
    )
    if notice is None:
        if found.has_mail and not can_send():
            messages.warning(request, _("メールは送っていません。電話などで、質問した人に伝えてください。"))
        return _("回答を記録しました。")
    match state_now(notice):
        case NoticeState.SENT:
            return _("回答を記録し、メールで送りました。")
        case NoticeState.WAITING | NoticeState.SENDING:
            messages.warning(request, _("メールはまだ送れていません。間をあけて、自動で送り直します。"))
        case _:
            messages.warning(
                request,
                _("メールは送れませんでした。%(why)s 電話などで、質問した人に伝えてください。")
                % {"why": notice.failed},
            )
    return _("回答を記録しました。")


def _hand_over(request: OfficeRequest, found: Question, form: Any) -> str:
    questions.hand_over_question(
        question=found, body=form.chosen(), note=form.cleaned_data["note"], actor=request.user
    )
    return _("別の担当に回しました。")


def _settle(request: OfficeRequest, found: Question, form: forms.Form) -> str:
    questions.settle_question(question=found, note=form.cleaned_data["note"], actor=request.user)
    return _("完了にしました。連絡先は1年後に消えます。")


def _publish(request: OfficeRequest, found: Question, form: forms.Form) -> str:
    questions.publish_question(question=found, actor=request.user, **form.cleaned_data)
    return _("よくある質問として、項目のページに公開しました。")


def _withdraw(request: OfficeRequest, found: Question, form: forms.Form) -> str:
    questions.withdraw_question(question=found, actor=request.user)
    return _("公開をやめました。")


def _forget(request: OfficeRequest, found: Question, form: forms.Form) -> str:
    questions.forget_contact(question=found, actor=request.user, reason=str(ContactReason.DELETE.label))
    return _("連絡先を消しました。")


_VERBS: dict[str, tuple[type[Any], Callable[[OfficeRequest, Question, Any], str]]] = {
    "answer": (AnswerQuestionForm, _answer),
    "hand_over": (HandOverForm, _hand_over),
    "settle": (SettleForm, _settle),
    "publish": (PublishForm, _publish),
    "withdraw": (forms.Form, _withdraw),
    "forget": (forms.Form, _forget),
}


def _page(
    request: OfficeRequest,
    ward: Ward,
    found: Question,
    *,
    forms_: dict[str, Any] | None = None,
    contact: questions.Contact | None = None,
    status: int = 200,
) -> HttpResponse:
    tried = forms_ or {}
    shown = {
        "answer": AnswerQuestionForm(initial={"answer": found.answer, "by_mail": found.has_mail}),
        "hand_over": HandOverForm(ward=ward),
        "settle": SettleForm(),
        "publish": PublishForm(
            initial={
                "public_question": found.public_question or found.text,
                "public_answer": found.public_answer or found.answer,
            }
        ),
    } | tried
    return office_page(
        request,
        "office/questions/question.html",
        ward,
        title=_("質問 第%(number)d号") % {"number": found.number},
        section="questions",
        crumbs=[_crumb(ward)],
        context={
            "question": found,
            "can_mail": can_send(),
            "lacks_staff": found.state != QuestionState.SETTLED and queries.lacks_staff(found),
            "forms": shown,
            "tried": next(iter(tried.values()), None),
            "tried_verb": next(iter(tried), ""),
            "contact": contact,
            "reasons": ContactReason.choices,
            "item_title": queries.titles_of([found.item_id]).get(found.item_id or 0, ""),
            "page_name": page_name(found.about_path),
            "age": rules.age_days(found.received_at, timezone.now()),
            "entries": trail_of(ward, Question._meta.label_lower, found.pk),
        },
        status=status,
    )


def _question_or_404(request: OfficeRequest, ward: Ward, question_id: int) -> Question:
    """The question, for those who handle it. Raises NotAllowed, which becomes the page that says why."""
    found = queries.question_of(ward, question_id)
    if found is None:
        raise Http404(_("この質問はありません。"))
    require(may_handle_question(request.rights, ward, found.body_id))
    return found


def _page_of_address(ward: Ward, address: str) -> tuple[str, Item | None]:
    """The path of a page for residents, pasted with or without the site before it, and the item it is about."""
    front = reverse("portal:ward", args=[ward.key])
    try:
        path = urlsplit(address.strip()).path[:300]
        match = resolve(path)
    except (ValueError, Resolver404):  # no address at all, or none of ours
        return front, None
    if match.namespace != "portal" or match.kwargs.get("key") != ward.key:
        return front, None
    found = queries.item_of_page(ward, match.kwargs["public_id"]) if "public_id" in match.kwargs else None
    return path, found[0] if found else None


def _crumb(ward: Ward) -> Crumb:
    return Crumb(_("住民からの質問"), reverse("office:questions", args=[ward.key]))
