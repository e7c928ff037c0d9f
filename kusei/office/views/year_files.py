"""The year's workbook at the desk: as it is collected, and each version as it was published."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kusei.office.views.collections import collection_or_404
from kusei.press.workbooks import MEDIA_TYPE
from kusei.results.permissions import may_see_all_answers, may_see_answers
from kusei.results.queries.years import published_with_results, published_year, year_so_far
from kusei.results.year_book import YearBook
from kusei.results.year_workbook import file_name, write_year
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@never_cache
@require_safe
@in_office(may_see_all_answers)
def so_far(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Every answer as it stands now, approved or not."""
    return _file(year_so_far(collection_or_404(ward, collection_id), at=timezone.now()))


@require_safe
@in_office(may_see_answers)
def published(request: OfficeRequest, ward: Ward, collection_id: int, number: int) -> HttpResponse:
    """A version as it was published."""
    collection = collection_or_404(ward, collection_id)
    version = next((each for each in published_with_results(collection.plan) if each.number == number), None)
    if version is None:
        raise Http404(_("この版では、取組結果が公開されていません。"))
    return _file(published_year(version))


def _file(book: YearBook) -> HttpResponse:
    return HttpResponse(
        write_year(book),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": content_disposition_header(True, file_name(book)) or "attachment"},
    )
