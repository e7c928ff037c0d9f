"""The year's workbook: what stands in it, how it prints, and that a published one stays what it was."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from kusei.ledger.models import Metric
from kusei.ledger.operations.posting import post
from kusei.ledger.rules import Line as LedgerLine
from kusei.ledger.sources import Source
from kusei.results import operations as results
from kusei.results.models import Answer, Target, YearRecord
from kusei.results.queries.years import published_year, year_so_far
from kusei.results.year_book import Counting, Facts, Indicated, Line, Number, Total, YearBook
from kusei.results.year_workbook import file_name, write_year
from kusei.wards.models import Body
from tests.wide_year import WideYear, wide_year

MOMENT = datetime(2027, 5, 12, 1, 30, tzinfo=UTC)
FACTS = Facts(
    ward="横浜市みらい区",
    plan="令和8年度 行動計画",
    bodies={1: "地域振興課"},
    metrics={5: Counting("参加者", "人", "合計", "一回ごとに数えた人"), 6: Counting("登録者", "人", "最後の値", "")},
    indicators=(
        Indicated("健康づくり", "参加者を増やす", "参加者", "人", "50", 2025, "100", "121.5", "", "達成", "目標100人に対して", "地域振興課"),
    ),
    totals=(Total("参加者", "人", "1300", 2),),
)  # fmt: skip
LINES = (
    Line("1 つながり", "", "1", "健康教室", ("月に一回開く",), "done", "実施", "", "=12回開いた。", ("地域振興課",),
         (Number("参加者", Decimal(1251), "人", 5, 3, MOMENT), Number("会場", Decimal("2.5"), "か所"))),
    Line("1 つながり", "", "2", "防災訓練", (), "cancelled", "中止", "感染症のため", "", ("防災課",),
         (Number("参加者", Decimal(49), "人", 5, 1, MOMENT), Number("登録者", Decimal(7), "人", 6, 1, MOMENT))),
)  # fmt: skip
BOOK = YearBook(2026, FACTS, 3, MOMENT, "回数の訂正", LINES)


def opened(book: YearBook = BOOK):
    return load_workbook(io.BytesIO(write_year(book)))


def rows(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_summary_counts_adds_up_and_tells_what_did_not_happen() -> None:
    sheet = opened()["まとめ"]
    said = rows(sheet)
    assert said[0][0] == "横浜市みらい区　令和8年度 行動計画 取組結果"
    assert sheet["B3"].value == datetime(2027, 5, 12, 10, 30)
    assert "ggge" in sheet["B3"].number_format
    assert ["実施", 1, 0.5] in [row[:3] for row in said]
    assert ["1 つながり", 1, 1, 2] in [row[:4] for row in said]
    assert ["参加者", 1300, "人", 2] in [row[:4] for row in said]
    assert ["2 防災訓練", "中止", "感染症のため"] in [row[:3] for row in said]


def test_results_and_figures_are_rows_with_real_numbers_and_days() -> None:
    book = opened()
    results_sheet, figures = rows(book["取組結果"]), rows(book["数とその根拠"])
    assert results_sheet[1][:6] == [1, "1 つながり", None, "1", "健康教室\n・月に一回開く", "=12回開いた。"]
    assert results_sheet[2][6:9] == ["中止", "感染症のため", "防災課"]
    assert figures[1][3:] == [
        "参加者",
        1251,
        "人",
        "合計",
        3,
        datetime(2027, 5, 12, 10, 30),
        "区の実績の記録",
    ]
    assert figures[2][3:] == ["会場", 2.5, "か所", None, None, None, "文書に印刷された数"]
    indicators = rows(book["指標"])
    assert indicators[1][4:10] == [50, "令和7年度", 100, 121.5, None, "達成"]
    assert any(row[0] == "参加者" and row[3] == "一回ごとに数えた人" for row in rows(book["説明"]))


def test_what_looks_like_a_formula_stays_text() -> None:
    cell = opened()["取組結果"]["F2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=12回開いた。", "s", True)
    with zipfile.ZipFile(io.BytesIO(write_year(BOOK))) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_every_sheet_prints_on_a4_landscape_with_its_heading_on_each_page() -> None:
    book = opened()
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddFooter.center.text == "&P / &N"
    for name in ("取組結果", "数とその根拠", "指標"):
        sheet = book[name]
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.auto_filter.ref


def test_a_long_text_goes_on_in_the_next_row_and_nothing_is_lost() -> None:
    text = "地域の方と話し合って進めた。" * 100
    book = opened(replace(BOOK, lines=(replace(LINES[0], text=text),)))
    sheet = book["取組結果"]
    said = rows(sheet)[1:]
    assert len(said) > 1
    assert "".join(str(row[5]) for row in said) == text
    assert [row[0] for row in said] == [1, *[None] * (len(said) - 1)]
    assert all(sheet.row_dimensions[number].height < 409 for number in range(1, len(said) + 2))


def test_a_year_that_is_not_published_says_so_on_every_sheet() -> None:
    book = replace(BOOK, version=None, lines=(replace(LINES[0], state="作成中", remark="来年も"),))
    assert "公開前" in file_name(book)
    opened_book = opened(book)
    assert all("公開前" in sheet.oddHeader.left.text for sheet in opened_book.worksheets)
    assert rows(opened_book["取組結果"])[1][-2:] == ["作成中", "来年も"]


def test_the_same_year_gives_the_same_bytes_in_any_language() -> None:
    first = write_year(BOOK)
    with translation.override("en"):
        assert write_year(BOOK) == first
        assert file_name(BOOK) == "横浜市みらい区_令和8年度_行動計画_取組結果_第3版.xlsx"
    assert Facts.from_plain(FACTS.plain() | {"bodies": {"1": "地域振興課"}}).bodies == {1: "地域振興課"}


@pytest.fixture
def year(db: None) -> WideYear:
    return wide_year("横浜市都筑区", 12, bodies=5)


def publish(year: WideYear):
    assert results.approve_answers(answers=year.shown(), actor=year.planner) == []
    return results.publish_results(collection=year.collection, actor=year.planner)


def change_what_lives(year: WideYear) -> None:
    first = year.collection.answers.first()
    assert first is not None
    times = Metric.objects.get(ward=None, key="times")
    day = datetime(year.plan.fiscal_year, 6, 1).date()
    line = LedgerLine("late", times.pk, first.item_id, 77, day)
    post(ward=year.ward, source=Source("test.late", 1), lines=[line], actor=None)
    Metric.objects.filter(pk=times.pk).update(name="ほかの名前", unit="度", definition="書き直した")
    for body in year.bodies:
        Body.objects.filter(pk=body.pk).update(name=f"新{body.name}")
    Answer.objects.filter(pk=first.pk).update(final_text="直した文", final_figures=[], outcome="cancelled")
    Target.objects.all().update(quantity=1)
    year.ward.name = "新しい区"
    year.ward.save(update_fields=["name"])


def test_a_published_year_is_the_same_bytes_whatever_changes_afterwards(year: WideYear) -> None:
    live = write_year(year_so_far(year.collection, at=MOMENT))
    version = publish(year)
    frozen = write_year(published_year(version))
    change_what_lives(year)
    version = type(version).objects.get(pk=version.pk)
    assert write_year(published_year(version)) == frozen
    year.collection.refresh_from_db()
    assert write_year(year_so_far(year.collection, at=MOMENT)) != live
    book = published_year(version)
    assert (len(book.lines), len(book.facts.indicators)) == (12, 2)
    assert {each.entries for line in book.lines for each in line.figures} == {3}
    assert book.lines[0].bodies == ("横浜市都筑区第0課",)
    assert book.facts.indicators[0].target == "100"
    people, times = sorted(book.facts.totals, key=lambda each: each.unit)
    assert (times.actions, people.actions) == (12, 12)
    said = [each for line in book.lines for each in line.figures]
    assert Decimal(times.quantity) == sum(each.value for each in said if each.unit == "回")


def test_a_correction_is_a_workbook_of_its_own_and_the_former_stays(year: WideYear) -> None:
    one = publish(year)
    before = write_year(published_year(one))
    first = year.collection.answers.order_by("pk").first()
    assert first is not None
    results.return_answers(answers=[first], note="数が違う", actor=year.planner)
    first.refresh_from_db()
    results.write_answer(answer=first, was={"text": first.text}, mine={"text": "行わなかった。"}, actor=year.planner)  # fmt: skip
    results.submit_answer(answer=first, actor=year.planner, without_contributions=True)
    first.refresh_from_db()
    results.approve_answers(answers=[(first, first.revision)], actor=year.planner)
    two = results.publish_results(collection=year.collection, actor=year.planner, note="回数の訂正")
    assert write_year(published_year(one)) == before
    corrected = published_year(two)
    assert (corrected.lines[0].text, corrected.note, corrected.version) == ("行わなかった。", "回数の訂正", 3)
    assert YearRecord.objects.count() == 2


def test_a_live_figure_stands_with_its_recipe_until_it_is_approved(year: WideYear) -> None:
    now = timezone.now()
    book = year_so_far(year.collection, at=now)
    assert {each.as_of for line in book.lines for each in line.figures} == {now}
    assert "《" not in "".join(line.text for line in book.lines)
    assert {line.state for line in book.lines} == {"提出済み"}


@pytest.mark.slow
def test_a_year_asks_as_much_for_thirty_actions_as_for_ten(db: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for name, actions in (("横浜市都筑区", 10), ("横浜市港北区", 40)):
        one = wide_year(name, actions, bodies=5)
        with CaptureQueriesContext(connection) as queries:
            write_year(year_so_far(one.collection, at=MOMENT))
            write_year(published_year(publish(one)))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_no_word_of_a_long_plan_is_left_out() -> None:
    points = tuple(f"{number}番目に行うことを、だれにでも分かるように長く書く。" for number in range(40))
    long = replace(LINES[0], planned=points, text="開いた。")
    sheet = rows(opened(replace(BOOK, lines=(long, LINES[1])))["取組結果"])
    own = [row for row in sheet[1:] if row[3] == "1"]
    assert len(own) > 2
    told = "".join(str(row[4]) for row in own)
    assert all(point in told.replace("（1 の続き）", "").replace("\n", "") for point in points)
    assert [row[0] for row in own] == [1, *[None] * (len(own) - 1)]
    assert [row[5] for row in own if row[5]] == ["開いた。"]
