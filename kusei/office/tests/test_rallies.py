"""A rally in the office: set up, counted, its prizes, its posters; who may."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kusei.ledger.tests.ground import Ground
from kusei.press.qr import qr_svg
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import DayCount, Rally, Station
from kusei.services.activities.operations import Details
from kusei.services.activities.rallies import grouped
from kusei.services.activities.tests.rally_ground import card_on, rally_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def at(rally: Rally, name: str, *more: object) -> str:
    return reverse(f"office:{name}", args=[rally.ward.key, rally.activity_id, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def test_a_rally_is_set_up_step_by_step(ground: Ground, client: Client) -> None:
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.RALLY, "ぼうさいラリー"), actor=ground.cast.clerk,
    )  # fmt: skip
    here = reverse("office:rally", args=[ground.cast.ward.key, activity.pk])
    assert "何か所のスタンプで" in text(client.get(here))
    assert client.post(here, {"do": "station", "name": "門"}).status_code == 404
    assert client.post(here, {"do": "rules", "needed": "たくさん"}).status_code == 422
    assert "決まりを保存" in text(
        client.post(here, {"do": "rules", "needed": "2", "prize": "手ぬぐい"}, follow=True)
    )
    assert "「門」を加えました" in text(client.post(here, {"do": "station", "name": "門"}, follow=True))
    stale = client.post(here, {"do": "rules", "needed": "3", "revision": "7"})
    assert (stale.status_code, "ほかの人が書き換えました" in text(stale)) == (422, True)
    station = Station.objects.get()
    page = reverse("office:rally_station", args=[ground.cast.ward.key, activity.pk, station.pk])
    assert grouped(station.code) in text(client.get(page))
    client.post(page, {"do": "rotate"})
    assert Station.objects.get().code != station.code
    saved = client.post(page, {"do": "save", "name": "正門", "position": "1", "revision": "2"}, follow=True)
    assert "「正門」を直しました" in text(saved)
    for name in ("rally_posters", "rally_card"):
        printed = client.get(reverse(f"office:{name}", args=[ground.cast.ward.key, activity.pk]))
        assert b"<svg" in printed.content
        assert "正門" in text(printed)


def test_the_list_says_until_when_it_goes_on(ground: Ground, client: Client) -> None:
    session = rally_of(ground).activity.sessions.get()
    begin, end = (timezone.localdate(each).isoformat() for each in (session.starts_at, session.ends_at))
    assert f"{begin}～{end}" in text(client.get(reverse("office:activities", args=[ground.cast.ward.key])))


def test_codes_on_paper_lead_to_the_address_of_the_site(ground: Ground, client: Client, settings) -> None:
    settings.KUSEI_SITE_URL = "https://kusei.example"
    rally = rally_of(ground, stations=1, needed=1)
    ward, activity = ground.cast.ward, rally.activity
    stamp = reverse("portal:stamp", args=[ward.key, activity.public_id, rally.stations.get().code])
    card = reverse("portal:rally", args=[ward.key, activity.public_id])
    for name, where in (("rally_posters", stamp), ("rally_card", card)):
        drawn = str(qr_svg(f"https://kusei.example{where}")).partition("<path")[2].partition("</svg>")[0]
        assert drawn in client.get(at(rally, name)).content.decode()


def test_prizes_at_the_counter_and_cards_of_paper(ground: Ground, client: Client) -> None:
    rally = rally_of(ground, stations=2, needed=1)
    card = card_on(rally, 1)
    here = at(rally, "rally")
    given = text(client.post(here, {"do": "prize", "finish_code": card.finish_code.lower()}, follow=True))
    assert f"いま渡した記録: {card.finish_code}" in given
    again = client.post(here, {"do": "prize", "finish_code": card.finish_code})
    assert (again.status_code, "もう渡してあります" in text(again)) == (422, True)
    assert "取り消しました" in text(client.post(here, {"do": "unprize", "finish_code": card.finish_code}, follow=True))  # fmt: skip
    paper = at(rally, "rally_paper")
    first, second = rally.stations.all()
    today = timezone.localdate().isoformat()
    numbers = {"day": today, "cards": "4", "finished": "9", "prizes": "0", f"station-{first.pk}": "3", f"station-{second.pk}": ""}  # fmt: skip
    wrong = client.post(paper, numbers)
    assert (wrong.status_code, "枚数より多い" in text(wrong)) == (422, True)
    assert 'value="9"' in wrong.content.decode()
    client.post(paper, numbers | {"finished": "2"})
    assert DayCount.objects.get(way="paper", station=first).quantity == 3
    assert 'value="3"' in client.get(f"{paper}?day={today}").content.decode()
    page = text(client.get(here))
    assert "日が替わると入ります" in page
    ended = text(client.post(here, {"do": "end", "reason": "大雨のため"}, follow=True))
    assert "終わりました （大雨のため）" in ended or "終わりました（大雨のため）" in ended
    assert "再び始めました" in text(client.post(here, {"do": "reopen"}, follow=True))


def test_only_hosts_open_a_rally(ground: Ground) -> None:
    rally = rally_of(ground, stations=1)
    station = rally.stations.get()
    outsider = signed_in(ground.cast.other_clerk)
    for name, more in (("rally", ()), ("rally_station", (station.pk,)), ("rally_paper", ()), ("rally_posters", ()), ("rally_card", ())):  # fmt: skip
        assert outsider.get(at(rally, name, *more)).status_code == 403
    assert outsider.post(at(rally, "rally"), {"do": "end", "reason": "x"}).status_code == 403
