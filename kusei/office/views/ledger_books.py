"""実績の締めと照合: closing and reopening a year, what came late, and whether the ledger agrees with its records."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kusei.ledger import operations as ledger
from kusei.ledger.errors import BooksError, LedgerError
from kusei.ledger.permissions import may_keep_books
from kusei.ledger.queries.books import books_lines, late_entries
from kusei.ledger.queries.recipes import entry_lines
from kusei.ledger.sources import Source
from kusei.office.forms.fields import FIRST_YEAR, LAST_YEAR
from kusei.office.forms.ledger import ReasonForm
from kusei.office.queries.ledger import office_years, record_url, this_year
from kusei.office.queries.ledger_reconcile import MOST_SHOWN, reconciled
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import wareki
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

LATE_AT_ONCE = 50


@require_safe
@in_office(may_keep_books)
def books(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Every year with whether it is open."""
    today = timezone.localdate()
    return office_page(
        request,
        "office/ledger/books.html",
        ward,
        title=_("実績の締め"),
        section="settings",
        context={
            "tab": "books",
            "lines": [(line, line.state.is_open(today)) for line in books_lines(ward, office_years(ward))],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_keep_books)
def year_books(request: OfficeRequest, ward: Ward, year: int) -> HttpResponse:
    """One year: close it or reopen it, with a reason; and what was posted after it was closed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(_("この年度はありません。"))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = ledger.close_books if request.POST.get("do") == "close" else ledger.reopen_books
        try:
            act(ward=ward, fiscal_year=year, reason=form.cleaned_data["reason"], actor=request.user)
        except BooksError as error:
            form.add_error(None, str(error))
        else:
            done = (
                _("%(year)sの実績を締めました。これから記録する数には「締めた後」と付きます。")
                if act is ledger.close_books
                else _("%(year)sの実績の締めを解きました。")
            )
            messages.success(request, done % {"year": wareki(year)})
            return redirect("office:year_books", key=ward.key, year=year)
    (line,) = books_lines(ward, [year])
    page = Paginator(late_entries(ward, year), LATE_AT_ONCE).get_page(request.GET.get("page"))
    return office_page(
        request,
        "office/ledger/year_books.html",
        ward,
        title=_("%(year)sの実績の締め") % {"year": wareki(year)},
        section="settings",
        crumbs=[Crumb(_("実績の締め"), reverse("office:books", args=[ward.key]))],
        context={
            "tab": "books",
            "year": year,
            "line": line,
            "is_open": line.state.is_open(timezone.localdate()),
            "form": form,
            "page": page,
            "lines": [
                (each, record_url(ward, each.entry.source_kind, each.entry.source_id))
                for each in entry_lines(ward, page.object_list)
            ],
            "shows_posters": True,
            "many_metrics": True,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_keep_books)
def reconcile(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Where a year's ledger, its records and the kept sums differ; looked up only when a year is asked for. A record that
    differs is followed by the press of a button."""
    if request.method == "POST":
        return _follow(request, ward)
    year = number_of(request.GET.get("year", ""))
    asked = year is not None and FIRST_YEAR <= year <= LAST_YEAR
    found = reconciled(ward, year) if asked and year is not None else None
    return office_page(
        request,
        "office/ledger/reconcile.html",
        ward,
        title=_("実績の照合"),
        section="settings",
        context={
            "tab": "reconcile",
            "year": year if asked else this_year(),
            "years": sorted({*office_years(ward), *([year] if asked else [])}, reverse=True),
            "found": found,
            "most": MOST_SHOWN,
        },
    )


def _follow(request: OfficeRequest, ward: Ward) -> HttpResponse:
    year = number_of(request.POST.get("year", "")) or this_year()
    source = Source(request.POST.get("kind", ""), number_of(request.POST.get("record", "")) or 0)
    try:
        posted = ledger.follow_record(ward=ward, fiscal_year=year, source=source, actor=request.user)
    except LedgerError as error:
        messages.error(request, str(error))
    else:
        if posted.added or posted.reversed:
            messages.success(request, _("実績をもとの記録に合わせました。加えた記録 %(added)d、取り消した記録 %(back)d。") % {"added": posted.added, "back": posted.reversed})  # fmt: skip
        else:
            messages.info(request, _("この記録と実績は、もう合っています。"))
    return redirect(f"{reverse('office:reconcile', args=[ward.key])}?year={year}")
