"""Taking a session back on its page: what leaves the figures, why it cannot be, and what to do first."""

from __future__ import annotations

import html
import re

import pytest

from kusei.ledger.operations.books import close_books
from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at, text
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Session
from kusei.services.activities.tests.ground import intake_of
from kusei.services.activities.tests.test_door import on_the_day, said
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def test_a_session_is_taken_back_on_its_page(ground: Ground) -> None:
    session = on_the_day(intake_of(ground))[0]
    client = signed_in(ground.cast.clerk)
    place = (session.activity_id, session.pk)
    here, back = at(ground, "session", *place), at(ground, "take_back_session", *place)
    assert "実施の記録を取り消す" not in text(client.get(here))
    for heads in (1251, 1252):
        session.refresh_from_db()
        activities.count_session(
            session=session, heads=heads, revision=session.revision, actor=ground.cast.clerk
        )
    page = text(client.get(here))
    assert "開催・実施の回数 1回、延べ参加者 1,252延べ人" in page
    assert "実人数は、残りの回の出席だけで数え直します" in page
    assert "記録を直す" in page
    assert "まちがえて加えた回を消す" not in page, "what was held cannot be removed"
    figures = re.search(r'href="([^"]+/figures/[^"]+)"', client.get(here).content.decode())
    assert figures is not None
    listed = text(client.get(html.unescape(figures[1])))
    assert ("1,252" in listed, session.activity.item.texts.get().title in listed) == (True, True)
    assert "ほかの人がこの回を変えました" in text(client.post(back, {"revision": 1}, follow=True))
    assert signed_in(ground.cast.other_clerk).post(back, {"revision": 3}).status_code == 403
    session.refresh_from_db()
    answer = client.post(back, {"revision": session.revision}, follow=True)
    assert "予定に戻しました" in text(answer)
    assert (Session.objects.get(pk=session.pk).state, said(ground)) == ("planned", {})


def test_a_closed_year_is_told_instead_of_the_button(ground: Ground) -> None:
    session = on_the_day(intake_of(ground))[0]
    activities.count_session(session=session, heads=3, revision=1, actor=ground.cast.clerk)
    year = session.starts_at.year - (session.starts_at.month < 4)
    close_books(ward=ground.cast.ward, fiscal_year=year, reason="締める", actor=ground.cast.planner)
    page = signed_in(ground.cast.clerk).get(at(ground, "session", session.activity_id, session.pk))
    assert "締めを解いてもらってください" in text(page)
    assert "取り消して、予定に戻す" not in text(page)
