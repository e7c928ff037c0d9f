"""Forms in Excel: handed out filled, handed in, looked at cell by cell, posted or put aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.ledger import operations as ledger
from kusei.ledger.enums import FormState, FormWay
from kusei.ledger.errors import LedgerError
from kusei.ledger.models import ReturnedForm
from kusei.ledger.permissions import may_hand_in
from kusei.ledger.queries.books import books_states
from kusei.ledger.queries.forms import check_form, content_of, form_of
from kusei.ledger.returned import Action, Check
from kusei.office.forms.fields import FIRST_YEAR, LAST_YEAR
from kusei.office.queries.ledger import office_years
from kusei.office.queries.ledger_forms import actions_of, form_file, form_list, form_rows, may_see_form
from kusei.office.queries.ledger_months import body_choices
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.ledger import year_asked
from kusei.press.formats import wareki
from kusei.press.workbooks import MOST_BYTES, WorkbookRefused
from kusei.results import operations as results
from kusei.results.queries.returned import check_answers
from kusei.results.returned import AnswerCheck
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import NotAllowed
from kusei.wards.queries import body_of, districts_of, trail_of

_ROWS_SHOWN = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@in_office(may_hand_in)
def forms(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Forms that wait, handing one in, and getting one to fill."""
    year = year_asked(request, ward)
    choices = body_choices(request.rights, ward, year)
    return office_page(
        request,
        "office/ledger/forms.html",
        ward,
        title=_("Excelの様式"),
        section="figures",
        crumbs=[_figures_crumb(ward)],
        context={
            "year": year,
            "years": sorted({*office_years(ward), year}, reverse=True),
            "bodies": [each for each in choices.named if each.actions],
            "found": form_list(request.rights, ward),
            "has_districts": bool(districts_of(ward, year)),
            "most": settings.KUSEI_UPLOAD_FILES,
            "megabytes": MOST_BYTES // 1024 // 1024,
        },
    )


@require_safe
@in_office(may_hand_in)
def blank(request: OfficeRequest, ward: Ward, year: int, body_id: int) -> HttpResponse:
    """A body's form of a year, filled with what is known."""
    body = body_of(ward, body_id)
    if body is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(_("この実施主体は登録されていません。"))
    rows = form_rows(request.rights, ward, year, body, by_district=request.GET.get("districts") == "1")
    if not rows:
        messages.error(
            request,
            _(
                "%(year)sの公開した計画に、%(body)sの取組であなたが数を入れられるものがないので、様式を作れません。"
            )
            % {"year": wareki(year), "body": body.name},
        )
        return redirect("office:forms", key=ward.key)
    name = _("実績の報告_%(year)s_%(body)s.xlsx") % {
        "year": wareki(year),
        "body": body.name.replace("/", "／"),
    }
    return _file(form_file(ward, year, body, rows), name, _XLSX)


