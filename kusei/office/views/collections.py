"""取組結果: the collections of a ward, opening one, its board, the bodies with what is open, reminders, links, deadline."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.japanese.business_days import (
    holiday_name,
    is_business_day,
    next_business_day,
)
from kusei.notices.queries import links_to, state_now
from kusei.office.forms.results import DueForm, LinkForm, OpenCollectionForm, asked_of
from kusei.office.queries.work import time_left
from kusei.office.views.draft_frame import is_first_time, number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.operations.drafts import plan_label
from kusei.press.formats import date_ja
from kusei.results import operations as results
from kusei.results.enums import AnswerState, Outcome
from kusei.results.errors import ResultError
from kusei.results.models import Collection
from kusei.results.permissions import may_collect, may_see_all_answers, may_see_answer, may_see_answers
from kusei.results.queries import boards
from kusei.results.queries.typed import open_typed
from kusei.results.queries.years import published_with_results
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import BodyKind
from kusei.wards.models import Ward
from kusei.wards.post import can_send
from kusei.wards.queries import bodies_of

ROWS_AT_ONCE = 50
_LINK_KEY = "kusei_answer_link"


@require_safe
@in_office(may_see_answers)
def collection_list(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Every collection with its deadline and how far it has come, and the plans that nobody collects yet."""
    is_planner = bool(may_collect(request.rights, ward))
    return office_page(
        request,
        "office/results/list.html",
        ward,
        title=_("取組結果"),
        section="results",
        context={
            "lines": [
                (line, plan_label(line.collection.plan), left_of(line.collection))
                for line in boards.collection_lines(ward)
            ],
            "plans": [(plan, plan_label(plan)) for plan in boards.collectable_plans(ward)]
            if is_planner
            else [],
            "is_planner": is_planner,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_collect)
def begin(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Ask every responsible body what it did: which plan, until when."""
    plans = boards.collectable_plans(ward)
    begun = boards.collections_by_plan(ward).get(number_of(request.POST.get("plan", "")) or 0)
    if begun is not None:  # also the second half of a double click
        messages.info(request, _("この計画の取りまとめは、もう始まっています。"))
        return redirect("office:board", key=ward.key, collection_id=begun)
    form = OpenCollectionForm(request.POST or None, plans=plans, initial={"plan": request.GET.get("plan")})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            collection = results.open_collection(
                plan=chosen["plan"], due_on=chosen["due_on"], note=chosen["note"], actor=request.user
            )
        except ResultError as error:
            form.add_error(None, str(error))
        else:
            _tell_the_day(request, collection)
            return redirect("office:board", key=ward.key, collection_id=collection.pk)
    return office_page(
        request,
        "office/results/open.html",
        ward,
        title=_("取組結果の取りまとめを始める"),
        section="results",
        crumbs=[_crumb(ward)],
        context={"form": form, "plans": plans},
        status=422 if form.errors else 200,
    )


@never_cache
@require_safe
@in_office(may_see_answers)
def board(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Every answer of a collection that this person may see, narrowed and sorted by the address."""
    collection = collection_or_404(ward, collection_id)
    contents = _seen(request, ward, boards.board_contents(collection))
    asked = asked_of(request.GET)
    page = Paginator(boards.narrowed(contents.rows, asked), ROWS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    without_sort = keep.copy()
    without_sort.pop("sort", None)
    in_any_state = boards.narrowed(contents.rows, replace(asked, state=""))
    counts = boards.counts_of(in_any_state)
    return _collection_page(
        request,
        collection,
        "office/results/board.html",
        title=_("%(plan)sの取組結果") % {"plan": plan_label(collection.plan)},
        context={
            "page": page,
            "keep": keep.urlencode(),
            "without_sort": without_sort.urlencode(),
            "asked": asked,
            "total": len(contents.rows),
            "new_actions": contents.new_actions,
            "states": [
                (state, label, counts[state] if state else len(in_any_state), url)
                for state, label, url in _states(request)
                if state not in ("printed", "moved") or counts[state] or asked.state == state
            ],
            "printed": boards.counts_of(contents.rows)["printed"],
            "outcomes": [
                (value, Outcome(value).label, number)
                for value, number in boards.outcomes_of(contents.rows).items()
            ],
            "bodies": _bodies_in(contents.rows),
            "can_mail": can_send(),
            "lines": _with_typed(request, collection, list(page.object_list)),
            "tab": "board",
        },
    )


@never_cache
@require_safe
@in_office(may_see_answers)
def bodies(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Every body with what is open and since when, its reminders and its link."""
    collection = collection_or_404(ward, collection_id)
    contents = _seen(request, ward, boards.board_contents(collection))
    lines = boards.body_lines(collection, contents.rows)
    sees_all = bool(may_see_all_answers(request.rights, ward))
    if not sees_all:
        mine = request.rights.bodies_in(ward)
        lines = [line for line in lines if line.body is not None and line.body.pk in mine]
    now = timezone.now()
    return _collection_page(
        request,
        collection,
        "office/results/bodies.html",
        title=_("担当ごとの提出状況"),
        below=True,
        context={
            "lines": [
                (
                    line,
                    line.link_is_open(now),
                    (timezone.localdate() - timezone.localdate(line.wrote_at or collection.opened_at)).days,
                )
                for line in lines
            ],
            "sees_all": sees_all,
            "reminders": boards.reminder_days(collection) if sees_all else [],
            "due_form": DueForm(initial={"due_on": collection.due_on}),
            "can_mail": can_send(),
            "tab": "bodies",
        },
    )


@require_POST
@in_office(may_collect)
def remind(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Mail everybody who has something left: all of them, or those of the bodies that were ticked."""
    collection = collection_or_404(ward, collection_id)
    chosen = [number for number in map(number_of, request.POST.getlist("body")) if number is not None]
    send_reminders(request, collection, chosen or None)
    return redirect("office:collection_bodies", key=ward.key, collection_id=collection.pk)


def send_reminders(request: OfficeRequest, collection: Collection, bodies: list[int] | None) -> None:
    """Send them and say how many went out."""
    try:
        sent = results.remind(
            collection=collection, actor=request.user, site=settings.KUSEI_SITE_URL, bodies=bodies
        )
    except ResultError as error:
        messages.error(request, str(error))
        return
    if sent:
        messages.success(
            request,
            ngettext("%(n)d人にお願いのメールを送りました。", "%(n)d人にお願いのメールを送りました。", len(sent))
            % {"n": len(sent)},
        )  # fmt: skip
    else:
        messages.info(
            request,
            _("送る相手がいません。きょうはもう送ったか、利用者のいない団体だけが残っています。利用者のいない団体には、リンクを作るか電話でお願いしてください。"),
        )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_collect)
def links(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Make or take back the link of a body outside; a new one is shown once."""
    collection = collection_or_404(ward, collection_id)
    chosen = number_of(request.POST.get("body") or request.GET.get("body", ""))
    body = next((each for each in bodies_of(ward) if each.pk == chosen), None)
    if body is None or body.kind == BodyKind.DIVISION:
        raise Http404(_("団体が選ばれていません。担当ごとの提出状況から選び直してください。"))
    here = f"{reverse('office:answer_links', args=[ward.key, collection.pk])}?{urlencode({'body': body.pk})}"
    form = LinkForm(request.POST if request.POST.get("do") == "make" else None)
    if request.method == "POST" and request.POST.get("do") == "revoke":
        if results.revoke_answer_link(collection=collection, body=body, actor=request.user):
            messages.success(request, _("リンクを取り消しました。もう開けません。"))
        else:
            messages.info(request, _("使えるリンクはありませんでした。"))
        return redirect(here)
    if request.method == "POST" and form.is_valid():
        if not is_first_time(request):  # one link, one mail: the second would close the first
            messages.info(request, _("この操作は受け付け済みです。二度目は何もしていません。"))
            return redirect(here)
        try:
            made = results.make_answer_link(
                collection=collection, body=body, actor=request.user, site=settings.KUSEI_SITE_URL,
                mail=form.cleaned_data["mail"],
            )  # fmt: skip
        except ResultError as error:
            form.add_error(None, str(error))
        else:
            request.session[_LINK_KEY] = {
                "body": body.pk,
                "url": made.url,
                "expires_at": timezone.localtime(made.link.expires_at).strftime("%Y-%m-%d %H:%M"),
                "mailed": state_now(made.notice).value if made.notice else "",
            }
            return redirect(here)
    issued = request.session.pop(_LINK_KEY, None) if request.method == "GET" else None
    link = links_to(ward, purpose=boards.LINK_PURPOSE, target=collection).get(body.pk)
    return _collection_page(
        request,
        collection,
        "office/results/link.html",
        title=_("%(body)sに書いてもらうリンク") % {"body": body.name},
        below=True,
        context={
            "form": form,
            "once": uuid.uuid4().hex,
            "body": body,
            "issued": issued if issued and issued["body"] == body.pk else None,
            "link": link,
            "is_open": link is not None and link.used_at is None and link.revoked_at is None
            and link.expires_at > timezone.now(),
            "tab": "bodies",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_POST
@in_office(may_collect)
def due(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Another deadline."""
    collection = collection_or_404(ward, collection_id)
    form = DueForm(request.POST)
    if form.is_valid():
        try:
            results.move_due(collection=collection, actor=request.user, **form.cleaned_data)
        except ResultError as error:
            messages.error(request, str(error))
        else:
            _tell_the_day(request, collection)
    else:
        messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
    return redirect("office:collection_bodies", key=ward.key, collection_id=collection.pk)


@require_POST
@in_office(may_collect)
def take_in(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Ask for actions that the plan got meanwhile."""
    collection = collection_or_404(ward, collection_id)
    taken = results.take_in_new_actions(collection=collection, actor=request.user)
    messages.success(
        request,
        ngettext("新しい取組を%(n)d件加えました。", "新しい取組を%(n)d件加えました。", taken) % {"n": taken}
        if taken
        else _("新しい取組はありません。"),
    )
    return redirect("office:board", key=ward.key, collection_id=collection.pk)


def _seen(request: OfficeRequest, ward: Ward, contents: boards.BoardContents) -> boards.BoardContents:
    """A board with the answers that this person may see."""
    if may_see_all_answers(request.rights, ward):
        return contents
    shown = tuple(
        row
        for row in contents.rows
        if may_see_answer(request.rights, ward, (row.answer.lead_id, *(body.pk for body in row.sharing)))
    )
    return replace(contents, rows=shown)


def collection_or_404(ward: Ward, collection_id: int) -> Collection:
    found = boards.collection_of(ward, collection_id)
    if found is None:
        raise Http404(_("この取りまとめはありません。取組結果の一覧から開き直してください。"))
    return found


def left_of(collection: Collection) -> dict[str, int]:
    """Days and business days until the deadline."""
    return time_left(collection.due_on, timezone.localdate())


def board_crumbs(collection: Collection) -> list[Crumb]:
    """The way to what stands under a board."""
    ward = collection.ward
    return [
        _crumb(ward),
        Crumb(plan_label(collection.plan), reverse("office:board", args=[ward.key, collection.pk])),
    ]


def _collection_page(
    request: OfficeRequest,
    collection: Collection,
    template: str,
    *,
    title: str,
    context: dict[str, Any],
    below: bool = False,
    status: int = 200,
) -> HttpResponse:
    ward = collection.ward
    plan = collection.plan
    published = published_with_results(plan)
    return office_page(
        request,
        template,
        ward,
        title=title,
        section="results",
        crumbs=board_crumbs(collection) if below else [_crumb(ward)],
        context={
            "collection": collection,
            "label": plan_label(plan),
            "left": left_of(collection),
            "is_planner": bool(may_collect(request.rights, ward)),
            "public_url": reverse("portal:results", args=[ward.key, plan.fiscal_year]) if published else "",
            "published": published,
            "may_export": bool(may_see_all_answers(request.rights, ward)),
            **context,
        },
        status=status,
    )


def _with_typed(
    request: OfficeRequest, collection: Collection, rows: list[boards.BoardRow]
) -> list[tuple[boards.BoardRow, int]]:
    """The rows, each with how many typed figures a planner should look at before approving."""
    sent = [row.answer for row in rows if row.answer.state == AnswerState.SUBMITTED]
    typed = open_typed(collection, sent) if may_collect(request.rights, collection.ward) else {}
    return [(row, typed.get(row.answer.pk, 0)) for row in rows]


def _bodies_in(rows: tuple[boards.BoardRow, ...]) -> list[tuple[str, str]]:
    found = {row.answer.lead.pk: row.answer.lead.name for row in rows if row.answer.lead}
    found |= {body.pk: body.name for row in rows for body in row.sharing}
    named = sorted(((str(pk), name) for pk, name in found.items()), key=lambda pair: pair[1])
    nobody = [("none", str(_("担当なし")))] if any(row.answer.lead is None for row in rows) else []
    return [*named, *nobody]


def _states(request: OfficeRequest) -> list[tuple[str, Any, str]]:
    """The states that a board can be narrowed to, each with its address; the other conditions are kept."""
    choices = [
        ("", _("すべて")),
        ("open", _("まだ提出されていない")),
        ("printed", _("公表された結果がある")),
        ("moved", _("確認したあとで実績が変わった")),
        *AnswerState.choices,
    ]
    found = []
    for state, label in choices:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("state", None)
        if state:
            query["state"] = state
        found.append((state, label, f"?{query.urlencode()}"))
    return found


def _tell_the_day(request: OfficeRequest, collection: Collection) -> None:
    left = left_of(collection)
    messages.success(
        request,
        _("しめきりは%(day)sです。あと%(days)d日、役所が開いている日は%(business)d日です。")
        % {"day": date_ja(collection.due_on), "days": left["days"], "business": left["business"]},
    )
    if not is_business_day(collection.due_on):
        messages.warning(
            request,
            _("しめきりの日は休みの日（%(why)s）です。次に役所が開くのは%(next)sです。")
            % {
                "why": holiday_name(collection.due_on) or _("土曜日・日曜日"),
                "next": date_ja(next_business_day(collection.due_on)),
            },
        )


def _crumb(ward: Ward) -> Crumb:
    return Crumb(_("取組結果"), reverse("office:results", args=[ward.key]))
