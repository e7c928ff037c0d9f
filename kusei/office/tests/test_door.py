"""The door in the office: names to tap, codes that people hold up, heads, and who may see any of it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kusei.ledger.models import Entry
from kusei.ledger.tests.ground import Ground
from kusei.office.views import door
from kusei.services.activities import operations as activities
from kusei.services.activities.door_code import door_code
from kusei.services.activities.models import Application, Presence, Seat, Session
from kusei.services.activities.queries.door import row_of
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.services.activities.tests.test_door import on_the_day
from kusei.wards.models import AuditEntry
from tests.cast import signed_in

pytestmark = pytest.mark.slow

PEOPLE = [("泉 花子", "いずみ はなこ"), ("加藤 一郎", "カトウ イチロウ"), ("緑 太郎", "")]


def expected_today(ground: Ground) -> Session:
    """Today's, of an intake with three people that have a place and one that waits."""
    intake = intake_of(ground, 3)
    for name, kana in [*PEOPLE, ("青山 待子", "あおやま まちこ")]:
        activities.apply_for(
            intake=intake, ticket=uuid4(), people=[activities.Someone(name, kana)],
            contact=activities.Contact(mail="a@example.jp"),
        )  # fmt: skip
    return on_the_day(intake)[0]


@pytest.fixture
def session(ground: Ground) -> Session:
    return expected_today(ground)


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def at(session: Session) -> str:
    return reverse("office:door", args=[session.ward.key, session.activity_id, session.pk])


def by_code(application: Application) -> str:
    return reverse("office:door_code", args=[application.ward.key, door_code(application)])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def looks() -> int:
    return AuditEntry.objects.filter(verb="activities.see_list").count()


def test_names_are_tapped_taken_back_and_recorded_once_looked_at(
    client: Client, ground: Ground, session: Session
) -> None:
    activity = client.get(reverse("office:activity", args=[session.ward.key, session.activity_id]))
    assert f'href="{at(session)}"' in activity.content.decode()
    page = text(client.get(at(session)))
    assert page.index("青山 待子") < page.index("泉 花子") < page.index("加藤 一郎") < page.index("緑 太郎")
    seat = Seat.objects.order_by("pk").first()
    answer = client.post(f"{at(session)}?row=あ", {"do": f"present-{seat.pk}"})
    assert answer["Location"].endswith(f"#s{seat.pk}")
    assert "出席 1 / 3" in text(client.get(at(session)))
    client.post(at(session), {"do": "walk-more"})
    assert looks() == 1
    answer = client.post(at(session), {"do": "count", "revision": session.revision}, follow=True)
    assert "2人で記録しました" in text(answer)
    client.post(at(session), {"do": f"undo-{seat.pk}"})
    assert "1人で記録しました" in text(client.get(at(session)))
    assert Entry.objects.filter(ward=ground.cast.ward, metric__key="attendances").count() == 3


