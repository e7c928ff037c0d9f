"""The leaflet of an activity as PDF: to print at home, or to hand to somebody who has no telephone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.portal.views.frame import frame_or_404
from kusei.press.paper import leaflet_mark, leaflet_pdf
from kusei.services.activities.papers import leaflet_of
from kusei.services.activities.queries import activity_by_public_id


@require_safe
def leaflet(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """One page of A4, in Japanese, with a code that leads back to the page in the reader's language. Who has it already gets none."""
    found = activity_by_public_id(frame_or_404(key).ward, public_id)
    if found is None:
        raise Http404(_("この講座・催しは公開されていません。"))
    made = leaflet_of(found)
    mark = f'"{leaflet_mark(made)}"'
    answer = get_conditional_response(request, etag=mark)
    if answer is None:
        answer = HttpResponse(leaflet_pdf(made), content_type="application/pdf")
        name = content_disposition_header(False, f"{found.title}.pdf")
        answer.headers["Content-Disposition"] = name or "inline"
    answer.headers["ETag"] = mark
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
