"""A body's form in Excel: its numbers go into the ledger and its results into the answers, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.enums import Arrival
from kusei.ledger.errors import FormHasProblems, FormRefused
from kusei.ledger.models import ReturnedForm
from kusei.ledger.operations import Actions, Posted, stale_check
from kusei.press.workbooks import WorkbookRefused
from kusei.results.answer_sheet import tidied
from kusei.results.errors import NotComplete, ResultError
from kusei.results.models import Answer, Contribution
from kusei.results.operations.answers import contribute, submit_answer, write_answer
from kusei.results.queries.returned import check_answers
from kusei.results.returned import AnswerRow
from kusei.wards import permissions
from kusei.wards.models import Person


@dataclass(slots=True)
class TakenIn:
    """What a form brought: numbers posted, answers and parts written, answers sent in, and those that are not complete."""

    posted: Posted | None = None
    answers: int = 0
    parts: int = 0
    submitted: int = 0
    incomplete: list[tuple[int, str, str]] = field(default_factory=list)
    """(answer, title, what is missing)."""


def take_in_form(
    *,
    form: ReturnedForm,
    actions: Actions,
    fingerprint: str,
    answers: str,
    is_final: bool,
    without_contributions: bool = False,
    actor: Person,
) -> TakenIn | None:
    """Take in everything that a form changes, as it was shown (`fingerprint` of the numbers' check, `answers` of the
    results'). `is_final`: the body is done with what it wrote, so what is complete is sent in, `without_contributions` also where
    another body that shares the action is not done.

    None where the form was taken in before. Raises what `ledger.post_form` raises, FormHasProblems, FormCheckStale, NotAllowed.
    """
    taken = TakenIn()

    def along(kept: ReturnedForm) -> int:
        _write(kept, answers, _Sending(is_final, without_contributions, actor), taken)
        return taken.answers + taken.parts

    with transaction.atomic():
        taken.posted = ledger.post_form(
            form=form, actions=actions, fingerprint=fingerprint, actor=actor, along=along
        )
    return taken if taken.posted is not None else None


@dataclass(frozen=True, slots=True)
class _Sending:
    """Whether what is complete is sent in, and by whom."""

    is_final: bool
    without_contributions: bool
    actor: Person


def _write(form: ReturnedForm, fingerprint: str, sending: _Sending, taken: TakenIn) -> None:
    try:
        check = check_answers(form, permissions.rights_of(sending.actor))
    except (WorkbookRefused, FileNotFoundError) as error:
        raise FormRefused(
            _("預かったファイルが読めなくなっています。Excelをもう一度届けてください。")
        ) from error
    if check is None:
        return
    if check.problems:
        raise FormHasProblems(
            _("直してほしいセルがあるので、何も記録していません。Excelを直して、もう一度届けてください。")
        )
    if check.fingerprint != fingerprint:
        raise stale_check()
    by_answer: dict[tuple[bool, int], list[AnswerRow]] = defaultdict(list)
    for row in check.rows:
        by_answer[row.is_part, row.standing.id].append(row)
    for (is_part, pk), rows in sorted(by_answer.items(), reverse=True):  # parts first: they complete answers
        try:
            if is_part:
                _write_part(Contribution.objects.select_related("answer").get(pk=pk), rows[0], sending)
                taken.parts += 1
            else:
                _write_answer(Answer.objects.get(pk=pk), rows, sending, taken)
                taken.answers += 1
        except ResultError as error:
            raise stale_check() from error


def _as_checked(stands: str, checked: str) -> str:
    """What the check compared with, as it is written there. Whatever else stands there by now was written since: a clash."""
    return stands if tidied(stands) == checked else checked


def _write_part(part: Contribution, row: AnswerRow, sending: _Sending) -> None:
    contribute(
        contribution=part, was=_as_checked(part.text, row.now), text=row.new, actor=sending.actor,
        way=Arrival.WORKBOOK, is_done=part.is_done or (sending.is_final and bool(row.new)),
    )  # fmt: skip


def _write_answer(answer: Answer, rows: list[AnswerRow], sending: _Sending, taken: TakenIn) -> None:
    mine = {row.name: row.new for row in rows}
    was = {row.name: _as_checked(getattr(answer, row.name), row.now) for row in rows}
    written = write_answer(answer=answer, was=was, mine=mine, actor=sending.actor, way=Arrival.WORKBOOK)
    if not sending.is_final:
        return
    try:
        submit_answer(
            answer=written, actor=sending.actor, without_contributions=sending.without_contributions
        )
    except NotComplete as error:
        taken.incomplete.append((answer.pk, rows[0].standing.title, str(error)))
    else:
        taken.submitted += 1
