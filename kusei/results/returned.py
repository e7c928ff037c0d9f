"""What the sheet 取組結果 of a form that came back would change: pure.

As with the months (`ledger.returned`): what the body did not touch is no change, whatever others wrote meanwhile; what cannot
be taken is a problem with its cell; with a single one nothing of the form is taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kusei.ledger.month_book import Problem
from kusei.results.answer_sheet import PART_FIELDS, ReadAnswers, Said
from kusei.results.answering import LONGEST_REASON, LONGEST_TEXT
from kusei.results.enums import Outcome

_LIMITS = {"reason": LONGEST_REASON, "text": LONGEST_TEXT, "remark": LONGEST_TEXT}


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer, or a body's part of one (`id` is the part's then), as it stands now; `refusal` says why it cannot be written."""

    id: int
    title: str
    fields: Mapping[str, str]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One cell that changes something. `is_overtaken`: somebody else wrote there after the form was made."""

    at: str
    standing: Standing
    is_part: bool
    name: str
    now: str
    new: str
    is_overtaken: bool

    @property
    def sign(self) -> str:
        if not self.now:
            return "added"
        return "changed" if self.new else "cleared"

    @property
    def now_shown(self) -> str:
        return _shown(self.name, self.now)

    @property
    def new_shown(self) -> str:
        return _shown(self.name, self.new)


def _shown(name: str, text: str) -> str:
    return str(Outcome(text).label) if name == "outcome" and text in Outcome.values else text


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """What writing a form's answers would do."""

    rows: tuple[AnswerRow, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same where the same changes are shown: a person writes what they saw, and nothing else."""
        said = "\0".join(
            f"{each.standing.id} {each.is_part} {each.name} {each.now} {each.new}" for each in self.rows
        )
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def compare_answers(read: ReadAnswers, standing: Mapping[tuple[str, bool], Standing]) -> AnswerCheck:
    """Compare a sheet with the body's answers of the year, by the action's public id and whether it only shares it."""
    rows: list[AnswerRow] = []
    problems = list(read.problems)
    refused: set[tuple[str, bool]] = set()
    for each in read.said:
        key = (each.item, each.is_part)
        before = read.seen.get((*key, each.name), "")
        if each.text == before:
            continue
        known = standing.get(key)
        if why := _refused(each, known):
            if key not in refused:
                refused.add(key)
                problems.append(Problem(each.at, why))
            continue
        assert known is not None
        now = known.fields.get(each.name, "")
        if now != each.text:
            rows.append(AnswerRow(each.at, known, each.is_part, each.name, now, each.text, now != before))
    return AnswerCheck(tuple(rows), tuple(problems))


def _refused(said: Said, known: Standing | None) -> str:
    if known is None:
        return _(
            "この行の取組は、この課・団体に結果を尋ねているものではありません。行を消すか、様式を取り出し直してください。"
        )
    if known.refusal:
        return known.refusal
    if said.is_part and said.name not in PART_FIELDS:
        return _("分担している取組には、「実施した取組結果」だけを書いてください。")
    limit = _LIMITS.get(said.name)
    if limit is not None and len(said.text) > limit:
        return _("文が長すぎます（%(limit)d字まで）。") % {"limit": limit}
    return ""
