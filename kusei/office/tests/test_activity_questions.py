"""Questions in the office: set up on one page, left open by whoever answers the telephone, counted without names."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Application
from kusei.services.activities.operations import Given
from kusei.services.activities.tests.ground import apply, intake_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def test_questions_are_set_up_ordered_and_mended(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    here = at(ground, "questions_asked", intake.activity_id, intake.pk)
    assert "質問はまだありません" in text(client.get(here))
    wrong = client.post(here, {"do": "save", "text": "お弁当", "kind": "one", "choices": "肉"})
    assert wrong.status_code == 422
    assert "1行に一つずつ" in text(wrong)
    assert 'value="お弁当"' in wrong.content.decode()
    client.post(here, {"do": "save", "text": "お弁当", "kind": "one", "choices": "肉\n魚\n"})
    client.post(here, {"do": "save", "text": "連絡", "kind": "long"})
    meal, words = intake.questions.all()
    client.post(here, {"do": f"up-{words.pk}"})
    assert [each.text for each in intake.questions.all()] == ["連絡", "お弁当"]
    opened = client.get(f"{here}?edit={meal.pk}").content.decode()
    assert "肉\n魚" in opened
    client.post(f"{here}?edit={meal.pk}", {"do": "save", "text": "弁当", "kind": "one", "choices": "肉\n魚", "revision": "1"})  # fmt: skip
    client.post(here, {"do": f"remove-{words.pk}", "revision": "1"})
    assert [each.text for each in intake.questions.all()] == ["弁当"]
    apply(intake)
    assert "もう申し込んだ人がいます" in text(client.get(here))
    assert client.get(at(ground, "questions_asked", intake.activity_id, 999999)).status_code == 404
    assert signed_in(ground.cast.other_clerk).get(here).status_code == 403


def test_who_answers_the_telephone_leaves_open_what_was_not_asked(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 5, reach="living", min_age=6)
    here = at(ground, "questions_asked", intake.activity_id, intake.pk)
    for more in (
        {"text": "お弁当", "kind": "one", "choices": "肉\n魚", "is_for_each": "on"},
        {"text": "連絡", "kind": "short"},
    ):
        client.post(here, {"do": "save", "is_required": "on"} | more)
    meal, words = intake.questions.all()
    address = at(ground, "new_application", intake.activity_id, intake.pk)
    assert "聞いていない" in text(client.get(address))
    three = {"names": "泉 花子\n泉 太郎 5歳", "telephone": "045-111-2222", "way": "telephone"}
    outside = client.post(address, three | {"ticket": str(uuid4()), f"q{words.pk}": "玄関で"})
    assert outside.status_code == 422
    assert "メモに理由" in text(outside)
    assert 'value="玄関で"' in outside.content.decode()
    done = client.post(
        address,
        three
        | {"ticket": str(uuid4()), f"q{meal.pk}-1": "1", f"q{words.pk}": "玄関で", "note": "姉と来るため"},
        follow=True,
    )
    assert "参加できます" in text(done) or "キャンセル待ち" in text(done)
    shown = text(client.get(at(ground, "applicants", intake.activity_id, intake.pk)))
    for said in ("玄関で", "魚", "聞いていない", "姉と来るため"):
        assert said in shown, said
    assert "答えなし" not in shown  # nobody was asked: it was the telephone
    Application.objects.update(way="page")
    assert "答えなし" in text(client.get(at(ground, "applicants", intake.activity_id, intake.pk)))
    counts = text(client.get(at(ground, "answer_counts", intake.activity_id, intake.pk)))
    assert "肉 0 魚 1" in counts
    assert "泉" not in counts
    assert "玄関で" not in counts
    given = activities.answers_of(list(Application.objects.all()))[Application.objects.get().pk][0]
    assert given == Given({words.pk: "玄関で"}, [{}, {meal.pk: 1}], None)
