"""Residents answer the organiser's questions while they apply, and change their answers by the link."""

from __future__ import annotations

import pytest
from django.test import Client

from kusei.ledger.tests.ground import Ground
from kusei.portal.tests.test_activities import apply_at, at, text, written
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Application, Intake
from kusei.services.activities.operations import Wording
from kusei.services.activities.tests.ground import intake_of

WORDINGS = (
    Wording(QuestionKind.ONE, "お弁当", choices=("肉", "魚"), is_required=True, is_for_each=True),
    Wording(QuestionKind.SEVERAL, "アレルギー", choices=("卵", "乳", "小麦")),
    Wording(QuestionKind.NUMBER, "ベビーカーの数", least=0, most=3, hint="置き場を用意します"),
)


@pytest.fixture
def intake(ground: Ground) -> Intake:
    made = intake_of(ground, 5, reach="living")
    for wording in WORDINGS:
        activities.add_question(owner=made, wording=wording, actor=ground.cast.clerk)
    return made


def names(intake: Intake) -> list[str]:
    return [f"q{pk}" for pk in intake.questions.values_list("pk", flat=True)]


def test_answers_are_asked_checked_kept_and_sent(ground: Ground, intake: Intake, client: Client) -> None:
    address = apply_at(ground)
    meal, allergy, prams = names(intake)
    page = text(client.get(address))
    assert "置き場を用意します" in page
    assert "区内に住んでいます" in page
    wrong = client.post(address, written(**{"name-1": "泉 太郎", f"{meal}-0": "0", prams: "9", allergy: ["0", "2"]}) | {"step": "check"})  # fmt: skip
    assert wrong.status_code == 422
    told = text(wrong)
    for words in ("「お弁当」: 答えてください。", "「ベビーカーの数」: 3以下", "区内に住んでいる人のため"):
        assert told.count(words) == 2, words  # above the form, and beside the field
    kept = wrong.content.decode()
    assert 'value="9"' in kept
    assert kept.count(" checked") >= 3
    good = written(
        **{"name-1": "泉 太郎", f"{meal}-0": "0", f"{meal}-1": "1", allergy: ["0", "2"], "belongs": "on"}
    )
    check = client.post(address, good | {"step": "check"})
    assert "卵、小麦" in text(check)
    assert check.content.decode().count(f'name="{allergy}"') == 2
    done = client.post(address, good | {"step": "send"}, follow=True)
    assert "質問への答えを見る・変える" in text(done)
    given = activities.answers_of(list(Application.objects.all()))[Application.objects.get().pk][0]
    assert list(given.together.values()) == [[0, 2]]
    assert [list(each.values()) for each in given.each] == [[0], [1]]
    assert given.belongs is True


@pytest.mark.slow
def test_answers_are_changed_by_the_link_while_the_window_is_open(
    ground: Ground, intake: Intake, client: Client
) -> None:
    meal, _allergy, prams = names(intake)
    good = written(**{f"{meal}-0": "0", prams: "1", "belongs": "on"})
    sent = client.post(apply_at(ground), good | {"step": "send"})
    here = at(ground, "application_answers", sent["Location"].rstrip("/").split("/")[-1])
    assert 'value="1"' in client.get(here).content.decode()
    wrong = client.post(here, {f"{meal}-0": "", prams: "たくさん", "revision": "1"})
    assert wrong.status_code == 422
    assert 'value="たくさん"' in wrong.content.decode()
    assert client.post(here, {f"{meal}-0": "1", prams: "2", "revision": "1"}).status_code == 302
    stale = client.post(here, {f"{meal}-0": "0", prams: "3", "revision": "1"})
    assert stale.status_code == 409
    assert "答えが変わりました" in text(stale)
    Intake.objects.update(closes_at="2020-01-02T00:00Z", opens_at="2020-01-01T00:00Z")
    closed = client.get(here)
    assert "変えられません" in text(closed)
    assert "魚" in text(closed)
    assert "<textarea" not in closed.content.decode()
