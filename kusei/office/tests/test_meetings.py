"""Records of meetings in the office: made, written by two, counted, sent round, final; decisions until they are done."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.office.forms.meetings import RecordRows
from kusei.office.operations import join_bodies
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Decision, Member, Minutes
from kusei.services.activities.operations import meetings
from kusei.services.activities.operations.meetings import Decided, Other, Point, Written
from kusei.services.activities.tests.test_meetings import came, clean, council, minutes_of, said, write
from kusei.wards.models import Body
from tests.cast import signed_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def at(minutes: Minutes, name: str, *more: object) -> str:
    session = minutes.session
    return reverse(f"office:{name}", args=[minutes.ward.key, session.activity_id, session.pk, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def rows(minutes: Minutes, **more: object) -> dict[str, object]:
    minutes.refresh_from_db()
    point, decision = minutes.agenda.first(), minutes.decisions.first()
    return {
        "revision": minutes.revision, "p-pk": [str(point.pk) if point else "", ""], "p-title": ["施設の連携", "その他"],
        "p-brought_by": ["地域振興課", ""], "p-note": ["話した", ""], "d-pk": [str(decision.pk) if decision else ""],
        "d-text": ["案内を作る"], "d-doer": ["福祉保健課"], "d-due_on": [timezone.localdate().isoformat()],
        "summary": "まとめ", "is_public": "1", "closed_reason": "",
    } | more  # fmt: skip


def test_a_record_goes_from_members_to_final(ground: Ground, client: Client) -> None:
    activity = council(ground, members=False)
    members = reverse("office:members", args=[ground.cast.ward.key, activity.pk])
    assert "構成員がまだいません" in text(client.get(members))
    assert client.post(members, {"people": "1"}).status_code == 422
    client.post(members, {"body": ground.cast.welfare.pk, "people": "2", "mail": "w@example.jp"})
    client.post(members, {"name": "泉 花子", "people": "1"})
    assert "泉 花子" in text(client.get(members))
    session = activities.add_sessions(
        activity=activity, whens=[activities.When(timezone.now(), timezone.now() + timedelta(hours=1))],
        actor=ground.cast.clerk,
    )[0]  # fmt: skip
    here = reverse("office:minutes", args=[ground.cast.ward.key, activity.pk, session.pk])
    assert "記録を作る" in text(client.get(here))
    client.post(here, {"do": "open"})
    minutes = Minutes.objects.get()
    wrong = client.post(at(minutes, "write_minutes"), rows(minutes, **{"d-due_on": ["あした"]}))
    assert (wrong.status_code, "日として読めません" in text(wrong), "施設の連携" in wrong.content.decode()) == (422, True, True)  # fmt: skip
    assert "記録を保存" in text(client.post(at(minutes, "write_minutes"), rows(minutes), follow=True))
    attending = at(minutes, "attendance")
    first, second = minutes.attendances.all()
    came = {"revision": 2, f"came-{first.pk}": "present", f"people-{first.pk}": "", f"came-{second.pk}": "excused", f"people-{second.pk}": "1", "other-body": [str(ground.cast.council.pk)], "other-name": [""], "other-people": ["3"]}  # fmt: skip
    assert "1人から" in text(client.post(attending, came))
    assert "出席を記録しました" in text(
        client.post(attending, came | {f"people-{first.pk}": "2"}, follow=True)
    )
    page = text(client.get(here))
    assert "2団体、5人が出席しました" in page
    client.post(here, {"do": "paper", "file": SimpleUploadedFile("資料.pdf", b"%PDF"), "is_public": "on"})
    paper = client.get(at(minutes, "meeting_paper", minutes.papers.get().pk))
    assert paper["Content-Type"] == "application/octet-stream"
    assert paper["Content-Disposition"].startswith("attachment")
    minutes.refresh_from_db()
    assert "記録を確定しました" in text(
        client.post(here, {"do": "final", "revision": minutes.revision}, follow=True)
    )
    assert "泉 花子" in text(client.get(at(minutes, "print_minutes")))
    assert client.post(here, {"do": "reopen", "reason": ""}).status_code == 422
    assert "確定を解きました" in text(client.post(here, {"do": "reopen", "reason": "字の誤り"}, follow=True))
    client.post(members, {"do": "end", "member": Member.objects.first().pk})
    assert Member.objects.filter(left_at=None).count() == 1


def test_links_in_mails_lead_to_the_address_of_the_site(
    ground: Ground, client: Client, settings, django_capture_on_commit_callbacks
) -> None:
    settings.KUSEI_SITE_URL, settings.EMAIL_HOST = "https://kusei.example", "mail.example.jp"
    minutes = minutes_of(ground, council(ground), 5)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at(minutes, "minutes"), {"do": "invite"}, headers={"host": "localhost"})
    [letter] = mail.outbox
    assert "https://kusei.example/" in letter.body
    assert "localhost" not in letter.body


def test_who_has_no_mail_address_was_sent_nothing(ground: Ground, client: Client) -> None:
    activity = council(ground, members=False)
    members = reverse("office:members", args=[ground.cast.ward.key, activity.pk])
    client.post(members, {"name": "泉 花子", "people": "1"})
    minutes = minutes_of(ground, activity, 5)
    said = text(client.post(at(minutes, "minutes"), {"do": "invite"}, follow=True))
    assert "メールは送っていません。1件はメールがない" in said
    assert "いま送ったところです" in text(client.post(at(minutes, "minutes"), {"do": "invite"}, follow=True))
    shown = client.get(at(minutes, "minutes")).content.decode()
    again = {"do": "invite", "sent_before": shown.split('name="sent_before" value="')[1].split('"')[0]}
    assert "メールは送っていません" in text(client.post(at(minutes, "minutes"), again, follow=True))
    assert "案内を送りました" not in said


def test_a_sign_that_no_database_keeps_is_left_out() -> None:
    data = QueryDict(mutable=True)
    for name in ("p-pk", "p-title", "p-brought_by", "p-note", "d-pk", "d-text", "d-doer", "d-due_on"):
        data[name] = "\x00"
    data.update({"summary": "ま\x00とめ", "is_public": "0", "closed_reason": "個\x00人"})
    data["p-title"], data["d-text"] = "施設\x00の連携", "決め\x00た"
    written = RecordRows(Minutes(), data).written()
    assert written == Written([Point(None, "施設の連携")], [Decided(None, "決めた")], "まとめ", False, "個人")


def test_who_comes_second_sees_both_texts_and_keeps_theirs(ground: Ground, client: Client) -> None:
    minutes = minutes_of(ground, council(ground))
    mine = rows(minutes, summary="わたしのまとめ")
    write(minutes, ground, summary="先に書いたまとめ")
    clash = client.post(at(minutes, "write_minutes"), mine)
    page = text(clash)
    assert clash.status_code == 409
    assert "先に書いたまとめ" in page
    assert "わたしのまとめ" in page
    again = mine | {"revision": re.search(r'name="revision" value="(\d+)"', clash.content.decode())[1]}
    assert "記録を保存" in text(client.post(at(minutes, "write_minutes"), again, follow=True))
    minutes.refresh_from_db()
    assert minutes.summary == "わたしのまとめ"


def test_decisions_are_listed_until_they_are_done(ground: Ground, client: Client) -> None:
    minutes = write(minutes_of(ground, council(ground), -3), ground)
    decision = Decision.objects.get()
    Decision.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    here = reverse("office:decisions", args=[ground.cast.ward.key])
    assert "期限を過ぎています" in text(client.get(f"{here}?state=late"))
    wrong = client.post(
        here, {"id": decision.pk, "do": "done", "note": "", "on": timezone.localdate().isoformat()}
    )
    assert wrong.status_code == 422
    client.post(
        here,
        {"id": decision.pk, "do": "done", "note": "全施設へ送った", "on": timezone.localdate().isoformat()},
    )
    assert "済んでいない決まりごとはありません" in text(client.get(here))
    assert "全施設へ送った" in text(client.get(f"{here}?state=done"))
    file = client.get(reverse("office:decisions_file", args=[ground.cast.ward.key]) + "?state=done")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert [cell.value for cell in sheet[2]][3:5] == ["案内を作る", "福祉保健課"]
    client.post(f"{here}?state=done", {"id": decision.pk, "do": "undo"})
    decision.refresh_from_db()
    assert decision.done_on is None
    outsider = signed_in(ground.cast.other_clerk)
    assert "案内を作る" not in text(outsider.get(here))
    assert outsider.post(here, {"id": decision.pk, "do": "undo"}).status_code == 422
    assert outsider.get(at(minutes, "minutes")).status_code == 403


def test_bodies_that_were_joined_count_as_one(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground))
    double = Body.objects.create(ward=ground.cast.ward, name="福祉課", folded="福祉課")
    meetings.record_attendance(
        minutes=minutes, lines=came(minutes), others=[Other(double)], revision=1, actor=ground.cast.clerk
    )
    assert said(ground)["meeting_bodies"] == 2
    join_bodies(duplicate=double, into=ground.cast.welfare, actor=ground.cast.planner)
    assert said(ground)["meeting_bodies"] == 1
    assert clean(ground)


def test_bodies_that_were_joined_to_those_that_are_joined_now_count_as_one_too(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground))
    one, two, three, four = (
        Body.objects.create(ward=ground.cast.ward, name=name, folded=name)
        for name in ("北台会", "北台の会", "北台連合", "北台協議会")
    )
    meetings.record_attendance(
        minutes=minutes, lines=came(minutes), others=[Other(one), Other(three)], revision=1, actor=ground.cast.clerk
    )  # fmt: skip
    for duplicate, into, bodies in ((one, two, 3), (three, four, 3), (two, four, 2)):
        join_bodies(duplicate=duplicate, into=into, actor=ground.cast.planner)
        assert said(ground)["meeting_bodies"] == bodies
    assert clean(ground)


def test_planners_of_other_divisions_see_no_names(ground: Ground) -> None:
    minutes = minutes_of(ground, council(ground))
    page = text(signed_in(ground.cast.planner).get(at(minutes, "minutes")))
    assert "泉 花子" not in page
    assert "福祉保健課" in page
