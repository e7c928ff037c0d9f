"""What is on, applying without an account, and one's own application behind its link."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.press.formats import date_ja
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import Way
from kusei.services.activities.models import Activity, Application, Intake, Seat
from kusei.services.activities.templatetags.activities import to_dial
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of, states


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=[ground.cast.ward.key, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def apply_at(ground: Ground) -> str:
    activity = Activity.objects.get()
    return at(ground, "apply", activity.public_id, activity.intakes.get().pk)


def written(**more: str) -> dict[str, str]:
    return {"name-0": "泉 花子", "telephone": "045-111-2222", "together": "1", "ticket": str(uuid4())} | more


def test_what_is_on_is_listed_and_narrowed_by_the_address(ground: Ground, client: Client) -> None:
    activity_of(ground, title="赤ちゃん教室", max_age=3, has_childcare=True)
    activity_of(ground, title="防災フェア", fee_yen=500)
    activity_of(ground, title="準備中の会", published=False)
    address = at(ground, "activities")
    page = text(client.get(address))
    assert "赤ちゃん教室" in page
    assert "防災フェア" in page
    assert "準備中の会" not in page
    for query, there, away in (
        ("q=赤ちゃん", "赤ちゃん教室", "防災フェア"),
        ("age=40", "防災フェア", "赤ちゃん教室"),
        ("is_free=1", "赤ちゃん教室", "防災フェア"),
        ("has_childcare=1", "赤ちゃん教室", "防災フェア"),
    ):
        found = text(client.get(f"{address}?{query}"))
        assert there in found, query
        assert away not in found, query
    assert "当てはまる講座や催しはありません" in text(client.get(f"{address}?is_online=1"))
    assert client.get(f"{address}?age=x&district=²&kind=zzz&q=%00").status_code == 200


@pytest.mark.slow
def test_the_list_asks_as_often_for_many_sessions_as_for_few(ground: Ground, client: Client) -> None:
    address = at(ground, "activities")
    counts = []
    for more in (1, 8):
        for _each in range(more):
            intake_of(ground)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_draft_and_another_wards_are_not_there(ground: Ground, client: Client) -> None:
    draft = activity_of(ground, published=False)
    assert client.get(at(ground, "activity", draft.public_id)).status_code == 404
    shown = activity_of(ground)
    other = reverse("portal:activity", args=[ground.cast.other_ward.key, shown.public_id])
    assert client.get(other).status_code == 404


def test_applying_is_looked_at_once_more_before_it_is_sent(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    address = apply_at(ground)
    assert client.get(address).status_code == 200
    form = written(**{"name-1": "泉 太郎"})
    check = client.post(address, form | {"step": "check"})
    assert "まだ申し込んでいません" in text(check)
    first = intake.sessions.first()
    assert f"日時と場所 {date_ja(timezone.localdate(first.starts_at))}" in text(check)
    assert "費用 無料" in text(check)
    assert "席が足りないとき 全員分の席がなければ" in text(check)
    assert Application.objects.count() == 0
    back = client.post(address, form | {"step": "edit"})
    assert 'value="泉 太郎"' in back.content.decode()
    alone = written()
    done = client.post(address, alone | {"step": "send"}, follow=True)
    assert "参加できます" in text(done)
    assert "申込みを受け付けました。" in text(done)
    client.post(address, alone | {"step": "send"})  # a double click
    assert Application.objects.count() == 1
    waiting = client.post(address, form | {"step": "send"}, follow=True)
    assert text(waiting).count("キャンセル待ち") >= 2
    assert "前に" not in text(waiting)
    assert intake.quotas.get().taken == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"name-0": ""}, "参加する人の名前を書いて"),
        ({"telephone": ""}, "どちらかを書いて"),
        ({"telephone": "111-2222"}, "市外局番から"),
        ({"mail": "x"}, "メールアドレスの形ではありません"),
        ({"kana-1": "たろう"}, "この人の名前を書くか"),
        ({"website": "http://x"}, "送れませんでした"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(ground: Ground, client: Client, more, told: str) -> None:
    intake_of(ground)
    answer = client.post(apply_at(ground), written(**more) | {"step": "send"})
    assert answer.status_code == 422
    assert told in text(answer)
    assert more.get("telephone", "045-111-2222") in answer.content.decode()
    assert Application.objects.count() == 0


def test_an_intake_that_closed_meanwhile_keeps_what_was_written(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    activities.call_off_activity(activity=intake.activity, reason="感染症のため", actor=ground.cast.clerk)
    answer = client.post(apply_at(ground), written() | {"step": "send"})
    assert answer.status_code == 409
    assert "いま申込みを受け付けていません" in text(answer)
    assert "感染症のため" in text(client.get(at(ground, "activity", intake.activity.public_id)))


def test_one_cancels_by_the_link_and_the_next_says_yes(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    first, second = apply(intake), apply(intake)
    change = at(ground, "change_application", first.token)
    nobody = client.post(change, {"do": "cancel"})
    assert nobody.status_code == 422
    assert "取り消す人を選んで" in text(nobody)
    seat = Seat.objects.get(application=first.application)
    done = client.post(change, {"do": "cancel", "seat": [str(seat.pk)]}, follow=True)
    assert states(first.application) == ["cancelled"]
    assert "申込みを取り消しました。" in text(done)
    page = text(client.get(at(ground, "application", second.token)))
    assert "1人分の席が空きました" in page
    client.post(at(ground, "change_application", second.token), {"do": "take"})
    assert states(second.application) == ["accepted"]
    late = client.post(change, {"do": "take"})
    assert late.status_code == 409
    assert "案内は終わりました" in text(late)


def test_nobody_changes_anothers_seat(ground: Ground, client: Client) -> None:
    intake = intake_of(ground)
    mine, theirs = apply(intake), apply(intake)
    seat = Seat.objects.get(application=theirs.application)
    client.post(at(ground, "change_application", mine.token), {"do": "cancel", "seat": [str(seat.pk)]})
    assert states(theirs.application) == ["accepted"]
    assert client.get(at(ground, "application", "x" * 32)).status_code == 404


def test_the_way_in_online_is_seen_by_those_who_take_part_only(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    session = intake.sessions.first()
    activities.move_session(
        session=session, starts_at=session.starts_at, ends_at=session.ends_at, place="", revision=1,
        online_url="https://meet.example.jp/room", reason="感染症のため", actor=ground.cast.clerk,
    )  # fmt: skip
    accepted, waiting = apply(intake), apply(intake)
    assert "meet.example.jp" in client.get(at(ground, "application", accepted.token)).content.decode()
    for address in (
        at(ground, "application", waiting.token),
        at(ground, "activity", intake.activity.public_id),
        at(ground, "activities"),
    ):
        assert "meet.example.jp" not in client.get(address).content.decode()


def test_the_draw_is_there_for_everybody_to_check(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1, way=Way.LOTTERY)
    apply(intake)
    apply(intake)
    after = in_days(11)
    draw = activities.seal_draw(
        intake=intake, seed_source="12月1日の終値", actor=ground.cast.clerk, now=after
    )
    address = at(ground, "activity", intake.activity.public_id)
    assert draw.commitment in text(client.get(address))
    activities.draw_lots(draw=draw, seed="38,915.87", actor=ground.cast.clerk, now=after)
    page = text(client.get(address))
    assert "38,915.87" in page
    assert "12月1日の終値" in page


def test_a_number_in_a_sentence_is_dialled_and_nothing_else_is_markup() -> None:
    said = to_dial("<b>地域振興課</b> 045-000-0000（内線12）か0120-111-222、2026-06-10")
    assert said == (
        "&lt;b&gt;地域振興課&lt;/b&gt; "
        '<a class="nowrap" href="tel:045-000-0000">045-000-0000</a>（内線12）か'
        '<a class="nowrap" href="tel:0120-111-222">0120-111-222</a>、2026-06-10'
    )


def test_names_stand_first_and_cancelling_is_a_step_of_its_own(ground: Ground, client: Client) -> None:
    token = apply(intake_of(ground, 3), 2).token
    page = client.get(at(ground, "application", token)).content.decode()
    shown, _cut, folded = page.partition('<details class="cancel')
    assert "泉 花子1" in shown
    assert 'name="seat"' not in shown
    assert "元には戻せません" in folded
    assert folded.count('name="seat"') == 2


def test_what_has_to_be_said_of_the_first_person_is_not_called_optional(
    ground: Ground, client: Client
) -> None:
    intake_of(ground, {"大人": 2, "保育": 1}, min_age=0, max_age=3)
    form = text(client.get(apply_at(ground)))
    assert "ふりがな 書かなくてもよい" in form
    assert "枠 大人" in form
    assert "年齢 最初の回の日の年齢" in form
    wrong = client.post(apply_at(ground), written(step="check"))
    assert wrong.status_code == 422
    assert "年齢を書いてください。" in text(wrong)


def test_without_mail_the_telephone_number_is_asked_for(ground: Ground, client: Client, settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "", "django.core.mail.backends.console.EmailBackend"
    intake_of(ground)
    form = text(client.get(apply_at(ground)))
    assert "電話番号 急な中止" in form
    wrong = text(client.post(apply_at(ground), written(telephone="", step="check")))
    assert "電話番号を書いてください。" in wrong
    assert "メールアドレス" not in wrong


def test_before_the_window_the_capacity_is_told(ground: Ground, client: Client) -> None:
    intake_of(ground, 12)
    Intake.objects.update(opens_at=in_days(2))
    assert "から（定員12人）" in text(client.get(at(ground, "activities")))


def test_what_began_on_an_earlier_day_says_until_when(ground: Ground, client: Client) -> None:
    activity = activity_of(ground, title="まち歩きラリー", published=False)
    activity.sessions.update(starts_at=in_days(-4), ends_at=in_days(5))
    activities.publish_activity(activity=activity, actor=ground.cast.clerk)
    page = text(client.get(at(ground, "activities")))
    assert f"{date_ja(timezone.localdate(in_days(5)))}まで まち歩きラリー" in page


def test_who_waits_first_and_who_awaits_lots_is_told_what_comes_next(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    intake.name = "ひよこ組"
    intake.save(update_fields=["name"])
    first, second, third = (apply(intake, mail=f"n{number}@example.jp") for number in range(3))

    def page(applied) -> str:
        return text(client.get(at(ground, "application", applied.token)))

    assert "ひよこ組" in page(first)
    assert "最初にお知らせします" in page(second)
    assert "最初にお知らせします" not in page(third)
    activities.cancel_seats(application=first.application)
    assert "返事がないと、席は次の人に移ります" in page(second)


def test_who_awaits_lots_is_told_when_they_are_drawn(ground: Ground, client: Client) -> None:
    applied = apply(intake_of(ground, way=Way.LOTTERY), mail="a@example.jp")
    assert "締切りの後に抽選" in text(client.get(at(ground, "application", applied.token)))
