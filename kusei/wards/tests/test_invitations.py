"""Invitations: offered, renewed, revoked, accepted once, by the one they are for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Invitation, Person, RoleGrant
from kusei.wards.permissions import NotAllowed, rights_of
from kusei.wards.queries import invitation_by_token
from tests.cast import Cast

SITE = "https://kusei.example.jp"


def invited(
    cast: Cast, email: str = "new@example.jp", role: Role = Role.STAFF, **more
) -> wards.IssuedInvitation:
    body = cast.welfare if role == Role.STAFF else None
    return wards.invite_person(
        ward=cast.ward, email=email, role=role, body=body, actor=cast.administrator, site=SITE, **more
    )


def token_of(issued: wards.IssuedInvitation) -> str:
    return issued.link.rstrip("/").rsplit("/", 1)[1]


def test_an_invitation_goes_by_mail_after_the_change_is_sure(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        issued = invited(cast, "New@Example.jp ")
        assert mail.outbox == []
    assert issued.mailed
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["new@example.jp"], "みらい区のKuseiへの招待")
    assert issued.link.startswith(f"{SITE}/office/invitation/")
    assert issued.link in letter.body
    assert "職員（福祉保健課）" in letter.body


def test_the_database_keeps_no_link(cast: Cast) -> None:
    issued = invited(cast)
    row = Invitation.objects.filter(pk=issued.invitation.pk).values().get()
    assert token_of(issued) not in str(row)
    assert not AuditEntry.objects.filter(changes__icontains=token_of(issued)).exists()
    assert invitation_by_token(token_of(issued)) == issued.invitation
    assert invitation_by_token("something-else") is None
    assert invitation_by_token("") is None


def test_a_mail_that_cannot_be_sent_stops_nothing(
    cast: Cast, django_capture_on_commit_callbacks, settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 9
    with django_capture_on_commit_callbacks(execute=True):
        issued = invited(cast)
    assert not issued.mailed
    assert invitation_by_token(token_of(issued)) is not None


def test_without_mail_nothing_is_printed_and_nobody_is_told_that_it_was_sent(
    cast: Cast, django_capture_on_commit_callbacks, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        issued = invited(cast)
    assert not issued.mailed
    assert token_of(issued) not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("after", "is_open"),
    [(timedelta(days=7, seconds=-5), True), (timedelta(days=7), False)],
)
def test_a_link_holds_for_a_week(cast: Cast, after: timedelta, is_open: bool) -> None:
    issued = invited(cast)
    expires = issued.invitation.expires_at
    Invitation.objects.update(expires_at=expires - after)
    assert (invitation_by_token(token_of(issued)) is not None) is is_open


def test_a_newcomer_gets_an_account_and_the_role(cast: Cast) -> None:
    ends = timezone.localdate() + timedelta(days=100)
    issued = invited(cast, ends_on=ends)
    person = wards.open_account(
        invitation=issued.invitation, username="new", last_name="新井", first_name="恵", password="pass-of-the-test"
    )  # fmt: skip
    assert rights_of(person).bodies_in(cast.ward) == {cast.welfare.pk}
    grant = person.role_grants.get()
    assert (grant.starts_on, grant.ends_on, grant.granted_by) == (
        timezone.localdate(), ends, cast.administrator,
    )  # fmt: skip
    told = AuditEntry.objects.filter(actor=person).values_list("verb", flat=True)
    assert set(told) == {"wards.add_person", "wards.accept_invitation"}


def test_an_invitation_is_accepted_once(cast: Cast) -> None:
    issued = invited(cast, "resident@example.jp")
    wards.accept_invitation(invitation=issued.invitation, actor=cast.resident)
    with pytest.raises(wards.InvitationNotOpen):
        wards.accept_invitation(invitation=issued.invitation, actor=cast.resident)
    assert cast.resident.role_grants.filter(role=Role.STAFF).count() == 1


def test_nobody_accepts_for_somebody_else(cast: Cast) -> None:
    issued = invited(cast, "resident@example.jp", Role.ADMINISTRATOR)
    with pytest.raises(wards.InvitationNotYours, match=r"resident@example\.jp"):
        wards.accept_invitation(invitation=issued.invitation, actor=cast.clerk)
    assert not rights_of(cast.clerk).has(cast.ward, Role.ADMINISTRATOR)
    assert invitation_by_token(token_of(issued)) is not None


def test_a_second_account_of_one_address_is_refused(cast: Cast) -> None:
    issued = invited(cast, "clerk@example.jp")
    people = Person.objects.count()
    with pytest.raises(wards.PersonExists, match="ログインして招待"):
        wards.open_account(
            invitation=issued.invitation, username="x", last_name="", first_name="", password=None
        )
    issued = invited(cast, "other@example.jp")
    with pytest.raises(wards.PersonExists, match="ログイン名「clerk」"):
        wards.open_account(
            invitation=issued.invitation, username="clerk", last_name="", first_name="", password=None
        )
    assert Person.objects.count() == people
    assert invitation_by_token(token_of(issued)) is not None


def test_who_may_give_roles_no_more_has_invited_in_vain(cast: Cast) -> None:
    issued = invited(cast, "resident@example.jp")
    wards.grant_role(ward=cast.ward, person=cast.planner, role=Role.ADMINISTRATOR, actor=cast.administrator)
    wards.end_role(grant=cast.administrator.role_grants.get(), actor=cast.planner, reason="退職")

    with pytest.raises(wards.InvitationNotOpen, match="もう一度招待"):
        wards.accept_invitation(invitation=issued.invitation, actor=cast.resident)
    assert not cast.resident.role_grants.filter(role=Role.STAFF).exists()

    again = wards.renew_invitation(invitation=issued.invitation, actor=cast.planner, site=SITE)
    wards.accept_invitation(invitation=again.invitation, actor=cast.resident)
    assert cast.resident.role_grants.filter(role=Role.STAFF).exists()


def test_inviting_again_makes_the_link_before_useless(cast: Cast) -> None:
    first = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    second = wards.renew_invitation(invitation=first.invitation, actor=cast.administrator, site=SITE)
    assert invitation_by_token(token_of(first)) is None
    assert invitation_by_token(token_of(second)) == first.invitation


def test_a_revoked_link_opens_nothing_and_comes_not_back(cast: Cast) -> None:
    issued = invited(cast)
    wards.revoke_invitation(invitation=issued.invitation, actor=cast.administrator)
    assert invitation_by_token(token_of(issued)) is None
    for again in (
        lambda: wards.revoke_invitation(invitation=issued.invitation, actor=cast.administrator),
        lambda: wards.renew_invitation(invitation=issued.invitation, actor=cast.administrator, site=SITE),
        lambda: wards.open_account(
            invitation=issued.invitation, username="x", last_name="", first_name="", password=None
        ),
    ):
        with pytest.raises(wards.InvitationNotOpen):
            again()
    assert not Person.objects.filter(username="x").exists()


def test_the_same_offer_is_made_once(cast: Cast) -> None:
    invited(cast)
    with pytest.raises(wards.AlreadyInvited, match="もう一度招待する"):
        invited(cast, "NEW@example.jp")
    invited(cast, role=Role.PLANNER)
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("name", ["planner", "clerk", "partner", "resident", "former", "stranger"])
def test_only_the_wards_administrator_invites(cast: Cast, name: str) -> None:
    actor, issued = getattr(cast, name), invited(cast)
    grants = RoleGrant.objects.count()
    for attempt in (
        lambda: wards.invite_person(
            ward=cast.ward, email="x@example.jp", role=Role.PLANNER, actor=actor, site=SITE
        ),
        lambda: wards.renew_invitation(invitation=issued.invitation, actor=actor, site=SITE),
        lambda: wards.revoke_invitation(invitation=issued.invitation, actor=actor),
    ):
        with pytest.raises(NotAllowed, match="区の管理者"):
            attempt()
    assert (Invitation.objects.count(), RoleGrant.objects.count()) == (1, grants)
    assert invitation_by_token(token_of(issued)) is not None


def test_offers_that_do_not_fit_are_refused(cast: Cast) -> None:
    today = timezone.localdate()
    for role, body, ends_on in (
        (Role.STAFF, None, None),
        (Role.PLANNER, cast.welfare, None),
        (Role.PLANNER, None, today),
    ):
        with pytest.raises(wards.RoleNotFitting):
            wards.invite_person(
                ward=cast.ward, email="x@example.jp", role=role, body=body, ends_on=ends_on,
                actor=cast.administrator, site=SITE,
            )  # fmt: skip
    assert not Invitation.objects.exists()