@require_POST
@in_office(may_hand_in)
def send(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Keep the forms that were handed in, each on its own: one that is refused does not hold the others up."""
    sent = request.FILES.getlist("files")
    most = settings.KUSEI_UPLOAD_FILES
    if not sent or len(sent) > most:
        problem = (
            _("一度に送れるのは%(most)d件までです。どれも受け取っていません。分けて送ってください。")
            % {"most": most}
            if sent
            else _("ファイルが選ばれていません。記入した様式を選んでから「送る」を押してください。")
        )
        messages.error(request, problem)
        return redirect("office:forms", key=ward.key)
    kept: list[tuple[str, ledger.Received]] = []
    problems: list[tuple[str, str]] = []
    for file in sent:
        name = file.name or ""
        try:
            if (file.size or 0) > MOST_BYTES:
                raise WorkbookRefused(
                    _("ファイルが大きすぎます。%(size)dMBまでにしてください。")
                    % {"size": MOST_BYTES // 1024 // 1024}
                )
            received = ledger.receive_form(
                ward=ward,
                name=name,
                content=file.read(),
                way=FormWay.PAGE,
                actor=request.user,
                actions_of=lambda year: actions_of(ward, year),
            )
            kept.append((name, received))
        except (LedgerError, WorkbookRefused, NotAllowed) as error:
            problems.append((name, str(error)))
    _tell(request, kept, problems)
    if len(kept) == 1 and not problems:
        return redirect("office:form", key=ward.key, form_id=kept[0][1].form.pk)
    return redirect("office:forms", key=ward.key)


def _tell(
    request: OfficeRequest, kept: list[tuple[str, ledger.Received]], problems: list[tuple[str, str]]
) -> None:
    new = sum(received.is_new for _name, received in kept)
    if new:
        messages.success(
            request,
            _("%(n)d件の様式を預かりました。まだ何も記録していません。中を確かめてから記録してください。")
            % {"n": new},
        )
    for name, received in kept:
        if not received.is_new:
            state = received.form.get_state_display()
            messages.info(
                request,
                _("%(name)sは、前に届いたものと同じ中身です（%(state)s）。") % {"name": name, "state": state},
            )
    if problems:
        messages.error(
            request,
            format_html(
                "{}<ul>{}</ul>",
                _("次のファイルは受け取っていません。"),
                format_html_join("", "<li>{}: {}</li>", problems),
            ),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_hand_in)
def form(request: OfficeRequest, ward: Ward, form_id: int) -> HttpResponse:
    """What a form would change, cell by cell; from here it is posted or put aside."""
    found, actions = _found(request, ward, form_id)
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "dismiss":
                reason = request.POST.get("reason", "")
                ledger.dismiss_form(form=found, actions=actions, reason=reason, actor=request.user)
                messages.success(request, _("この様式は使わないことにしました。何も記録していません。"))
                return redirect("office:forms", key=ward.key)
            taken = results.take_in_form(
                form=found,
                actions=actions,
                fingerprint=request.POST.get("fingerprint", "")[:64],
                answers=request.POST.get("answers", "")[:64],
                is_final="is_final" in request.POST,
                without_contributions="without_contributions" in request.POST,
                actor=request.user,
            )
            _tell_taken(request, ward, taken)
            return redirect("office:form", key=ward.key, form_id=found.pk)
        except LedgerError as error:
            problem = str(error)
            found, actions = _found(request, ward, form_id)
    return _check_page(request, ward, found, actions, problem)


def _tell_taken(request: OfficeRequest, ward: Ward, taken: results.TakenIn | None) -> None:
    if taken is None or taken.posted is None:
        messages.info(request, _("この様式はもう記録してあります。二度目は何もしていません。"))
        return
    if taken.posted.added or taken.posted.reversed:
        words = _("実績を記録しました。加えた記録 %(added)d件、取り消した記録 %(reversed)d件。")
        messages.success(request, words % {"added": taken.posted.added, "reversed": taken.posted.reversed})
    if taken.answers or taken.parts:
        words = _(
            "取組結果を%(answers)d件、分担の分を%(parts)d件書きました。提出したものは%(submitted)d件です。"
        )
        counts = {"answers": taken.answers, "parts": taken.parts, "submitted": taken.submitted}
        messages.success(request, words % counts)
    if taken.incomplete:
        lines = (
            (reverse("office:answer", args=[ward.key, answer]), title, missing)
            for answer, title, missing in taken.incomplete
        )
        messages.warning(
            request,
            format_html(
                "{}<ul>{}</ul>",
                _("次の取組は、まだそろっていないので、作成中のままです。"),
                format_html_join("", '<li><a href="{}">{}</a> {}</li>', lines),
            ),
        )


def _check_page(
    request: OfficeRequest, ward: Ward, found: ReturnedForm, actions: Mapping[str, Action], problem: str
) -> HttpResponse:
    check: Check | None = None
    answers: AnswerCheck | None = None
    if found.state == FormState.WAITING:
        try:
            check = check_form(found, actions=actions, rights=request.rights)
            answers = check_answers(found, request.rights)
        except (WorkbookRefused, FileNotFoundError):
            problem = problem or _("預かったファイルが読めなくなっています。Excelをもう一度届けてください。")
    context: dict[str, Any] = {
        "form": found,
        "check": check,
        "answers": answers,
        "problems": [
            *((_("実績"), each) for each in (check.problems if check else ())),
            *((_("取組結果"), each) for each in (answers.problems if answers else ())),
        ],
        "rows": check.rows[:_ROWS_SHOWN] if check else (),
        "rows_left": max(0, len(check.rows) - _ROWS_SHOWN) if check else 0,
        "problem": problem,
        "counts": {sign: check.count(sign) for sign in ("added", "changed", "cleared")} if check else {},
        "year": found.fiscal_year,
        "is_closed": not books_states(ward, [found.fiscal_year])[found.fiscal_year].is_open(
            timezone.localdate()
        ),
        "entries": trail_of(ward, "ledger.returnedform", found.pk),
        "reason": request.POST.get("reason", "")[:500],
    }
    return office_page(
        request,
        "office/ledger/form.html",
        ward,
        title=_("%(body)sの様式") % {"body": found.body.name},
        section="figures",
        crumbs=[_figures_crumb(ward), Crumb(_("Excelの様式"), reverse("office:forms", args=[ward.key]))],
        context=context,
        status=422 if problem and request.method == "POST" else 200,
    )


@require_safe
@in_office(may_hand_in)
def original(request: OfficeRequest, ward: Ward, form_id: int) -> HttpResponse:
    """The workbook as it came."""
    found, _actions = _found(request, ward, form_id)
    try:
        return _file(content_of(found), found.file.name, "application/octet-stream")
    except FileNotFoundError:
        raise Http404(_("預かったファイルが保管場所に見つかりません。")) from None


def _found(request: OfficeRequest, ward: Ward, form_id: int) -> tuple[ReturnedForm, dict[str, Action]]:
    """A form that this person is in charge of; others' are not there for them."""
    found = form_of(ward, form_id)
    actions = actions_of(ward, found.fiscal_year) if found else {}
    if found is None or not may_see_form(request.rights, found, actions):
        raise Http404(_("この様式は見つかりません。一覧から開き直してください。"))
    return found, actions


def _figures_crumb(ward: Ward) -> Crumb:
    return Crumb(_("実績"), reverse("office:figures", args=[ward.key]))


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
