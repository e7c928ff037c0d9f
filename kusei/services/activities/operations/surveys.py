"""A questionnaire's way: set up, started, answered without a name, typed from paper, counted into the ledger, its texts forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.sources import Source
from kusei.notices.permissions import may_keep_notices
from kusei.notices.sealing import seal, unseal_if_possible
from kusei.services.activities import asking
from kusei.services.activities.asking import Refused, Value
from kusei.services.activities.enums import QuestionKind, SessionState
from kusei.services.activities.errors import NotFitting, NotOpen
from kusei.services.activities.models import Activity, Question, Reply, Session, Survey, SurveyLink
from kusei.services.activities.operations.answering import put_of
from kusei.services.activities.operations.asking import copy_questions, held_survey
from kusei.services.activities.operations.retention import KEEP_FOR
from kusei.services.activities.permissions import may_host, may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.survey_enums import KINDS, StandardQuestion, SurveyVerb
from kusei.services.activities.survey_metrics import (
    REPLIES_KIND,
    Collected,
    collected_of,
    lines_of,
    metric_ids,
)
from kusei.wards import audit, permissions
from kusei.wards.models import Person

ANSWERED_FOR = timedelta(days=28)
"""So long after a session its questionnaire is answered by everybody."""

PAPERS_AT_ONCE = 200
_SEALED = "activities.reply"
_TEXTS = (QuestionKind.SHORT.value, QuestionKind.LONG.value)


@transaction.atomic
def set_up_survey(*, activity: Activity, actor: Person, standards: Sequence[StandardQuestion] = tuple(StandardQuestion)) -> Survey:  # fmt: skip
    """A questionnaire with questions of the standard set, not answered by anybody until it is started. Twice is once. Raises NotAllowed."""
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    activity = (
        Activity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ward")
        .get(pk=activity.pk)
    )
    survey, is_new = Survey.objects.get_or_create(
        ward=activity.ward, activity=activity, defaults={"created_by": actor}
    )
    if is_new:
        Question.objects.bulk_create(
            Question(
                ward=activity.ward, survey=survey, position=position, standard=each.value, kind=KINDS[each],
                text=str(each.label), is_required=each == StandardQuestion.SATISFIED,
            )
            for position, each in enumerate(standards)
        )  # fmt: skip
        _record(survey, SurveyVerb.SET_UP, actor)
    return survey


def carry_survey(activity: Activity, actor: Person) -> Survey | None:
    """The questionnaire of the activity that this one is like, for this one. For the operation that copies, after its permission."""
    before = (
        Survey.objects.filter(activity=activity.copied_from_id).first() if activity.copied_from_id else None
    )
    if before is None:
        return None
    survey = Survey.objects.create(ward=activity.ward, activity=activity, created_by=actor)
    copy_questions(before, survey)
    return survey


@transaction.atomic
def start_survey(*, survey: Survey, is_open: bool, actor: Person) -> Survey:
    """Take answers (those who came are written to after their last session), or take no more. Raises NotFitting, NotAllowed."""
    survey = held_survey(survey, actor)
    if is_open and not survey.questions.filter(removed_at=None).exists():
        raise NotFitting(_("質問がまだありません。質問を加えてから始めてください。"))
    if survey.is_open != is_open:
        survey.is_open = is_open
        survey.save(update_fields=["is_open"])
        _record(survey, SurveyVerb.STARTED if is_open else SurveyVerb.STOPPED, actor)
    return survey


@transaction.atomic
def publish_survey(*, survey: Survey, is_public: bool, actor: Person) -> Survey:
    """Show the counts on the activity's page, or no longer; texts never. Raises NotAllowed."""
    survey = held_survey(survey, actor)
    if survey.is_public != is_public:
        survey.is_public = is_public
        survey.save(update_fields=["is_public"])
        _record(survey, SurveyVerb.PUBLISHED if is_public else SurveyVerb.HIDDEN, actor)
    return survey


