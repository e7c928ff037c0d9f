"""An application written anew: names, contact, language, more people in true order; and found by telephone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import Way
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting, NotOpen
from kusei.services.activities.models import Application, Intake
from kusei.services.activities.operations import Contact, Someone
from kusei.services.activities.telephone import key_of
from kusei.services.activities.tests.ground import apply, complaints, in_days, intake_of, states
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

CALLED = Contact(telephone="045-123-4567")


def change(application: Application, more: int = 0, **words) -> Application:
    application = Application.objects.get(pk=application.pk)
    values = {"people": {}, "contact": CALLED, "version": activities.version_of(application)} | words
    people = [Someone(f"後の人{number}") for number in range(more)]
    return activities.change_application(application=application, more=people, **values)


def test_names_contact_and_language_are_written_anew(ground: Ground) -> None:
    applied = apply(intake_of(ground), 2, mail="a@example.jp")
    seat = applied.application.seats.order_by("pk").last()
    old = activities.version_of(applied.application)
    changed = change(
        applied.application, people={seat.pk: Someone("緑園 次郎", "リョクエン ジロウ")}, language="vi"
    )
    assert [each.name for each in activities.seen_by_applicant(changed)] == ["泉 花子0", "緑園 次郎"]
    assert (changed.has_mail, changed.language) == (False, "vi")
    assert changed.telephone_key == key_of("(045) 123 4567")
    assert "緑園" not in str(list(AuditEntry.objects.values()))
    with pytest.raises(ChangedMeanwhile):
        change(applied.application, version=old)
    with pytest.raises(NotFitting, match="どちらかを書いて"):
        change(applied.application, contact=Contact())
    with pytest.raises(NotFitting, match="名前を書いて"):
        change(applied.application, people={seat.pk: Someone(" ")})


@pytest.mark.parametrize(("days", "ends"), [(11, "期間が終わった"), (21, "期間が終わった")])
def test_after_the_window_only_those_who_host_it_change_it(ground: Ground, days: int, ends: str) -> None:
    intake = intake_of(ground, contact="地域振興課 045-000-0000")
    application = apply(intake).application
    with pytest.raises(NotOpen, match=f"{ends}.*地域振興課 045-000-0000"):
        change(application, now=in_days(days))
    with pytest.raises(NotAllowed):
        change(application, now=in_days(days), actor=ground.cast.other_clerk)
    change(application, now=in_days(days), actor=ground.cast.clerk)


def test_more_people_get_a_seat_where_there_is_one_and_never_half_a_family(ground: Ground) -> None:
    intake = intake_of(ground, 4)
    family = apply(intake, 2).application
    change(family, 1)
    assert states(family) == ["accepted"] * 3
    other = apply(intake).application
    with pytest.raises(NotFitting, match="空いた席が足りない"):
        change(family, 1)
    assert states(family) == ["accepted"] * 3
    with pytest.raises(NotFitting, match="4人まで"):
        change(other, 4)
    assert complaints(intake) == []


def test_who_waits_with_all_goes_to_the_end_when_more_come(ground: Ground) -> None:
    intake = intake_of(ground, 2)
    first, family, alone = apply(intake, 2).application, apply(intake).application, apply(intake).application
    with pytest.raises(NotFitting, match="順番は最後になります"):
        change(family, 1)
    change(family, 1, goes_to_the_end=True)
    activities.cancel_seats(application=first)
    assert (states(alone), states(family)) == (["offered"], ["waiting"] * 2)
    assert complaints(intake) == []


def test_who_takes_as_many_as_fit_waits_for_the_others_in_true_order(ground: Ground) -> None:
    intake = intake_of(ground, 2)
    group = apply(intake, 2, together=False).application
    alone = apply(intake).application
    change(group, 1)
    assert states(group) == ["accepted", "accepted", "waiting"]
    activities.cancel_seats(application=group, seats=[group.seats.order_by("pk").first().pk])
    assert (states(alone), states(group)) == (["offered"], ["cancelled", "accepted", "waiting"])
    offered = alone
    with pytest.raises(NotFitting, match="先に返事をして"):
        change(offered, 1)
    assert complaints(intake) == []


def test_lots_wait_for_more_people_until_the_window_closes(ground: Ground) -> None:
    intake = intake_of(ground, way=Way.LOTTERY)
    application = apply(intake).application
    change(application, 1)
    assert states(application) == ["applied"] * 2
    with pytest.raises(NotOpen, match="抽選の前"):
        change(application, 1, actor=ground.cast.clerk, now=in_days(11))


def test_what_was_cancelled_is_not_changed(ground: Ground) -> None:
    application = apply(intake_of(ground)).application
    activities.cancel_seats(application=application)
    with pytest.raises(NotFitting, match="新しく申し込んで"):
        change(application)


def called(intake: Intake, telephone: str) -> Application:
    return activities.apply_for(
        intake=intake, ticket=uuid4(), people=[Someone("泉 花子")], contact=Contact(telephone=telephone)
    ).application


def test_who_telephones_is_found_by_any_spelling_and_the_look_is_recorded(ground: Ground) -> None:
    intake = intake_of(ground)
    one = called(intake, "045-123-4567")
    called(intake, "090-1234-5678")
    ward, clerk = ground.cast.ward, ground.cast.clerk
    found = activities.find_applications(ward=ward, text="０４５１２３４５６７", actor=clerk)
    assert [(each.application, each.applicant.people[0].name) for each in found] == [(one, "泉 花子")]
    assert AuditEntry.objects.filter(verb="activities.see_list", actor=clerk).count() == 1
    assert [
        each.application for each in activities.find_applications(ward=ward, text="受付番号 1", actor=clerk)
    ] == [one]
    assert activities.find_applications(ward=ward, text="045-999-9999", actor=clerk) == []
    assert activities.find_applications(ward=ward, text="0451", actor=clerk) == []
    for wrong in ("花子", ""):
        with pytest.raises(NotFitting):
            activities.find_applications(ward=ward, text=wrong, actor=clerk)
    for nobody in (ground.cast.other_clerk, ground.cast.planner):
        assert activities.find_applications(ward=ward, text="045-123-4567", actor=nobody) == []
    with pytest.raises(NotAllowed):
        activities.find_applications(ward=ward, text="045-123-4567", actor=ground.cast.resident)
    with pytest.raises(NotAllowed):
        activities.see_one(application=one, actor=ground.cast.planner, is_opening=True)


def test_a_number_is_found_after_the_secret_has_changed_and_not_once_it_is_forgotten(ground: Ground) -> None:
    intake = intake_of(ground)
    one = called(intake, "045-123-4567")
    ward, clerk = ground.cast.ward, ground.cast.clerk
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="a new secret " * 4, SECRET_KEY_FALLBACKS=[old]):
        assert activities.find_applications(ward=ward, text="045-123-4567", actor=clerk)[0].application == one
    activities.forget_applicants(actor=ground.cast.operator, now=in_days(34 + 366))
    one.refresh_from_db()
    assert one.telephone_key == ""
    assert activities.find_applications(ward=ward, text="045-123-4567", actor=clerk) == []
