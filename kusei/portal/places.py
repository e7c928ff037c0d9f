"""Where a piece of an item stands in its source, as words and as an address with that line lit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kusei.documents.corrections import Correction
from kusei.documents.queries import PAGES_AT_ONCE, Document
from kusei.plans.enums import AmountBasis
from kusei.plans.queries import Node
from kusei.press import formats

_FIELDS = {
    "title": _("題名"),
    "number": _("番号"),
    "body": _("説明"),
    "amount": _("金額"),
    "previous_amount": _("前年度の金額"),
    "owner": _("担当"),
    "tag": _("しるし"),
    "plan": _("実施計画"),
    "result": _("実施した取組結果"),
    "figure": _("数値"),
    "programme": _("事業名"),
    "budget_source": _("予算の区分"),
}
_RESULT = ("result", "figure")
_SINGULAR = {"owners": "owner", "tags": "tag", "figures": "figure"}


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """One piece. `page` is None where the format has no pages, `cell` only set for sheets; `since` says what the office has
    corrected there after the document."""

    label: str
    page: int | None
    line: int
    end_line: int
    cell: str
    url: str
    since: str = ""


def source_url(key: str, document_id: int, page: int | None, line: int) -> str:
    """The source page with that line lit. Long documents come in pieces; the address names the one that holds the page."""
    number = page or 1
    address = reverse("portal:document", args=[key, document_id])
    query = f"?page={number}" if number > PAGES_AT_ONCE else ""
    return f"{address}{query}#p{number}-l{line}"


def places_of(
    node: Node,
    document: Document,
    key: str,
    corrections: Sequence[Correction] = (),
    *,
    result_is_replaced: bool = False,
) -> list[SourcePlace]:
    """Every piece with its place. What is printed beside the title and has no place of its own (money, bodies) stands where
    the title does; an item whose pieces are not known has the place of the item itself. `result_is_replaced`: a body answered
    otherwise than the document prints."""
    since = {each.field: _since(each) for each in corrections}
    if result_is_replaced:
        words = gettext("前に公開した結果です。今の結果は、この行のものではありません")
        since |= {field: words for field in _RESULT if any(_field(raw) == field for raw in node.places)}
    places = [_place(raw, document, key, since) for raw in _pieces(node, since)]
    # One place may hold several pieces of the same name (three owners on one line).
    return list(dict.fromkeys(places))


def what_line_says(node: Node, corrections: Iterable[Correction]) -> list[tuple[str, str]]:
    """For the source text: the line (p3-l12) of each correction, with what the document says and what is said now."""
    found = []
    pieces = _pieces(node, {each.field for each in corrections})
    for each in corrections:
        raw = next((raw for raw in pieces if _field(raw) == each.field), None)
        if raw is None:
            continue
        label = str(_FIELDS[each.field])
        words = gettext("そのあと区が直しました（%(label)s：文書では %(read)s、今は %(now)s）") % {
            "label": label,
            "read": _told(each.read),
            "now": _told(each.now),
        }
        found.append((f"p{raw.get('page') or 1}-l{raw['line']}", words))
    return found


def _pieces(node: Node, corrected: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The item's places as they are kept, and those that follow from where its title stands."""
    places = [raw for raw in node.places if raw.get("line")]
    title = next((raw for raw in places if _field(raw) == "title"), None)
    if title is None and node.source_line:
        title = {"field": "title", "page": node.source_page, "line": node.source_line}
        places = places or [title]
    if title is None:
        return places
    said = {
        "amount": any(money.basis == AmountBasis.CURRENT for money in node.amounts),
        "previous_amount": node.previous_yen is not None,
        "owner": bool(node.owners),
    } | dict.fromkeys(corrected, True)
    known = {_field(raw) for raw in places}
    return [
        *places,
        *({**title, "field": field} for field, is_said in said.items() if is_said and field not in known),
    ]


def _field(raw: dict[str, Any]) -> str:
    field = str(raw.get("field", ""))
    return _SINGULAR.get(field, field)


def _since(correction: Correction) -> str:
    if correction.read is None:
        return gettext("そのあと区が書き加えました")
    return gettext("そのあと区が直しました（文書では %(read)s）") % {"read": _told(correction.read)}


def _told(value: str | int | None) -> str:
    if value is None:
        return gettext("記載なし")
    return (
        formats.thousand_yen(value) if isinstance(value, int) else gettext("「%(text)s」") % {"text": value}
    )


def _place(raw: dict[str, Any], document: Document, key: str, since: dict[str, str]) -> SourcePlace:
    field, page, line = _field(raw), raw.get("page"), int(raw["line"])
    return SourcePlace(
        label=str(_FIELDS.get(field, _("本文"))),
        page=page,
        line=line,
        end_line=int(raw.get("end_line") or line),
        cell=raw.get("cell") or "",
        url=source_url(key, document.document_id, page, line),
        since=since.get(field, ""),
    )
