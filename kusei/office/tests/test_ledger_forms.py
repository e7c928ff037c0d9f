"""The pages of forms in Excel: handed out, filled, handed in, looked at, posted; and who sees whose."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from kusei.ledger.models import Entry, ReturnedForm
from kusei.ledger.tests.ground import Ground
from kusei.office.queries.ledger_forms import form_rows
from kusei.wards.permissions import rights_of
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def at(ground: Ground, name: str, *more: object) -> str:
    return reverse(f"office:{name}", args=[ground.cast.ward.key, *more])


def handed_out(ground: Ground, client: Client) -> bytes:
    answer = client.get(at(ground, "form_file", 2026, ground.cast.promotion.pk))
    assert answer.status_code == 200
    assert quote("実績の報告_令和8年度_地域振興課.xlsx") in answer["Content-Disposition"]
    return answer.content


def filled(content: bytes, written: dict[str, Any]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for cell, value in written.items():
        book.worksheets[0][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(ground: Ground, client: Client, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(at(ground, "send_forms"), {"files": sent}, follow=True)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fingerprint(answer: Any) -> str:
    return re.search(r'name="fingerprint" value="(\w+)"', answer.content.decode())[1]


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def test_a_form_is_handed_out_filled_handed_in_looked_at_and_posted(client: Client, ground: Ground) -> None:
    content = filled(handed_out(ground, client), {"E5": 3, "E6": 40, "G5": 2})
    page = send(ground, client, ("4月.xlsx", content))
    form = ReturnedForm.objects.get()
    assert page.request["PATH_INFO"] == at(ground, "form", form.pk)
    said = text(page)
    assert "加わる数 3、変わる数 0、取り消す数 0" in said
    assert all(cell in said for cell in ("E5", "E6", "G5", "健康教室"))
    assert Entry.objects.count() == 0
    mark = fingerprint(page)
    done = client.post(at(ground, "form", form.pk), {"do": "post", "fingerprint": mark}, follow=True)
    assert "実績を記録しました。加えた記録 3件" in text(done)
    again = client.post(at(ground, "form", form.pk), {"do": "post", "fingerprint": mark}, follow=True)
    assert "二度目は何もしていません" in text(again)
    assert Entry.objects.count() == 3
    following = load_workbook(io.BytesIO(handed_out(ground, client))).worksheets[0]
    assert (following["E5"].value, following["G5"].value) == (3, 2)


def test_what_is_wrong_is_told_by_its_cell_and_nothing_can_be_posted(client: Client, ground: Ground) -> None:
    page = send(
        ground, client, ("a.xlsx", filled(handed_out(ground, client), {"E5": 3, "F5": "約25", "G5": -1}))
    )
    assert "直してほしいところ 2か所" in text(page)
    assert "F5" in text(page)
    assert 'name="fingerprint"' not in page.content.decode()
    form = ReturnedForm.objects.get()
    refused = client.post(at(ground, "form", form.pk), {"do": "post", "fingerprint": "x"})
    assert refused.status_code == 422
    assert "何も記録していません" in text(refused)
    assert Entry.objects.count() == 0


def test_several_files_come_at_once_and_each_refusal_is_told(client: Client, ground: Ground) -> None:
    good = filled(handed_out(ground, client), {"E5": 3})
    page = send(ground, client, ("よい.xlsx", good), ("壊れた.xlsx", b"PK broken"), ("同じ.xlsx", good))
    said = text(page)
    assert "1件の様式を預かりました" in said
    assert "同じ.xlsxは、前に届いたものと同じ中身です" in said
    assert "壊れた.xlsx: " in said
    assert ReturnedForm.objects.count() == 1


def test_a_stale_look_is_shown_again_first(client: Client, ground: Ground) -> None:
    first = filled(handed_out(ground, client), {"E5": 3})
    second = filled(handed_out(ground, client), {"E5": 5})
    one, two = send(ground, client, ("1.xlsx", first)), send(ground, client, ("2.xlsx", second))
    forms = {form.file.name: form for form in ReturnedForm.objects.all()}
    client.post(at(ground, "form", forms["1.xlsx"].pk), {"do": "post", "fingerprint": fingerprint(one)})
    address = at(ground, "form", forms["2.xlsx"].pk)
    stale = client.post(address, {"do": "post", "fingerprint": fingerprint(two)})
    assert stale.status_code == 422
    assert "いまの数か文が変わりました" in text(stale)
    assert "ほかの人が書き換えています" in text(stale)
    assert Entry.objects.count() == 1
    client.post(address, {"do": "post", "fingerprint": fingerprint(stale)})
    assert Entry.objects.count() == 3  # 3, taken back, 5


def test_a_form_is_put_aside_with_a_reason(client: Client, ground: Ground) -> None:
    send(ground, client, ("a.xlsx", filled(handed_out(ground, client), {"E5": 3})))
    form = ReturnedForm.objects.get()
    assert client.post(at(ground, "form", form.pk), {"do": "dismiss", "reason": " "}).status_code == 422
    page = client.post(
        at(ground, "form", form.pk), {"do": "dismiss", "reason": "書き直して届く"}, follow=True
    )
    assert "使わないことにしました" in text(page)
    assert "書き直して届く" in text(client.get(at(ground, "form", form.pk)))


def test_whoever_is_not_in_charge_sees_no_form_and_hands_none_in(client: Client, ground: Ground) -> None:
    content = filled(handed_out(ground, client), {"E5": 3})
    send(ground, client, ("a.xlsx", content))
    form = ReturnedForm.objects.get()
    for who in ("other_clerk", "partner"):
        other = signed_in(getattr(ground.cast, who))
        assert other.get(at(ground, "form", form.pk)).status_code == 404
        assert other.get(at(ground, "form_original", form.pk)).status_code == 404
        assert other.post(at(ground, "form", form.pk), {"do": "post", "fingerprint": "x"}).status_code == 404
        assert "a.xlsx" not in text(other.get(at(ground, "forms")))
        said = text(send(ground, other, ("b.xlsx", content)))
        assert "あなたの担当ではない" in said
    assert ReturnedForm.objects.count() == 1
    assert client.get(at(ground, "form_original", form.pk)).content == content


def test_a_form_has_the_bodys_own_actions_and_what_was_counted_the_year_before(ground: Ground) -> None:
    from datetime import date

    from kusei.ledger import operations as ledger
    from kusei.ledger.operations import CellChange, Proof

    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2025, item=ground.items[0], body=ground.cast.promotion,
        changes=[CellChange(ground.members.pk, date(2025, 6, 1), 9)], proof=Proof("form", date(2025, 7, 3)),
        revision=None, owners=[ground.cast.promotion.pk], actor=ground.cast.clerk,
    )  # fmt: skip
    rights = rights_of(ground.cast.planner)
    rows = form_rows(rights, ground.cast.ward, 2026, ground.cast.promotion)
    assert [(row.item_title, row.metric) for row in rows] == [
        ("1 健康教室", "members"),
        ("2 防災訓練", "times"), ("2 防災訓練", "attendances"),
        ("3 見守り訪問", "times"), ("3 見守り訪問", "attendances"),
    ]  # fmt: skip
    assert form_rows(rights, ground.cast.ward, 2026, ground.cast.welfare) == []
    assert form_rows(rights_of(ground.cast.partner), ground.cast.ward, 2026, ground.cast.promotion) == []


def test_as_many_queries_with_one_form_as_with_three(client: Client, ground: Ground) -> None:
    blank, counts = handed_out(ground, client), []
    for number in range(1, 4):
        send(ground, client, (f"{number}.xlsx", filled(blank, {"E5": number})))
        with CaptureQueriesContext(
            connection,
        ) as taken:
            client.get(at(ground, "forms"))
        counts.append(len(taken))
    assert counts[0] == counts[2]