@transaction.atomic
def reply_to(
    *, survey: Survey, session: Session, said: Mapping[int, Value], ticket: UUID, link: SurveyLink | None = None,
    now: datetime | None = None,
) -> bool:  # fmt: skip
    """Take one answered questionnaire; False where this form was sent, or this link was used, before: then nothing is taken.
    Nobody stands in any trail. Raises NotOpen, NotFitting."""
    moment = now or timezone.now()
    survey = held_survey(survey, None)
    if Reply.objects.filter(ticket=ticket).exists():
        return False
    if session.activity_id != survey.activity_id or not survey.is_open or not is_answerable(session, moment):
        raise NotOpen(_("このアンケートは、いまは答えられません。"))
    kept = _checked(survey, said)
    if not kept:
        raise NotFitting(_("一つは答えてください。"))
    if link is not None and not SurveyLink.objects.filter(pk=link.pk, is_used=False).update(is_used=True):
        return False
    _reply(survey, session, kept, ticket, moment).save()
    return True


@transaction.atomic
def type_papers(
    *, survey: Survey, session: Session, papers: Sequence[Mapping[int, Value]], ticket: UUID, actor: Person,
    now: datetime | None = None,
) -> int:  # fmt: skip
    """Keep what was written on paper; how many. Nothing is required of paper, rows without any answer are none, and the same
    `ticket` twice is one. The ledger follows at once. Raises NotFitting, NotAllowed."""
    moment = now or timezone.now()
    survey = held_survey(survey, actor)
    if len(papers) > PAPERS_AT_ONCE:
        raise NotFitting(_("一度に入れられるのは%(most)d枚までです。") % {"most": PAPERS_AT_ONCE})
    if session.activity_id != survey.activity_id or session.state == SessionState.CALLED_OFF or session.starts_at > moment:  # fmt: skip
        raise NotFitting(_("始まっていない回や中止した回には、アンケートを入れられません。"))
    tickets = [uuid5(ticket, str(place)) for place in range(len(papers))]
    before = set(Reply.objects.filter(ticket__in=tickets).values_list("ticket", flat=True))
    replies = [
        _reply(survey, session, kept, own, moment, is_paper=True)
        for own, said in zip(tickets, papers, strict=True)
        if (kept := _checked(survey, said, may_be_empty=True)) and own not in before
    ]
    Reply.objects.bulk_create(replies)
    if replies:
        _record(survey, SurveyVerb.PAPERS, actor, {"replies": (None, len(replies))})
        count_replies(session, actor)
    return len(replies)


@transaction.atomic
def remove_paper(*, reply: Reply, actor: Person) -> None:
    """Take back one that was typed from paper. What residents sent themselves cannot be taken away. Raises NotFitting, NotAllowed."""
    survey = held_survey(reply.survey, actor)
    if not reply.is_paper:
        raise NotFitting(_("画面から届いた答えは消せません。"))
    if Reply.objects.filter(pk=reply.pk).delete()[0]:
        _record(survey, SurveyVerb.PAPER_REMOVED, actor)
        count_replies(reply.session, actor)


def count_due() -> int:
    """Tell the ledger of what has come since the last time; how many sessions. For the background worker: counted one by one,
    entries would tell when who answered what."""
    due = sorted(set(Reply.objects.filter(is_counted=False).values_list("session", flat=True)))
    for session in Session.objects.filter(pk__in=due).order_by("pk"):
        with transaction.atomic():
            count_replies(session, None)
    return len(due)


def count_replies(session: Session, actor: Person | None) -> None:
    """Make the ledger say what the questionnaires of a session say. For operations of this room, in their transaction."""
    session = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=session.pk)
    )
    Reply.objects.filter(session=session, is_counted=False).update(is_counted=True)
    collected = collected_of([session.pk]).get(session.pk, Collected(0, 0, 0))
    ledger.post(
        ward=session.ward, source=Source(REPLIES_KIND, session.pk),
        lines=lines_of(session, collected, metric_ids()), actor=actor,
    )  # fmt: skip