def test_a_tap_brings_back_its_row_and_the_counts_and_what_others_ticked_since(
    client: Client, ground: Ground, session: Session
) -> None:
    first, second, third, _waits = Seat.objects.order_by("pk")
    page = client.get(at(session)).content.decode()
    since = re.search(r'name="since" value="([^"]+)"', page)[1]
    activities.mark_presence(session=session, seat=third, is_present=True, actor=ground.cast.colleague)

    def tapped(do: str, **more: str) -> str:
        answer = client.post(at(session), {"do": do, **more}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.content.decode()

    answer = tapped(f"present-{first.pk}", since=since)
    assert "出席 2 / 3" in re.sub(r"<[^>]+>", "", answer)
    assert "2人で、行ったと記録する" in answer
    assert re.findall(r'id="(s\d+)"', answer) == [f"s{first.pk}", f"s{third.pk}"], "in the order of the kana"
    assert "加藤 一郎" not in answer
    assert len(re.findall(r'id="s\d+"', tapped("walk-more", since="nonsense"))) == 0
    activities.cancel_seats(application=second.application, actor=ground.cast.colleague)
    gone = tapped(f"present-{second.pk}")
    assert "席が決まっている人だけを出席にできます" in gone
    assert f's{second.pk}"' not in gone
    assert looks() == 1


def test_a_family_that_is_let_in_comes_back_as_a_whole(client: Client, ground: Ground) -> None:
    intake = intake_of(ground, 3)
    apply(intake)
    family = apply(intake, 3).application
    session = on_the_day(intake)[0]
    activities.change_capacity(intake=intake, capacities={intake.quotas.get().pk: 9}, actor=ground.cast.clerk)
    seats = list(family.seats.order_by("pk"))
    answer = client.post(at(session), {"do": f"in-{seats[0].pk}"}, headers={"HX-Request": "true"})
    assert re.findall(r'value="present-(\d+)"', answer.content.decode()) == [str(each.pk) for each in seats]


def test_the_first_tap_after_the_hour_opens_its_own_names_alone(client: Client, session: Session) -> None:
    seat = Seat.objects.order_by("pk").first()
    client.post(at(session), {"do": f"present-{seat.pk}"}, headers={"HX-Request": "true"})
    assert AuditEntry.objects.filter(verb="activities.see_list").get().changes == {"applications": [None, 1]}
    client.get(at(session))
    assert looks() == 2, "the whole list is another look"


def test_names_are_found_by_row_kana_and_number(client: Client, session: Session) -> None:
    def found(**asked: str) -> list[str]:
        page = text(client.get(at(session), asked))
        return [name for name, _kana in [*PEOPLE, ("青山 待子", "")] if name in page]

    assert found(row="あ") == ["泉 花子", "青山 待子"]
    assert found(q="かとう") == ["加藤 一郎"]
    assert found(q="緑") == ["緑 太郎"]
    assert found(q="２") == ["加藤 一郎"]
    assert "この条件に合う人はいません" in text(client.get(at(session), {"q": "山田"}))
    assert [row_of(each) for each in ("ガトウ", "ゔ", "泉", "", "ー")] == ["か", "あ", "他", "他", "他"]


def test_a_list_on_paper_and_somebody_who_waits(client: Client, session: Session) -> None:
    seats = list(Seat.objects.order_by("pk"))
    answer = client.post(at(session), {"do": f"in-{seats[3].pk}"}, follow=True)
    assert "空いた席が足りません" in text(answer)
    assert "欠席になります" in text(client.get(at(session), {"paper": "1", "row": "か"}))
    answer = client.post(f"{at(session)}?paper=1", {"do": "paper", "seat": [seats[1].pk]}, follow=True)
    assert "出席は1人です" in text(answer)
    assert Presence.objects.filter(is_present=False).count() == 2
    activities.cancel_seats(application=seats[0].application, actor=session.activity.created_by)
    assert "席に入れました" in text(client.post(at(session), {"do": f"in-{seats[3].pk}"}, follow=True))
    for wrong in ("present-999999", "dance", "present-x"):
        assert client.post(at(session), {"do": wrong}).status_code == 404


def test_a_code_marks_whoever_holds_it_up_and_says_why_not(client: Client, session: Session) -> None:
    one, _two, three, waits = Application.objects.order_by("pk")
    opened = client.get(by_code(one))
    assert "泉 花子" in text(opened)
    assert "data-at-once" in opened.content.decode()
    assert not Presence.objects.exists()
    seat = one.seats.get()
    done = client.post(by_code(one), {"seat": [seat.pk]}, follow=True)
    assert "受付が済んでいます" in text(done)
    assert Presence.objects.get().way == "qr"
    assert looks() == 1
    assert "席が決まっていない申込みです" in text(client.get(by_code(waits)))
    activities.cancel_seats(application=three, actor=session.activity.created_by)
    assert "取消" in text(client.get(by_code(three)))
    Session.objects.filter(intake=session.intake_id).update(
        starts_at="2020-06-10T01:00:00Z", ends_at="2020-06-10T02:00:00Z"
    )
    assert "今日の回の申込みではありません" in text(client.get(by_code(one)))
    forged = reverse("office:door_code", args=[one.ward.key, f"{one.pk}:abc"])
    assert client.get(forged).status_code == 404


def test_only_hosts_see_who_comes(ground: Ground, session: Session) -> None:
    application = Application.objects.first()
    for who in (ground.cast.planner, ground.cast.other_clerk):
        for address in (at(session), by_code(application)):
            answer = signed_in(who).get(address)
            assert answer.status_code == 403
            assert "泉 花子" not in text(answer)
    public = reverse("portal:door", args=[application.ward.key, door_code(application)])
    told = Client().get(public)
    assert "自分で読み取っても、何も変わりません" in text(told)
    assert "泉 花子" not in text(told)
    assert signed_in(ground.cast.clerk).get(public)["Location"] == by_code(application)


def test_a_session_that_needs_no_application_is_counted_by_taps(client: Client, ground: Ground) -> None:
    free = on_the_day(intake_of(ground))[0].activity.sessions.get(intake=None)
    assert "まだ先の回です" in text(client.post(at(free), {"do": "walk-more"}, follow=True))
    Session.objects.filter(pk=free.pk).update(
        starts_at="2026-06-10T01:00:00Z", ends_at="2026-06-10T02:00:00Z"
    )
    for _each in range(3):
        client.post(at(free), {"do": "walk-more"})
    client.post(at(free), {"do": "walk-less"})
    assert "申込みの要らない回です" in text(client.get(at(free)))
    form = text(client.get(reverse("office:session", args=[free.ward.key, free.activity_id, free.pk])))
    assert "うち女性" in form
    client.post(at(free), {"do": "count", "revision": free.revision})
    free.refresh_from_db()
    assert (free.heads, free.follows_door) == (2, True)


def test_who_is_counted_at_another_telephone_meanwhile_is_among_the_heads(
    client: Client, ground: Ground, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = door._session_or_404

    def and_then_somebody_comes(*arguments: object) -> Session:
        one = open_page(*arguments)
        activities.count_walk_ins(session=session, by=1, actor=ground.cast.colleague)
        return one

    activities.count_walk_ins(session=session, by=2, actor=ground.cast.clerk)
    monkeypatch.setattr(door, "_session_or_404", and_then_somebody_comes)
    client.post(at(session), {"do": "count", "revision": session.revision})
    session.refresh_from_db()
    assert (session.heads, session.follows_door) == (3, True)


def test_the_code_stands_where_people_see_their_application(ground: Ground, client: Client) -> None:
    intake = intake_of(ground, 1)
    inside, waits = apply(intake), apply(intake)
    pages = [
        Client().get(reverse("portal:application", args=[ground.cast.ward.key, each.token]))
        for each in (inside, waits)
    ]
    assert ['class="qr"' in page.content.decode() for page in pages] == [True, False]
