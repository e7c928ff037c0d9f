"""On paper and in spreadsheets: leaflet, poster, the form to fill in, the list to tick, applicants as a table; and who comes again."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.office.applicant_table import table_of
from kusei.office.queries.activities import applications_of
from kusei.office.views.activities import activity_or_404
from kusei.office.views.applicants import activity_and_intake, crumbs_of
from kusei.office.views.frame import office_page
from kusei.press.csv_files import csv_answer
from kusei.press.languages import JAPANESE
from kusei.press.paper import entry_form_pdf, leaflet_pdf, poster_pdf, roster_pdf
from kusei.press.tables import table_workbook
from kusei.press.workbooks import MEDIA_TYPE
from kusei.services.activities import asking
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Question
from kusei.services.activities.papers import entry_form_of, form_languages, leaflet_of, roster_of
from kusei.services.activities.permissions import may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.again import again_at_host, again_in_intakes
from kusei.services.activities.queries.asking import ever_asked
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require


@never_cache
@require_safe
@in_office(may_work_on_activities)
def paper(request: OfficeRequest, ward: Ward, activity_id: int, kind: str) -> HttpResponse:
    """A leaflet or a poster, also before it is published."""
    found = activity_or_404(request, ward, activity_id)
    made = {"leaflet": (leaflet_pdf, _("ちらし")), "poster": (poster_pdf, _("ポスター"))}
    if kind not in made:
        raise Http404
    make, name = made[kind]
    return pdf_answer(make(leaflet_of(found)), f"{name}_{found.title}")


@never_cache
@require_safe
@in_office(may_work_on_activities)
def entry_form(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """The form that people fill in by hand, in Japanese or beside it in a language (`language`) of the activity."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    known = {each.code: each for each in (JAPANESE, *form_languages(found))}
    language = known.get(request.GET.get("language", JAPANESE.code))
    if language is None:
        raise Http404(_("この言葉の訳は、まだないか、前の文の訳です。「言葉と翻訳」で確かめてください。"))
    name = f"{_('申込書')}_{found.title}"
    name += "" if language is JAPANESE else f"_{language.name}"
    return pdf_answer(entry_form_pdf(entry_form_of(intake, language)), name)


@never_cache
@require_POST
@in_office(may_work_on_activities)
def take_out(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """Who applied, as the list to tick, a workbook or CSV. Names leave the house, so it is a POST and stands in the trail."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    require(may_see_applicants(request.rights, ward, host_ids(found)))
    kind = request.POST.get("kind", "")
    if kind not in {"roster", "xlsx", "csv"}:
        raise Http404
    people = activities.see_applicants(intake=intake, actor=request.user)
    whom = f"{found.title}_{intake.name}" if intake.name else found.title
    name = f"{_('名簿')}_{whom}_{timezone.localdate():%Y%m%d}"
    if kind == "roster":
        return pdf_answer(roster_pdf(roster_of(intake, people, timezone.now())), name)
    questions = ever_asked(intake)
    heading, rows = table_of(intake, applications_of(intake), people, questions, _answered)
    if kind == "csv":
        return csv_answer(f"{name}.csv", heading, [[str(cell) for cell in row] for row in rows])
    answer = HttpResponse(
        table_workbook(_("名簿"), heading, rows, note=_("取扱注意")), content_type=MEDIA_TYPE
    )
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    return answer


def _answered(questions: Sequence[Question], known: activities.Applicant, place: int) -> list[str]:
    given = known.answers
    each = given.each[place] if place < len(given.each) else {}
    return [
        asking.said(
            activities.put_of(question), (each if question.is_for_each else given.together).get(question.pk)
        )
        for question in questions
    ]


@require_safe
@in_office(may_work_on_activities)
def who_comes_again(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """First-timers and those who come again, without names: in each intake, and over the host's year."""
    found = activity_or_404(request, ward, activity_id)
    this_year = fiscal_year_of(timezone.localdate())
    years = [(year, again_at_host(ward, found.host, year)) for year in (this_year, this_year - 1)]
    return office_page(
        request, "office/activities/again.html", ward, title=_("だれがまた来ているか"), section="activities",
        crumbs=crumbs_of(ward, found),
        context={"activity": found, "intakes": again_in_intakes(found), "years": years},
    )  # fmt: skip


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser, with a name to keep it by."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    return answer
