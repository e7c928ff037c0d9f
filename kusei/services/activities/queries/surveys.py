"""Questionnaires as they are answered and read: their sessions, and the answers counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices.operations import hash_of
from kusei.services.activities import asking
from kusei.services.activities.asking import Counted, Value
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Activity, Question, Reply, Session, Survey, SurveyLink
from kusei.services.activities.operations.answering import put_of
from kusei.services.activities.operations.surveys import is_answerable, texts_of
from kusei.services.activities.survey_metrics import ENOUGH

_WORDS = (QuestionKind.SHORT.value, QuestionKind.LONG.value)


def survey_by_code(code: str) -> Survey | None:
    """The questionnaire of a short address."""
    found = Survey.objects.filter(code=code, activity__published_at__isnull=False)
    return found.select_related("activity__host", "ward").first()


def link_by_token(token: str) -> SurveyLink | None:
    """The link that was mailed."""
    found = SurveyLink.objects.filter(token_hash=hash_of(token))
    return found.select_related("survey__activity__host", "survey__ward", "session").first()


def survey_of(activity: Activity) -> Survey | None:
    """The questionnaire of an activity."""
    return Survey.objects.filter(activity=activity).select_related("activity", "ward").first()


def answerable(survey: Survey, now: datetime) -> list[Session]:
    """The sessions for which one can answer now, the one that began last first."""
    sessions = survey.activity.sessions.filter(starts_at__lte=now).order_by("-starts_at", "-pk")
    return [each for each in sessions if is_answerable(each, now)]


def survey_questions(survey: Survey) -> list[Question]:
    """What is asked now, in its order."""
    return list(survey.questions.filter(removed_at=None))


def counted_replies(
    survey: Survey, session: Session | None = None
) -> tuple[int, list[tuple[Question, Counted]]]:
    """(how many questionnaires, each question that was ever asked with its answers counted): of one session, or of all."""
    replies = Reply.objects.filter(survey=survey)
    if session is not None:
        replies = replies.filter(session=session)
    said = list(replies.values_list("said", flat=True))
    return len(said), [
        (each, _count(each, (one.get(str(each.pk)) for one in said))) for each in _ever(survey)
    ]


def public_results(activity: Activity) -> tuple[int, list[tuple[Question, Counted]]] | None:
    """What everybody may see: nothing unless the host shows it; nothing of fewer than `ENOUGH` answers; never texts."""
    survey = Survey.objects.filter(activity=activity, is_public=True).first()
    if survey is None:
        return None
    sheets, lines = counted_replies(survey)
    shown = [
        (question, counted)
        for question, counted in lines
        if counted.answers >= ENOUGH and question.kind not in _WORDS and question.kind != QuestionKind.DATE
    ]
    return (sheets, shown) if sheets >= ENOUGH and shown else None


def _ever(survey: Survey) -> list[Question]:
    found = list(survey.questions.all())
    return [each for each in found if each.removed_at is None] + [each for each in found if each.removed_at]


def _count(question: Question, values: Iterable[Value]) -> Counted:
    if question.kind in _WORDS:
        return Counted(sum(1 for each in values if each))
    return asking.count(put_of(question), values)


def replies_table(
    survey: Survey,
    session: Session | None = None,
    *,
    with_texts: bool = True,
    papers: Iterable[Reply] | None = None,
) -> tuple[list[str], list[list[str | int]]]:
    """(heading, a row for each questionnaire): of the `papers` given in their order, or of all in no order of arrival. Texts where
    the caller may show them, and has recorded it."""
    questions = _ever(survey)
    found = papers
    if found is None:
        replies = Reply.objects.filter(survey=survey).select_related("session").order_by("ticket")
        found = replies.filter(session=session) if session is not None else replies
    rows: list[list[str | int]] = []
    for reply in found:
        texts = texts_of(reply) if with_texts else {}
        row: list[str | int] = [
            timezone.localdate(reply.session.starts_at).isoformat(),
            _("紙") if reply.is_paper else _("画面"),
        ]
        for each in questions:
            value = reply.said.get(str(each.pk))
            is_hidden = value and not with_texts
            words = _("（文あり）") if is_hidden else texts.get(each.pk, "")
            said = words if each.kind in _WORDS else asking.said(put_of(each), value)
            row.append(
                value if isinstance(value, int) and not isinstance(value, bool) and not each.choices else said
            )
        rows.append(row)
    return [_("回の日"), _("受け方"), *(each.text for each in questions)], rows
