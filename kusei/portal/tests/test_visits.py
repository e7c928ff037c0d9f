"""出前講座を頼む: the themes, asking without an account, and one's own request behind its link."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kusei.jobs.running import work_off
from kusei.ledger.tests.ground import Ground
from kusei.services.activities.models import VisitDate, VisitRequest
from kusei.services.activities.operations import visiting
from kusei.services.activities.tests.ground import activity_of
from kusei.services.activities.tests.visits import ask, at_ten, decided, held, theme_of
from kusei.wards.models import District

pytestmark = pytest.mark.slow


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=[ground.cast.ward.key, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def written(**more: str) -> dict[str, str]:
    return {
        "group_kind": "school", "group_name": "みどり小学校", "place": "みどり小学校 体育館", "district": "inside",
        "people": "60", "audience": "4年生", "name": "泉 花子", "telephone": "045-111-2222", "note": "",
        "day-0": f"{at_ten(20):%Y-%m-%d}", "time-0": "10:00", "ticket": str(uuid4()),
    } | more  # fmt: skip


def test_themes_stand_on_their_page_and_before_the_list(ground: Ground, client: Client) -> None:
    assert "いま頼める出前講座はありません" in text(client.get(at(ground, "visits")))
    theme = theme_of(ground)
    theme_of(ground, title="準備中の題", published=False)
    activity_of(ground)
    for address in (at(ground, "visits"), at(ground, "activities"), at(ground, "activities") + "?kind=visit"):
        page = text(client.get(address))
        assert "防災出前講座" in page, address
        assert "準備中の題" not in page
    assert "防災出前講座" not in text(client.get(at(ground, "activities") + "?kind=course"))
    page = text(client.get(at(ground, "activity", theme.public_id)))
    assert "伺う日の10日前まで" in page
    assert "この出前講座を頼む" in page


def test_a_visit_is_asked_for_looked_at_sent_once_and_seen(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    address = at(ground, "ask_visit", theme.public_id)
    assert client.get(address).status_code == 200
    form = written(**{"day-1": f"{at_ten(21):%Y-%m-%d}", "time-1": "14:00"})
    check = text(client.post(address, form | {"step": "check"}))
    assert "まだ申し込んでいません" in check
    assert "区内（地区は分からない）" in check
    assert VisitRequest.objects.count() == 0
    assert 'value="みどり小学校"' in client.post(address, form | {"step": "edit"}).content.decode()
    done = client.post(address, form | {"step": "send"}, follow=True)
    assert "申込みを受け付けました" in text(done)
    assert client.post(address, form | {"step": "send"}).url == done.redirect_chain[0][0]
    assert [each.starts_at for each in VisitDate.objects.all()] == [at_ten(20), at_ten(21).replace(hour=14)]
    assert VisitRequest.objects.get().district is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"day-0": ""}, "希望の日を一つは"),
        ({"time-0": ""}, "始まる時刻を書いて"),
        ({"day-0": "2020-01-01"}, "10日前までに"),
        ({"day-1": "2099-01-01"}, "始まる時刻を書いて"),
        ({"time-1": "10:00"}, "日を書いて"),
        ({"day-1": f"{at_ten(20):%Y-%m-%d}", "time-1": "10:00"}, "二度"),
        ({"people": "3"}, "5人から"),
        ({"people": "たくさん"}, "数で書いて"),
        ({"district": "outside"}, "区の外"),
        ({"district": "999999"}, "地区"),
        ({"telephone": ""}, "どちらかを書いて"),
        ({"telephone": "12"}, "桁が足りません"),
        ({"group_name": ""}, "団体の名前を"),
        ({"website": "x"}, "送れませんでした"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_lost(
    ground: Ground, client: Client, more, told: str
) -> None:
    theme = theme_of(ground)
    answer = client.post(at(ground, "ask_visit", theme.public_id), written(**more) | {"step": "send"})
    assert answer.status_code == 422
    assert text(answer).count(told) >= 2
    assert 'value="みどり小学校 体育館"' in answer.content.decode()
    assert VisitRequest.objects.count() == 0


def test_the_districts_of_the_ward_can_be_chosen(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    district = District.objects.create(ward=ground.cast.ward, name="中田", folded="中田")
    client.post(
        at(ground, "ask_visit", theme.public_id), written(district=str(district.pk)) | {"step": "send"}
    )
    assert VisitRequest.objects.get().district == district


def test_a_group_answers_what_it_is_asked_and_withdraws(ground: Ground, client: Client) -> None:
    made = ask(theme_of(ground))
    page, change = at(ground, "visit_request", made.token), at(ground, "change_visit_request", made.token)
    visiting.propose_dates(
        request=made.request, dates=[(at_ten(40), at_ten(41))], revision=1, actor=ground.cast.clerk
    )
    assert "次の日ではいかがですか" in text(client.get(page))
    assert client.post(change, {"do": "answer"}).status_code == 422
    offered = VisitDate.objects.get(side="office")
    assert "がよいという返事" in text(client.post(change, {"do": "answer", "date": offered.pk}, follow=True))
    assert client.post(change, {"do": "answer", "date": "none"}).status_code == 409
    assert client.post(change, {"do": "write", "text": " "}).status_code == 409
    assert "車いすの人" in text(
        client.post(change, {"do": "write", "text": "車いすの人がいます"}, follow=True)
    )
    decided(ground, made.request, days=40)
    told = text(client.get(page))
    assert "防災担当 2人" in told
    assert "みどり集会所" in told
    assert "取り下げられました" in text(client.post(change, {"do": "withdraw"}, follow=True))
    assert client.post(change, {"do": "everything"}).status_code == 404
    assert client.get(at(ground, "visit_request", "nothing")).status_code == 404
    other = reverse("portal:visit_request", args=[ground.cast.other_ward.key, made.token])
    assert client.get(other).status_code == 404


def test_where_a_visit_goes_stands_on_no_page_for_everybody(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    decided(ground, ask(theme).request)
    held(ground, theme, "あおば会")
    key = ground.cast.ward.key
    for address in (
        at(ground, "visits"), at(ground, "activities"), at(ground, "activity_calendar"), at(ground, "activity", theme.public_id),
        at(ground, "activities") + "?kind=visit", f"/w/{key}/", f"/w/{key}/search/?q=みどり集会所", f"/w/{key}/sitemap.xml",
    ):  # fmt: skip
        page = client.get(address, follow=True).content.decode()
        assert "みどり集会所 2階" not in page, address
        assert "みどり自治会" not in page, address


@pytest.mark.slow
def test_groups_hear_by_mail_in_their_language_and_their_mails_lead_back(ground: Ground, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"
    made = ask(theme_of(ground), mail="a@example.jp", language="en")
    clerk = ground.cast.clerk
    visiting.ask_back(request=made.request, text="机はありますか。", revision=1, actor=clerk)
    request = VisitRequest.objects.get()
    visiting.propose_dates(request=request, dates=[(at_ten(40), at_ten(41))], revision=2, actor=clerk)
    decided(ground, request)
    work_off()
    subjects = [each.subject for each in mail.outbox]
    assert subjects[0] == "We received your request for a visiting lecture 防災出前講座"
    assert len(subjects) == 4
    assert all(made.token in each.body for each in mail.outbox)
    assert "机はありますか。" in mail.outbox[1].body
    assert "防災担当 2人" in mail.outbox[3].body
    assert not any("泉 花子" in each.body for each in mail.outbox)
