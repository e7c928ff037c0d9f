"""派遣 in the office: the register, a request, asking and recording, and the sheets of a year; and who sees whom."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.models import Entry
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Along, Assignment, Envoy, Need, Session
from kusei.services.activities.operations import Details
from kusei.services.activities.tests.dispatch_ground import ask, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import activity_of
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"office:{name}", args=[ground.cast.ward.key, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def written(**more: object) -> dict[str, object]:
    return {
        "name": "見本 さち", "kana": "みほん さち", "telephone": "０４５（１１１）２２２２", "roles": ["interpreter"],
        "languages": "ベトナム語、中国語", "fee_yen": "3000", "fee_per": "hour", "cannot": "日",
    } | more  # fmt: skip


def test_somebody_is_registered_changed_found_and_ended(ground: Ground, client: Client) -> None:
    assert "まだだれもいません" in text(client.get(at(ground, "envoys")))
    wrong = client.post(at(ground, "new_envoy"), written(roles=[], cannot="たまに"))
    assert wrong.status_code == 422
    assert "役割を一つは" in text(wrong)
    client.post(at(ground, "new_envoy"), written())
    again = client.post(at(ground, "new_envoy"), written())
    assert "もう登録されています" in text(again)
    envoy = Envoy.objects.get()
    page = text(client.get(at(ground, "envoys")))
    assert "045-111-2222" in page
    assert "3,000円" in page
    for query, is_there in (
        ("role=interpreter", True), ("role=lecturer", False), ("language=中国語", True), ("q=さち", True), ("q=太郎", False),
        (f"on={day(6 - timezone.localdate().weekday() + 7)}", False), ("on=6月", False),
    ):  # fmt: skip
        assert ("045-111-2222" in text(client.get(f"{at(ground, 'envoys')}?{query}"))) is is_there, query
    here = at(ground, "envoy", envoy.pk)
    assert "みほん さち" in client.get(here).content.decode()
    client.post(here, written(name="見本 幸", revision=1))
    stale = client.post(here, written(name="見本 別", revision=1))
    assert stale.status_code == 422
    assert "ほかの人が" in text(stale)
    ended = client.post(here, {"do": "end", "revision": 2}, follow=True)
    assert "今日で登録を終えました" in text(ended)
    assert AuditEntry.objects.filter(verb="activities.see_envoys").exists()


def test_a_register_with_people_is_opened_first(ground: Ground, client: Client) -> None:
    cast = ground.cast
    envoy_of(ground, "見本 空")
    first = wards.add_body(ward=cast.ward, name="0課", actor=cast.operator)
    wards.grant_role(ward=cast.ward, person=cast.clerk, role=Role.STAFF, body=first, actor=cast.operator)
    assert "見本 空" in text(client.get(at(ground, "envoys")))
    assert "まだだれもいません" in text(client.get(f"{at(ground, 'envoys')}?body={first.pk}"))


def test_who_is_booked_is_not_free_at_that_time(ground: Ground, client: Client) -> None:
    envoy_of(ground, "見本 空")
    session = session_in(ground, 5)
    ask(ground, need_of(ground, session), envoy_of(ground, "見本 忙"))
    begin = timezone.localtime(session.starts_at)
    page = text(client.get(f"{at(ground, 'envoys')}?on={begin:%Y-%m-%d}"))
    assert "見本 空" in page
    assert "見本 忙" not in page


def test_a_table_goes_out_and_comes_back(ground: Ground, client: Client) -> None:
    client.post(at(ground, "new_envoy"), written())
    workbook = load_workbook(io.BytesIO(client.get(at(ground, "envoy_file")).content))
    rows = [
        ["" if cell is None else str(cell) for cell in row]
        for row in workbook.active.iter_rows(values_only=True)
    ]
    table = "\n".join("\t".join(row) for row in rows)
    here = at(ground, "envoy_table")
    assert "変わらない人 1" in text(client.post(here, {"table": table}))
    changed = (
        table.replace("3000", "3500") + "\n" + "\t".join(["", "見本 新", "", "", "", "講師、保育", *[""] * 9])
    )
    seen = client.post(here, {"table": changed})
    assert "新しい人 1、直す人 1" in text(seen)
    assert Envoy.objects.get().fee_yen == 3000, "nothing is saved before it is confirmed"
    mark = re.search(r'name="take" value="(\w+)"', seen.content.decode())[1]  # type: ignore[index]
    done = client.post(here, {"table": changed, "take": mark}, follow=True)
    assert "1人を加え、1人を直しました" in text(done)
    assert list(Envoy.objects.order_by("number").values_list("number", "fee_yen")) == [(1, 3500), (2, 0)]
    twice = client.post(here, {"table": changed, "take": mark})
    assert "もう一度確かめて" in text(twice)
    wrong = client.post(
        here, {"table": "登録番号\t名前\t役割\t謝金\t電話\n9\t見本\t大工\tたくさん\t\n\t見本 二\t講師\t\t12"}
    )
    assert wrong.status_code == 422
    for told in (
        "登録番号9の人は名簿にいません",
        "「役割」の「大工」",
        "「謝金（円）」の「たくさん」",
        "桁が足りません",
    ):
        assert told in text(wrong)
    assert "新しい人 1" in text(client.post(here, {"table": '氏名,役割,謝金\n見本 新人,講師,"1,500"'}))
    assert "見出しがありません" in text(client.post(here, {"table": "見本\t045"}))


def test_a_request_is_typed_in_asked_answered_and_recorded(ground: Ground, client: Client) -> None:
    assert "先に、種類を「派遣」" in text(client.get(at(ground, "new_dispatch")))
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.DISPATCH, "通訳の派遣"), actor=ground.cast.clerk,
    )  # fmt: skip
    envoy_of(ground, "見本 一")
    request = {
        "activity": activity.pk, "purpose": "健診の同行", "on": day(3), "begins": "10:00", "ends": "11:30",
        "place": "保健センター", "role": "interpreter", "language": "ベトナム語", "count": "1",
    }  # fmt: skip
    assert client.post(at(ground, "new_dispatch"), request | {"ends": "09:00"}).status_code == 422
    answer = client.post(at(ground, "new_dispatch"), request)
    need, session, envoy = Need.objects.get(), Session.objects.get(), Envoy.objects.get()
    here = at(ground, "session_people", activity.pk, session.pk)
    assert answer["Location"] == here
    page = text(client.get(here))
    assert "頼める人 1人" in page
    assert "あと1人" in page
    assert "2週間以内に人が足りない 1件" in text(client.get(at(ground, "activities")))
    asked = text(client.post(here, {"do": f"call-{need.pk}-{envoy.pk}"}, follow=True))
    assert "頼んだことを記録しました" in asked
    assignment = Assignment.objects.get()
    overview = text(client.get(at(ground, "dispatch")))
    assert "返事を待っている人" in overview
    assert "見本 一" not in overview
    assert "引受けを記録" in text(client.post(here, {"do": f"yes-{assignment.pk}"}, follow=True))
    assert "そろいました" in text(client.get(here))
    Session.objects.update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert "記録がまだ 1人" in text(client.get(at(ground, "work")))
    revision = Assignment.objects.get().revision
    record = {"do": f"went-{assignment.pk}", "revision": revision, f"r{assignment.pk}-minutes": "90", f"r{assignment.pk}-fee_yen": "4500"}  # fmt: skip
    assert client.post(here, record | {f"r{assignment.pk}-minutes": "長い"}).status_code == 422
    assert "記録しました" in text(client.post(here, record, follow=True))
    sums = dict(Entry.objects.filter(source_kind="activities.sending").values_list("metric__key", "quantity"))
    assert sums == {"dispatches": 1, "people_sent": 1, "minutes_sent": 90, "yen_sent": 4500}
    sheet = text(client.get(at(ground, "dispatch_years")))
    assert "見本 一" in sheet
    assert "4,500" in sheet
    this = fiscal_year_of(timezone.localdate(Session.objects.get().starts_at))
    paper = text(client.get(at(ground, "envoy_year", envoy.pk, this)))
    assert "健診の同行" in paper
    assert "証明します" in paper
    book = load_workbook(io.BytesIO(client.get(at(ground, "dispatch_year_file")).content))
    assert [sheet.title for sheet in book] == ["まとめ", "明細"]
    assert book["まとめ"]["H2"].value == 4500


def test_who_came_along_is_written_without_a_register(ground: Ground, client: Client) -> None:
    session = session_in(ground, -0.1)
    here = at(ground, "session_people", session.activity_id, session.pk)
    words = {"do": "along", "role": "lecturer", "who": "市立病院 看護師", "count": "2"}
    page = text(client.post(here, words, follow=True))
    assert "市立病院 看護師" in page
    assert client.post(here, words | {"count": "-1"}).status_code == 422
    assert Along.objects.get().count == 2


def test_others_see_no_names_and_a_cohost_asks_only_its_own_people(ground: Ground) -> None:
    envoy = envoy_of(ground)
    session = session_in(ground, 5)
    ask(ground, need_of(ground, session), envoy)
    here = at(ground, "session_people", session.activity_id, session.pk)
    planner = signed_in(ground.cast.planner)
    page = text(planner.get(here))
    assert "地域振興課の登録番号1" in page
    assert "見本" not in page
    assert "課・団体の人だけ" in text(planner.get(at(ground, "envoys")))
    assert planner.get(at(ground, "envoy", envoy.pk)).status_code == 403
    other = signed_in(ground.cast.other_clerk)
    assert "見本" not in text(other.get(f"{at(ground, 'envoys')}?body={ground.cast.promotion.pk}"))
    assert other.get(at(ground, "envoy_year", envoy.pk, 2026)).status_code == 403


def test_the_pages_ask_no_more_for_many_people_than_for_few(ground: Ground, client: Client) -> None:
    session = session_in(ground, 5, activity=activity_of(ground))
    need_of(ground, session, 3)
    pages = [
        at(ground, "envoys"),
        at(ground, "session_people", session.activity_id, session.pk),
        at(ground, "dispatch"),
    ]
    counts = []
    for number in (1, 4):
        while Envoy.objects.count() < number:
            ask(ground, Need.objects.get(), envoy_of(ground, f"見本 {Envoy.objects.count()}"))
        envoy_of(ground, f"見本 空{number}")
        for page in pages:
            client.get(page)
        counts.append([])
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page)
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
