"""Visiting lectures in the office: set up, written down, arranged, recorded; who sees whom, and the board."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.operations.books import close_books, reopen_books
from kusei.ledger.tests.ground import Ground
from kusei.office.operations import end_body, join_bodies
from kusei.services.activities.models import Activity, Session, VisitDate, VisitRequest
from kusei.services.activities.operations import visiting
from kusei.services.activities.tests.visits import (
    ask,
    at_ten,
    decided,
    held,
    said,
    theme_of,
    visit_complaints,
)
from kusei.wards.models import AuditEntry, Body
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"office:{name}", args=[ground.cast.ward.key, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def do(client: Client, ground: Ground, request: VisitRequest, verb: str, **more: object):
    """Press a button of the request's page as it stands now."""
    revision = VisitRequest.objects.get(pk=request.pk).revision
    return client.post(
        at(ground, "visit", request.pk), {"do": verb, "revision": revision, **more}, follow=True
    )


def test_a_theme_is_set_up_with_its_terms_and_published(ground: Ground, client: Client) -> None:
    nothing = text(client.get(at(ground, "visits")))
    assert "出前講座がまだありません" in nothing
    assert "絞り込む" not in nothing
    details = {
        "item": ground.items[0].pk,
        "host": ground.cast.promotion.pk,
        "kind": "visit",
        "title": "防災出前講座",
    }
    made = client.post(at(ground, "new_activity"), details | {"ticket": str(uuid4())})
    theme = Activity.objects.get()
    here, terms = at(ground, "activity", theme.pk), at(ground, "visit_terms", theme.pk)
    assert made.url == terms
    assert "条件がまだありません" in text(client.get(here))
    assert "条件がまだ" in text(client.post(here, {"do": "publish"}, follow=True))
    form = {"weekdays": ["1", "5"], "from_time": "09:00", "to_time": "17:00", "lead_days": "30", "minutes": "90", "least_people": "10", "only_in_ward": "on", "without": "R8.8.13、2026-08-14", "revision": "0"}  # fmt: skip
    wrong = client.post(terms, form | {"weekdays": [], "without": "いつか"})
    assert wrong.status_code == 422
    assert "行う曜日を一つは" in text(wrong)
    assert "日として読めません" in text(wrong)
    assert "条件を決めました" in text(client.post(terms, form, follow=True))
    assert "ほかの人が条件を変えました" in text(client.post(terms, form))
    assert 'value="R8' not in client.get(terms).content.decode()
    assert "2026-08-13、2026-08-14" in client.get(terms).content.decode()
    assert "公開しました" in text(client.post(here, {"do": "publish"}, follow=True))
    assert "10～" in text(client.get(here))
    other = theme_of(ground, title="ほか")
    Activity.objects.filter(pk=other.pk).update(kind="event")
    assert client.get(at(ground, "visit_terms", other.pk)).status_code == 404


