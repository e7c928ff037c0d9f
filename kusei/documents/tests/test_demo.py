"""A demo that begins anew: only where nothing real can be lost."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from kusei.documents.commands import demo as command
from kusei.documents.sample.building import build_sample
from kusei.documents.sample.demo import DemoRefused, is_due, next_reset, reset_demo
from kusei.documents.sample.logins import ensure_logins, read_logins
from kusei.files.models import StoredFile
from kusei.plans.models import ItemText
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Body, Person, Ward


@pytest.fixture(autouse=True)
def demo_mode(settings, tmp_path) -> None:
    settings.KUSEI_DEMO = True
    settings.KUSEI_DEMO_HOURS = 0
    settings.DATA_DIR = tmp_path


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("hours", "now", "then"),
    [
        (0, "2026-11-22T02:59:59", "2026-11-22T03:00:00"),  # tonight
        (0, "2026-11-22T03:00:00", "2026-11-23T03:00:00"),  # it has just been
        (0, "2026-11-22T23:30:00", "2026-11-23T03:00:00"),
        (6, "2026-11-22T00:00:00", "2026-11-22T06:00:00"),
        (6, "2026-11-22T11:59:59", "2026-11-22T12:00:00"),
        (5, "2026-11-22T21:00:00", "2026-11-23T00:00:00"),  # counted from midnight anew each day
    ],
)
def test_the_next_time(settings, hours: int, now: str, then: str) -> None:
    settings.KUSEI_DEMO_HOURS = hours

    assert next_reset(at(now)) == at(then)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_reset_ends_what_visitors_did_and_keeps_the_passwords() -> None:
    build_sample()
    ward = Ward.objects.get(code="141160")
    passwords = {login.username: login.password for login in ensure_logins(ward)}
    items = ItemText.objects.count()
    visitor = Client()
    visitor.login(username="sample-kikaku", password=passwords["sample-kikaku"])
    planner = Person.objects.get(username="sample-kikaku")
    planner.set_password("changed by a visitor")
    planner.save()
    wards.add_body(ward, "いたずら課", actor=wards.account_without_login("operator"))

    assert reset_demo() is True

    assert not Body.objects.filter(name="いたずら課").exists()
    assert ItemText.objects.count() == items
    assert Session.objects.count() == 0
    assert {login.username: login.password for login in read_logins()} == passwords
    for username, password in passwords.items():
        assert Person.objects.get(username=username).check_password(password), username
    assert all(default_storage.exists(each.content.name) for each in StoredFile.objects.all())
    with pytest.raises(Exception, match="stay as they are"):  # the trail is guarded again
        AuditEntry.objects.all().delete()

    # A visitor takes in a document of their own: the ward is no sample any more, and the demo still begins anew.
    Ward.objects.update(is_sample=False)
    assert is_due(timezone.now() + timedelta(days=1)) is True
    assert reset_demo(if_due=True) is False  # not due yet
    assert reset_demo() is True
    assert Ward.objects.get(code="141160").is_sample


@pytest.mark.django_db
def test_a_real_ward_is_never_emptied(capsys) -> None:
    operator = wards.account_without_login("operator")
    ward = wards.find_or_add_ward("みらい区", actor=operator)[0]
    wards.add_body(ward, "総務課", actor=operator)

    with pytest.raises(DemoRefused, match="みらい区"):
        reset_demo()
    assert command.run(Namespace(reset=True, if_due=False)) == 1

    assert "何も消しませんでした" in capsys.readouterr().err
    assert Body.objects.get(name="総務課").ward == ward


@pytest.mark.django_db
def test_a_real_ward_among_those_of_an_earlier_reset_is_never_emptied() -> None:
    wards.account_without_login("demo")
    wards.find_or_add_ward("みらい区", actor=wards.account_without_login("operator"))

    with pytest.raises(DemoRefused):
        reset_demo()

    assert Ward.objects.filter(name="みらい区").exists()


@pytest.mark.django_db
def test_nothing_is_emptied_outside_the_demo_mode(settings) -> None:
    settings.KUSEI_DEMO = False

    with pytest.raises(DemoRefused, match="KUSEI_DEMO"):
        reset_demo()


@pytest.mark.django_db
def test_one_process_resets_while_another_is_at_it() -> None:
    cache.add("kusei-demo-reset", "1", 60)
    try:
        assert reset_demo() is False
    finally:
        cache.delete("kusei-demo-reset")


@pytest.mark.django_db
def test_pages_of_a_demo_tell_the_log_ins_and_the_next_reset(client) -> None:
    operator = wards.account_without_login("operator")
    ensure_logins(wards.find_or_add_ward("みらい区", actor=operator, is_sample=True)[0])

    page = client.get("/account/login/").content.decode()

    assert read_logins()[0].password in page
    assert "最初の状態に戻します" in page
    assert "最初の状態に戻します" in client.get("/").content.decode()


@pytest.mark.django_db
def test_pages_elsewhere_tell_nothing_of_it(client, settings) -> None:
    operator = wards.account_without_login("operator")
    ensure_logins(wards.find_or_add_ward("みらい区", actor=operator, is_sample=True)[0])
    settings.KUSEI_DEMO = False

    page = client.get("/account/login/").content.decode()

    assert read_logins()[0].password not in page
    assert "最初の状態" not in page
