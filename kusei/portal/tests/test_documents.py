"""The documents behind the plans."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.documents.commands.console import REASON_NAMES
from kusei.documents.enums import DocumentStatus, UnplacedReason
from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.tests.factories import make_body, make_document, make_item, make_version, make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def document():
    version = make_version(make_ward(), 2021, PlanKind.BUDGET, title="予算のあらまし")
    return make_document(
        version,
        [["一行目", "", "<b>三行目</b>"], ["はみ出した文"]],
        name="予算.txt",
        draft={
            "unplaced": [{"text": "はみ出した文", "page": 2, "line": 1}],
            "warnings": [{"code": "sum_differs", "message": "合計が違います。", "page": 1, "line": 3}],
        },
    )


def body_of(client, document, query="") -> str:
    page = client.get(reverse("portal:document", args=[document.ward.key, document.pk]) + query)
    assert page.status_code == 200
    return page.content.decode()


def test_lines_keep_their_numbers_and_cannot_be_markup(client, document) -> None:
    body = body_of(client, document)

    assert 'id="p1-l1"' in body
    assert 'id="p1-l2"' not in body  # empty
    assert 'id="p1-l3"' in body
    assert "&lt;b&gt;三行目&lt;/b&gt;" in body
    assert 'id="p2"' in body


def test_unplaced_text_and_warnings_are_counted_and_lead_to_their_line(client, document) -> None:
    body = body_of(client, document)

    assert "置き場所のない文（1件）" in body
    assert "読み取りの注意（1件）" in body
    assert f'href="/w/{document.ward.key}/documents/{document.pk}/#p2-l1"' in body
    assert "合計が違います。" in body
    assert "source-line--unplaced" in body
    listed = client.get(reverse("portal:documents", args=[document.ward.key])).content.decode()
    assert "置き場所のない文1件" in listed
    assert "読み取りの注意1件" in listed


def test_what_the_office_has_settled_is_not_counted(client, document) -> None:
    document.draft["unplaced"].append({"text": "まだ見ていない文", "page": 1, "line": 1})
    document.draft["warnings"].append({"code": "year_inferred", "message": "年度は表紙から読みました。"})
    document.settled = {"unplaced": [0], "warnings": [0]}
    document.save()

    body = body_of(client, document)
    assert "置き場所のない文（1件）" in body
    assert "読み取りの注意" not in body
    lost, apart = body.index('id="unplaced"'), body.index('id="set-apart"')
    assert "まだ見ていない文" in body[lost:apart]
    assert "はみ出した文" not in body[lost:apart]
    assert "区が確かめた文" in body[apart:]
    assert "はみ出した文" in body[apart:]
    listed = client.get(reverse("portal:documents", args=[document.ward.key])).content.decode()
    assert "置き場所のない文1件" in listed
    assert "読み取りの注意" not in listed


def test_headings_and_page_numbers_are_counted_and_folded_apart_from_lost_text(client, document) -> None:
    document.draft["unplaced"] += [
        {"text": "1 基本目標", "page": 1, "line": 1, "reason": "section"},
        {"text": "- 1 -", "page": 1, "line": 3, "reason": "page_number"},
    ]
    document.save()

    body = body_of(client, document)

    assert "置き場所のない文（1件）" in body
    assert "見出しなど、項目ではない文（2件）" in body
    lost, apart = body.index('id="unplaced"'), body.index('id="set-apart"')
    assert "1 基本目標" not in body[lost:apart]
    assert "1 基本目標" in body[apart:]
    assert body.count("source-line--unplaced") == 1
    assert body.count("source-line--apart") == 2
    listed = client.get(reverse("portal:documents", args=[document.ward.key])).content.decode()
    assert "置き場所のない文1件" in listed


def test_the_terminal_and_the_page_use_the_same_words() -> None:
    assert {reason.value: str(reason.label) for reason in UnplacedReason} == REASON_NAMES


def test_the_original_is_downloaded_never_shown(client, document) -> None:
    page = client.get(reverse("portal:original", args=[document.ward.key, document.pk]))

    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(page.streaming_content).decode().startswith("一行目")


def test_a_lost_file_is_told_kindly(client, document) -> None:
    document.file.content.storage.delete(document.file.content.name)

    assert client.get(reverse("portal:original", args=[document.ward.key, document.pk])).status_code == 404


def test_long_documents_come_in_pieces(client) -> None:
    version = make_version(make_ward(), 2021, PlanKind.BUDGET)
    document = make_document(version, [[f"{number}ページの文"] for number in range(1, 46)])

    first, second, last = (body_of(client, document, query) for query in ("", "?page=21", "?page=45"))

    assert 'id="p20-l1"' in first
    assert 'id="p21-l1"' not in first
    assert "?page=21" in first
    assert 'id="p21-l1"' in second
    assert 'id="p40-l1"' in second
    assert 'id="p45-l1"' in last
    assert "次の20ページ" not in last


def test_drafts_are_not_public(client, document) -> None:
    document.status = DocumentStatus.DRAFT
    document.save()

    for name in ("document", "original"):
        address = reverse(f"portal:{name}", args=[document.ward.key, document.pk])
        assert client.get(address).status_code == 404


def correct(document):
    """The office's next version of the document's plan, made by editing; the older document counts as replaced."""
    version = make_version(document.ward, 2021, PlanKind.BUDGET, number=2)
    version.base = document.version
    version.save()
    document.status = DocumentStatus.REPLACED
    document.save()
    return version


def test_a_document_that_was_only_corrected_by_the_office_is_still_the_newest(client, document) -> None:
    correct(document)

    body = body_of(client, document)
    assert "この文書のあとで、区が計画の内容を直しました（第2版" in body
    assert "新しい文書が公開されています" not in body
    listed = client.get(reverse("portal:documents", args=[document.ward.key])).content.decode()
    assert listed.count(f'href="/w/{document.ward.key}/documents/{document.pk}/"') == 2
    assert listed.count("区がこの文書のあとで直した版です") == 1


def test_a_document_whose_plan_has_a_newer_document_leads_there(client, document) -> None:
    newer = make_document(correct(document), [["新しい一行目"]], name="訂正.txt")

    body = body_of(client, document)
    assert "新しい文書が公開されています" in body
    assert f'href="/w/{document.ward.key}/documents/{newer.pk}/"' in body
    assert "区が計画の内容を直しました" not in body
    assert "新しい文書が公開されています" not in body_of(client, newer)


def test_a_document_whose_plan_was_made_anew_without_one_says_so(client, document) -> None:
    make_version(document.ward, 2021, PlanKind.BUDGET, number=2)

    body = body_of(client, document)
    assert "今の版は、区が文書によらずに作りました" in body
    listed = client.get(reverse("portal:documents", args=[document.ward.key])).content.decode()
    assert listed.count(f'href="/w/{document.ward.key}/documents/{document.pk}/"') == 1


@pytest.fixture
def corrected():
    """A project that the document prints with 2,300 and 3台, and the office with 2,400 since; the body stands as printed."""
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET, title="予算のあらまし")
    text = make_item(
        version, ItemKind.PROJECT, "避難所を整える事業", thousand_yen=2400, text="発電機を4台置きます。",
        owners=(make_body(ward, "福祉保健課"),), source_page=None, source_line=1,
        places=[{"field": "title", "page": None, "line": 1}, {"field": "body", "page": None, "line": 2}],
    )  # fmt: skip
    printed = {
        "kind": "project", "title": "避難所を整える事業", "body": "発電機を3台置きます。", "amount_thousand_yen": 2300,
        "amount_printed": "2,300", "amount_unit": "千円", "owners": ["福祉保健課"], "source": {"page": None, "line": 1},
    }  # fmt: skip
    lines = ["避難所を整える事業【2,300千円】（福祉保健課）", "発電機を3台置きます。"]
    make_document(version, [lines], draft={"items": [printed], "unplaced": [], "warnings": []})
    return text


def test_a_line_tells_what_the_office_has_corrected_since(client, corrected) -> None:
    body = body_of(client, corrected.version.documents.get())

    item = f"/w/{corrected.ward.key}/items/{corrected.item.public_id}/"
    first, second = re.findall(r'<li id="p1-l\d".*?</li>', body)
    assert f'href="{item}">そのあと区が直しました（金額：文書では 2,300千円、今は 2,400千円）</a>' in first
    assert "説明：文書では 「発電機を3台置きます。」、今は 「発電機を4台置きます。」" in second


def test_the_items_source_tells_it_too_and_lists_money_and_bodies(client, corrected) -> None:
    page = client.get(reverse("portal:item", args=[corrected.ward.key, corrected.item.public_id]))
    source = page.content.decode().split('id="source"')[1]

    rows = re.findall(
        r'<span class="places__label">(.*?)</span> <a href=".*?">(\d)行目</a>(.*?)</li>', source
    )
    assert [(label, line) for label, line, _since in rows] == [
        ("題名", "1"), ("説明", "2"), ("金額", "1"), ("担当", "1"),
    ]  # fmt: skip
    since = {label: words for label, _line, words in rows}
    assert "そのあと区が直しました（文書では 2,300千円）" in since["金額"]
    assert "（文書では 「発電機を3台置きます。」）" in since["説明"]
    assert (since["題名"], since["担当"]) == ("", "")


def test_the_number_of_queries_does_not_grow_with_corrections(
    client, corrected, django_assert_max_num_queries
) -> None:
    document = corrected.version.documents.get()
    with CaptureQueriesContext(connection) as one:
        body_of(client, document)
    for line in range(3, 9):
        make_item(
            corrected.version,
            ItemKind.PROJECT,
            f"事業{line}",
            thousand_yen=line,
            source_page=None,
            source_line=line,
        )
        document.draft["items"].append(
            {
                "kind": "project",
                "title": "",
                "source": {"page": None, "line": line},
                "amount_thousand_yen": None,
            }
        )
    document.save()
    with django_assert_max_num_queries(len(one)):
        body = body_of(client, document)
    assert body.count("source-line__since") == 2
