"""The list of collections, opening one, its board, its bodies, reminders, links, and what planners decide there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.notices.models import SignedLink
from kusei.office.tests.collecting import answer_at, collecting, published, sent, write
from kusei.results import operations as results
from kusei.results.models import Answer, Collection, Reminder
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def collection(cast: Cast) -> Collection:
    return collecting(cast)


def at(cast: Cast, rest: str = "") -> str:
    return f"/office/{cast.ward.key}/results/{rest}"


def text(answer) -> str:
    return answer.content.decode()


def told(client, answer) -> str:
    return text(client.get(answer["Location"]))


def test_a_planner_opens_a_collection_and_hears_how_many_business_days_are_left(cast: Cast) -> None:
    plan = published(cast)
    client = signed_in(cast.planner)
    assert "まだ始まっていません" in text(client.get(at(cast)))
    late = client.post(at(cast, "open/"), {"plan": plan.pk, "due_on": "2020-01-06"})
    assert late.status_code == 422
    assert "しめきりが過ぎた日" in text(late)
    due = timezone.localdate() + timedelta(days=20)
    page = told(
        client,
        client.post(at(cast, "open/"), {"plan": plan.pk, "due_on": due.isoformat(), "note": "延べ人数で"}),
    )
    assert "あと20日、役所が開いている日は" in page
    assert "健康教室を開く" in page
    assert "延べ人数で" in page
    again = client.post(at(cast, "open/"), {"plan": plan.pk, "due_on": due.isoformat()})
    assert "もう始まっています" in told(client, again)
    assert Collection.objects.count() == 1


def test_a_word_that_is_no_day_is_told_at_its_field(cast: Cast) -> None:
    plan = published(cast)
    answer = signed_in(cast.planner).post(at(cast, "open/"), {"plan": plan.pk, "due_on": "来月"})
    assert (answer.status_code, "日にちの形ではありません" in text(answer)) == (422, True)
    assert "来月" in text(answer)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["健康教室を開く", "見守りの輪を広げる", "配食を続ける", "介護者のつどいを開く"]),
        ("state=submitted", ["健康教室を開く"]),
        ("state=open", ["見守りの輪を広げる", "配食を続ける", "介護者のつどいを開く"]),
        ("body={council}", ["見守りの輪を広げる", "配食を続ける"]),
        ("outcome=done", ["健康教室を開く"]),
        ("q=みまもり", []),
        ("q=見守り　輪", ["見守りの輪を広げる"]),
        ("q=12%E5%9B%9E%E3%81%A7%E3%81%99", ["健康教室を開く"]),
        ("sort=state", ["見守りの輪を広げる", "配食を続ける", "介護者のつどいを開く", "健康教室を開く"]),
        ("body=x&page=x&sort=x&state=", []),
    ],
)  # fmt: skip
def test_the_board_is_narrowed_and_sorted_by_its_address(
    cast: Cast, collection: Collection, query: str, titles: list[str]
) -> None:
    sent(answer_at(collection, 1), cast.clerk, text="12回です。")
    page = signed_in(cast.planner).get(
        f"{at(cast, f'{collection.pk}/')}?{query.format(council=cast.council.pk)}"
    )
    assert [row.title for row in page.context["page"].object_list] == titles
    assert ("この条件に合う取組はありません" in text(page)) == (not titles)


def test_the_board_asks_the_same_number_of_questions_for_three_answers_and_for_thirty(cast: Cast) -> None:
    def queries(collection: Collection) -> list[int]:
        client = signed_in(cast.planner)
        found = []
        for rest in ("", "bodies/", "publish/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(at(cast, f"{collection.pk}/{rest}")).status_code == 200
            found.append(len(asked))
        return found

    three = queries(collecting(cast, 3))
    many = results.open_collection(
        plan=published(cast, 30, year=2027), due_on=timezone.localdate(), actor=cast.planner
    )
    assert queries(many) == three


def test_many_are_approved_at_once_as_they_were_shown(cast: Cast, collection: Collection) -> None:
    first, third = answer_at(collection, 1), answer_at(collection, 3)
    sent(first, cast.clerk)
    sent(third, cast.partner)
    client = signed_in(cast.planner)
    shown = [f"{each.pk}:{Answer.objects.get(pk=each.pk).revision}" for each in (first, third)]
    results.take_back(answer=third, actor=cast.partner)
    write(Answer.objects.get(pk=third.pk), cast.partner, text="もっと行った。")
    results.submit_answer(answer=third, actor=cast.partner)
    page = told(client, client.post(at(cast, f"{collection.pk}/decide/"), {"do": "approve", "answer": shown}))
    assert "1件を確認済みにしました" in page
    assert "1件は確認済みにしていません" in page
    again = client.post(at(cast, f"{collection.pk}/decide/"), {"do": "approve", "answer": shown[:1]})
    assert "1件は、もう確認済みです" in told(client, again)
    assert list(collection.answers.order_by("pk").values_list("state", flat=True)) == [
        "approved",
        "waiting",
        "submitted",
        "waiting",
    ]


def test_returning_needs_a_reason_and_nothing_chosen_is_told(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    sent(first, cast.clerk)
    client = signed_in(cast.planner)
    go = at(cast, f"{collection.pk}/decide/")
    assert "取組が選ばれていません" in told(client, client.post(go, {"do": "approve"}))
    one = {"do": "return", "answer": f"{first.pk}:1", "query": "state=submitted"}
    answer = client.post(go, one)
    assert answer["Location"].endswith("?state=submitted")
    assert "差し戻す理由を書いてください" in told(client, answer)
    assert "1件を差し戻しました" in told(client, client.post(go, {**one, "note": "人数を"}))


@pytest.mark.parametrize("who", ["clerk", "partner", "administrator"])
def test_only_planners_decide(cast: Cast, collection: Collection, who: str) -> None:
    client = signed_in(getattr(cast, who))
    for rest in ("decide/", "remind/", "due/", "take-in/", "publish/", "links/"):
        assert client.post(at(cast, f"{collection.pk}/{rest}"), {"do": "approve"}).status_code == 403, rest
    page = text(client.get(at(cast, f"{collection.pk}/")))
    assert ("健康教室を開く" in page) is (who != "partner")
    assert "見守りの輪を広げる" in page
    assert "選んだものを確認済みにする" not in page
    assert "お願いのメールを送る" not in text(client.get(at(cast, f"{collection.pk}/bodies/")))


@pytest.mark.django_db(transaction=True)
def test_reminders_are_sent_once_and_stand_on_the_page(
    cast: Cast, collection: Collection, mailoutbox
) -> None:
    client = signed_in(cast.planner)
    page = told(client, client.post(at(cast, f"{collection.pk}/remind/"), {"body": [cast.council.pk]}))
    assert "1人にお願いのメールを送りました" in page
    assert "残っていた件数" in page
    page = told(client, client.post(at(cast, f"{collection.pk}/remind/")))
    assert "3人にお願いのメールを送りました" in page
    assert "送る相手がいません" in told(client, client.post(at(cast, f"{collection.pk}/remind/")))
    assert (Reminder.objects.count(), len(mailoutbox)) == (4, 4)


def test_nobody_is_promised_a_mail_that_does_not_go_out(cast: Cast, collection: Collection, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client = signed_in(cast.planner)
    assert "お願いのメールを送る" not in text(client.get(at(cast, f"{collection.pk}/bodies/")))
    page = told(client, client.post(at(cast, f"{collection.pk}/remind/")))
    assert "いまはメールを送れない設定です" in page
    assert not Reminder.objects.exists()


def test_the_deadline_moves_and_a_past_one_does_not(cast: Cast, collection: Collection) -> None:
    client = signed_in(cast.planner)
    go, later = at(cast, f"{collection.pk}/due/"), timezone.localdate() + timedelta(days=30)
    assert "あと30日" in told(client, client.post(go, {"due_on": later.isoformat(), "reason": "連休"}))
    assert "過ぎた日" in told(client, client.post(go, {"due_on": "2020-01-06"}))
    collection.refresh_from_db()
    assert collection.due_on == later


def test_a_link_is_shown_once_and_taken_back(cast: Cast, collection: Collection) -> None:
    client = signed_in(cast.planner)
    go = at(cast, f"{collection.pk}/links/?body={cast.council.pk}")
    assert client.get(at(cast, f"{collection.pk}/links/?body={cast.promotion.pk}")).status_code == 404
    first = client.post(go, {"do": "make", "body": cast.council.pk})
    assert "/answer/" in told(client, first)
    assert "/answer/" not in text(client.get(go))
    client.post(go, {"do": "make", "body": cast.council.pk})
    one, two = SignedLink.objects.order_by("pk")
    assert (one.revoked_at is None, two.revoked_at is None) == (False, True)
    assert "リンクを取り消しました" in told(
        client, client.post(go, {"do": "revoke", "body": cast.council.pk})
    )
    two.refresh_from_db()
    assert two.revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_link_and_one_mail(cast: Cast, collection: Collection, mailoutbox) -> None:
    client = signed_in(cast.planner)
    go = at(cast, f"{collection.pk}/links/?body={cast.council.pk}")
    once = re.search(r'name="once" value="(\w+)"', text(client.get(go)))
    assert once is not None
    form = {"do": "make", "body": cast.council.pk, "mail": "jimu@example.jp", "once": once[1]}
    for _twice in range(2):
        last = client.post(go, form)
    assert "/answer/" in told(client, last)
    assert (SignedLink.objects.count(), len(mailoutbox)) == (1, 1)
    assert SignedLink.objects.get().revoked_at is None


def test_what_is_approved_goes_before_residents(cast: Cast, collection: Collection) -> None:
    client = signed_in(cast.planner)
    go = at(cast, f"{collection.pk}/publish/")
    assert "確認済みの取組結果がまだありません" in text(client.get(go))
    first = answer_at(collection, 1)
    sent(first, cast.clerk, text="全12回開いた。")
    client.post(at(cast, f"{collection.pk}/decide/"), {"do": "approve", "answer": f"{first.pk}:1"})
    refused = client.post(go, {"note": "初めて"})
    assert (refused.status_code, "まだ確認していない取組結果が3件" in text(refused)) == (409, True)
    assert 'value="初めて"' in text(refused)
    page = told(client, client.post(go, {"note": "初めて", "without_open": "1"}))
    assert f'href="/w/{cast.ward.key}/2026/results/"' in page
    assert "全12回開いた。" in text(client.get(f"/w/{cast.ward.key}/2026/results/"))
    assert client.post(go, {"without_open": "1"}).status_code == 409  # nothing new


def test_another_ward_s_collection_is_not_there(cast: Cast, collection: Collection) -> None:
    answer = signed_in(cast.stranger).get(f"/office/{cast.other_ward.key}/results/{collection.pk}/")
    assert answer.status_code == 404


def test_my_work_has_what_my_bodies_still_write_with_the_days_left(
    cast: Cast, collection: Collection
) -> None:
    first = answer_at(collection, 1)
    page = text(signed_in(cast.clerk).get(f"/office/{cast.ward.key}/"))
    assert "書くもの 1件" in page
    assert "あと20日（開庁日で" in page
    assert f'href="/office/{cast.ward.key}/answers/{first.pk}/"' in page
    assert "書くもの 2件" in text(signed_in(cast.partner).get(f"/office/{cast.ward.key}/"))
    sent(first, cast.clerk)
    assert "確認待ち 1件" in text(signed_in(cast.planner).get(f"/office/{cast.ward.key}/"))
    results.return_answers(answers=[first], note="人数も書いてください", actor=cast.planner)
    page = text(signed_in(cast.clerk).get(f"/office/{cast.ward.key}/"))
    assert "差し戻し 1件" in page
    assert "人数も書いてください" in page
    assert "取組結果</h2>" not in text(signed_in(cast.administrator).get(f"/office/{cast.ward.key}/"))


def test_my_work_names_a_few_and_asks_few_questions(cast: Cast) -> None:
    collection = collecting(cast, 30)
    client = signed_in(cast.clerk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/office/{cast.ward.key}/").status_code == 200
        return len(asked)

    queries()
    many = queries()
    assert "ほか19件" in text(client.get(f"/office/{cast.ward.key}/"))
    Answer.objects.filter(collection=collection, pk__gt=answer_at(collection, 3).pk).update(state="submitted")
    assert queries() == many


def test_a_plan_s_row_leads_to_its_results(cast: Cast) -> None:
    plan = published(cast)
    client, list_ = signed_in(cast.planner), f"/office/{cast.ward.key}/plans/"
    begin = at(cast, f"open/?plan={plan.pk}")
    assert f'href="{begin}"' in text(client.get(list_))
    assert f'<option value="{plan.pk}" selected>' in text(client.get(begin))
    assert f'href="{begin}"' not in text(signed_in(cast.clerk).get(list_))
    opened = results.open_collection(plan=plan, due_on=timezone.localdate(), actor=cast.planner)
    assert f'href="{at(cast, f"{opened.pk}/")}"' in text(client.get(list_))


def test_the_counts_of_a_narrowed_board_are_of_what_is_shown(cast: Cast, collection: Collection) -> None:
    sent(answer_at(collection, 2), cast.planner)
    sent(answer_at(collection, 1), cast.planner)
    page = signed_in(cast.planner).get(at(cast, f"{collection.pk}/?body={cast.council.pk}&state=submitted"))
    shown = {state: number for state, _label, number, _url in page.context["states"]}
    assert (shown[""], shown["open"], shown["submitted"]) == (2, 1, 1)


def test_a_planner_keeps_an_open_collection_in_sight(cast: Cast, collection: Collection) -> None:
    client = signed_in(cast.planner)
    home = f"/office/{cast.ward.key}/"
    page = text(client.get(home))
    assert "まだ提出されていない 4件" in page
    assert "あと20日（開庁日で" in page
    Answer.objects.filter(collection=collection).update(
        state="approved", approved_at=timezone.now(), outcome="done"
    )
    assert "取組結果</h2>" not in text(client.get(home))


def test_what_will_be_published_stands_before_what_will_not(cast: Cast, collection: Collection) -> None:
    client = signed_in(cast.planner)
    first = answer_at(collection, 1)
    sent(first, cast.clerk, text="全12回開いた。")
    client.post(at(cast, f"{collection.pk}/decide/"), {"do": "approve", "answer": f"{first.pk}:1"})
    page = text(client.get(at(cast, f"{collection.pk}/publish/")))
    assert page.index("公開する 1件") < page.index("<summary>まだ確認していない 3件")
