"""Papers typed in: a row for each, a column for each question. Choices by their number from 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from kusei.services.activities import asking
from kusei.services.activities.asking import BEST, Put, Refused, Value
from kusei.services.activities.enums import QuestionKind as Kind
from kusei.services.activities.models import Question
from kusei.services.activities.operations import put_of

ROWS = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of one paper as it was typed, and why it cannot be read."""

    name: str
    text: str
    problem: str
    label: str
    is_words: bool


class PaperForm:
    """The grid. Whatever is wrong is named by row, and every cell keeps what was typed."""

    def __init__(
        self, questions: Sequence[Question], *, ticket: UUID, data: Mapping[str, str] | None = None
    ) -> None:
        self.questions = [(each, how_to_type(put_of(each))) for each in questions]
        self.ticket = ticket
        self.problems: list[str] = []
        self.papers: list[dict[int, Value]] = []
        if data is not None:
            self.ticket = _uuid(data.get("ticket", "")) or ticket
        self.rows = [self._row(number, data or {}) for number in range(ROWS)]

    def _row(self, number: int, data: Mapping[str, str]) -> list[Cell]:
        cells, paper = [], {}
        for question, _how in self.questions:
            name = f"p{number}-{question.pk}"
            text, problem = data.get(name, ""), ""
            try:
                paper[question.pk] = asking.typed(put_of(question), text)
            except Refused as refused:
                problem = str(refused)
                self.problems.append(
                    _("%(row)d行目「%(question)s」: %(why)s")
                    % {"row": number + 1, "question": question.text, "why": problem}
                )
            label = _("%(row)d行目 %(question)s") % {"row": number + 1, "question": question.text}
            cells.append(Cell(name, text, problem, label, question.kind in (Kind.SHORT, Kind.LONG)))
        self.papers.append(paper)
        return cells

    def is_valid(self) -> bool:
        """Whether every cell can be read."""
        return not self.problems


def how_to_type(put: Put) -> str:
    """1 肉　2 魚: what is typed for what."""
    if put.kind == Kind.SCALE:
        return _("%(best)d～1") % {"best": BEST}
    if put.kind == Kind.YES_NO:
        return _("1 はい　2 いいえ")
    return "　".join(f"{number} {text}" for number, text in enumerate(put.choices, start=1))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
