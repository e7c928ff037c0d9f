"""月ごとの数を入れる: a body's year in one screen, or the sessions of one action; typed, pasted, saved all or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kusei.ledger import operations as ledger
from kusei.ledger.errors import LedgerError, ReportChanged
from kusei.ledger.operations import CellChange, Sheet
from kusei.ledger.permissions import may_hand_in, may_report, may_see_entries
from kusei.ledger.queries.books import books_states
from kusei.ledger.saying import said
from kusei.ledger.sheets import (
    MOST_SESSIONS,
    Merged,
    Place,
)
from kusei.office.forms.fields import FIRST_YEAR, LAST_YEAR
from kusei.office.forms.ledger import ProofForm
from kusei.office.queries.ledger import Place as PlanPlace
from kusei.office.queries.ledger import office_years, places_of, shortened
from kusei.office.queries.ledger_months import (
    ROWS_AT_ONCE,
    RowOf,
    body_choices,
    countable,
    lines_of,
    month_columns,
    session_columns,
    writable_of,
)
from kusei.office.views.draft_frame import is_first_time, number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.ledger import year_asked
from kusei.office.views.ledger_cells import (
    Form,
    cell_id,
    day_shown,
    groups_of,
    merged_with,
    posted_lines,
    reason_said,
    seen_in,
    typed_in,
    where,
    with_added,
    with_districts,
)
from kusei.plans.models import Item
from kusei.press.formats import wareki
from kusei.wards import permissions
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, Ward
from kusei.wards.queries import body_of

_TOLD_AT_ONCE = 12


@require_safe
@in_office(may_see_entries)
def choose(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """For which body and year; one's own first, others for papers and calls."""
    year = year_asked(request, ward)
    chosen = body_of(ward, number_of(request.GET.get("body", "")) or 0)
    if chosen is not None:
        return redirect("office:month_form", key=ward.key, year=year, body_id=chosen.pk)
    return office_page(
        request,
        "office/ledger/choose.html",
        ward,
        title=_("月ごとの数を入れる"),
        section="figures",
        crumbs=_crumbs(ward, year),
        context={
            "year": year,
            "years": sorted({*office_years(ward), year}, reverse=True),
            "choices": body_choices(request.rights, ward, year),
            "may_hand_in": bool(may_hand_in(request.rights, ward)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_entries)
def months(request: OfficeRequest, ward: Ward, year: int, body_id: int) -> HttpResponse:
    """April to March of everything that a body is responsible for."""
    body, places = _body_and_places(request, ward, year, body_id)
    writable = writable_of(request.rights, ward, year, body, places)
    form = Form(request, ward, year, body, writable, month_columns(year))
    return _handle(form)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_entries)
def sessions(request: OfficeRequest, ward: Ward, year: int, body_id: int, item_id: int) -> HttpResponse:
    """The sessions of one action, each with its number and day."""
    body, places = _body_and_places(request, ward, year, body_id)
    if item_id not in places or not places[item_id].is_counted:
        raise Http404(_("この取組は、この年度の計画にありません。"))
    permissions.require(may_report(request.rights, ward, body.pk, places[item_id].bodies))
    writable = writable_of(request.rights, ward, year, body, {item_id: places[item_id]})
    wanted = min(number_of(request.GET.get("sessions", "")) or 0, MOST_SESSIONS)
    columns = session_columns(writable.cells(item_id), wanted)
    return _handle(Form(request, ward, year, body, writable, columns, session_item=item_id))


def _body_and_places(
    request: OfficeRequest, ward: Ward, year: int, body_id: int
) -> tuple[Body, dict[int, PlanPlace]]:
    body = body_of(ward, body_id)
    if body is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(_("この実施主体は登録されていません。"))
    return body, places_of(ward, year)


def _handle(form: Form) -> HttpResponse:
    request = form.request
    if request.method != "POST":
        lines = lines_of(form.writable, form.body)
        page = Paginator(lines, ROWS_AT_ONCE).get_page(request.GET.get("page") or _page_with(request, lines))
        return _page(form, list(page.object_list), {}, ProofForm(), page=page)
    lines = posted_lines(form)
    asked = request.POST.get("do", "save")
    if asked.startswith("add"):
        lines = with_added(form, lines, asked)
    elif asked.startswith("split:"):
        lines = with_districts(form, lines, asked)
    seen = seen_in(form, lines)
    typed = typed_in(form, lines, seen)
    proof = ProofForm(request.POST, request.FILES)
    if asked != "save":
        return _page(form, lines, merged_with(form, typed, seen), ProofForm(initial=_kept_proof(request)), typed=typed, seen=seen)  # fmt: skip
    return _save(form, lines, typed, seen, proof)


def _page_with(request: OfficeRequest, lines: Sequence[RowOf]) -> int:
    """The page that shows the action which the address asks for; the first where it asks for none."""
    wanted = number_of(request.GET.get("item", ""))
    return next((at // ROWS_AT_ONCE + 1 for at, line in enumerate(lines) if line.item == wanted), 1)


def _save(
    form: Form,
    lines: Sequence[RowOf],
    typed: Mapping[int, Mapping[Place, str]],
    seen: Mapping[int, tuple[int, dict[Place, int]]],
    proof: ProofForm,
) -> HttpResponse:
    merged = merged_with(form, typed, seen)
    _note_problems(form, merged)
    clashing = any(each.clashes for each in merged.values())
    changed = {item: each.changes for item, each in merged.items() if each.changes}
    if form.problems or clashing or not proof.is_valid():
        return _page(form, lines, merged, proof, typed=typed, seen=seen, status=409 if clashing and not form.problems else 422)  # fmt: skip
    if not changed:
        if not is_first_time(form.request):
            return _told_twice(form)
        form.problems.append(("", _("変わった数がないので、何も記録していません。数を入れてから保存してください。")))  # fmt: skip
        return _page(form, lines, merged, proof, typed=typed, seen=seen, status=422)
    items = Item.objects.filter(ward=form.ward).in_bulk(list(changed))
    before = {item: form.writable.cells(item) for item in changed}
    sheets = [
        Sheet(
            item=items[item],
            changes=[CellChange(place[0], place[1], quantity, place[2], place[3]) for place, quantity in changes.items()],
            owners=form.writable.places[item].bodies,
            revision=seen[item][0],
            seen=seen[item][1],
        )
        for item, changes in changed.items()
    ]  # fmt: skip
    try:
        with transaction.atomic():  # with the mark of this form: what fails can be sent again as it is
            if not is_first_time(form.request):
                return _told_twice(form)
            ledger.save_sheets(
                ward=form.ward,
                fiscal_year=form.year,
                body=form.body,
                sheets=sheets,
                proof=proof.proof(),
                actor=form.request.user,
            )
    except ReportChanged:  # between our look and the saving: look again
        places = dict(form.writable.places)
        form.writable = writable_of(form.request.rights, form.ward, form.year, form.body, places)
        return _page(form, lines, merged_with(form, typed, seen), proof, typed=typed, seen=seen, status=409)
    except LedgerError as error:
        form.problems.append(("", str(error)))
        return _page(form, lines, merged, proof, typed=typed, seen=seen, status=422)
    messages.success(form.request, _what_was_posted(form, changed, before))
    return redirect(_here(form))


def _told_twice(form: Form) -> HttpResponse:
    messages.info(form.request, _("この操作は受け付け済みです。二度目は何もしていません。"))
    return redirect(_here(form))


def _here(form: Form) -> str:
    page = number_of(form.request.GET.get("page", ""))
    return f"{form.url}?page={page}" if page else form.url


def _note_problems(form: Form, merged: Mapping[int, Merged]) -> None:
    """Each wrong cell in the summary, with its action, metric and column."""
    for item, found in merged.items():
        for place, reason in found.errors.items():
            form.problems.append((cell_id(form, item, place), f"{where(form, item, place)}: {reason_said(reason)}"))  # fmt: skip


def _what_was_posted(
    form: Form, changed: Mapping[int, Mapping[Place, int | None]], before: Mapping[int, Mapping[Place, int]]
) -> str:
    """What was added, corrected and taken back, cell by cell."""
    counts = {"added": 0, "corrected": 0, "cleared": 0}
    told = []
    for item, changes in changed.items():
        for place, quantity in changes.items():
            metric, old = form.writable.metrics[place[0]], before[item].get(place)
            if quantity is None:
                counts["cleared"] += 1
                what = _("%(old)sを取り消し") % {"old": said(old, metric)}
            elif old is None:
                counts["added"] += 1
                what = said(quantity, metric)
            else:
                counts["corrected"] += 1
                what = _("%(old)sを%(new)sに") % {"old": said(old, metric), "new": said(quantity, metric)}
            told.append((f"{where(form, item, place)}: {what}",))
    total = len(told)
    if total > _TOLD_AT_ONCE:
        told = [*told[:_TOLD_AT_ONCE], (_("ほか%(n)d件") % {"n": total - _TOLD_AT_ONCE},)]
    words = _("実績を記録しました。加えた数 %(added)d、直した数 %(corrected)d、取り消した数 %(cleared)d。")
    return format_html("{}<ul>{}</ul>", words % counts, format_html_join("", "<li>{}</li>", told))


def _kept_proof(request: OfficeRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "")[:4000] for name in ("way", "received_on", "note")}


def _crumbs(ward: Ward, year: int) -> list[Crumb]:
    return [Crumb(_("実績"), f"{reverse('office:figures', args=[ward.key])}?year={year}")]


def _page(
    form: Form,
    lines: Sequence[RowOf],
    merged: Mapping[int, Merged],
    proof: ProofForm,
    *,
    typed: Mapping[int, Mapping[Place, str]] | None = None,
    seen: Mapping[int, Any] | None = None,
    page: Any = None,
    status: int = 200,
) -> HttpResponse:
    ward, year = form.ward, form.year
    metrics = countable(form.writable, year)
    clashes = [
        (cell_id(form, item, place), where(form, item, place), said(clash.mine, form.writable.metrics[place[0]]), said(clash.theirs, form.writable.metrics[place[0]]))
        for item, found in merged.items()
        for place, clash in found.clashes.items()
    ]  # fmt: skip
    choose_url = f"{reverse('office:months', args=[ward.key])}?year={year}"
    crumbs = [*_crumbs(ward, year), Crumb(_("月ごとの数を入れる"), choose_url)]
    if form.session_item is not None:
        address = reverse("office:month_form", args=[ward.key, year, form.body.pk])
        crumbs.append(Crumb(form.body.name, address))
    state = books_states(ward, [year])[year]
    return office_page(
        form.request,
        "office/ledger/months.html",
        ward,
        title=_title(form),
        section="figures",
        crumbs=crumbs,
        context={
            "form": form,
            "body": form.body,
            "year": year,
            "groups": groups_of(form, lines, merged, typed or {}),
            "columns": [
                (number, column, form.typed_days[number] if number < len(form.typed_days) else day_shown(column, year), form.wrong_days.get(number, ""))
                for number, column in enumerate(form.columns)
            ],
            "by_sessions": form.session_item is not None,
            "more_sessions": min(len(form.columns) + 12, MOST_SESSIONS) if len(form.columns) < MOST_SESSIONS else 0,
            "metrics": metrics,
            "others": [shortened(place) for place in form.writable.places.values()],
            "proof": proof,
            "page": page,
            "clashes": clashes,
            "is_closed": not state.is_open(timezone.localdate()),
            "is_mine": form.body.pk in form.request.rights.bodies_in(ward),
            "once": _mark(),
        },
        status=status,
    )  # fmt: skip


def _title(form: Form) -> str:
    title = _("%(year)s %(body)s") % {"year": wareki(form.year), "body": form.body.name}
    if form.session_item is None:
        return title
    return f"{shortened(form.writable.places[form.session_item], 40).title} {title}"


def _mark() -> str:
    return uuid.uuid4().hex