@transaction.atomic
def see_texts(*, survey: Survey, actor: Person, session: Session | None = None) -> dict[int, list[str]]:
    """By question, what was written in words, in no order of arrival; the look is recorded, since texts may name people.
    Raises NotAllowed."""
    permissions.require(
        may_see_applicants(permissions.rights_of(actor), survey.ward, host_ids(survey.activity))
    )
    replies = Reply.objects.filter(survey=survey).exclude(sealed="").order_by("ticket")
    if session is not None:
        replies = replies.filter(session=session)
    found: dict[int, list[str]] = {}
    for reply in replies:
        for question, text in texts_of(reply).items():
            found.setdefault(question, []).append(text)
    if found:
        _record(survey, SurveyVerb.TEXTS_SEEN, actor)
    return found


def texts_of(reply: Reply) -> dict[int, str]:
    """What was written in words, by question; that it cannot be read, where it was sealed with a key that is gone. For operations that ask
    and record first."""
    kept = unseal_if_possible(reply.sealed, purpose=_SEALED) if reply.sealed else {}
    if kept is None:
        why = _("（封じた鍵が変わっているため、読めません。機械の操作者に知らせてください。）")
        asked = reply.survey.questions.filter(kind__in=_TEXTS).values_list("pk", flat=True)
        return {pk: why for pk in asked if reply.said.get(str(pk))}
    return {int(pk): text for pk, text in kept.items()}


def forget_texts(*, actor: Person, now: datetime | None = None) -> int:
    """Delete what was written in words a year after its session, and who was sent a link; how many replies. That something was
    written stays counted. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    limit = (now or timezone.now()) - KEEP_FOR
    done = 0
    for survey in (
        Survey.objects.filter(replies__session__ends_at__lte=limit).exclude(replies__sealed="").distinct()
    ):
        with transaction.atomic():
            old = Reply.objects.filter(survey=survey, session__ends_at__lte=limit).exclude(sealed="")
            if count := old.update(sealed=""):
                _record(survey, SurveyVerb.TEXTS_FORGOTTEN, actor, {"replies": (None, count)})
            done += count
    SurveyLink.objects.filter(session__ends_at__lte=limit).delete()
    return done


def is_answerable(session: Session, now: datetime) -> bool:
    """Whether everybody may answer for a session: from its beginning on, for four weeks."""
    return (
        session.state != SessionState.CALLED_OFF and session.starts_at <= now < session.ends_at + ANSWERED_FOR
    )


def _reply(
    survey: Survey, session: Session, kept: Mapping[Question, Value], ticket: UUID, moment: datetime, *, is_paper: bool = False
) -> Reply:  # fmt: skip
    texts = {str(each.pk): value for each, value in kept.items() if each.kind in _TEXTS}
    points = next(
        (value for each, value in kept.items() if each.standard == StandardQuestion.SATISFIED), None
    )
    return Reply(
        ward=survey.ward, survey=survey, session=session, ticket=ticket, is_paper=is_paper,
        said={str(each.pk): True if each.kind in _TEXTS else value for each, value in kept.items()},
        sealed=seal(texts, purpose=_SEALED) if texts else "",
        points=points if isinstance(points, int) else None,
        received_on=timezone.localdate(moment),
    )  # fmt: skip


def _checked(
    survey: Survey, said: Mapping[int, Value], *, may_be_empty: bool = False
) -> dict[Question, Value]:
    """What was answered of the questions that are asked now, each of them possible. Raises NotFitting."""
    kept: dict[Question, Value] = {}
    for question in survey.questions.filter(removed_at=None):
        try:
            value = asking.check(put_of(question), said.get(question.pk), may_be_empty=may_be_empty)
        except Refused as refused:
            raise NotFitting(
                _("「%(question)s」: %(why)s") % {"question": question.words, "why": refused}
            ) from None
        if value is not None:
            kept[question] = value
    return kept


def _record(
    survey: Survey,
    verb: SurveyVerb,
    actor: Person,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    audit.record(
        ward=survey.ward, actor=actor, verb=verb, target=survey.activity, changes=dict(changes or {})
    )
