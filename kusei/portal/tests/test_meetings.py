"""Public records without names, and the link of a member."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.notices import operations as notices
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Attendance, Minutes
from kusei.services.activities.operations import meetings
from kusei.services.activities.operations.meetings import Other
from kusei.services.activities.operations.meetings.rounds import PAGE, PURPOSE
from kusei.services.activities.tests.test_meetings import came, council, minutes_of, write

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def link_of(ground: Ground, line: Attendance) -> str:
    issued = notices.make_link(
        ward=ground.cast.ward, purpose=PURPOSE, target=line, made_for="福祉保健課", actor=ground.cast.clerk, site="", page=PAGE
    )  # fmt: skip
    return issued.url


def test_a_final_record_is_public_without_names(ground: Ground, client: Client) -> None:
    activity = council(ground)
    minutes = minutes_of(ground, activity)
    clerk = ground.cast.clerk
    shown = meetings.add_paper(minutes=minutes, name="資料.pdf", content=b"%PDF", actor=clerk)
    hidden = meetings.add_paper(
        minutes=minutes, name="内部.pdf", content=b"%PDF2", is_public=False, actor=clerk
    )
    meetings.record_attendance(
        minutes=minutes, lines=came(minutes), others=[Other(name="緑園 一郎")], revision=1, actor=clerk
    )
    write(minutes, ground, 2)
    activities.publish_activity(activity=activity, actor=clerk)
    here = reverse("portal:minutes", args=[ground.cast.ward.key, activity.public_id])
    assert "公開された記録は、まだありません" in text(client.get(here))
    minutes = meetings.finish_minutes(minutes=minutes, revision=3, actor=clerk)
    page = text(client.get(here))
    for there in ("施設の連携", "案内を作る", "1団体、4人", "資料.pdf"):
        assert there in page
    for away in ("泉 花子", "緑園", "内部.pdf"):
        assert away not in page
    papers = [reverse("portal:minutes_paper", args=[ground.cast.ward.key, activity.public_id, each.pk]) for each in (shown, hidden)]  # fmt: skip
    assert [client.get(each).status_code for each in papers] == [200, 404]
    assert client.get(papers[0])["Content-Type"] == "application/octet-stream"
    assert "会議の記録を見る" in text(client.get(reverse("portal:activity", args=[ground.cast.ward.key, activity.public_id])))  # fmt: skip
    Minutes.objects.update(is_public=False, closed_reason="個人の話があるため")
    assert "施設の連携" not in text(client.get(here))
    assert client.get(papers[0]).status_code == 404


def test_a_member_answers_and_comments_on_one_page(ground: Ground, client: Client) -> None:
    minutes = write(minutes_of(ground, council(ground), 4), ground)
    paper = meetings.add_paper(
        minutes=minutes, name="内部.pdf", content=b"x", is_public=False, actor=ground.cast.clerk
    )
    line = minutes.attendances.get(body=ground.cast.welfare)
    here = link_of(ground, line)
    page = client.get(here)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "出席できますか" in text(page)
    assert "泉 花子" not in text(page)
    assert "返事を受け取りました" in text(
        client.post(here, {"do": "answer", "answer": "coming", "people": "3"})
    )
    assert Attendance.objects.get(pk=line.pk).answer_people == 3
    wrong = client.post(here, {"do": "answer", "answer": "coming", "people": "0"})
    assert (wrong.status_code, "1人以上" in text(wrong)) == (422, True)
    assert client.get(f"{here}papers/{paper.pk}/").status_code == 200
    assert client.get(f"{here}papers/999/").status_code == 404
    late = client.post(here, {"do": "comment", "text": "字がちがいます"})
    assert (
        late.status_code,
        "字がちがいます" in late.content.decode() or "受け付けていません" in text(late),
    ) == (422, True)
    meetings.send_round(
        minutes=minutes, until=timezone.localdate(), revision=2, site="", actor=ground.cast.clerk
    )
    assert "意見を受け取りました" in text(client.post(here, {"do": "comment", "text": "字がちがいます"}))
    assert minutes.comments.get().text == "字がちがいます"
    unknown = reverse("portal:meeting_link", args=["x" * 20])
    assert client.post(unknown, {"text": "消えない"}).status_code == 404
    assert "消えない" in text(client.post(unknown, {"text": "消えない"}))
