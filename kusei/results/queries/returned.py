"""The results that a body's form in Excel asks for, and what a form that came back would change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from kusei.ledger.models import ReturnedForm
from kusei.ledger.queries.forms import content_of
from kusei.results.answer_sheet import AnswerLine, read_answers, tidied
from kusei.results.answering import FIELDS, OPEN
from kusei.results.enums import AnswerState
from kusei.results.models import Answer, Collection, Contribution
from kusei.results.permissions import may_answer, may_contribute
from kusei.results.queries.answer_pages import Sheet, sheets_of
from kusei.results.returned import AnswerCheck, Standing, compare_answers
from kusei.wards.models import Ward
from kusei.wards.permissions import Rights


def asked_in_form(ward: Ward, fiscal_year: int, body_id: int) -> list[AnswerLine]:
    """The rows of the form's sheet 取組結果: what the body still has to write, as it stands there now."""
    return [
        AnswerLine(
            item=str(sheet.node.public_id),
            title=_title(sheet),
            planned="\n".join(
                each
                for each in (*sheet.node.plan_bullets, sheet.node.text)
                if each and each != sheet.node.title
            ),
            last_year=sheet.last_year.text if sheet.last_year else "",
            is_part=part is not None,
            fields=_fields(sheet.answer, part),
        )
        for sheet, part in _asked(ward, fiscal_year, body_id)
        if sheet.node and sheet.answer.state in OPEN
    ]


def asked_until(ward: Ward, fiscal_year: int) -> list[tuple[date, str]]:
    """(deadline, what the planner asks) of each collection of the year."""
    return list(
        Collection.objects.filter(ward=ward, plan__fiscal_year=fiscal_year)
        .order_by("due_on")
        .values_list("due_on", "note")
    )


def check_answers(form: ReturnedForm, rights: Rights) -> AnswerCheck | None:
    """What the form's answers would change now, for somebody with these rights; None where the form asks for none.

    Raises WorkbookRefused and FileNotFoundError where the kept file cannot be read any more.
    """
    read = read_answers(content_of(form))
    if read is None:
        return None
    standing = {
        (str(sheet.node.public_id), part is not None): Standing(
            id=part.pk if part else sheet.answer.pk,
            title=_title(sheet),
            fields=_fields(sheet.answer, part),
            refusal=_refusal(sheet, part, form, rights),
        )
        for sheet, part in _asked(form.ward, form.fiscal_year, form.body_id)
        if sheet.node
    }
    return compare_answers(read, standing)


def _asked(ward: Ward, fiscal_year: int, body_id: int) -> Iterable[tuple[Sheet, Contribution | None]]:
    """The body's answers of the year, each with the body's part where it only shares the action."""
    for collection in Collection.objects.filter(ward=ward, plan__fiscal_year=fiscal_year).order_by("pk"):
        sharing = Contribution.objects.filter(answer__collection=collection, body=body_id).values("answer")
        own = collection.answers.select_related("lead", "collection__plan", "ward")
        for sheet in sheets_of(
            collection, [*own.filter(lead=body_id), *own.filter(pk__in=sharing).exclude(lead=body_id)]
        ):
            part = next((each for each in sheet.parts if each.body_id == body_id), None)
            yield sheet, None if sheet.answer.lead_id == body_id else part


def _title(sheet: Sheet) -> str:
    return f"{sheet.node.number} {sheet.node.title}".strip() if sheet.node else ""


def _fields(answer: Answer, part: Contribution | None) -> dict[str, str]:
    if part is not None:
        return {"text": tidied(part.text)}
    return {name: tidied(getattr(answer, name)) for name in FIELDS}


def _refusal(sheet: Sheet, part: Contribution | None, form: ReturnedForm, rights: Rights) -> str:
    answer = sheet.answer
    sharing = [*([answer.lead_id] if answer.lead_id else []), *(each.body_id for each in sheet.parts)]
    may = (
        may_answer(rights, form.ward, answer.lead_id, sharing)
        if part is None
        else may_contribute(rights, form.ward, part.body_id, sharing)
    )
    if not may:
        return may.reason
    if answer.state not in OPEN:
        return _("「%(title)s」の結果は、もう提出されています（%(state)s）。直すときは、企画担当に差し戻しを頼んでください。") % {
            "title": _title(sheet)[:40],
            "state": AnswerState(answer.state).label,
        }  # fmt: skip
    return ""
