"""Sentences drafted from an action's figures: 全12回、延べ348人参加、前年度比+21人. Pure; a person takes one over, mends it and sends it.

A form (template) is a sentence with live figures: 《開催・実施の回数》, 《延べ参加者・前年度比》. What is drafted keeps them, so it stays
right until the answer is approved. Clauses whose figures the action does not have are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kusei.japanese.folding import fold
from kusei.results import live
from kusei.results.live import LiveFigure

LONGEST_FORM = 400
LONGEST_NAME = 60
MOST_DRAFTS = 4
_CLAUSE = re.compile(r"（[^（）]*）|(?:[^、。（）《》]|《[^《》\n]*》)+[、。]?|[、。]")
_LOOSE = re.compile(r"《[^《》]*\Z|《[^》]*\n|\A[^《]*》|》[^《]*》|《[^》]*《")


@dataclass(frozen=True, slots=True)
class Form:
    """A sentence with live figures, and what it is called."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence for one action: as it is written into a text, and as it reads now."""

    name: str
    text: str
    said: str


GENERAL = (
    Form(
        "回数と延べ人数", "全《開催・実施の回数》、延べ《延べ参加者》参加、前年度比《延べ参加者・前年度比》。"
    ),
    Form("回数と参加者", "《開催・実施の回数》実施、《参加者》が参加（前年度比《参加者・前年度比》）。"),
    Form("件数", "《件数》（前年度比《件数・前年度比》）。"),
)
"""What every ward begins with."""


def draft(form: Form, figures: Sequence[LiveFigure]) -> Draft | None:
    """The form with what the action has; None where it has none of the form's figures."""
    kept = [clause for clause in _CLAUSE.findall(form.text) if not live.unknown(clause, figures)]
    text = "".join(kept)
    if not live.named(text):
        return None
    text = re.sub(r"、+(?=\Z|。|（)", "", text)
    if form.text.endswith("。") and not text.endswith("。"):
        text += "。"
    return Draft(form.name, text, live.said(text, figures))


def drafts(own: Sequence[Form], figures: Sequence[LiveFigure]) -> list[Draft]:
    """Sentences to choose from: the ward's own forms, those of every ward, and all figures one after the other."""
    known = [figure for figure in figures if figure.quantity is not None]
    listed = "、".join(f"{each.name}{live.token_of(each, figures)}" for each in known)
    forms = [*own, *GENERAL, *([Form(_("すべての実績"), f"{listed}。")] if known else [])]
    found: dict[str, Draft] = {}
    for form in forms:
        made = draft(form, figures)
        if made is not None:
            found.setdefault(made.said, made)
    return list(found.values())[:MOST_DRAFTS]


def problems(text: str, metrics: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with a form, each in a sentence that says what to do; [] for nothing. `metrics` are (name, unit)."""
    if not text.strip():
        return [_("文を書いてください。例: 全《開催・実施の回数》、延べ《延べ参加者》参加。")]
    if len(text) > LONGEST_FORM:
        return [_("文が長すぎます（%(limit)d字まで）。") % {"limit": LONGEST_FORM}]
    if _LOOSE.search(text) or "《》" in text:
        return [_("《 と 》 の数か並びが合いません。実績の名前を《 》で囲んでください。")]
    named = live.named(text)
    if not named:
        return [_("《 》がありません。数を入れるところに、実績の名前を《 》で囲んで書いてください。")]
    names = {fold(name) for name, _unit in metrics} | {fold(f"{name}・{unit}") for name, unit in metrics}
    return [
        _("《%(name)s》という数えるものはありません。%(near)s")
        % {"name": name, "near": _nearest(live.without_change(name), metrics)}
        for name in named
        if fold(live.without_change(name)) not in names
    ]


def _nearest(name: str, metrics: Sequence[tuple[str, str]]) -> str:
    """The names that share the most with one that nothing bears."""
    letters = set(fold(name))
    ranked = sorted(metrics, key=lambda each: -len(letters & set(fold(each[0]))))
    near = [each[0] for each in ranked[:3] if letters & set(fold(each[0]))]
    if not near:
        return _("「数えるもの」にある名前を、そのまま書いてください。")
    return _("近い名前: %(names)s") % {"names": "、".join(f"《{each}》" for each in near)}
