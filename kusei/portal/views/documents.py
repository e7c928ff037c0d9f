"""The documents behind the plans: list, source text with its lines, the original file."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.documents.corrections import corrections_of
from kusei.documents.enums import UnplacedReason
from kusei.documents.queries import (
    PAGES_AT_ONCE,
    Document,
    PageText,
    documents_of_versions,
    original_of,
    pages_from,
    published_document,
)
from kusei.plans.queries import PublishedVersion, trees_of, walk
from kusei.portal.places import source_url, what_line_says
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page


@require_safe
def documents(request: HttpRequest, key: str) -> HttpResponse:
    """Every published plan with its document and versions."""
    frame = frame_or_404(key)
    return ward_page(
        request,
        "portal/documents.html",
        frame,
        title=_("もとの文書"),
        section="documents",
        crumbs=[Crumb(_("もとの文書"))],
        context={
            "sources": documents_of_versions(frame.ward, [each.version_id for each in frame.versions]),
        },
    )


@require_safe
def document(request: HttpRequest, key: str, document_id: int) -> HttpResponse:
    """The source text line by line, with what found no place and what needs a look."""
    frame = frame_or_404(key)
    found = published_document(frame.ward, document_id)
    if found is None:
        raise Http404(_("この文書は公開されていません。"))
    frame = frame_or_404(key, found.fiscal_year)
    sources = documents_of_versions(frame.ward, [each.version_id for each in frame.versions])
    first = _first_page(request.GET.get("page", ""))
    pages = pages_from(found, first)
    address = reverse("portal:document", args=[key, document_id])
    last = first + PAGES_AT_ONCE - 1
    return ward_page(
        request,
        "portal/document.html",
        frame,
        title=_("もとの文書：%(name)s") % {"name": found.name},
        section="documents",
        crumbs=[
            Crumb(_("もとの文書"), reverse("portal:documents", args=[key])),
            Crumb(found.name, is_source=bool(found.title)),
        ],
        context={
            "document": found,
            **_what_followed(frame.versions, found, sources),
            "pages": pages,
            "has_pages": found.page_count > 1,
            "lost": [(piece, _line_url(key, document_id, piece)) for piece in found.lost],
            "set_apart": _by_reason(key, found),
            "set_apart_count": len(found.set_apart) + len(found.seen),
            "warnings": [(warning, _line_url(key, document_id, warning)) for warning in found.open_warnings],
            "line_marks": _line_marks(found),
            "line_notes": _line_notes(key, frame.versions, found, sources, pages),
            "previous_url": f"{address}?page={first - PAGES_AT_ONCE}" if first > 1 else "",
            "next_url": f"{address}?page={last + 1}" if found.page_count > last else "",
        },
    )


@require_safe
def original(request: HttpRequest, key: str, document_id: int) -> HttpResponseBase:
    """The file as it came, always as a download: never shown under our own origin."""
    frame = frame_or_404(key)
    stored = original_of(frame.ward, document_id)
    if stored is None or not stored.content:
        raise Http404(_("この文書のファイルは公開されていません。"))
    try:
        handle = stored.content.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("この文書のファイルが見つかりません。")) from error
    return FileResponse(handle, as_attachment=True, filename=stored.name, content_type=stored.media_type)


def _what_followed(
    versions: Sequence[PublishedVersion], found: Document, sources: dict[int, Document]
) -> dict[str, object]:
    """What has come after the document: the version in force, the document that took its place, or (no document of its own)
    only a correction by the office."""
    own = next(each for each in versions if each.version_id == found.version_id)
    newest = next(each for each in versions if each.plan_id == own.plan_id and each.is_in_force)
    source = sources.get(newest.version_id)
    return {
        "newest": newest,
        "newer_document": source if source and source.document_id != found.document_id else None,
        "is_corrected": newest is not own and source is not None and source.document_id == found.document_id,
        "is_outdated": newest is not own,
    }


def _line_notes(
    key: str,
    versions: Sequence[PublishedVersion],
    found: Document,
    sources: dict[int, Document],
    pages: Sequence[PageText],
) -> dict[str, list[tuple[str, str]]]:
    """By line, what the office has corrected since in the newest version that rests on the document, with the item's page."""
    resting = [
        each
        for each in versions
        if each.version_id in sources and sources[each.version_id].document_id == found.document_id
    ]
    newest = max(resting, key=lambda each: each.number)
    nodes = {node.item_id: node for node in walk(trees_of([newest.version_id])[newest.version_id])}
    notes: dict[str, list[tuple[str, str]]] = {}
    for item_id, corrections in corrections_of(found, list(nodes.values()), pages=pages).items():
        url = reverse("portal:item", args=[key, nodes[item_id].public_id])
        for anchor, words in what_line_says(nodes[item_id], corrections):
            notes.setdefault(anchor, []).append((words, url))
    return notes


def _first_page(wanted: str) -> int:
    """The first page of the piece that holds the page asked for."""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
    return (max(number, 1) - 1) // PAGES_AT_ONCE * PAGES_AT_ONCE + 1


def _line_url(key: str, document_id: int, piece: dict[str, object]) -> str:
    line, page = piece.get("line"), piece.get("page")
    if not isinstance(line, int):
        return ""
    return source_url(key, document_id, page if isinstance(page, int) else None, line)


def _by_reason(key: str, found: Document) -> list[tuple[str, list[tuple[dict[str, object], str]]]]:
    """What is no item by nature, under the name of its reason, in the order in which the reasons first occur."""
    groups: dict[str, list[tuple[dict[str, object], str]]] = {}
    for piece in found.set_apart:
        groups.setdefault(_reason_label(piece), []).append((piece, _line_url(key, found.document_id, piece)))
    if found.seen:
        groups[_("区が確かめた文")] = [
            (piece, _line_url(key, found.document_id, piece)) for piece in found.seen
        ]
    return list(groups.items())


def _reason_label(piece: dict[str, object]) -> str:
    reason = str(piece.get("reason"))
    return str(UnplacedReason(reason).label) if reason in UnplacedReason.values else _("そのほか")


def _line_marks(found: Document) -> dict[str, tuple[str, bool]]:
    """By line (p3-l12), the word that marks it and whether it is lost; of two texts on one line, the lost one counts."""
    marks = {_anchor(piece): (_reason_label(piece), False) for piece in found.set_apart}
    return marks | {_anchor(piece): (_("置き場所なし"), True) for piece in found.lost}


def _anchor(piece: dict[str, object]) -> str:
    return f"p{piece.get('page') or 1}-l{piece.get('line')}"
