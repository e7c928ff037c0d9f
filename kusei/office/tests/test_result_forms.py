"""A body answers by Excel: results and numbers in one workbook, handed in, looked at and taken in together."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kusei.ledger.models import Entry, ReturnedForm
from kusei.office.tests.collecting import YEAR, answer_at, collecting, write
from kusei.results import operations as results
from kusei.results.models import Answer, Collection
from kusei.results.operations import returned
from kusei.wards.models import Body
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def collection(cast: Cast) -> Collection:
    return collecting(cast)


@pytest.fixture
def planner(cast: Cast) -> Client:
    return signed_in(cast.planner)


def handed_out(cast: Cast, client: Client, body: Body) -> tuple[Any, Worksheet]:
    answer = client.get(reverse("office:form_file", args=[cast.ward.key, YEAR, body.pk]))
    book = load_workbook(io.BytesIO(answer.content))
    return book, book["取組結果"]


def row_of(sheet: Worksheet, title: str) -> int:
    return next(row for row in range(5, sheet.max_row + 1) if title in str(sheet.cell(row, 2).value))


def send(cast: Cast, client: Client, book: Any) -> Any:
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("社協.xlsx", out.getvalue())
    return client.post(reverse("office:send_forms", args=[cast.ward.key]), {"files": [file]}, follow=True)


def take_in(client: Client, page: Any, **more: str) -> Any:
    shown = page.content.decode()
    sent = {name: re.search(rf'name="{name}" value="(\w+)"', shown)[1] for name in ("fingerprint", "answers")}
    return client.post(page.request["PATH_INFO"], {"do": "post", **sent, **more}, follow=True)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_results_and_numbers_come_in_together_and_what_is_complete_is_sent_in(
    cast: Cast, collection: Collection, planner: Client
) -> None:
    shared, own = answer_at(collection, 2), answer_at(collection, 3)
    book, sheet = handed_out(cast, planner, cast.council)
    months = book.worksheets[0]
    months["E5"] = 3
    line, part = row_of(sheet, "配食を続ける"), row_of(sheet, "見守りの輪を広げる（分担）")
    sheet[f"E{line}"], sheet[f"G{line}"] = "実施", "毎週配った。"
    sheet[f"G{part}"] = "声をかけた。"
    page = send(cast, planner, book)
    assert "記録すると変わる取組結果" in text(page)
    assert "毎週配った。" in text(page)
    assert Answer.objects.get(pk=own.pk).text == ""
    done = take_in(planner, page, is_final="1")
    assert "取組結果を1件、分担の分を1件書きました。提出したものは1件です。" in text(done)
    own.refresh_from_db()
    assert (own.state, own.outcome, own.text, own.way) == ("submitted", "done", "毎週配った。", "workbook")
    written = shared.contributions.get()
    assert (written.text, written.is_done, written.way) == ("声をかけた。", True, "workbook")
    assert Entry.objects.count() == 1
    again = planner.post(page.request["PATH_INFO"], {"do": "post", "fingerprint": "x"}, follow=True)
    assert "二度目は何もしていません" in text(again)


def test_what_is_not_complete_stays_in_writing(cast: Cast, collection: Collection, planner: Client) -> None:
    book, sheet = handed_out(cast, planner, cast.council)
    line = row_of(sheet, "配食を続ける")
    sheet[f"E{line}"], sheet[f"G{line}"] = "中止", "中止した。"  # no reason
    done = take_in(planner, send(cast, planner, book), is_final="1")
    assert "配食を続ける 一部実施・中止・延期などの理由を書いてください。" in text(done)
    own = answer_at(collection, 3)
    assert (own.state, own.outcome) == ("writing", "cancelled")


def test_what_others_share_is_sent_in_without_waiting_where_asked_to(
    cast: Cast, collection: Collection, planner: Client
) -> None:
    for more, state in (({}, "writing"), ({"without_contributions": "1"}, "submitted")):
        book, sheet = handed_out(cast, planner, cast.welfare)
        line = row_of(sheet, "見守りの輪を広げる")
        sheet[f"E{line}"], sheet[f"G{line}"] = "実施", f"広げた。{state}"
        take_in(planner, send(cast, planner, book), is_final="1", **more)
        assert answer_at(collection, 2).state == state


def test_the_sheet_says_until_when_and_problems_name_their_sheet(
    cast: Cast, collection: Collection, planner: Client
) -> None:
    book, sheet = handed_out(cast, planner, cast.council)
    assert "しめきり" in sheet["B3"].value
    sheet[f"E{row_of(sheet, '配食を続ける')}"] = "やりました"
    book.worksheets[0]["E5"] = "たくさん"
    told = text(send(cast, planner, book))
    assert "取組結果 E" in told
    assert "実績 E5" in told


def test_without_the_mark_nothing_is_sent_in(cast: Cast, collection: Collection, planner: Client) -> None:
    book, sheet = handed_out(cast, planner, cast.council)
    line = row_of(sheet, "配食を続ける")
    sheet[f"E{line}"], sheet[f"G{line}"] = "実施", "毎週配った。"
    take_in(planner, send(cast, planner, book))
    assert answer_at(collection, 3).state == "writing"


def test_one_wrong_cell_keeps_everything_out(cast: Cast, collection: Collection, planner: Client) -> None:
    book, sheet = handed_out(cast, planner, cast.council)
    line = row_of(sheet, "配食を続ける")
    sheet[f"E{line}"], sheet[f"G{line}"] = "やりました", "毎週配った。"
    book.worksheets[0]["E5"] = 3
    page = send(cast, planner, book)
    assert "「やりました」は状況の言葉ではありません" in text(page)
    assert 'name="fingerprint"' not in page.content.decode()
    shown = {"do": "post", "fingerprint": "x", "answers": "x"}
    assert planner.post(page.request["PATH_INFO"], shown).status_code == 422
    assert Entry.objects.count() == 0
    assert answer_at(collection, 3).text == ""


def test_what_changed_meanwhile_is_shown_again_first(
    cast: Cast, collection: Collection, planner: Client
) -> None:
    book, sheet = handed_out(cast, planner, cast.council)
    line = row_of(sheet, "配食を続ける")
    sheet[f"E{line}"], sheet[f"G{line}"] = "実施", "毎週配った。"
    book.worksheets[0]["E5"] = 3
    page = send(cast, planner, book)
    write(answer_at(collection, 3), cast.partner, text="ほかの文。")
    stale = take_in(planner, page, is_final="1")
    assert "いまの数か文が変わりました" in text(stale)
    assert "ほかの人が書き換えています" in text(stale)
    assert Entry.objects.count() == 0  # the numbers went with the texts
    take_in(planner, stale, is_final="1")
    assert answer_at(collection, 3).text == "毎週配った。"


def test_an_answer_that_was_sent_in_is_not_overwritten(
    cast: Cast, collection: Collection, planner: Client
) -> None:
    book, sheet = handed_out(cast, planner, cast.council)
    line = row_of(sheet, "配食を続ける")
    sheet[f"E{line}"], sheet[f"G{line}"] = "実施", "毎週配った。"
    own = write(answer_at(collection, 3), cast.partner, outcome="done", text="行った。")
    results.submit_answer(answer=own, actor=cast.partner)
    page = send(cast, planner, book)
    assert "もう提出されています" in text(page)
    assert 'name="answers"' not in page.content.decode()
    book, _sheet = handed_out(cast, planner, cast.promotion)
    assert [each.value for each in book["取組結果"]["B"] if each.value and "配食" in each.value] == []


def test_who_may_not_write_the_answer_cannot_take_it_in(cast: Cast, collection: Collection) -> None:
    """The clerk of 地域振興課 is in charge of nothing that the council does."""
    clerk = signed_in(cast.clerk)
    book, sheet = handed_out(cast, signed_in(cast.planner), cast.council)
    line = row_of(sheet, "配食を続ける")
    sheet[f"E{line}"] = "実施"
    page = send(cast, clerk, book)
    assert "次のファイルは受け取っていません" in text(page)
    assert ReturnedForm.objects.count() == 0


def test_a_body_that_is_asked_for_nothing_has_no_such_sheet(cast: Cast, collection: Collection) -> None:
    for answer in collection.answers.all():
        write(answer, cast.planner, outcome="done", text="行った。")
        results.submit_answer(answer=answer, actor=cast.planner, without_contributions=True)
    client = signed_in(cast.clerk)
    answer = client.get(reverse("office:form_file", args=[cast.ward.key, YEAR, cast.promotion.pk]))
    assert "取組結果" not in load_workbook(io.BytesIO(answer.content)).sheetnames


def test_the_check_asks_as_often_for_many_answers_as_for_few(cast: Cast) -> None:
    collection = collecting(cast, count=20)
    client = signed_in(cast.planner)
    counts = []
    for titles in (["健康教室を開く"], [f"取組{number}" for number in range(5, 20)]):
        book, sheet = handed_out(cast, client, cast.promotion)
        for title in titles:
            sheet[f"G{row_of(sheet, title)}"] = "行った。"
        page = send(cast, client, book)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(page.request["PATH_INFO"])
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert collection.answers.exclude(text="").count() == 0


def test_a_body_that_became_lead_after_writing_its_part_has_one_row(
    cast: Cast, collection: Collection, planner: Client
) -> None:
    second = answer_at(collection, 2)
    part = second.contributions.get(body=cast.council)
    results.contribute(contribution=part, was="", text="見守った。", is_done=True, actor=cast.partner)
    results.change_lead(answer=second, body=cast.council, actor=cast.planner)
    book, sheet = handed_out(cast, planner, cast.council)
    keys = [sheet.cell(row, 1).value for row in range(5, sheet.max_row + 1)]
    assert len(keys) == len(set(keys)) == 2
    sheet.cell(row_of(sheet, "見守り"), 7).value = "みんなで見守った。"
    assert take_in(planner, send(cast, planner, book)).status_code == 200
    assert answer_at(collection, 2).text == "みんなで見守った。"


def test_what_somebody_writes_between_the_check_and_the_writing_is_not_overwritten(
    cast: Cast, collection: Collection, planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = answer_at(collection, 3)
    book, sheet = handed_out(cast, planner, cast.council)
    sheet.cell(row_of(sheet, "配食"), 7).value = "Excelの文。"
    page = send(cast, planner, book)
    check = returned.check_answers

    def then_somebody_writes(*given: Any) -> Any:
        found = check(*given)
        write(third, cast.partner, text="画面の文。")
        return found

    monkeypatch.setattr(returned, "check_answers", then_somebody_writes)
    assert take_in(planner, page).status_code == 422
    assert answer_at(collection, 3).text in ("", "画面の文。")
    assert not ReturnedForm.objects.filter(state="posted").exists()
