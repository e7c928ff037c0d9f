"""Two people changed one field of an answer: both texts beside the one they began with, and a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.office.forms.results import LABELS, lines, typed
from kusei.office.views.collections import board_crumbs
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.queries import latest_nodes
from kusei.press.differences import TextPiece, text_pieces
from kusei.results.answering import FIELDS, Clash
from kusei.results.enums import Outcome
from kusei.results.models import Answer, Contribution
from kusei.wards.access import OfficeRequest

CHOICES = ("theirs", "mine", "own")


@dataclass(frozen=True, slots=True)
class Clashing:
    """A field that two changed, as the page shows it. `own` is a text of one's own; an outcome has none."""

    clash: Clash
    own: str
    choice: str = ""

    @property
    def field(self) -> str:
        return self.clash.field

    @property
    def label(self) -> str:
        return str(LABELS[self.clash.field])

    @property
    def is_choice(self) -> bool:
        return self.clash.field == "outcome"

    @property
    def base(self) -> str:
        return self._told(self.clash.was)

    @property
    def their_pieces(self) -> tuple[TextPiece, ...]:
        return text_pieces(self.base, self._told(self.clash.theirs))

    @property
    def my_pieces(self) -> tuple[TextPiece, ...]:
        return text_pieces(self.base, self._told(self.clash.mine))

    def _told(self, text: str) -> str:
        if not self.is_choice:
            return text
        return str(dict(Outcome.choices).get(text, text))


def resolved(given: QueryDict) -> tuple[dict[str, str], dict[str, str], list[Clashing]]:
    """What the page of an answer or of a clash sent: as it was shown, as it is wanted, and the clashes that are left
    without a choice. A field that was decided counts as written over theirs."""
    was, mine = typed(given, before="was-"), typed(given)
    undecided = []
    for field in FIELDS:
        if f"theirs-{field}" not in given:
            continue
        clash = Clash(
            field,
            lines(given.get(f"base-{field}", "")),
            lines(given.get(f"theirs-{field}", "")),
            lines(given.get(f"mine-{field}", "")),
        )
        choice = given.get(f"choice-{field}", "")
        own = lines(given.get(f"own-{field}", ""))
        if choice not in CHOICES or (choice == "own" and field == "outcome"):
            undecided.append(Clashing(clash, own, ""))
            continue
        was[field] = clash.theirs
        mine[field] = {"theirs": clash.theirs, "mine": clash.mine, "own": own}[choice]
    if undecided:  # the others are asked again beside them, as they were decided
        undecided += [
            Clashing(
                Clash(field, lines(given.get(f"base-{field}", "")), was[field], lines(given.get(f"mine-{field}", ""))),
                lines(given.get(f"own-{field}", "")),
                given.get(f"choice-{field}", ""),
            )
            for field in FIELDS
            if f"theirs-{field}" in given and field not in {each.field for each in undecided}
        ]  # fmt: skip
    return was, mine, undecided


def clash_page(
    request: OfficeRequest,
    answer: Answer,
    clashes: Sequence[Clash | Clashing],
    *,
    was: Mapping[str, str],
    mine: Mapping[str, str],
    part: Contribution | None = None,
    is_missing: bool = False,
) -> HttpResponse:
    """Show both and let the person choose; nothing that was typed is lost."""
    shown = [each if isinstance(each, Clashing) else Clashing(each, each.mine) for each in clashes]
    asked = {each.field for each in shown}
    ward = answer.ward
    node = latest_nodes(ward, [answer.item_id]).get(answer.item_id)
    here = reverse("office:answer", args=[ward.key, answer.pk])
    return office_page(
        request,
        "office/results/clash.html",
        ward,
        title=_("ほかの人の変更と重なりました"),
        section="results",
        crumbs=[*board_crumbs(answer.collection), Crumb(node.title if node else _("取組"), here)],
        context={
            "clashes": shown,
            "rest": [
                (field, str(LABELS[field]), was.get(field, ""), text)
                for field, text in mine.items()
                if field not in asked
            ],
            "changed": [
                (str(LABELS[field]), text)
                for field, text in mine.items()
                if field not in asked and text != was.get(field, "")
            ],
            "action": reverse("office:answer_part", args=[ward.key, answer.pk, part.pk]) if part else here,
            "here": here,
            "way": request.POST.get("way", ""),
            "is_missing": is_missing,
            "heading": node.title if node else "",
        },
        status=409,
    )
