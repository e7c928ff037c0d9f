"""`kusei ward`: the first step of a ward, for whoever runs the machine."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from kusei.config.cli import main
from kusei.wards.enums import Role
from kusei.wards.models import Invitation, Ward
from kusei.wards.permissions import rights_of
from tests.cast import PASSWORD, Cast


@pytest.mark.django_db(transaction=True)
def test_a_ward_is_registered_and_its_administrator_comes_in_by_the_link(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ward", "横浜市泉区", "--administrator", "First@example.jp"]) == 0

    told = capsys.readouterr().out
    assert "横浜市泉区 を登録しました。" in told
    link = re.search(r"http://testserver(/office/invitation/\S+)", told)
    assert link is not None
    assert mail.outbox[0].to == ["first@example.jp"]
    assert link[0] in mail.outbox[0].body

    client = Client()
    answer = client.post(
        link[1],
        {
            "last_name": "泉",
            "first_name": "花子",
            "username": "hanako",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    ward = Ward.objects.get(code="141160")
    assert answer["Location"] == f"/office/{ward.key}/"
    person = Invitation.objects.get().accepted_by
    assert person is not None
    assert rights_of(person).has(ward, Role.ADMINISTRATOR)
    assert client.get(answer["Location"])["Location"].startswith("/account/2fa/totp/activate/")


@pytest.mark.django_db
def test_a_registered_ward_is_not_registered_twice(capsys: pytest.CaptureFixture[str]) -> None:
    main(["ward", "横浜市泉区"])
    assert "管理者がまだいません" in capsys.readouterr().out
    assert main(["ward", "141160", "--administrator", "first@example.jp"]) == 0
    assert "横浜市泉区 は登録済みです。" in capsys.readouterr().out
    assert Ward.objects.filter(name="泉区").count() == 1

    assert main(["ward", "141160", "--administrator", "first@example.jp"]) == 1
    assert "もう招待されています" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_mistake_registers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ward", "横浜市泉区", "--administrator", "no-address"]) == 2
    assert "メールアドレスではありません" in capsys.readouterr().err
    assert main(["ward", "999999"]) == 1
    assert main(["ward"]) == 2
    assert not Ward.objects.exists()


def test_the_list_names_each_ward_with_its_administrators(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ward", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{cast.ward.key}\tみらい区\tAdministrator" in lines
    assert f"{cast.other_ward.key}\tほし区\t（管理者なし）" in lines


@pytest.mark.parametrize(
    "name", ["administrator", "planner", "clerk", "partner", "resident", "former", "stranger"]
)
@pytest.mark.parametrize("way", [["横浜市泉区"], ["みらい区", "--administrator", "x@example.jp"], ["--list"]])
def test_no_role_of_a_ward_may_register_wards(
    cast: Cast, name: str, way: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    username = getattr(cast, name).username
    assert main(["ward", *way, "--as", username]) == 1
    told = capsys.readouterr()
    assert "機械の操作者" in told.err
    assert told.out == ""
    assert Ward.objects.count() == 2
    assert not Invitation.objects.exists()
