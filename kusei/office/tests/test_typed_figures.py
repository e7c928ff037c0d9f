"""Figures typed into an answer: pointed out, replaced, kept with a reason, counted from the text, followed when it changes."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.ledger.models import Entry, Metric
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.office.tests.collecting import answer_at, collecting, report, sent, write
from kusei.results import operations as results
from kusei.results.answering import FIELDS
from kusei.results.errors import AnswerClosed, FigureRefused
from kusei.results.models import Answer, TypedFigure
from kusei.results.operations import CountAs
from kusei.results.queries.answers import live_figures
from kusei.results.queries.typed import open_typed, typed_of
from kusei.results.typed import Decided, Told, typed_figures
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

TEXT = "全11回、149団体が参加した。"


@pytest.fixture
def answer(cast: Cast) -> Answer:
    found = answer_at(collecting(cast), 1)
    report(cast, found.item, 12)
    return write(found, cast.clerk, text=TEXT)


def typed(answer: Answer) -> list:
    answer = Answer.objects.select_related("collection__plan", "ward").get(pk=answer.pk)
    figures = live_figures(answer.ward, 2026, [answer.item_id])[answer.item_id]
    return typed_of(answer, figures)


def told(answer: Answer) -> list[tuple[str, str]]:
    return [(each.printed, each.told.value) for each in typed(answer)]


def key(answer: Answer, printed: str) -> str:
    return next(each.key for each in typed(answer) if each.printed == printed)


def in_ledger(answer: Answer) -> dict[str, int | None]:
    names = dict(Metric.objects.values_list("pk", "name"))
    return {
        names[metric]: figure.quantity
        for (item, metric), figure in year_figures(answer.ward, 2026).items()
        if item == answer.item_id
    }


def groups() -> int:
    return Metric.objects.get(ward=None, key="groups").pk


def test_what_is_typed_is_held_against_the_ledger(cast: Cast, answer: Answer) -> None:
    assert told(answer) == [("11回", "differs"), ("149団体", "unbacked")]
    # The general one first; services declare others of the same unit.
    offered = typed(answer)[1].choices
    assert offered[0].metric.name == "団体"
    assert {choice.metric.unit for choice in offered} == {"団体"}
    assert open_typed(answer.collection, [answer]) == {answer.pk: 2}


def test_one_press_puts_the_live_figure_in_its_place(cast: Cast, answer: Answer) -> None:
    changed = results.replace_typed(answer=answer, key=key(answer, "11回"), actor=cast.clerk)
    assert changed.text == "全《開催・実施の回数》、149団体が参加した。"
    assert told(answer) == [("149団体", "unbacked")]


def test_a_figure_kept_with_a_reason_is_asked_again_when_the_ledger_says_another(
    cast: Cast, answer: Answer
) -> None:
    eleven = key(answer, "11回")
    with pytest.raises(FigureRefused):
        results.keep_typed(answer=answer, key=eleven, why="  ", actor=cast.clerk)
    results.keep_typed(answer=answer, key=eleven, why="打合せの1回を除く", actor=cast.clerk)
    assert told(answer)[0] == ("11回", "kept")
    report(cast, answer.item, 13)
    assert told(answer)[0] == ("11回", "differs")
    results.forget_typed(answer=answer, key=eleven, actor=cast.clerk)
    assert not TypedFigure.objects.exists()
    assert AuditEntry.objects.filter(verb="results.keep_typed", reason="打合せの1回を除く").exists()


def test_a_figure_that_nothing_backs_is_counted_once_from_the_text(cast: Cast, answer: Answer) -> None:
    wanted = {"answer": answer, "key": key(answer, "149団体"), "count_as": CountAs(groups(), month=6)}
    for actor in (cast.clerk, cast.planner, cast.clerk):
        results.count_typed(**wanted, actor=actor)
    assert in_ledger(answer) == {"開催・実施の回数": 12, "団体": 149}
    entry = Entry.objects.get(source_kind="results.typed")
    assert (entry.happened_on, entry.body, entry.source_id) == (date(2026, 6, 1), answer.lead, answer.pk)
    assert told(answer)[1] == ("149団体", "counted")
    assert list(discrepancies(answer.ward, 2026)) == []
    with pytest.raises(FigureRefused, match="もう「団体」として"):
        results.count_typed(**wanted | {"count_as": CountAs(new_name="来た団体")}, actor=cast.planner)
    results.forget_typed(answer=answer, key=wanted["key"], actor=cast.clerk)
    results.forget_typed(answer=answer, key=wanted["key"], actor=cast.clerk)
    assert in_ledger(answer) == {"開催・実施の回数": 12}
    assert list(discrepancies(answer.ward, 2026)) == []


def test_what_is_reported_beside_the_text_is_pointed_out(cast: Cast, answer: Answer) -> None:
    """Counted from the text first, and then the body's months bring the same once more."""
    third = answer_at(answer.collection, 3)
    third = write(third, cast.partner, text="全8回、延べ90人が参加した。")
    as_times = CountAs(Metric.objects.get(ward=None, key="times").pk)
    results.count_typed(answer=third, key=typed(third)[0].key, count_as=as_times, actor=cast.partner)
    assert [each.is_doubted for each in typed(third)] == [False, False]
    assert open_typed(third.collection, [third]) == {third.pk: 1}
    report(cast, third.item, 8)
    assert [(each.told, each.is_doubted) for each in typed(third)] == [
        (Told.COUNTED, True),
        (Told.UNBACKED, False),
    ]
    assert open_typed(third.collection, [third]) == {third.pk: 2}
    page = signed_in(cast.planner).get(f"/office/{cast.ward.key}/answers/{third.pk}/").content.decode()
    assert "二重かもしれません" in page
    results.forget_typed(answer=third, key=typed(third)[0].key, actor=cast.partner)
    assert [each.told for each in typed(third)] == [Told.BACKED, Told.UNBACKED]


