"""The way back in: taking back a second factor, a link for a new password, and whose hands that is in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Person
from kusei.wards.permissions import NotAllowed
from tests.cast import PASSWORD, Cast, signed_in

NEW = "a-new-password-of-the-tests"
SITE = "http://testserver/"


def browser_of(person: Person) -> Client:
    """A browser in which the person typed name and password, so that the session is listed."""
    client = signed_in(person)
    client.get("/account/sessions/")
    return client


def commits(capture: Callable[..., object]) -> object:
    return capture(execute=True)


def test_a_second_factor_is_taken_back_and_every_session_ends(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    theirs, ours = browser_of(cast.planner), browser_of(cast.administrator)
    with commits(django_capture_on_commit_callbacks):  # type: ignore[attr-defined]
        ended = wards.take_second_factor(
            person=cast.planner, actor=cast.administrator, reason="端末をなくした"
        )
    assert ended == 1
    assert not Authenticator.objects.filter(user=cast.planner).exists()
    assert theirs.get(f"/office/{cast.ward.key}/")["Location"].startswith("/account/login/")
    assert ours.get(f"/office/{cast.ward.key}/").status_code == 200
    entry = AuditEntry.objects.get(verb="wards.take_second_factor")
    assert (entry.actor, entry.reason, entry.target_label) == (
        cast.administrator,
        "端末をなくした",
        "Planner",
    )
    [letter] = mail.outbox
    assert (letter.to, "端末をなくした" in letter.body) == ([cast.planner.email], True)
    again = signed_in(cast.planner).get(f"/office/{cast.ward.key}/")
    assert again["Location"].startswith("/account/2fa/totp/activate/")


def test_a_link_sets_a_new_password_once(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with commits(django_capture_on_commit_callbacks):  # type: ignore[attr-defined]
        issued = wards.make_password_link(
            person=cast.clerk, actor=cast.administrator, reason="忘れた", site=SITE
        )
    assert timedelta(hours=23) < issued.expires_at - timezone.now() <= timedelta(hours=24)
    [letter] = mail.outbox
    assert letter.to == [cast.clerk.email]
    path = urlsplit(issued.link).path
    assert path not in letter.body  # the mail tells; the link is handed over
    assert path not in str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert path not in str(list(apps.get_model("notices", "Notice").objects.values()))

    visitor = Client()
    form = visitor.get(path, follow=True).redirect_chain[-1][0]
    answer = visitor.post(form, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(NEW)
    assert AuditEntry.objects.filter(verb="wards.set_password", actor=cast.clerk, ward=cast.ward).count() == 1

    stranger = Client()
    assert "このリンクは使えません" in stranger.get(path, follow=True).content.decode()


def test_logging_in_with_the_old_password_ends_the_link(cast: Cast) -> None:
    issued = wards.make_password_link(person=cast.clerk, actor=cast.administrator, reason="x", site=SITE)
    Client().post("/account/login/", {"login": cast.clerk.username, "password": PASSWORD})
    page = Client().get(urlsplit(issued.link).path, follow=True).content.decode()
    assert "このリンクは使えません" in page


CHANGES = {
    "factor": lambda person, actor: wards.take_second_factor(person=person, actor=actor, reason="x"),
    "password": lambda person, actor: wards.make_password_link(
        person=person, actor=actor, reason="x", site=SITE
    ),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
@pytest.mark.parametrize("who", ["planner", "clerk", "partner", "resident", "former", "stranger"])
def test_only_administrators_help(cast: Cast, what: str, who: str) -> None:
    person = cast.administrator if who == "planner" else cast.planner
    before = Authenticator.objects.count()
    with pytest.raises(NotAllowed):
        CHANGES[what](person, getattr(cast, who))
    assert (Authenticator.objects.count(), AuditEntry.objects.filter(reason="x").count()) == (before, 0)


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_nobody_helps_themselves(cast: Cast, what: str) -> None:
    with pytest.raises(NotAllowed, match="自分の"):
        CHANGES[what](cast.administrator, cast.administrator)
    assert Authenticator.objects.filter(user=cast.administrator).exists()


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_an_administrator_cannot_become_somebody_of_another_ward(cast: Cast, what: str) -> None:
    wards.grant_role(ward=cast.other_ward, person=cast.planner, role=Role.PLANNER, actor=cast.operator)
    with pytest.raises(NotAllowed, match="管理していない区"):
        CHANGES[what](cast.planner, cast.administrator)
    with pytest.raises(NotAllowed):
        CHANGES[what](cast.stranger, cast.administrator)
    CHANGES[what](cast.planner, cast.operator)
    told = AuditEntry.objects.filter(reason="x", target_id=str(cast.planner.pk))
    assert {each.ward_id for each in told} == {cast.ward.pk, cast.other_ward.pk}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_an_account_whose_term_is_over_is_not_opened_again(cast: Cast, what: str) -> None:
    with pytest.raises(NotAllowed):
        CHANGES[what](cast.former, cast.administrator)
    with pytest.raises(wards.NothingToRecover):
        CHANGES[what](cast.former, cast.operator)


def test_a_reason_is_needed_and_a_second_factor_to_take(cast: Cast) -> None:
    with pytest.raises(wards.ReasonMissing):
        wards.take_second_factor(person=cast.planner, actor=cast.administrator, reason="  ")
    with pytest.raises(wards.NothingToRecover):
        wards.take_second_factor(person=cast.clerk, actor=cast.administrator, reason="x")
    assert Authenticator.objects.filter(user=cast.planner).exists()


def test_one_ends_ones_own_sessions_only(cast: Cast) -> None:
    browser_of(cast.clerk)
    theirs = browser_of(cast.colleague)
    session = UserSession.objects.get(user=cast.clerk)
    assert wards.end_own_session(session_id=session.pk, actor=cast.colleague) is False
    assert wards.end_own_session(session_id=session.pk, actor=cast.clerk) is True
    assert [each.user for each in UserSession.objects.all()] == [cast.colleague]
    assert theirs.get(f"/office/{cast.ward.key}/").status_code == 200
