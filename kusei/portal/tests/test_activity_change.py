"""One's own application, written anew by its link."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Application, Intake
from kusei.services.activities.tests.ground import apply, in_days, intake_of, states
from tests.sent_forms import fields_of


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


pytestmark = pytest.mark.slow


def test_an_application_is_written_anew_on_a_page_without_scripts(ground: Ground) -> None:
    applied = apply(intake_of(ground, 3), 2, mail="a@example.jp")
    visitor = Client()
    own = reverse("portal:application", args=[ground.cast.ward.key, applied.token])
    here = reverse("portal:edit_application", args=[ground.cast.ward.key, applied.token])
    assert here in visitor.get(own).content.decode()
    page = visitor.get(here)
    assert "noindex" in page.content.decode()
    said = fields_of(page.content.decode())
    seat = applied.application.seats.order_by("pk").first()
    assert said[f"name-s{seat.pk}"] == "泉 花子0"
    wrong = visitor.post(here, said | {"mail": "", "telephone": "045"})
    assert wrong.status_code == 422
    assert "桁が足りません" in text(wrong)
    nothing = visitor.post(here, said | {"mail": "", "telephone": ""})
    assert nothing.status_code == 422
    assert "どちらかを書いてください" in text(nothing)
    answer = visitor.post(
        here, said | {f"name-s{seat.pk}": "泉 華子", "name-n0": "泉 三郎", "language": "en"}
    )
    assert answer["Location"] == own
    application = Application.objects.get()
    assert [each.name for each in activities.seen_by_applicant(application)] == [
        "泉 華子",
        "泉 花子1",
        "泉 三郎",
    ]
    assert (application.language, states(application)) == ("en", ["accepted"] * 3)
    stale = visitor.post(here, said)
    assert stale.status_code == 409
    assert "申込みが変わりました" in text(stale)


def test_where_no_mail_goes_out_the_number_is_asked_for(ground: Ground, settings) -> None:
    applied = apply(intake_of(ground), mail="a@example.jp")
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "", "django.core.mail.backends.console.EmailBackend"
    here = reverse("portal:edit_application", args=[ground.cast.ward.key, applied.token])
    page = Client().get(here).content.decode()
    label = page.split("電話番号", 1)[1].split("</label>")[0]
    assert "書かなくてもよい" not in label
    said = {key: value for key, value in fields_of(page).items() if key != "telephone"}
    answer = Client().post(here, said)
    assert answer.status_code == 422
    assert "電話番号を書いてください。" in text(answer)
    assert Client().post(here, said | {"telephone": "045-111-2222"}).status_code == 302


def test_after_the_window_the_page_says_whom_to_call(ground: Ground) -> None:
    applied = apply(intake_of(ground, contact="地域振興課 045-000-0000"))
    Intake.objects.update(closes_at=in_days(-0.1))
    here = reverse("portal:edit_application", args=[ground.cast.ward.key, applied.token])
    assert "問い合わせ先に知らせてください: 地域振興課 045-000-0000" in text(Client().get(here))
    assert Client().post(here, {"version": "x"}).status_code == 409


def test_who_waits_with_all_has_to_say_that_the_turn_may_be_the_last(ground: Ground) -> None:
    intake = intake_of(ground, 1)
    apply(intake)
    waits = apply(intake)
    here = reverse("portal:edit_application", args=[ground.cast.ward.key, waits.token])
    said = fields_of(Client().get(here).content.decode()) | {
        "name-n0": "泉 三郎",
        "telephone": "045-123-4567",
    }
    assert "順番は最後になります" in text(Client().post(here, said))
    assert Client().post(here, said | {"goes_to_the_end": "on"}).status_code == 302
    assert states(waits.application) == ["waiting"] * 2