def test_what_the_text_says_no_longer_goes_out_of_the_ledger(cast: Cast, answer: Answer) -> None:
    results.count_typed(
        answer=answer, key=key(answer, "149団体"), count_as=CountAs(groups()), actor=cast.clerk
    )
    answer = write(Answer.objects.get(pk=answer.pk), cast.clerk, text=f"はじめに。{TEXT}")
    assert in_ledger(answer)["団体"] == 149
    answer = write(answer, cast.clerk, text="")
    assert in_ledger(answer) == {"開催・実施の回数": 12}
    assert list(discrepancies(answer.ward, 2026)) == []
    answer = write(answer, cast.clerk, text=TEXT)
    results.count_typed(
        answer=answer, key=key(answer, "149団体"), count_as=CountAs(groups()), actor=cast.clerk
    )
    assert in_ledger(answer)["団体"] == 149


def test_a_body_counts_something_of_its_own(cast: Cast, answer: Answer) -> None:
    answer = write(answer, cast.clerk, text="花の苗を 2,530鉢 配った。")
    results.count_typed(
        answer=answer, key=key(answer, "2,530鉢"), count_as=CountAs(new_name="配った花の苗"), actor=cast.clerk
    )
    assert in_ledger(answer)["配った花の苗"] == 2530
    metric = Metric.objects.get(ward=cast.ward)
    assert (metric.unit, metric.adding, metric.decimals) == ("鉢", "sum", 0)


