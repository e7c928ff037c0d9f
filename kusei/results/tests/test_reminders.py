"""Reminding forty people of three hundred actions: one mail each, none twice, what was sent to whom kept, few statements."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from kusei.jobs.models import Job
from kusei.notices.models import Notice
from kusei.results import operations as results
from kusei.results.enums import AnswerState
from kusei.results.models import Answer, Contribution, Reminder
from kusei.wards.models import AuditEntry, RoleGrant
from tests.wide_year import WideYear, wide_year

pytestmark = pytest.mark.slow
SITE = "https://ward.example.jp"


def remind(year: WideYear) -> list[Reminder]:
    return results.remind(collection=year.collection, actor=year.planner, site=SITE)


def open_by_body(year: WideYear) -> Counter[int | None]:
    """How many actions wait for each body, as its own or as one that it shares."""
    waiting = Answer.objects.filter(collection=year.collection)
    shared = Contribution.objects.filter(answer__collection=year.collection)
    return Counter([*waiting.values_list("lead", flat=True), *shared.values_list("body", flat=True)])


@pytest.mark.django_db(transaction=True)
def test_three_hundred_actions_and_forty_people(mailoutbox: list[EmailMessage]) -> None:
    year = wide_year("横浜市港北区", 300, state=AnswerState.WAITING)
    sent = remind(year)
    assert (len(sent), remind(year)) == (40, [])
    assert Counter(tuple(mail.to) for mail in mailoutbox) == {(each.person.email,): 1 for each in sent}
    body_of = dict(RoleGrant.objects.filter(ward=year.ward).values_list("person", "body"))
    asked = open_by_body(year)
    kept = Reminder.objects.filter(collection=year.collection).select_related("notice", "person")
    assert {each.person_id: each.answers for each in kept} == {
        each.person_id: asked[body_of[each.person_id]] for each in sent
    }
    text = {mail.to[0]: mail.body for mail in mailoutbox}
    for each in kept:
        assert f"{each.answers}件" in text[each.person.email]
        assert each.notice is not None
        assert each.notice.sent_at is not None
    assert not Notice.objects.annotate(left=Length("text_sealed")).filter(left__gt=0).exists()
    assert AuditEntry.objects.filter(verb="results.remind").count() == 1


@pytest.mark.django_db
def test_forty_people_take_as_many_statements_as_four() -> None:
    counts = []
    for name, actions, bodies in (("横浜市都筑区", 12, 4), ("横浜市港北区", 120, 40)):
        year = wide_year(name, actions, bodies=bodies, state=AnswerState.WAITING)
        with CaptureQueriesContext(connection) as queries:
            assert len(remind(year)) == bodies
        counts.append(len(queries))
        assert Job.objects.filter(ward_id=year.ward.pk, work="notices.send").count() == bodies
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_breaks_off_sends_and_keeps_nothing(
    mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    year = wide_year("横浜市都筑区", 12, bodies=4, state=AnswerState.WAITING)
    from kusei.results.operations import collecting

    def broken(**_words: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(collecting.audit, "record", broken)
    with pytest.raises(RuntimeError):
        remind(year)
    assert (len(mailoutbox), Reminder.objects.count(), Notice.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert len(remind(year)) == 4
    assert len(mailoutbox) == 4
