"""What helps to write an answer: sentences from its figures, what changed since last year, what a document printed already."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.ledger.models import Metric
from kusei.office.tests.collecting import answer_at, collecting, published, report, sent, write
from kusei.plans.models import PlanVersion
from kusei.results import operations as results
from kusei.results.answering import FIELDS
from kusei.results.models import Answer, Collection, SentenceForm
from kusei.results.operations import PrintedResult
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def at(answer: Answer) -> str:
    return f"/office/{answer.ward.key}/answers/{answer.pk}/"


def told(answer) -> str:
    return answer.content.decode()


def form(answer: Answer, **mine: str) -> dict[str, str]:
    answer.refresh_from_db()
    shown = {field: getattr(answer, field) for field in FIELDS}
    return {f"was-{field}": value for field, value in shown.items()} | shown | mine


@pytest.fixture
def last_year(cast: Cast) -> Collection:
    """8回 held and published the year before."""
    old = results.open_collection(
        plan=published(cast, year=2025), due_on=timezone.localdate(), actor=cast.planner
    )
    sent(answer_at(old, 1), cast.planner, text="全8回開き、延べ20人が参加した。")
    results.approve_answers(answers=[(answer_at(old, 1), 1)], actor=cast.planner)
    version = results.publish_results(collection=old, actor=cast.planner, without_open=True)
    times = Metric.objects.get(ward=None, key="times")
    result = version.reported_results.get()
    result.figures.create(
        ward=cast.ward, position=0, value=Decimal(8), unit="回", label="", metric=times, entries=8, as_of=timezone.now()
    )  # fmt: skip
    return old


def test_a_sentence_is_drafted_put_in_by_a_person_and_stays_right(cast: Cast, last_year: Collection) -> None:
    SentenceForm.objects.create(
        ward=cast.ward,
        name="区の形",
        text="《開催・実施の回数》開催（前年度比《開催・実施の回数・前年度比》）。",
    )
    first = answer_at(collecting(cast), 1)
    report(cast, first.item, 12)
    client = signed_in(cast.clerk)
    page = client.get(at(first))
    assert page.context["drafts"][0].said == "12回開催（前年度比+4回）。"
    assert "数から下書き" in told(page)
    wanted = page.context["drafts"][0].text
    page = client.post(at(first), form(first, text="今年は、") | {"do": f"draft:{wanted}"}, follow=True)
    assert "文に入れました" in told(page)
    first.refresh_from_db()
    assert first.text == f"今年は、\n{wanted}"
    report(cast, first.item, 13)
    assert client.get(at(first)).context["pieces"][-2].text == "+5回"
    client.post(at(first), form(first, outcome="done") | {"do": "submit"})
    first.refresh_from_db()
    assert results.approve_answers(answers=[(first, first.revision)], actor=cast.planner) == []
    first.refresh_from_db()
    assert first.final_text == "今年は、\n13回開催（前年度比+5回）。"
    assert [each["quantity"] for each in first.final_figures] == [13]


def test_a_comparison_without_last_year_is_not_sent_in(cast: Cast) -> None:
    first = answer_at(collecting(cast), 1)
    report(cast, first.item, 12)
    text = "前年度比《開催・実施の回数・前年度比》。"
    refused = signed_in(cast.clerk).post(at(first), form(first, text=text, outcome="done") | {"do": "submit"})
    assert (refused.status_code, "実績がないもの" in told(refused)) == (422, True)


def test_the_wording_stands_beside_last_year_s(cast: Cast, last_year: Collection) -> None:
    first = answer_at(collecting(cast), 1)
    report(cast, first.item, 12)
    write(first, cast.clerk, text="全《開催・実施の回数》開き、延べ20人が参加した。")
    client = signed_in(cast.clerk)
    page = client.get(at(first))
    pieces = [(each.kind, each.text) for each in page.context["compared"]["result"]]
    assert pieces[:3] == [("same", "全"), ("gone", "8"), ("new", "12")]
    assert "promise" not in page.context["compared"]  # promised as before
    assert "前の年度の文とのちがい" in told(page)
    saved = client.post(at(first), form(first, text="全9回開き、延べ20人が参加した。"), headers={"X-Kusei-Autosave": "1"})  # fmt: skip
    assert "<ins>9</ins>" in saved.json()["compared"]


@pytest.fixture
def printed(cast: Cast) -> Collection:
    collection = collecting(cast)
    told_already = [
        PrintedResult(answer_at(collection, 1).item_id, "12回開催。", "done", page=3, line=4),
        PrintedResult(answer_at(collection, 2).item_id, "感染症のため中止。", "cancelled", "中止"),
        PrintedResult(answer_at(collection, 3).item_id, "詳細は別紙。", "unknown"),
    ]
    results.record_printed_results(version=PlanVersion.objects.get(), results=told_already)
    return collection


def test_what_a_document_printed_is_there_already(cast: Cast, printed: Collection) -> None:
    first = answer_at(printed, 1)
    client = signed_in(cast.clerk)
    page = told(client.get(at(first)))
    assert "この取組の結果は、もう公表されています" in page
    page = told(client.post(at(first), form(first) | {"do": "printed"}, follow=True))
    assert "公表された結果を写しました" in page
    first.refresh_from_db()
    assert (first.text, first.outcome, first.state, first.way) == (
        "12回開催。",
        "done",
        "writing",
        "document",
    )
    assert "もう公表されています" not in told(client.get(at(first)))
    again = client.post(at(first), form(first) | {"do": "printed"})
    assert (again.status_code, "もう文が書かれています" in told(again)) == (422, True)


def test_a_planner_uses_what_was_printed_instead_of_asking(cast: Cast, printed: Collection) -> None:
    client = signed_in(cast.planner)
    board = f"/office/{cast.ward.key}/results/{printed.pk}/"
    page = told(client.get(board))
    assert "もう結果が書かれている取組が3件あります" in page
    narrowed = client.get(f"{board}?state=printed")
    assert len(narrowed.context["page"].object_list) == 3
    chosen = {"answer": [f"{each.pk}:{each.revision}" for each in printed.answers.all()], "do": "printed"}
    page = told(client.post(f"{board}decide/", chosen, follow=True))
    assert "2件を提出済みにしました" in page
    assert "1件は、状況や理由が足りない" in page
    assert "1件は、公表された結果がない" in page
    assert sorted(printed.answers.values_list("state", "outcome")) == [
        ("submitted", "cancelled"), ("submitted", "done"), ("waiting", ""), ("writing", ""),
    ]  # fmt: skip
    assert printed.answers.get(outcome="cancelled").reason == "中止"
    assert "もう結果が書かれている取組" not in told(client.get(board))


def test_the_page_asks_no_more_with_more_figures(cast: Cast, last_year: Collection) -> None:
    first = answer_at(collecting(cast), 1)
    client = signed_in(cast.clerk)
    counts = []
    for times in (0, 12):
        if times:
            report(cast, first.item, times)
            write(first, cast.clerk, text="全《開催・実施の回数》、149団体、20人。")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(at(first))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2


def test_forms_of_sentences_are_kept_under_settings(cast: Cast) -> None:
    client = signed_in(cast.planner)
    here = f"/office/{cast.ward.key}/settings/sentences/"
    assert "まだありません" in told(client.get(here))
    refused = client.post(here, {"name": "短く", "text": "《参加人数》参加。"})
    assert (refused.status_code, "近い名前: 《参加者》" in told(refused)) == (422, True)
    assert "《参加人数》参加。" in told(refused)
    assert "「短く」を加えました" in told(
        client.post(here, {"name": "短く", "text": "《参加者》参加。"}, follow=True)
    )
    form = SentenceForm.objects.get()
    own = f"own-{form.pk}"
    refused = client.post(f"{here}{form.pk}/", {f"{own}-name": "短く", f"{own}-text": "参加。"})
    assert (refused.status_code, "《 》がありません" in told(refused)) == (422, True)
    done = client.post(
        f"{here}{form.pk}/", {f"{own}-name": "短い文", f"{own}-text": "《件数》。"}, follow=True
    )
    assert "「短い文」を直しました" in told(done)
    assert "外しました" in told(client.post(f"{here}{form.pk}/", {"do": "remove"}, follow=True))
    assert client.post(f"{here}{form.pk}/", {"do": "remove"}).status_code == 404