def test_nothing_is_counted_twice_or_as_something_else(cast: Cast, answer: Answer) -> None:
    times = Metric.objects.get(ward=None, key="times").pk
    for printed, wrong in (
        ("11回", CountAs(times)),
        ("149団体", CountAs(times)),
        ("149団体", CountAs()),
        ("149団体", CountAs(0)),
        ("149団体", CountAs(new_name="団体")),
    ):
        with pytest.raises(FigureRefused):
            results.count_typed(answer=answer, key=key(answer, printed), count_as=wrong, actor=cast.clerk)
    for do in (results.replace_typed, results.count_typed, results.keep_typed):
        more = {results.count_typed: {"count_as": CountAs(groups())}, results.keep_typed: {"why": "x"}}
        with pytest.raises(FigureRefused, match="もう文の中にありません"):
            do(answer=answer, key="0" * 12, actor=cast.clerk, **more.get(do, {}))
    assert not TypedFigure.objects.exists()


def test_others_and_closed_answers_are_left_alone(cast: Cast, answer: Answer) -> None:
    eleven, hundred = key(answer, "11回"), key(answer, "149団体")
    for person in (cast.other_clerk, cast.partner, cast.administrator, cast.resident):
        with pytest.raises(NotAllowed):
            results.count_typed(answer=answer, key=hundred, count_as=CountAs(groups()), actor=person)
        with pytest.raises(NotAllowed):
            results.replace_typed(answer=answer, key=eleven, actor=person)
    sent(Answer.objects.get(pk=answer.pk), cast.clerk, text=TEXT)
    for closed in (
        lambda: results.replace_typed(answer=answer, key=eleven, actor=cast.planner),
        lambda: results.keep_typed(answer=answer, key=eleven, why="x", actor=cast.clerk),
        lambda: results.count_typed(answer=answer, key=hundred, count_as=CountAs(groups()), actor=cast.clerk),
    ):
        with pytest.raises(AnswerClosed):
            closed()
    results.count_typed(answer=answer, key=hundred, count_as=CountAs(groups()), actor=cast.planner)
    assert told(answer)[1] == ("149団体", "counted")


def test_equal_figures_are_told_apart_by_what_stands_before_them() -> None:
    text = "男24人、女24人、合わせて24人と24人。"
    found = typed_figures(text, [])
    assert len({each.key for each in found}) == 4
    moved = typed_figures(f"会場で{text}", [])
    assert [each.key for each in moved] == [each.key for each in found]
    counted = Decided(found[1].key, 1, 24, "", "係")
    assert [each.told for each in typed_figures(text, [], {counted.key: counted})] == [
        Told.UNBACKED,
        Told.COUNTED,
        Told.UNBACKED,
        Told.UNBACKED,
    ]


def at(answer: Answer) -> str:
    return f"/office/{answer.ward.key}/answers/{answer.pk}/"


def form(answer: Answer, **mine: str) -> dict[str, str]:
    answer.refresh_from_db()
    shown = {field: getattr(answer, field) for field in FIELDS}
    return {f"was-{field}": value for field, value in shown.items()} | shown | mine


def test_the_buttons_of_the_page_save_the_text_and_do_it(cast: Cast, answer: Answer) -> None:
    client = signed_in(cast.clerk)
    page = client.get(at(answer)).content.decode()
    assert "文では<strong>11回</strong>、台帳では「開催・実施の回数」が<strong>12回</strong>" in page
    hundred, eleven = key(answer, "149団体"), key(answer, "11回")
    count = {"do": f"count:{hundred}", f"metric-{hundred}": str(groups()), f"month-{hundred}": "6"}
    page = client.post(at(answer), form(answer, remark="来年も") | count, follow=True).content.decode()
    assert "「149団体」を実績に加えました" in page
    page = client.post(at(answer), form(answer) | {"do": f"replace:{eleven}"}, follow=True).content.decode()
    assert "台帳の数に置きかえました" in page
    answer.refresh_from_db()
    assert (answer.text, answer.remark) == ("全《開催・実施の回数》、149団体が参加した。", "来年も")
    assert in_ledger(answer)["団体"] == 149
    page = client.post(at(answer), form(answer) | {"do": f"forget:{hundred}"}, follow=True).content.decode()
    assert "元に戻しました" in page
    page = client.post(at(answer), form(answer, text=TEXT) | {"do": "check"}, follow=True).content.decode()
    assert "文の中の数を、台帳と比べました" in page


