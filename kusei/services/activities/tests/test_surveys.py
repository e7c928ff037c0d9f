"""Questionnaires: answered without a name, once by a link, typed from paper, counted into the ledger, their texts forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger.models import Entry
from kusei.ledger.tests.ground import Ground
from kusei.notices import operations as notices
from kusei.services.activities import operations as activities
from kusei.services.activities import survey_metrics
from kusei.services.activities.enums import ActivityKind, QuestionKind, SessionState
from kusei.services.activities.errors import NotFitting, NotOpen
from kusei.services.activities.models import Intake, Presence, Question, Reply, Session, Survey, SurveyLink
from kusei.services.activities.operations import Details, Wording
from kusei.services.activities.operations.inviting import who_came
from kusei.services.activities.queries import surveys as queries
from kusei.services.activities.tests.ground import apply, in_days, intake_of
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed


@pytest.fixture
def intake(ground: Ground) -> Intake:
    """One whose sessions are over: the last ended an hour ago."""
    made = intake_of(ground, 10)
    apply(made, mail="a@example.jp", language="en")
    apply(made, mail="b@example.jp")
    apply(made)
    for back, session in enumerate(made.sessions.order_by("-starts_at")):
        end = timezone.now() - timedelta(hours=1, days=7 * back)
        Session.objects.filter(pk=session.pk).update(starts_at=end - timedelta(hours=2), ends_at=end)
    Intake.objects.filter(pk=made.pk).update(opens_at=in_days(-60), closes_at=in_days(-30))
    return Intake.objects.get(pk=made.pk)


@pytest.fixture
def survey(ground: Ground, intake: Intake) -> Survey:
    made = activities.set_up_survey(activity=intake.activity, actor=ground.cast.clerk)
    return activities.start_survey(survey=made, is_open=True, actor=ground.cast.clerk)


def last(survey: Survey) -> Session:
    return survey.activity.sessions.filter(intake__isnull=False).order_by("-starts_at")[0]


def said(survey: Survey, *values) -> dict[int, object]:
    return dict(zip(survey.questions.values_list("pk", flat=True), values, strict=False))


def reply(survey: Survey, *values, **more) -> bool:
    more = {"session": last(survey), "ticket": uuid4()} | more
    return activities.reply_to(survey=survey, said=said(survey, *values), **more)


def figures(ground: Ground) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, quantity in Entry.objects.filter(source_kind=survey_metrics.REPLIES_KIND).values_list(
        "metric__key", "quantity"
    ):
        found[key] = found.get(key, 0) + quantity
    return {key: quantity for key, quantity in found.items() if quantity}


def test_the_standard_questions_are_there_once_and_carried_to_next_year(
    ground: Ground, survey: Survey
) -> None:
    assert [each.kind for each in survey.questions.all()] == ["scale", "scale", "yes_no", "long"]
    assert activities.set_up_survey(activity=survey.activity, actor=ground.cast.clerk) == survey
    clerk = ground.cast.clerk
    activities.add_question(
        owner=survey, wording=Wording(QuestionKind.NUMBER, "何人で来ましたか"), actor=clerk
    )
    with pytest.raises(NotFitting):
        activities.add_question(
            owner=survey, wording=Wording(QuestionKind.SHORT, "お名前", is_for_each=True), actor=clerk
        )
    first = survey.questions.first()
    assert first is not None
    with pytest.raises(NotFitting, match="決まった質問"):
        activities.change_question(
            question=first, wording=Wording(QuestionKind.SHORT, "別"), revision=1, actor=clerk
        )
    old = survey.activity
    new = activities.add_activity(
        ward=old.ward, item=old.item, host=old.host, copied_from=old, actor=clerk, details=Details(ActivityKind.COURSE, "次の年"),
    )  # fmt: skip
    assert [each.text for each in new.survey.questions.all()] == [
        each.text for each in survey.questions.all()
    ]
    assert not new.survey.is_open
    with pytest.raises(NotAllowed):
        activities.set_up_survey(activity=old, actor=ground.cast.other_clerk)


def test_those_who_came_get_one_link_each_in_their_language(ground: Ground, survey: Survey) -> None:
    noon = timezone.localtime().replace(hour=12)
    Session.objects.filter(pk=last(survey).pk).update(
        starts_at=noon - timedelta(hours=3), ends_at=noon - timedelta(hours=1)
    )
    assert activities.invite_due(now=noon.replace(hour=3)) == 0
    assert activities.invite_due(now=noon) == 2
    assert activities.invite_due(now=noon) == 0
    assert activities.invite_due(now=noon + timedelta(days=8)) == 0
    assert SurveyLink.objects.filter(is_used=False).count() == 2
    mail.outbox.clear()
    notices.send_waiting(actor=ground.cast.operator)
    asked = {each.to[0]: each.body for each in mail.outbox if "/q/r/" in each.body}
    assert set(asked) == {"a@example.jp", "b@example.jp"}
    assert "/en/q/r/" in asked["a@example.jp"]
    assert "名前は聞きません" in asked["b@example.jp"]


def test_where_the_door_noted_who_came_the_others_are_not_written_to(ground: Ground, intake: Intake) -> None:
    assert who_came(intake).count() == 3
    seat = intake.seats.order_by("pk")[1]
    session = intake.sessions.all()[0]
    for each, is_present in ((seat, True), (intake.seats.order_by("pk")[0], False)):
        Presence.objects.create(
            ward=intake.ward, session=session, seat=each, is_present=is_present, way="list", noted_at=timezone.now(),
            noted_by=ground.cast.clerk,
        )  # fmt: skip
    assert list(who_came(intake)) == [seat.application]


def test_a_link_is_used_once_and_nothing_leads_from_the_answer_to_it(intake: Intake, survey: Survey) -> None:
    link = SurveyLink.objects.create(
        ward=survey.ward,
        survey=survey,
        session=last(survey),
        application=intake.applications.all()[0],
        token_hash="x",
    )
    trail = AuditEntry.objects.count()
    with pytest.raises(NotFitting, match="満足度"):
        reply(survey, None, 4, link=link)
    link.refresh_from_db()
    assert not link.is_used
    assert reply(survey, 5, link=link)
    assert not reply(survey, 1, link=link)
    assert Reply.objects.get().points == 5
    assert AuditEntry.objects.count() == trail
    kept = {field.name for field in Reply._meta.get_fields()}
    assert not kept & {"link", "application", "address", "created_at", "received_at"}


def test_answers_are_taken_once_a_form_and_in_their_time(ground: Ground, survey: Survey) -> None:
    ticket = uuid4()
    assert reply(survey, 4, ticket=ticket)
    assert not reply(survey, 1, ticket=ticket)
    assert Reply.objects.count() == 1
    for more in (
        {"now": timezone.now() + timedelta(days=29)},
        {"session": intake_of(ground).sessions.first()},
    ):
        with pytest.raises(NotOpen):
            reply(survey, 4, **more)
    Session.objects.update(state=SessionState.PLANNED)
    activities.start_survey(survey=survey, is_open=False, actor=ground.cast.clerk)
    with pytest.raises(NotOpen):
        reply(survey, 4)


def test_enough_answers_are_posted_few_are_only_counted(ground: Ground, survey: Survey) -> None:
    for points in (5, 4, 4, 3):
        reply(survey, points, 5, True)
    assert figures(ground) == {}
    assert activities.count_due() == 1
    assert figures(ground) == {"questionnaires": 4}
    activities.type_papers(
        survey=survey,
        session=last(survey),
        papers=[said(survey, 2), {}, said(survey, None, 3)],
        ticket=uuid4(),
        actor=ground.cast.clerk,
    )
    assert figures(ground) == {"questionnaires": 6, "satisfaction_answers": 5, "satisfaction_points": 18}
    told = dict(survey_metrics.tell(survey.ward, _year(survey)))
    assert sorted(line.quantity for line in told[last(survey).pk]) == [5, 6, 18]
    assert activities.count_due() == 0
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.item_id, entry.body_id) == (survey.activity.item_id, survey.activity.host_id)


def _year(survey: Survey) -> int:
    day = timezone.localdate(last(survey).starts_at)
    return day.year if day.month >= 4 else day.year - 1


def test_a_session_with_answers_stays_on_its_day(ground: Ground, survey: Survey) -> None:
    """Its figures stand on that day."""
    reply(survey, 5)
    session, later = last(survey), timezone.now() + timedelta(days=3)
    with pytest.raises(NotFitting, match="アンケート"):
        activities.move_session(
            session=session, starts_at=later, ends_at=later + timedelta(hours=1), place="", online_url="", reason="雨",
            revision=session.revision, actor=ground.cast.clerk,
        )  # fmt: skip


def test_papers_typed_twice_are_one_and_a_wrong_one_is_taken_back(ground: Ground, survey: Survey) -> None:
    clerk, ticket = ground.cast.clerk, uuid4()
    for _again in range(2):
        activities.type_papers(
            survey=survey, session=last(survey), papers=[said(survey, 5)] * 5, ticket=ticket, actor=clerk
        )
    assert figures(ground) == {"questionnaires": 5, "satisfaction_answers": 5, "satisfaction_points": 25}
    activities.remove_paper(reply=Reply.objects.all()[0], actor=clerk)
    assert figures(ground) == {"questionnaires": 4}
    reply(survey, 3)
    with pytest.raises(NotFitting):
        activities.remove_paper(reply=Reply.objects.get(is_paper=False), actor=clerk)
    with pytest.raises(NotAllowed):
        activities.type_papers(
            survey=survey, session=last(survey), papers=[], ticket=ticket, actor=ground.cast.other_clerk
        )


def test_texts_are_sealed_seen_by_hosts_and_forgotten_while_counts_stay(
    ground: Ground, survey: Survey
) -> None:
    reply(survey, 5, 4, True, "泉先生がよかった")
    activities.count_due()
    assert "泉" not in str(Reply.objects.values_list("said", "sealed"))
    words = survey.questions.get(kind="long")
    assert activities.see_texts(survey=survey, actor=ground.cast.clerk) == {words.pk: ["泉先生がよかった"]}
    assert AuditEntry.objects.filter(verb="activities.see_texts").count() == 1
    with pytest.raises(NotAllowed):
        activities.see_texts(survey=survey, actor=ground.cast.planner)
    before = queries.counted_replies(survey)
    operator = ground.cast.operator
    assert activities.forget_texts(actor=operator, now=timezone.now() + timedelta(days=360)) == 0
    assert activities.forget_texts(actor=operator, now=timezone.now() + timedelta(days=366)) == 1
    assert activities.see_texts(survey=survey, actor=ground.cast.clerk) == {}
    assert queries.counted_replies(survey) == before
    assert dict(before[1])[words].answers == 1
    with pytest.raises(NotAllowed):
        activities.forget_texts(actor=ground.cast.clerk)


def test_nothing_is_public_of_few_or_before_the_host_says_so(ground: Ground, survey: Survey) -> None:
    for count in range(6):
        public = queries.public_results(survey.activity)
        assert (public is not None) == (count >= 5 and survey.is_public)
        if count == 4:
            survey = activities.publish_survey(survey=survey, is_public=True, actor=ground.cast.clerk)
        reply(survey, 4, None, True if count else None, "ことば")
    shown = queries.public_results(survey.activity)
    assert shown is not None
    assert [(question.standard, counted.answers) for question, counted in shown[1]] == [
        ("satisfied", 6),
        ("again", 5),
    ]


@pytest.mark.slow
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["room", "paper", "remove", "count", "again"]),
            st.one_of(st.none(), st.integers(0, 6)),
        ),
        max_size=14,
    )
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_order_averages_and_the_ledger_equal_the_answers(
    ground: Ground, survey: Survey, steps
) -> None:
    before = transaction.savepoint()
    taken: list[int | None] = []
    tickets = [uuid4()]
    try:
        for what, points in steps:
            if what == "count":
                activities.count_due()
            elif what == "remove":
                paper = Reply.objects.filter(is_paper=True).order_by("pk").first()
                if paper is not None:
                    taken.remove(paper.points)
                    activities.remove_paper(reply=paper, actor=ground.cast.clerk)
            else:
                _send(ground, survey, what, points, tickets, taken)
        activities.count_due()
        kept = [each for each in taken if each is not None]
        sheets, lines = queries.counted_replies(survey)
        counted = lines[0][1]
        assert (sheets, counted.answers, counted.total) == (len(taken), len(kept), sum(kept))
        posted = figures(ground)
        assert posted.get("questionnaires", 0) == len(taken)
        enough = len(kept) >= survey_metrics.ENOUGH
        assert posted.get("satisfaction_points", 0) == (sum(kept) if enough else 0)
        told = [
            line.quantity for _pk, lines in survey_metrics.tell(survey.ward, _year(survey)) for line in lines
        ]
        assert sorted(told) == sorted(posted.values())
    finally:
        transaction.savepoint_rollback(before)


def _send(ground: Ground, survey: Survey, what: str, points: int | None, tickets: list, taken: list) -> None:
    if what != "again":
        tickets.append(uuid4())
    was = Reply.objects.count()
    try:
        if what == "paper":
            papers = [said(survey, points, 3)]
            activities.type_papers(
                survey=survey,
                session=last(survey),
                papers=papers,
                ticket=tickets[-1],
                actor=ground.cast.clerk,
            )
        else:
            reply(survey, points, ticket=tickets[-1])
    except NotFitting:
        assert Reply.objects.count() == was
    taken.extend([points] * (Reply.objects.count() - was))


def test_a_question_of_a_survey_has_one_owner(survey: Survey, intake: Intake) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.create(
            ward=survey.ward, survey=survey, intake=intake, kind="short", text="二人のもの"
        )
