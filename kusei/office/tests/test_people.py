"""利用者と役割: the list, inviting, giving and ending roles; the page behind an invitation's link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Invitation, Person, RoleGrant
from kusei.wards.permissions import rights_of
from tests.account_visitor import log_in
from tests.cast import PASSWORD, Cast, signed_in

pytestmark = pytest.mark.slow

NEWCOMER = {
    "last_name": "新井", "first_name": "恵", "username": "arai", "password1": PASSWORD, "password2": PASSWORD,
}  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


def people(cast: Cast, more: str = "") -> str:
    return f"/office/{cast.ward.key}/people/{more}"


def path_of(issued: wards.IssuedInvitation) -> str:
    return issued.link.removeprefix("http://testserver")


def invite(cast: Cast, email: str = "new@example.jp", role: Role = Role.STAFF) -> wards.IssuedInvitation:
    body = cast.welfare if role == Role.STAFF else None
    return wards.invite_person(
        ward=cast.ward, email=email, role=role, body=body, actor=cast.administrator, site="http://testserver"
    )


def names_on(page: str) -> set[str]:
    return set(re.findall(r'<th scope="row"><a href="[^"]+">(\w+)', page))


def test_the_list_shows_who_holds_a_role_today_and_in_this_ward(cast: Cast) -> None:
    page = text(signed_in(cast.administrator).get(people(cast)))
    assert names_on(page) == {
        "Administrator", "Planner", "Clerk", "Colleague", "Welfare", "Partner", "Resident",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?role=staff", {"Clerk", "Colleague", "Welfare"}),
        ("?state=ended", {"Former"}),
        ("?q=colleague@", {"Colleague"}),
        ("?q=nobody", set()),
        ("?state=coming", set()),
        ("?body=x", {"Administrator", "Planner", "Clerk", "Colleague", "Welfare", "Partner", "Resident"}),
    ],
)
def test_the_list_is_narrowed_by_its_address(cast: Cast, asked: str, shown: set[str]) -> None:
    page = text(signed_in(cast.administrator).get(people(cast, asked)))
    assert names_on(page) == shown
    assert ("この条件に合う役割はありません" in page) is (shown == set())


def test_the_list_is_narrowed_by_body(cast: Cast) -> None:
    page = text(signed_in(cast.administrator).get(people(cast, f"?body={cast.welfare.pk}")))
    assert names_on(page) == {"Welfare"}
    assert re.search(rf'<option value="{cast.welfare.pk}" selected>', page)


def test_more_people_and_invitations_ask_no_more_queries(cast: Cast, django_assert_num_queries) -> None:
    client = signed_in(cast.administrator)
    client.get(people(cast))
    invite(cast)
    counts = []
    for number in range(2):
        with django_assert_num_queries(counts[0] if counts else 12, exact=False) as asked:
            client.get(people(cast))
        counts.append(len(asked.captured_queries))
        for each in range(3):
            invite(cast, f"n{number}{each}@example.jp")
            person = wards.add_person(ward=cast.ward, username=f"p{number}{each}", actor=cast.operator)
            wards.grant_role(
                ward=cast.ward, person=person, role=Role.STAFF, body=cast.welfare, actor=cast.administrator
            )
    assert counts[0] == counts[1]


def test_inviting_shows_the_link_once(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    last = timezone.localdate() + timedelta(days=30)
    answer = client.post(
        people(cast, "invite/"),
        {"email": "new@example.jp", "role": "staff", "body": cast.welfare.pk, "last_day": last.isoformat()},
    )
    assert answer["Location"] == people(cast)
    page = text(client.get(people(cast)))
    link = re.search(r'value="http://testserver(/office/invitation/[^"]+)"', page)
    assert link is not None
    assert "/office/invitation/" not in text(client.get(people(cast)))
    invitation = Invitation.objects.get()
    assert (invitation.body, invitation.ends_on) == (cast.welfare, last + timedelta(days=1))
    assert Client().get(link[1]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "", "role": ""}, "メールアドレスを入れてください。"),
        ({"email": "no-address", "role": "planner"}, "name@example.jp のように"),
        ({"email": "x@example.jp", "role": "staff"}, "所属を選んでください。"),
        ({"email": "x@example.jp", "role": "planner", "last_day": "2020-01-01"}, "最後の日は、始まりの日"),
        ({"email": "x@example.jp", "role": "planner", "starts_on": "4月1日"}, "2026-04-01 のように"),
        ({"email": "x@example.jp", "role": "king"}, "正しく選択してください"),
    ],
)
def test_mistakes_in_an_invitation_are_told_and_what_was_typed_stays(
    cast: Cast, typed: dict[str, str], told: str
) -> None:
    answer = signed_in(cast.administrator).post(people(cast, "invite/"), typed)
    page = text(answer)
    assert answer.status_code == 422
    assert 'class="error-summary"' in page
    assert told in page
    assert f'value="{typed["email"]}"' in page or not typed["email"]
    assert not Invitation.objects.exists()


def test_an_invitation_is_renewed_and_revoked(cast: Cast) -> None:
    issued = invite(cast)
    client = signed_in(cast.administrator)
    where = people(cast, f"invitations/{issued.invitation.pk}/")
    client.post(f"{where}renew/")
    link = re.search(r'value="http://testserver(/office/invitation/[^"]+)"', text(client.get(people(cast))))
    assert link is not None
    assert Client().get(path_of(issued)).status_code == 404
    assert Client().get(link[1]).status_code == 200

    client.post(f"{where}revoke/")
    assert Client().get(link[1]).status_code == 404
    again = client.post(f"{where}renew/", follow=True)
    assert "もう受けられたか取り消されています" in text(again)


def test_invitations_of_another_ward_cannot_be_touched(cast: Cast) -> None:
    elsewhere = wards.invite_person(
        ward=cast.other_ward, email="x@example.jp", role=Role.PLANNER, actor=cast.operator, site="http://x"
    )
    client = signed_in(cast.administrator)
    where = people(cast, f"invitations/{elsewhere.invitation.pk}/")
    assert client.post(f"{where}revoke/").status_code == 404
    assert client.post(f"{where}renew/").status_code == 404
    grant = cast.stranger.role_grants.get()
    assert client.get(people(cast, f"roles/{grant.pk}/end/")).status_code == 404
    elsewhere.invitation.refresh_from_db()
    assert elsewhere.invitation.revoked_at is None


def test_a_role_is_given_to_somebody_known(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    typed = {"person": cast.clerk.pk, "role": "planner", "reason": "4月の異動"}
    assert client.post(people(cast, "give/"), typed)["Location"] == people(cast)
    assert rights_of(cast.clerk).has(cast.ward, Role.PLANNER)
    assert AuditEntry.objects.filter(verb="wards.grant_role", reason="4月の異動").exists()

    stranger = client.post(people(cast, "give/"), {"person": cast.stranger.pk, "role": "planner"})
    assert stranger.status_code == 422  # of another ward: invite them
    assert not rights_of(cast.stranger).has(cast.ward, Role.PLANNER)


def test_a_role_is_ended_with_a_reason(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    where = people(cast, f"roles/{cast.clerk.role_grants.get().pk}/end/")
    assert "名前がそのまま残ります" in text(client.get(where))
    assert "理由を入れてください" in text(client.post(where, {"reason": ""}))
    assert rights_of(cast.clerk).grants

    client.post(where, {"reason": "異動"})
    assert not rights_of(cast.clerk).grants
    assert AuditEntry.objects.filter(verb="wards.end_role", reason="異動").exists()


def test_a_role_ends_after_its_last_day(cast: Cast) -> None:
    today = timezone.localdate()
    grant = cast.clerk.role_grants.get()
    signed_in(cast.administrator).post(
        people(cast, f"roles/{grant.pk}/end/"), {"reason": "異動", "last_day": today.isoformat()}
    )
    assert rights_of(cast.clerk).grants
    assert not rights_of(cast.clerk, on=today + timedelta(days=1)).grants


def test_the_last_administrator_cannot_lock_everybody_out(cast: Cast) -> None:
    grant = cast.administrator.role_grants.get()
    answer = signed_in(cast.administrator).post(people(cast, f"roles/{grant.pk}/end/"), {"reason": "退職"})
    assert answer.status_code == 422
    assert "管理者がいなくなってしまいます" in text(answer)
    assert rights_of(cast.administrator).has(cast.ward, Role.ADMINISTRATOR)


def test_a_newcomer_opens_an_account_and_is_in(cast: Cast) -> None:
    issued = invite(cast)
    client = Client()
    page = text(client.get(path_of(issued)))
    assert "みらい区" in page
    assert "福祉保健課" in page

    answer = client.post(path_of(issued), NEWCOMER)

    work = f"/office/{cast.ward.key}/"
    assert answer["Location"] == work
    assert client.get(work).status_code == 200
    person = Person.objects.get(username="arai")
    assert (person.email, person.display_name) == ("new@example.jp", "新井 恵")
    closed = Client().get(path_of(issued))
    assert (closed.status_code, "この招待は使えません" in text(closed)) == (404, True)


def test_a_new_planner_sets_up_the_second_factor_before_anything_else(cast: Cast) -> None:
    client = Client()
    work = client.post(path_of(invite(cast, role=Role.PLANNER)), NEWCOMER)["Location"]
    assert client.get(work)["Location"].startswith("/account/2fa/totp/activate/")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"username": "CLERK"}, "このログイン名は使われています"),
        ({"username": "a b"}, "有効なユーザー名"),
        ({"password2": "something-else-1"}, "2つのパスワードが違います"),
        ({"password1": "short", "password2": "short"}, "10 文字以上"),
        ({"password1": "arai-arai", "password2": "arai-arai"}, "似"),
        ({"last_name": ""}, "姓を入れてください"),
    ],
)
def test_mistakes_in_a_new_account_are_told(cast: Cast, change: dict[str, str], told: str) -> None:
    issued = invite(cast)
    answer = Client().post(path_of(issued), NEWCOMER | change)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Person.objects.filter(email="new@example.jp").exists()
    assert Client().get(path_of(issued)).status_code == 200


def test_somebody_with_an_account_logs_in_and_takes_the_role(cast: Cast) -> None:
    issued = invite(cast, "resident@example.jp")
    client = Client()
    page = text(client.get(path_of(issued)))
    assert 'name="password1"' not in page
    assert "ログインして受ける" in page

    assert log_in(client, "resident", to=path_of(issued))["Location"] == path_of(issued)
    assert "この役割を受ける" in text(client.get(path_of(issued)))
    assert client.post(path_of(issued))["Location"] == f"/office/{cast.ward.key}/"
    assert rights_of(cast.resident).bodies_in(cast.ward) == {cast.welfare.pk}


def test_somebody_whose_term_is_over_comes_back_by_an_invitation(cast: Cast) -> None:
    cast.former.authenticator_set.all().delete()
    issued = invite(cast, "former@example.jp")
    client = Client()
    assert log_in(Client(), "former").status_code == 403  # by itself the account opens nothing
    client.get(path_of(issued))
    assert log_in(client, "former", to=path_of(issued)).status_code == 302
    client.post(path_of(issued))
    assert client.get(f"/office/{cast.ward.key}/").status_code == 200


def test_an_invitation_in_the_hands_of_somebody_else(cast: Cast) -> None:
    issued = invite(cast, "resident@example.jp", Role.ADMINISTRATOR)
    client = signed_in(cast.clerk)
    assert "この招待は resident@example.jp さんへのものです" in text(client.get(path_of(issued)))
    client.post(path_of(issued))
    assert RoleGrant.objects.filter(role=Role.ADMINISTRATOR, ward=cast.ward).count() == 1

    former = Client()  # holding a link does not let in whom it is not for
    former.get(path_of(issued))
    cast.former.authenticator_set.all().delete()
    assert log_in(former, "former").status_code == 403
