"""The list of who applied: by pages, narrowed by state, kind of place, name and number; as a whole to print."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kusei.ledger.tests.ground import Ground
from kusei.office.applicant_list import Narrowing, narrowing_of
from kusei.office.tests.test_activities import at, text
from kusei.office.views import applicants
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Intake, Quota
from kusei.services.activities.queries.door import is_called
from kusei.services.activities.tests.ground import intake_of
from kusei.wards.models import AuditEntry
from tests.cast import signed_in

slow = pytest.mark.slow
PEOPLE = [
    ("泉 花子", "いずみ はなこ"), ("加藤 一郎", "カトウ イチロウ"), ("緑 太郎", "みどり たろう"), ("青山 待子", "あおやま まちこ"),
]  # fmt: skip


def test_what_the_address_asks_for_is_read_and_nonsense_narrows_nothing() -> None:
    quotas = [Quota(pk=3, name="大人")]
    asked = narrowing_of(QueryDict("state=waiting&quota=3&q=１２&whole=1"), quotas)
    assert (asked.state, asked.quota, asked.number, asked.needs_names) == ("waiting", 3, 12, False)
    assert (bool(asked), asked.is_whole) == (True, True)
    nothing = narrowing_of(QueryDict("state=dancing&quota=9&q=%00+"), quotas)
    assert nothing == Narrowing()
    assert not nothing
    assert narrowing_of(QueryDict("q=泉"), quotas).needs_names


@pytest.mark.parametrize("words", ["花子", "はなこ", "ハナコ", "泉花子", "いずみ　は"])
def test_somebody_is_found_by_name_and_by_reading_in_either_kana(words: str) -> None:
    assert is_called(words, "泉 花子", "いずみ はなこ")
    assert not is_called(words, "加藤 一郎", "カトウ イチロウ")


def applied(intake: Intake) -> None:
    quotas = {each.name: each.pk for each in intake.quotas.all()}
    for place, (name, kana) in enumerate(PEOPLE):
        quota = quotas["保育付き" if place == 2 else "一般"]
        activities.apply_for(
            intake=intake, ticket=uuid4(), people=[activities.Someone(name, kana, quota=quota)],
            contact=activities.Contact(telephone=f"045-111-222{place}"),
        )  # fmt: skip


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


@slow
def test_the_list_is_narrowed_and_each_look_is_recorded_once_with_as_many_as_were_opened(
    ground: Ground, client: Client
) -> None:
    intake = intake_of(ground, {"一般": 2, "保育付き": 1})
    applied(intake)
    here = at(ground, "applicants", intake.activity_id, intake.pk)
    looks = AuditEntry.objects.filter(verb="activities.see_list")

    def found(*, opened: int = 1, **asked: str) -> list[str]:
        before = looks.count()
        page = text(client.get(here, asked))
        assert looks.count() == before + opened
        return [name for name, _kana in PEOPLE if name in page]

    assert found() == [name for name, _kana in PEOPLE]
    assert found(state="waiting") == ["青山 待子"]
    assert looks.first().changes == {"applications": [None, 1]}
    assert found(quota=str(intake.quotas.get(name="保育付き").pk)) == ["緑 太郎"]
    assert found(q="かとう") == ["加藤 一郎"]
    assert found(q="３") == ["緑 太郎"]
    assert found(q="かとう", state="waiting") == []
    assert found(q="99", opened=0) == []
    page = client.get(here, {"state": "waiting"}).content.decode()
    assert "申込み4件のうち、条件に合う1件" in page
    assert "ExcelとCSVには申し込んだ全員が入ります" in page
    csv = client.post(at(ground, "take_out_applicants", intake.activity_id, intake.pk), {"kind": "csv"})
    assert csv.content.decode().count("045-111-222") == 4


@slow
def test_pages_ask_no_more_for_more_people_and_all_are_printed_at_once(
    ground: Ground, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = intake_of(ground, {"一般": 9, "保育付き": 9})
    Intake.objects.filter(pk=intake.pk).update(name="北台会場")
    activities.add_intake(
        activity=intake.activity, quotas={"": 3}, opens_at=intake.opens_at, closes_at=intake.closes_at,
        name="南台会場", actor=ground.cast.clerk,
    )  # fmt: skip
    applied(intake)
    here = at(ground, "applicants", intake.activity_id, intake.pk)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(here)
        return len(queries)

    client.get(here)
    monkeypatch.setattr(applicants, "ROWS_AT_ONCE", 1)
    one = asked()
    monkeypatch.setattr(applicants, "ROWS_AT_ONCE", 3)
    assert asked() == one
    page = client.get(here, {"page": "2"}).content.decode()
    assert ("（4～4件目）" in page, "青山 待子" in page, "加藤 一郎" in page) == (True, True, False)
    assert re.search(r'aria-current="page">北台会場</a></li><li><a [^>]*>南台会場', page)
    assert "北台会場の申込み" in text(client.get(here))
    whole = text(client.get(here, {"whole": "1"}))
    assert all(name in whole for name, _kana in PEOPLE)
    change = at(ground, "change_applicant", intake.activity_id, intake.pk, 4)
    assert f'action="{change}?page=2"' in page
    assert client.post(f"{change}?page=2", {"do": "cancel"})["Location"] == f"{here}?page=2#a4"