def test_who_telephones_is_written_down_whatever_the_terms_say(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    address = at(ground, "new_visit", theme.pk)
    form = {
        "way": "telephone", "group_kind": "seniors", "group_name": "寿会", "at-0": f"{at_ten(2):%Y-%m-%dT%H:%M}", "place": "集会所",
        "people": "3", "name": "泉 花子", "reach": "０４５（１１１）２２２２", "ticket": str(uuid4()), "body": ground.cast.council.pk,
    }  # fmt: skip
    assert client.post(address, form | {"reach": "12"}).status_code == 422
    done = client.post(address, form, follow=True)
    assert "受付番号1で受け付けました" in text(done)
    assert "電話で知らせる" in text(done)
    client.post(address, form)  # a double click
    request = VisitRequest.objects.get()
    assert (request.way, request.group.body) == ("telephone", ground.cast.council)
    seen = visiting.seen_by_group(request)
    assert seen is not None
    assert seen.contact.telephone == "045-111-2222"


def test_a_request_goes_its_way_from_the_board_to_the_ledger(ground: Ground, client: Client) -> None:
    request = ask(theme_of(ground)).request
    board = text(client.get(at(ground, "visits")))
    assert "みどり自治会" in board
    assert "受付" in board
    assert "担当を決めました" in text(do(client, ground, request, "take_on", person=ground.cast.colleague.pk))
    assert "尋ねることを入れてください" in text(do(client, ground, request, "ask_back", text=""))
    assert "メールがないので" in text(do(client, ground, request, "ask_back", text="机はありますか。"))
    done = do(client, ground, request, "propose", first=f"{at_ten(40):%Y-%m-%dT%H:%M}", answer_by="")
    assert "団体の返事待ち" in text(done)
    offered = VisitDate.objects.get(side="office")
    assert (offered.ends_at - offered.starts_at).seconds == 3600
    visiting.answer_dates(request=request, chosen=offered.pk)
    assert "日の返事あり" in text(client.get(at(ground, "visits")))
    here = client.get(at(ground, "visit", request.pk)).content.decode()
    assert f'value="{offered.pk}" selected' in here
    form = {"date": offered.pk, "minutes": "60", "place": "みどり集会所", "who_comes": "防災担当 2人"}
    stale = client.post(at(ground, "visit", request.pk), {"do": "decide", "revision": "1", **form})
    assert stale.status_code == 422
    assert "ほかの職員がこの申込みを変えました" in text(stale)
    other = do(client, ground, request, "decide", **form | {"date": "other"})
    assert "日時を入れてください" in text(other)
    assert "日を決めました" in text(do(client, ground, request, "decide", **form))
    session = Session.objects.get()
    assert session.starts_at == offered.starts_at
    assert "行った日から記録できます" in text(client.get(at(ground, "visit", request.pk)))
    Session.objects.update(starts_at=at_ten(-2), ends_at=at_ten(-1))
    assert "実績に入っています" in text(do(client, ground, request, "hold", heads="28", done="消火器"))
    assert said(ground)["attendances"] == 28
    revision = Session.objects.get().revision
    books = {
        "ward": ground.cast.ward,
        "fiscal_year": fiscal_year_of(timezone.localdate(session.starts_at)),
        "actor": ground.cast.planner,
    }
    close_books(**books, reason="早く締める")
    closed = client.get(at(ground, "visit", request.pk))
    assert "実績は締めてあるので、元に戻せません" in text(closed)
    assert 'value="back"' not in closed.content.decode()
    assert "実績は締めてあるので" in text(do(client, ground, request, "back", session_revision=revision))
    reopen_books(**books, reason="数のまちがい")
    assert 'value="back"' in client.get(at(ground, "visit", request.pk)).content.decode()
    back = do(client, ground, request, "back", session_revision=revision)
    assert "実施の記録を取り消しました" in text(back)
    assert said(ground) == {"visit_requests": 1}
    assert "出前講座の申込みを見る" in text(
        client.get(at(ground, "session", session.activity_id, session.pk))
    )
    assert "団体に問い合わせた" in text(client.get(at(ground, "visit", request.pk)))
    assert visit_complaints(ground) == []


def test_what_ends_is_undone_where_it_was_a_mistake(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    request = ask(theme).request
    assert "見送りました" in text(do(client, ground, request, "decline", reason="人手がない"))
    assert "人手がない" in text(client.get(at(ground, "visit", request.pk)))
    assert "調整に戻しました" in text(do(client, ground, request, "reopen"))
    assert "取下げとして" in text(do(client, ground, request, "withdraw", reason="", is_double="on"))
    assert said(ground) == {}
    assert "件数に数えていません" in text(client.get(at(ground, "visit", request.pk)))
    assert client.post(at(ground, "visit", request.pk), {"do": "everything"}).status_code == 404
    assert client.get(at(ground, "visit", 999999)).status_code == 404


def test_staff_say_which_group_is_which(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    first, second = held(ground, theme, "みどり自治会", days=-3), held(ground, theme, "緑自治会", days=-2)
    assert said(ground)["groups_visited"] == 2
    assert "同じ団体にしました" in text(do(client, ground, second, "same", other=first.group_id))
    assert said(ground)["groups_visited"] == 1
    page = text(client.get(at(ground, "visit", second.pk)))
    assert "「みどり自治会」と同じ団体" in page
    assert "この回の記録" in page  # it was held: nothing is moved or called off any more
    assert "日時・場所の変更、中止" not in page
    assert "別の団体として" in text(do(client, ground, second, "apart"))
    assert said(ground)["groups_visited"] == 2
    assert "結び付きを" in text(do(client, ground, second, "body", body=ground.cast.council.pk))
    corrected = do(
        client, ground, second, "change", people="40", audience="子ども", place=second.place, district=""
    )
    assert "直しました" in text(corrected)
    assert visit_complaints(ground) == []


def test_a_partner_reads_nothing_of_what_the_group_asked_others_for(ground: Ground) -> None:
    own = ask(theme_of(ground, title="見守り講座")).request
    ask(theme_of(ground, title="税の出前講座"))
    Activity.objects.filter(pk=own.activity_id).update(host=ground.cast.council)
    page = text(signed_in(ground.cast.partner).get(at(ground, "visit", own.pk)))
    assert "税の出前講座" not in page
    assert "ほかの課・団体への申込みがあります" in page
    assert "別の団体として数える" in page
    assert "税の出前講座" in text(signed_in(ground.cast.planner).get(at(ground, "visit", own.pk)))
    Activity.objects.filter(pk=own.activity_id).update(host=ground.cast.welfare)
    assert "税の出前講座" in text(signed_in(ground.cast.other_clerk).get(at(ground, "visit", own.pk)))


def of_bodies(ground: Ground) -> tuple[VisitRequest, VisitRequest, Body]:
    """Two visits that were made, to the council and to another body, registered under another name."""
    theme, clerk = theme_of(ground), ground.cast.clerk
    double = Body.objects.create(ward=ground.cast.ward, name="みらい社協", folded="みらい社協")
    first = held(ground, theme, "みらい区社会福祉協議会", days=-3)
    second = held(ground, theme, "みらい社協", days=-2)
    visiting.set_body(request=first, body=ground.cast.council, actor=clerk)
    visiting.set_body(request=second, body=double, actor=clerk)
    assert said(ground)["groups_visited"] == 2
    return first, second, double


def test_groups_whose_bodies_were_joined_are_one_group(ground: Ground, client: Client) -> None:
    first, second, double = of_bodies(ground)
    join_bodies(duplicate=double, into=ground.cast.council, actor=ground.cast.planner)
    assert said(ground)["groups_visited"] == 1
    assert visit_complaints(ground) == []
    page = client.get(at(ground, "visit", second.pk))
    assert [each.pk for each in page.context["others"]] == [first.pk]
    assert "実施主体 : みらい区社会福祉協議会" in text(page).replace("実施主体:", "実施主体 :")
    assert page.context["forms"]["body"]["body"].value() == ground.cast.council.pk
    held(ground, first.activity, "みらい社協", days=-4)
    assert said(ground)["groups_visited"] == 1
    assert "いまのままです" in text(do(client, ground, second, "body", body=ground.cast.council.pk))
    second.refresh_from_db()
    assert (second.group.body, said(ground)["groups_visited"]) == (double, 1)
    assert visit_complaints(ground) == []


def test_a_group_whose_body_ended_is_its_successors_from_then_on(ground: Ground) -> None:
    _first, second, double = of_bodies(ground)
    year = fiscal_year_of(timezone.localdate(Session.objects.get(visit=second).starts_at))
    for last, successor, groups in ((year, ground.cast.council, 2), (year - 1, ground.cast.council, 1), (None, None, 2)):  # fmt: skip
        end_body(body=double, last_year=last, successor=successor, actor=ground.cast.planner)
        double.refresh_from_db()
        assert said(ground)["groups_visited"] == groups
        assert visit_complaints(ground) == []


def test_a_body_that_is_set_or_taken_away_changes_what_counts_as_one_group(ground: Ground) -> None:
    first, second, double = of_bodies(ground)
    clerk, council, year = ground.cast.clerk, ground.cast.council, fiscal_year_of(timezone.localdate())
    end_body(body=double, last_year=year - 2, successor=council, actor=ground.cast.planner)
    assert said(ground)["groups_visited"] == 1
    for body, groups in ((None, 2), (double, 1)):
        visiting.set_body(request=second, body=body, actor=clerk)
        assert (said(ground)["groups_visited"], visit_complaints(ground)) == (groups, [])
    third = held(ground, first.activity, "あおば会", days=-1)
    other = Body.objects.create(ward=ground.cast.ward, name="あおば会", folded="あおば会")
    visiting.set_body(request=third, body=other, actor=clerk)
    assert said(ground)["groups_visited"] == 2
    visiting.set_body(request=first, body=other, actor=clerk)  # one with the third: the second counts itself
    third.refresh_from_db()
    assert (VisitRequest.objects.get(pk=first.pk).group, said(ground)["groups_visited"]) == (third.group, 2)
    assert visit_complaints(ground) == []


def test_a_group_that_asks_as_a_body_is_counted_with_those_of_its_line(ground: Ground) -> None:
    first, _second, double = of_bodies(ground)
    year = fiscal_year_of(timezone.localdate())
    new = Body.objects.create(ward=ground.cast.ward, name="ひかり会", folded="ひかり会")
    end_body(body=new, last_year=year - 2, successor=double, actor=ground.cast.planner)
    held(ground, first.activity, "ひかり会", days=-4)
    assert said(ground)["groups_visited"] == 3
    ask(first.activity, "ひかり会", body=new)
    assert (said(ground)["groups_visited"], visit_complaints(ground)) == (2, [])


def test_contacts_are_seen_by_hosts_only_and_every_look_is_recorded(ground: Ground, client: Client) -> None:
    request = ask(theme_of(ground)).request
    address = at(ground, "visit", request.pk)
    assert "泉 花子" not in client.get(address).content.decode()
    assert "泉 花子" in client.post(address, {"do": "see"}).content.decode()
    assert AuditEntry.objects.filter(verb="activities.visit_see").count() == 1
    planner = signed_in(ground.cast.planner)
    assert planner.get(address).status_code == 200
    assert planner.post(address, {"do": "see"}).status_code == 403
    for name in ("other_clerk", "partner"):
        assert signed_in(getattr(ground.cast, name)).get(address).status_code == 403, name


def test_the_board_is_narrowed_paged_and_taken_along(ground: Ground, client: Client) -> None:
    theme, other = theme_of(ground), theme_of(ground, title="ごみ出前講座", item=1)
    ask(theme, "あおば会")
    decided(ground, ask(theme, "緑小学校").request)
    late = ask(other, "寿会").request
    VisitRequest.objects.filter(pk=late.pk).update(due_on="2020-01-01")
    held(ground, theme, "PTA")
    address = at(ground, "visits")
    for query, there, away in (
        ("", "寿会", "PTA"), ("state=", "PTA", ""), ("state=held", "PTA", "寿会"), (f"theme={other.pk}", "寿会", "あおば会"),
        ("late=1", "寿会", "あおば会"), ("whose=mine", "緑小学校", "寿会"), ("whose=nobody", "寿会", "緑小学校"), ("q=あおば", "あおば会", "寿会"),
        ("state=zzz&theme=²&whose=x&q=%00", "寿会", "PTA"),
    ):  # fmt: skip
        page = text(client.get(f"{address}?{query}"))
        assert there in page, query
        assert not away or away not in page.replace("ごみ出前講座", ""), query
    assert "すべてを見る" in text(client.get(f"{address}?q=ない"))
    rows = client.get(f"{address}?state=&form=csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 5
    assert rows[0].startswith("受付番号,出前講座,団体,")
    assert not any("泉 花子" in row for row in rows)
    assert "寿会" not in text(signed_in(ground.cast.other_clerk).get(address))


def test_the_board_asks_as_often_for_many_as_for_few(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    client.get(at(ground, "visits"))
    counts = []
    for more in (1, 4):
        for number in range(more):
            decided(ground, ask(theme, f"会{more}{number}").request)
        with CaptureQueriesContext(connection) as asked:
            client.get(at(ground, "visits"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_waits_for_an_answer_stands_on_ones_own_work(ground: Ground, client: Client) -> None:
    theme = theme_of(ground)
    work = at(ground, "work")
    assert "出前講座の申込み" not in text(client.get(work)).split("変わったこと")[0]
    late, fresh = ask(theme, "寿会").request, ask(theme, "あおば会").request
    VisitRequest.objects.filter(pk=late.pk).update(due_on="2020-01-01")
    decided(ground, ask(theme, "緑小学校").request, days=-2)
    decided(ground, ask(theme, "若竹会").request)
    page = text(client.get(work))
    assert "寿会 防災出前講座" in page
    assert "返事のしめきりを過ぎました" in page
    assert "返事が要ります" in page
    assert "記録がまだです" in page
    assert "若竹会 防災出前講座" not in page
    assert at(ground, "visit", fresh.pk) in client.get(work).content.decode()
    assert "寿会" not in text(signed_in(ground.cast.other_clerk).get(work))
    for number in range(4):
        ask(theme, f"会{number}")
    assert "待っている7件を" in text(client.get(work))
