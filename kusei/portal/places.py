"""Where a piece of an item stands in its source, as words and as an address with that line lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kusei.documents.queries import PAGES_AT_ONCE, Document
from kusei.plans.queries import Node

_FIELDS = {
    "title": _("題名"),
    "number": _("番号"),
    "body": _("説明"),
    "amount": _("金額"),
    "previous_amount": _("前年度の金額"),
    "owner": _("担当"),
    "owners": _("担当"),
    "tag": _("しるし"),
    "tags": _("しるし"),
    "plan": _("実施計画"),
    "result": _("実施した取組結果"),
    "figure": _("数値"),
    "figures": _("数値"),
    "programme": _("事業名"),
    "budget_source": _("予算の区分"),
}


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """One piece. `page` is None where the format has no pages, `cell` only set for sheets."""

    label: str
    page: int | None
    line: int
    end_line: int
    cell: str
    url: str


def source_url(key: str, document_id: int, page: int | None, line: int) -> str:
    """The source page with that line lit. Long documents come in pieces; the address names the one that holds the page."""
    number = page or 1
    address = reverse("portal:document", args=[key, document_id])
    query = f"?page={number}" if number > PAGES_AT_ONCE else ""
    return f"{address}{query}#p{number}-l{line}"


def places_of(node: Node, document: Document, key: str) -> list[SourcePlace]:
    """Every piece with its place; an item whose pieces are not known has the place of the item itself."""
    places = [_place(raw, document, key) for raw in node.places if raw.get("line")]
    if not places and node.source_line:
        url = source_url(key, document.document_id, node.source_page, node.source_line)
        places = [SourcePlace(str(_("題名")), node.source_page, node.source_line, node.source_line, "", url)]
    # One place may hold several pieces of the same name (three owners on one line).
    return list(dict.fromkeys(places))


def _place(raw: dict[str, Any], document: Document, key: str) -> SourcePlace:
    field, page, line = str(raw.get("field", "")), raw.get("page"), int(raw["line"])
    return SourcePlace(
        label=str(_FIELDS.get(field, _("本文"))),
        page=page,
        line=line,
        end_line=int(raw.get("end_line") or line),
        cell=raw.get("cell") or "",
        url=source_url(key, document.document_id, page, line),
    )
