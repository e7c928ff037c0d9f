"""派遣者名簿: the people that one's body can send, one of them, and the register as a table in and out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.japanese.folding import fold_name
from kusei.notices.sealing import CannotUnseal
from kusei.office.forms.dispatch import EnvoyForm, FreeForm, envoy_initial
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page, unread
from kusei.plans.draft_sheet import SheetError, split_pasted
from kusei.press.workbooks import MEDIA_TYPE
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import DispatchVerb, EnvoyRole, FeePer
from kusei.services.activities.envoy_sheet import COLUMNS, Cells, read_cells, write_table
from kusei.services.activities.models import Envoy
from kusei.services.activities.operations import EnvoyWords, Known, Row
from kusei.services.activities.operations.envoys import clean_words
from kusei.services.activities.permissions import may_see_envoys, may_work_on_activities
from kusei.services.activities.queries.dispatch import booked_between, register, why_not
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, District, Ward
from kusei.wards.permissions import require

ROWS_AT_ONCE = 50


def bodies_with_registers(request: OfficeRequest, ward: Ward) -> list[Body]:
    """The bodies whose register this person sees; first those in whose register somebody stands."""
    somebody = Exists(Envoy.objects.filter(body=OuterRef("pk")))
    bodies = Body.objects.filter(ward=ward, pk__in=request.rights.bodies_in(ward)).order_by(
        somebody.desc(), "name"
    )
    return [each for each in bodies if may_see_envoys(request.rights, ward, each.pk)]


def chosen_body(request: OfficeRequest, bodies: list[Body]) -> Body | None:
    """The body asked for, or the first."""
    wanted = number_of(request.GET.get("body", "") or request.POST.get("body", ""))
    return next((each for each in bodies if each.pk == wanted), bodies[0] if bodies else None)


@never_cache
@require_safe
@in_office(may_work_on_activities)
def envoys(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The register of one body, narrowed by the address. The look stands in the trail."""
    bodies = bodies_with_registers(request, ward)
    body = chosen_body(request, bodies)
    asked = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:60]
        for name in ("role", "language", "district", "q", "ended")
    }
    form = FreeForm(
        request.GET if any(request.GET.get(name) for name in ("on", "begins", "ends")) else None,
        auto_id="f-%s",
    )
    time = form.time() if form.is_bound and form.is_valid() else None
    lines: list[dict[str, Any]] = []
    languages: list[str] = []
    unreadable = 0
    if body is not None and not form.errors:
        people = list(register(ward, [body.pk]))
        languages = sorted({word for each in people for word in each.languages})
        found = [each for each in people if _fits(each, asked)]
        booked = booked_between([each.pk for each in found], *time) if time else set()
        if time:
            found = [each for each in found if not why_not(each, *time, booked)]
        known = activities.see_envoys(envoys=found, body=body, actor=request.user)
        unreadable = unread(found, known)
        words = fold_name(asked["q"])
        lines = [
            {"envoy": each, "known": known[each.pk], "roles": roles_said(each)}
            for each in found
            if each.pk in known
            and words in fold_name(known[each.pk].name + known[each.pk].kana + "".join(each.themes))
        ]
        lines.sort(
            key=lambda line: (fold_name(line["known"].kana or line["known"].name), line["envoy"].number)
        )
    page = Paginator(lines, ROWS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request, "office/dispatch/envoys.html", ward, title=_("派遣者名簿"), section="activities", crumbs=crumbs(ward),
        context={
            "page": page, "unreadable": unreadable, "asked": asked, "free": form, "form": form if form.errors else None, "body": body, "bodies": bodies,
            "roles": EnvoyRole.choices, "languages": languages, "districts": District.objects.filter(ward=ward),
            "keep": keep.urlencode(), "today": timezone.localdate(), "is_narrowed": bool(form.is_bound or any(asked.values())),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _fits(envoy: Envoy, asked: dict[str, str]) -> bool:
    if not asked["ended"] and envoy.active_until is not None and envoy.active_until < timezone.localdate():
        return False
    places = [each.pk for each in envoy.districts.all()]
    return (
        (not asked["role"] or asked["role"] in envoy.roles)
        and (not asked["language"] or asked["language"] in envoy.languages)
        and (not asked["district"] or not places or number_of(asked["district"]) in places)
    )


def roles_said(envoy: Envoy) -> list[str]:
    """講師, 通訳・同行: what the person can come as."""
    return [str(EnvoyRole(each).label) for each in envoy.roles]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def new(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Somebody new in the register."""
    body = chosen_body(request, bodies_with_registers(request, ward))
    if body is None:
        raise Http404(_("派遣者名簿は、課・団体の人だけが持てます。"))
    form = EnvoyForm(request.POST or None, districts=District.objects.filter(ward=ward))
    is_other = may_be_known = "is_other" in request.POST
    if request.method == "POST" and form.is_valid():
        try:
            made = activities.add_envoy(body=body, words=form.words(), is_other=is_other, actor=request.user)
        except activities.MayBeKnown as error:
            form.add_error(None, str(error))
            may_be_known = True
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("登録番号%(number)dで加えました。") % {"number": made.number})
            return _to_list(ward, body)
    return office_page(
        request, "office/dispatch/envoy.html", ward, title=_("派遣者を加える"), section="activities",
        crumbs=[*crumbs(ward), _crumb_of_list(ward, body)], context={"form": form, "body": body, "may_be_known": may_be_known, "is_other": is_other}, status=422 if form.errors else 200,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def envoy(request: OfficeRequest, ward: Ward, envoy_id: int) -> HttpResponse:
    """One person: everything that can be changed, and the end of being registered."""
    found = envoy_or_404(request, ward, envoy_id)
    districts = District.objects.filter(ward=ward)
    if request.method == "POST":
        form = EnvoyForm(request.POST, districts=districts)
        revision = number_of(request.POST.get("revision", "")) or 0
        try:
            if request.POST.get("do") == "end":
                activities.end_envoy(
                    envoy=found, on=timezone.localdate(), revision=revision, actor=request.user
                )
                messages.success(request, _("今日で登録を終えました。明日からは頼めません。"))
                return _to_list(ward, found.body)
            if form.is_valid():
                activities.change_envoy(
                    envoy=found, words=form.words(), revision=revision, actor=request.user
                )
                messages.success(request, _("直しました。"))
                return _to_list(ward, found.body)
        except activities.ActivityError as error:
            if not form.is_bound or request.POST.get("do") == "end":
                messages.error(request, str(error))
                return redirect("office:envoy", key=ward.key, envoy_id=found.pk)
            form.add_error(None, str(error))
        shown = request.POST.get("revision", "")
    else:
        known = activities.see_envoys(envoys=[found], body=found.body, actor=request.user).get(found.pk)
        if known is None and found.sealed:
            raise CannotUnseal(found)
        if known is None:
            raise Http404(_("この人の個人情報は、保存の期間が過ぎたので消してあります。"))
        form = EnvoyForm(initial=envoy_initial(found, known), districts=districts)
        shown = str(found.revision)
    return office_page(
        request, "office/dispatch/envoy.html", ward, title=_("登録番号%(number)d") % {"number": found.number}, section="activities",
        crumbs=[*crumbs(ward), _crumb_of_list(ward, found.body)],
        context={"form": form, "envoy": found, "body": found.body, "revision": shown, "today": timezone.localdate()},
        status=422 if form.errors else 200,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def table(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """A table copied from Excel: looked at row by row, then taken in as a whole."""
    bodies = bodies_with_registers(request, ward)
    body = chosen_body(request, bodies)
    if body is None:
        raise Http404(_("派遣者名簿は、課・団体の人だけが持てます。"))
    pasted, problem = request.POST.get("table", "")[:500_000], ""
    lines: list[Line] = []
    if request.method == "POST":
        try:
            lines = _lines(request, ward, body, pasted)
            if "take" in request.POST and not any(line.problems for line in lines):
                if request.POST["take"] != _mark(lines):
                    raise activities.ChangedMeanwhile(
                        _("確かめたあとで、表か名簿が変わりました。もう一度確かめてください。")
                    )
                added, changed = activities.take_in_envoys(
                    body=body, rows=[line.row for line in lines if line.row is not None and line.state != "same"], actor=request.user
                )  # fmt: skip
                messages.success(
                    request,
                    _("%(added)d人を加え、%(changed)d人を直しました。")
                    % {"added": added, "changed": changed},
                )
                return _to_list(ward, body)
        except (SheetError, ValueError, activities.ActivityError) as error:
            problem = str(error)
    counts = {
        state: sum(line.state == state for line in lines) for state in ("new", "changed", "same", "wrong")
    }
    return office_page(
        request, "office/dispatch/table.html", ward, title=_("Excelの表から名簿に取り込む"), section="activities",
        crumbs=[*crumbs(ward), _crumb_of_list(ward, body)],
        context={
            "pasted": pasted, "problem": problem, "lines": lines, "counts": counts, "mark": _mark(lines), "body": body,
            "headings": [str(label) for label in COLUMNS.values()], "can_take": bool(lines) and not counts["wrong"] and not problem,
        },
        status=422 if problem or counts["wrong"] else 200,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the pasted table: new, changed, same or wrong. `what` says in words what changes."""

    line: int
    state: str
    name: str
    what: tuple[str, ...]
    problems: tuple[str, ...]
    row: Row | None


def _lines(request: OfficeRequest, ward: Ward, body: Body, pasted: str) -> list[Line]:
    cells = read_cells(_table(pasted), dict(District.objects.filter(ward=ward).values_list("name", "pk")))
    if not cells:
        raise ValueError(_("見出しの下に行がありません。"))
    people = {each.number: each for each in register(ward, [body.pk])}
    known = activities.see_envoys(envoys=people.values(), body=body, actor=request.user)
    names = {fold_name(each.name) for each in known.values()}
    found, numbers = [], set()
    for each in cells:
        envoy = people.get(each.number) if each.number is not None else None
        problems = list(each.problems)
        if each.number is not None and envoy is None:
            problems.append(
                _("登録番号%(number)dの人は名簿にいません。新しい人なら、番号を空けてください。")
                % {"number": each.number}
            )
        if envoy is not None and envoy.sealed and envoy.pk not in known:
            problems.append(
                _(
                    "登録番号%(number)dの人は、封じた鍵（KUSEI_SECRET_KEY）が変わっているため開けません。機械の操作者に知らせてください。"
                )
                % {"number": envoy.number}
            )
        if each.number is not None and each.number in numbers:
            problems.append(_("同じ登録番号が二度あります。"))
        numbers.add(each.number)
        before = words_before(envoy, known[envoy.pk]) if envoy is not None and envoy.pk in known else None
        words = _words(each, before)
        try:
            clean_words(words)
        except activities.NotFitting as error:
            problems.append(str(error))
        what = changed_words(before, words) if before else ()
        if before is None and fold_name(words.known.name) in names:
            what = (_("同じ名前の人がいます。同じ人なら、その登録番号を入れてください。"),)
        state = "wrong" if problems else "new" if before is None else "changed" if what else "same"
        row = None if problems else Row(words, each.number, envoy.revision if envoy else 0)
        found.append(Line(each.line, state, words.known.name, what, tuple(problems), row))
    return found


def _table(pasted: str) -> list[list[str]]:
    """The cells of rows copied from Excel (tabs), or of a CSV file (commas)."""
    if "\t" in pasted or "," not in pasted.partition("\n")[0]:
        return split_pasted(pasted)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(pasted.lstrip("\ufeff")))]
    except csv.Error:
        raise SheetError(_("表として読めません。Excelの表をそのまま写して貼り付けてください。")) from None


def words_before(envoy: Envoy, known: Known) -> EnvoyWords:
    """What the register says of somebody."""
    return EnvoyWords(
        known, tuple(envoy.roles), tuple(envoy.languages), tuple(envoy.themes), tuple(each.pk for each in envoy.districts.all()),
        envoy.cannot, envoy.fee_yen, envoy.fee_per, envoy.pays_expenses, envoy.active_until,
    )  # fmt: skip


def _words(cells: Cells, before: EnvoyWords | None) -> EnvoyWords:
    """What the row says; where the table has no such column, what stands already."""
    old = before or EnvoyWords(Known(""), ())
    texts = {
        name: cells.texts.get(name, getattr(old.known, name))
        for name in ("name", "kana", "mail", "telephone", "note")
    }

    def said(value: Any, otherwise: Any) -> Any:
        return otherwise if value is None else value

    return EnvoyWords(
        Known(**texts), said(cells.roles, old.roles), said(cells.languages, old.languages), said(cells.themes, old.themes),
        said(cells.districts, old.districts), cells.texts.get("cannot", old.cannot), said(cells.fee_yen, old.fee_yen),
        said(cells.fee_per, old.fee_per), said(cells.pays_expenses, old.pays_expenses),
        cells.active_until if cells.says_until else old.active_until,
    )  # fmt: skip


_PARTS = (
    ("roles", "roles"), ("languages", "languages"), ("themes", "themes"), ("cannot", "cannot"), ("fee_yen", "fee"),
    ("fee_per", "per"), ("pays_expenses", "expenses"), ("active_until", "until"),
)  # fmt: skip


def changed_words(before: EnvoyWords, after: EnvoyWords) -> tuple[str, ...]:
    """The names of the columns that would change."""
    found = [
        str(COLUMNS[name])
        for name in ("name", "kana", "telephone", "mail")
        if getattr(before.known, name) != getattr(after.known, name)
    ]
    found += [str(COLUMNS[key]) for name, key in _PARTS if getattr(before, name) != getattr(after, name)]
    if set(before.districts) != set(after.districts):
        found.append(str(COLUMNS["districts"]))
    if before.known.note != after.known.note:
        found.append(str(COLUMNS["note"]))
    return tuple(found)


def _mark(lines: list[Line]) -> str:
    """What was shown, in one word: the table and the revisions that it was compared with."""
    told = [
        [
            line.line,
            line.state,
            line.row.number if line.row else None,
            line.row.revision if line.row else 0,
            repr(line.row),
        ]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:32]


@never_cache
@require_safe
@in_office(may_work_on_activities)
def file(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The register as a workbook that can be changed and pasted back. Taking it out stands in the trail."""
    body = chosen_body(request, bodies_with_registers(request, ward))
    if body is None:
        raise Http404(_("派遣者名簿は、課・団体の人だけが持てます。"))
    people = list(register(ward, [body.pk]))
    known = activities.see_envoys(
        envoys=people, body=body, actor=request.user, verb=DispatchVerb.ENVOYS_EXPORTED
    )
    rows: list[dict[str, str | int]] = [
        {
            "number": each.number, "name": known[each.pk].name, "kana": known[each.pk].kana, "telephone": known[each.pk].telephone,
            "mail": known[each.pk].mail, "roles": "、".join(roles_said(each)), "languages": "、".join(each.languages),
            "themes": "、".join(each.themes), "districts": "、".join(place.name for place in each.districts.all()),
            "cannot": each.cannot, "fee": each.fee_yen, "per": str(FeePer(each.fee_per).label),
            "expenses": str(_("はい") if each.pays_expenses else _("いいえ")),
            "until": each.active_until.isoformat() if each.active_until else "", "note": known[each.pk].note,
        }
        for each in people if each.pk in known
    ]  # fmt: skip
    blank: dict[str, str | int] = dict.fromkeys(COLUMNS, "")
    closed = [each for each in people if each.sealed and each.pk not in known]
    rows += [{**blank, "number": each.number, "name": _("（開けません）")} for each in closed]
    return workbook_answer(
        _("派遣者名簿_%(body)s.xlsx") % {"body": body.name}, write_table(_("派遣者名簿"), rows)
    )


def workbook_answer(name: str, content: bytes) -> HttpResponse:
    """A workbook as a download that no cache keeps."""
    return HttpResponse(
        content, content_type=MEDIA_TYPE,
        headers={"Content-Disposition": content_disposition_header(True, name.replace("/", "／")) or "attachment"},
    )  # fmt: skip


def envoy_or_404(request: OfficeRequest, ward: Ward, envoy_id: int) -> Envoy:
    """Somebody of a register that this person sees; others' are refused in words."""
    found = Envoy.objects.filter(ward=ward, pk=envoy_id).select_related("body__ward", "ward").first()
    if found is None:
        raise Http404(_("この人は名簿にいません。一覧から開き直してください。"))
    require(may_see_envoys(request.rights, ward, found.body_id))
    return found


def crumbs(ward: Ward) -> list[Crumb]:
    return [
        Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
        Crumb(_("派遣"), reverse("office:dispatch", args=[ward.key])),
    ]


def _crumb_of_list(ward: Ward, body: Body) -> Crumb:
    return Crumb(_("派遣者名簿"), f"{reverse('office:envoys', args=[ward.key])}?body={body.pk}")


def _to_list(ward: Ward, body: Body) -> HttpResponse:
    return redirect(f"{reverse('office:envoys', args=[ward.key])}?body={body.pk}")
