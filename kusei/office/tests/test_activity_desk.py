"""Somebody is on the telephone: written down in three fields, found by a number, written anew."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Application
from kusei.services.activities.operations import Given, Wording
from kusei.services.activities.papers import paper_number
from kusei.services.activities.tests.ground import apply, intake_of, states
from kusei.wards.models import AuditEntry
from tests.cast import signed_in
from tests.sent_forms import fields_of

pytestmark = pytest.mark.slow


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def test_name_telephone_and_people_are_enough_and_it_is_said_at_once(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 3, min_age=0, max_age=3)
    address = at(ground, "new_application", intake.activity_id, intake.pk)
    three = {"names": "泉 花子", "telephone": "045-111-2222", "people": "3", "way": "telephone"}
    done = client.post(address, three | {"ticket": str(uuid4())}, follow=True)
    assert "受付番号 1 3人 参加できます" in text(done)
    assert "autofocus" in done.content.decode()
    names = [each.name for each in activities.seen_by_applicant(Application.objects.get())]
    assert names == ["泉 花子", "泉 花子（同行1）", "泉 花子（同行2）"]
    waits = client.post(address, three | {"ticket": str(uuid4()), "people": ""}, follow=True)
    assert "受付番号 2 1人 キャンセル待ちです。席が空いたら、最初に案内します" in text(waits)
    fewer = client.post(address, three | {"ticket": str(uuid4()), "names": "泉 花子、泉 太郎", "people": "1"})
    assert "名前を書いた人より少なく" in text(fewer)
    assert (
        "done" not in client.get(address + "?done=x").context
        or client.get(address + "?done=x").context["done"] is None
    )


def test_the_number_of_a_paper_form_leads_to_its_page(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    number = paper_number(intake)
    desk = at(ground, "activity_desk")
    answer = client.post(desk, {"number": number})
    assert answer["Location"] == at(ground, "new_application", intake.activity_id, intake.pk)
    assert signed_in(ground.cast.other_clerk).post(desk, {"number": number}).status_code in {200, 422}


def test_who_has_no_application_yet_is_written_down_elsewhere(ground: Ground, client: Client) -> None:
    here = at(ground, "activity_desk")
    said = "新しい申込みは、講座・催しを開いて"
    assert said in text(client.get(here))
    assert said in text(client.post(here, {"number": "045-999-9999"}))


def test_who_telephones_is_found_and_written_anew(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 3)
    address = at(ground, "new_application", intake.activity_id, intake.pk)
    client.post(
        address, {"names": "泉 花子", "telephone": "045-111-2222", "way": "telephone", "ticket": str(uuid4())}
    )
    desk = at(ground, "activity_desk")
    assert "泉 花子" in text(client.post(desk, {"number": "(045)1112222"}))
    assert "この番号の申込みはありません" in text(client.post(desk, {"number": "045-111-9999"}))
    assert "数字で入れてください" in text(client.post(desk, {"number": "花子"}))
    here = at(ground, "applicant", intake.activity_id, intake.pk, 1)
    said = fields_of(client.get(here).content.decode())
    seat = Application.objects.get().seats.get()
    changed = said | {
        "do": "change",
        f"name-s{seat.pk}": "泉 華子",
        "name-new": "泉 太郎",
        "telephone": "045-111-3333",
    }
    assert "直しました" in text(client.post(here, changed, follow=True))
    application = Application.objects.get()
    assert [each.name for each in activities.seen_by_applicant(application)] == ["泉 華子", "泉 太郎"]
    assert "申込みが変わりました" in text(client.post(here, changed, follow=True))
    assert "取り消す人に" in text(client.post(here, {"do": "cancel"}, follow=True))
    client.post(here, {"do": "cancel", "seat": [seat.pk]})
    assert states(application) == ["cancelled", "accepted"]
    assert (
        AuditEntry.objects.filter(verb="activities.change_application", actor=ground.cast.clerk).count() == 1
    )


def test_an_offer_is_answered_and_others_see_nothing(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    first, second = apply(intake).application, apply(intake).application
    activities.cancel_seats(application=first)
    here = at(ground, "applicant", intake.activity_id, intake.pk, second.number)
    client.post(here, {"do": "take"})
    assert states(second) == ["accepted"]
    assert "案内は終わりました" in text(
        client.post(at(ground, "applicant", intake.activity_id, intake.pk, 1), {"do": "take"}, follow=True)
    )
    for name in ("planner", "other_clerk"):
        assert signed_in(getattr(ground.cast, name)).get(here).status_code == 403
    assert client.get(at(ground, "applicant", intake.activity_id, intake.pk, 99)).status_code == 404


def test_what_was_sealed_with_a_key_that_is_gone_is_told(ground: Ground, settings) -> None:
    intake = intake_of(ground, 3)
    asked = Wording(QuestionKind.SHORT, "どこで知りましたか")
    question = activities.add_question(owner=intake, wording=asked, actor=ground.cast.clerk)
    apply(intake, answers=Given({question.pk: "ちらし"}))
    settings.SECRET_KEY = "another one, longer than thirty-two characters"
    client = signed_in(ground.cast.clerk)
    place = (intake.activity_id, intake.pk)
    assert client.get(at(ground, "applicants", *place)).status_code == 200
    answer = client.get(at(ground, "applicant", *place, 1))
    assert answer.status_code == 404
    assert "KUSEI_SECRET_KEY" in text(answer)
