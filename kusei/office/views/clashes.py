"""Two people changed one field: both texts beside the one they began with, and a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from kusei.office.views.draft_frame import draft_page, item_url, kept
from kusei.office.views.frame import Crumb
from kusei.plans.draft_fields import COLUMNS, Vocabulary, money_pairs, same_text, shown
from kusei.plans.drafting import Row
from kusei.plans.models import PlanVersion
from kusei.press.differences import TextPiece, text_pieces
from kusei.wards.access import OfficeRequest

_MONEY = ("current", "previous")


@dataclass(frozen=True, slots=True)
class Clashing:
    """One column with the text that both began with, theirs as it is saved, and mine. `own` is a text of one's own."""

    column: str
    base: str
    theirs: str
    mine: str
    own: str = ""
    choice: str = ""

    @property
    def label(self) -> str:
        return str(COLUMNS[self.column])

    @property
    def their_pieces(self) -> tuple[TextPiece, ...]:
        return text_pieces(self.base, self.theirs)

    @property
    def my_pieces(self) -> tuple[TextPiece, ...]:
        return text_pieces(self.base, self.mine)


def clashing_columns(
    base: Row | None, theirs: Row, mine: Row, changes: Mapping[str, Any], words: Vocabulary
) -> tuple[list[Clashing], dict[str, str]]:
    """The columns that both changed and not to the same, and the texts of those that only I changed. Without a `base`, what
    I had seen is not known: then every column that differs is to be chosen."""
    columns = [column for column in COLUMNS if column in changes or (column in _MONEY and "money" in changes)]
    clashes, texts = [], {}
    for column in columns:
        is_now, wanted = _told(column, theirs, words), _told(column, mine, words)
        was = _told(column, base, words) if base is not None else ""
        if same_text(wanted, is_now) or (base is not None and same_text(wanted, was)):
            continue
        if base is not None and same_text(is_now, was):
            texts[column] = wanted
        else:
            clashes.append(Clashing(column, was, is_now, wanted, wanted))
    return clashes, texts


def _told(column: str, row: Row, words: Vocabulary) -> str:
    """A column's text that can be read again without knowing the row: money names its source."""
    if column not in _MONEY:
        return shown(column, row, words)
    pairs = money_pairs(row.money, column, words)
    if len(pairs) == 1 and not pairs[0][0]:
        return pairs[0][1]
    return "\n".join(f"{source}: {amount}" for source, amount in pairs)


def resolved_texts(given: QueryDict) -> tuple[dict[str, str], list[Clashing]]:
    """What the page of a clash sent: the chosen texts, and the clashes if one of them was not decided."""
    texts = {column: str(given[f"text-{column}"]) for column in COLUMNS if f"text-{column}" in given}
    clashes = [
        Clashing(
            column,
            given.get(f"base-{column}", ""),
            given.get(f"theirs-{column}", ""),
            given.get(f"mine-{column}", ""),
            given.get(f"own-{column}", ""),
            given.get(f"choice-{column}", ""),
        )
        for column in COLUMNS
        if f"mine-{column}" in given
    ]
    if any(clash.choice not in {"theirs", "mine", "own"} for clash in clashes):
        return texts, clashes
    chosen = {
        clash.column: clash.mine if clash.choice == "mine" else clash.own
        for clash in clashes
        if clash.choice != "theirs"
    }
    return {**texts, **chosen}, []


def conflict_page(
    request: OfficeRequest,
    version: PlanVersion,
    theirs: Row,
    clashes: Sequence[Clashing],
    texts: Mapping[str, str],
    *,
    is_missing: bool = False,
) -> HttpResponse:
    """Show both and let the person choose; nothing that was typed is lost."""
    return draft_page(
        request,
        "office/plans/conflict.html",
        version,
        title=_("ほかの人の変更と重なりました"),
        crumbs=[Crumb(theirs.title, item_url(version, theirs.item, kept(request)))],
        context={
            "row": theirs,
            "revision": theirs.revision,
            "clashes": clashes,
            "texts": [(column, str(COLUMNS[column]), text) for column, text in texts.items()],
            "reason": request.POST.get("reason", ""),
            "is_missing": is_missing,
            "address": item_url(version, theirs.item, kept(request)),
        },
        status=409,
    )
