"""A published year's results as a workbook: all of them, with what each figure was worked out from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from kusei.plans.models import PlanVersion
from kusei.plans.queries import PublishedVersion
from kusei.portal.views.changes import version_url
from kusei.portal.views.frame import frame_or_404
from kusei.press.workbooks import MEDIA_TYPE
from kusei.results.queries.years import published_year
from kusei.results.year_workbook import file_name, write_year


def year_file_url(key: str, version: PublishedVersion) -> str:
    """Where a version's workbook is, now and for ever."""
    return f"{version_url(key, version)}results.xlsx"


def _never_changes(request: HttpRequest, **place: object) -> str:
    """What a browser holds of a version stays true: it need not be written again."""
    return f'"{request.path}"'


@require_safe
@condition(etag_func=_never_changes)
def year_file(
    request: HttpRequest, key: str, fiscal_year: int, kind: str, number: int, part: str = ""
) -> HttpResponse:
    """The results of one version, the same bytes whenever it is asked for."""
    frame = frame_or_404(key, fiscal_year)
    chosen = next(
        (
            each
            for each in frame.versions
            if (each.fiscal_year, each.kind, each.part, each.number) == (fiscal_year, kind, part, number)
        ),
        None,
    )
    if chosen is None:
        raise Http404(_("この計画、またはこの版は公開されていません。"))
    version = PlanVersion.objects.select_related("plan__ward__parent").get(pk=chosen.version_id)
    book = published_year(version)
    if not any(line.text or line.figures for line in book.lines):
        raise Http404(_("この版には、取組結果がありません。"))
    return HttpResponse(
        write_year(book),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": content_disposition_header(True, file_name(book)) or "attachment"},
    )
