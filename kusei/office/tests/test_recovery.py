"""A person's page in the office, and the list of one's sessions."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import reverse

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def at(cast: Cast, name: str, person_id: int) -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, person_id])


def test_an_administrator_takes_a_second_factor_back(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    page = client.get(at(cast, "person", cast.planner.pk)).content.decode()
    assert "使っている" in page
    answer = client.post(
        at(cast, "take_second_factor", cast.planner.pk), {"factor-reason": "なくした"}, follow=True
    )
    assert "二段階認証を外し" in answer.content.decode()
    assert not Authenticator.objects.filter(user=cast.planner).exists()
    assert "なくした" in answer.content.decode()  # the trail on the page


@pytest.mark.parametrize(
    ("name", "field"), [("take_second_factor", "factor"), ("make_password_link", "password")]
)
def test_without_a_reason_nothing_happens(cast: Cast, name: str, field: str) -> None:
    answer = signed_in(cast.administrator).post(at(cast, name, cast.planner.pk), {f"{field}-reason": " "})
    assert answer.status_code == 422
    assert "理由を入れてください" in answer.content.decode()
    assert Authenticator.objects.filter(user=cast.planner).exists()
    assert not AuditEntry.objects.filter(
        verb__in=["wards.take_second_factor", "wards.make_password_link"]
    ).exists()


def test_the_link_is_shown_once_and_on_that_persons_page_only(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    client.post(at(cast, "make_password_link", cast.clerk.pk), {"password-reason": "忘れた"})
    assert (
        "/account/password/reset/key/" not in client.get(at(cast, "person", cast.planner.pk)).content.decode()
    )
    page = client.get(at(cast, "person", cast.clerk.pk)).content.decode()
    assert re.search(r'value="http://testserver/account/password/reset/key/[^"]+"', page)
    assert (
        "/account/password/reset/key/" not in client.get(at(cast, "person", cast.clerk.pk)).content.decode()
    )


def test_where_one_may_not_help_the_page_says_who_can(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    own = client.get(at(cast, "person", cast.administrator.pk)).content.decode()
    assert "自分の二段階認証" in own
    assert "リンクを作る" not in own
    wards.grant_role(ward=cast.other_ward, person=cast.planner, role=Role.PLANNER, actor=cast.operator)
    assert "kusei account" in client.get(at(cast, "person", cast.planner.pk)).content.decode()
    answer = client.post(at(cast, "make_password_link", cast.planner.pk), {"password-reason": "x"})
    assert answer.status_code == 403


def test_somebody_of_another_ward_is_not_found(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert client.get(at(cast, "person", cast.stranger.pk)).status_code == 404
    for name in ("take_second_factor", "make_password_link"):
        assert client.post(at(cast, name, cast.stranger.pk), {}).status_code == 404


def test_one_session_is_ended_by_its_button(cast: Cast) -> None:
    here, there = signed_in(cast.clerk), signed_in(cast.clerk)
    there.get("/account/sessions/", headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/605"})
    page = here.get("/account/sessions/").content.decode()
    assert "Safari（iPhone）" in page
    assert "最後に使った時刻 令和" in page
    [address] = re.findall(r'action="(/office/sessions/\d+/end/)"', page)
    assert "その端末をログアウトしました" in here.post(address, follow=True).content.decode()
    assert there.get(f"/office/{cast.ward.key}/").status_code == 302
    assert here.get(f"/office/{cast.ward.key}/").status_code == 200
    assert "もうログアウトしていました" in here.post(address, follow=True).content.decode()


def test_this_session_ends_by_logging_out(cast: Cast) -> None:
    here = signed_in(cast.clerk)
    here.get("/account/sessions/")
    session = UserSession.objects.get()
    answer = here.post(reverse("office:end_session", args=[session.pk]), follow=True)
    assert "いま使っている端末です" in answer.content.decode()
    assert UserSession.objects.filter(pk=session.pk).exists()