def test_a_button_that_is_refused_loses_nothing(cast: Cast, answer: Answer) -> None:
    eleven = key(answer, "11回")
    refused = signed_in(cast.clerk).post(
        at(answer), form(answer, text=f"{TEXT}よかった。") | {"do": f"keep:{eleven}", f"why-{eleven}": ""}
    )
    assert (refused.status_code, "理由を" in refused.content.decode()) == (422, True)
    answer.refresh_from_db()
    assert answer.text == f"{TEXT}よかった。"
    gone = signed_in(cast.clerk).post(at(answer), form(answer, text="行った。") | {"do": f"keep:{eleven}"})
    assert gone.status_code == 422
    answer.refresh_from_db()
    assert answer.text == "行った。"


def test_two_who_decide_at_once_hear_of_each_other(cast: Cast, answer: Answer) -> None:
    hundred, seen = key(answer, "149団体"), form(answer)
    count = {"do": f"count:{hundred}", f"metric-{hundred}": str(groups())}
    assert signed_in(cast.clerk).post(at(answer), seen | count).status_code == 302
    own = {"do": f"count:{hundred}", f"metric-{hundred}": "", f"name-{hundred}": "別の名前"}
    refused = signed_in(cast.planner).post(at(answer), seen | own)
    assert (refused.status_code, "もう「団体」として" in refused.content.decode()) == (422, True)
    assert not Metric.objects.filter(ward=cast.ward).exists()
    write(Answer.objects.get(pk=answer.pk), cast.colleague, text="書き直した。")
    clash = signed_in(cast.clerk).post(at(answer), seen | {"text": "自分の文。", "do": f"forget:{hundred}"})
    assert (clash.status_code, "自分の文。" in clash.content.decode()) == (409, True)


def test_autosave_brings_the_figures_with_it(cast: Cast, answer: Answer) -> None:
    told = (
        signed_in(cast.clerk)
        .post(at(answer), form(answer, text="全13回。"), headers={"X-Kusei-Autosave": "1"})
        .json()
    )
    assert "文では<strong>13回</strong>" in told["typed"]


def test_planners_see_the_same_when_they_look_and_others_nothing(cast: Cast, answer: Answer) -> None:
    sent(Answer.objects.get(pk=answer.pk), cast.clerk, text=TEXT)
    planner = signed_in(cast.planner)
    page = planner.get(at(answer)).content.decode()
    assert "文では<strong>11回</strong>" in page
    assert "に置きかえる" not in page
    board = planner.get(f"/office/{cast.ward.key}/results/{answer.collection_id}/").content.decode()
    assert "台帳と合わない数 2件" in board
    hundred = key(answer, "149団体")
    done = planner.post(
        at(answer), {"do": f"count:{hundred}", f"metric-{hundred}": str(groups())}, follow=True
    )
    assert "実績に加えました" in done.content.decode()
    for person in (cast.other_clerk, cast.partner, cast.administrator):
        client = signed_in(person)
        page = client.get(at(answer)).content.decode()
        assert "文の中の数" not in page
        assert (
            "台帳と合わない数"
            not in client.get(f"/office/{cast.ward.key}/results/{answer.collection_id}/").content.decode()
        )


def test_a_text_of_200_000_letters_is_refused_and_stays_in_the_form(cast: Cast, answer: Answer) -> None:
    long = "延べ1,251人が参加した。" * 15_400
    assert len(long) > 200_000
    for do in ("save", "check", "submit"):
        refused = signed_in(cast.clerk).post(at(answer), form(answer, text=long) | {"do": do})
        page = refused.content.decode()
        assert (refused.status_code, "文が長すぎます" in page, long in page) == (422, True, True)
    answer.refresh_from_db()
    assert answer.text == TEXT
