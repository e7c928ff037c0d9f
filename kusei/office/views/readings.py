"""よみがな: how the ward reads its own words, with a sentence to try them on and a sheet out and in."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kusei.japanese.furigana import Piece, WordList, annotate
from kusei.office.forms.words import ReadingForm, ReadingSheetForm
from kusei.office.views.frame import office_page
from kusei.press.csv_files import csv_answer
from kusei.wards import operations as wards
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Reading, Ward
from kusei.wards.permissions import may_keep_readings
from kusei.wards.queries import reading_list, reading_of, readings_of
from kusei.wards.reading_sheet import COLUMNS, UnreadableReadings, read_readings

WORDS_AT_ONCE = 100
_SENTENCE_LENGTH = 400
_MOST_BYTES = 1_000_000


@require_safe
@in_office(may_keep_readings)
def readings(request: HttpRequest, ward: Ward) -> HttpResponse:
    """The words with their readings, a sentence read with them, and the forms to change them."""
    return _page(request, ward)


@require_POST
@in_office(may_keep_readings)
def add(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Add a word."""
    form = ReadingForm(request.POST)
    if form.is_valid():
        try:
            added = wards.add_reading(ward=ward, actor=request.user, **form.cleaned_data)
        except wards.ReadingExists as error:
            form.add_error("surface", str(error))
        except wards.WardError as error:
            form.add_error("reading", str(error))
        else:
            messages.success(request, _("%(word)s を登録しました。") % {"word": added})
            return redirect("office:readings", key=ward.key)
    return _page(request, ward, form=form)


@require_POST
@in_office(may_keep_readings)
def change(request: OfficeRequest, ward: Ward, reading_id: int) -> HttpResponse:
    """Give a word of the list another reading."""
    found = _found(ward, reading_id)
    said = request.POST.get("reading", "")
    try:
        done = wards.change_reading(ward=ward, surface=found.surface, reading=said, actor=request.user)
    except wards.WardError as error:
        return _page(request, ward, wrong=(found.pk, said[:80], str(error)))
    messages.success(request, _("%(word)s に直しました。") % {"word": done})
    return redirect("office:readings", key=ward.key)


@require_POST
@in_office(may_keep_readings)
def remove(request: OfficeRequest, ward: Ward, reading_id: int) -> HttpResponse:
    """Take a word off the list."""
    found = _found(ward, reading_id)
    wards.remove_reading(ward=ward, surface=found.surface, actor=request.user)
    messages.success(
        request, _("「%(word)s」を一覧から外しました。辞書のよみがなに戻ります。") % {"word": found.surface}
    )
    return redirect("office:readings", key=ward.key)


@require_safe
@in_office(may_keep_readings)
def sheet(request: HttpRequest, ward: Ward) -> HttpResponse:
    """The list for a spreadsheet."""
    return csv_answer(f"よみがな_{ward.full_name}.csv", COLUMNS, readings_of(ward.key))


@require_POST
@in_office(may_keep_readings)
def take_in(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """A sheet back in: all of it, or what is wrong line by line."""
    form = ReadingSheetForm(request.POST, request.FILES)
    problems: list[str] = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > _MOST_BYTES:
                raise UnreadableReadings(_("このファイルは大きすぎます。1MBまでの表にしてください。"))
            done = wards.take_readings(ward=ward, rows=read_readings(file.read()), actor=request.user)
        except UnreadableReadings as error:
            form.add_error("file", str(error))
        except wards.ReadingsNotTaken as error:
            form.add_error("file", str(error))
            problems = error.problems
        else:
            messages.success(
                request,
                _("表を取り込みました。加えた言葉 %(added)d、直した言葉 %(changed)d、同じ言葉 %(same)d。")
                % {"added": done.added, "changed": done.changed, "same": done.unchanged},
            )
            return redirect("office:readings", key=ward.key)
    return _page(request, ward, sheet_form=form, problems=problems)


def _page(
    request: HttpRequest,
    ward: Ward,
    *,
    form: ReadingForm | None = None,
    sheet_form: ReadingSheetForm | None = None,
    problems: list[str] | None = None,
    wrong: tuple[int, str, str] | None = None,
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    sentence = " ".join(request.GET.get("sentence", "").split())[:_SENTENCE_LENGTH]
    page = Paginator(reading_list(ward, words=words), WORDS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request,
        "office/settings/readings.html",
        ward,
        title=_("よみがな"),
        section="settings",
        context={
            "form": form or ReadingForm(),
            "sheet_form": sheet_form or ReadingSheetForm(),
            "errors_of": form or sheet_form,
            "problems": problems or [],
            "wrong": wrong,
            "page": page,
            "keep": keep.urlencode(),
            "words": words,
            "sentence": sentence,
            "pieces": _read(ward, sentence),
            "tab": "readings",
            "action": reverse("office:readings", args=[ward.key]),
        },
        status=422 if form or sheet_form or wrong else 200,
    )


def _read(ward: Ward, sentence: str) -> tuple[Piece, ...]:
    return annotate(sentence, WordList(readings_of(ward.key))) if sentence else ()


def _found(ward: Ward, reading_id: int) -> Reading:
    found = reading_of(ward, reading_id)
    if found is None:
        raise Http404(_("この言葉はもう一覧にありません。"))
    return found
