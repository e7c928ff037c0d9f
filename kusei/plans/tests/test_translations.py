"""Translated items: what a translation was made from, and sheets that are taken whole or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kusei.plans import operations as plans
from kusei.plans.models import Item, ItemTranslation
from kusei.plans.operations import TranslationRow
from kusei.plans.queries import items_to_translate, translations_of
from kusei.plans.rules import Entry, source_hash
from kusei.plans.translation_sheet import SheetRow, UnreadableSheet, read_sheet, write_sheet
from kusei.wards import operations as wards
from kusei.wards.models import Person, Ward

pytestmark = pytest.mark.slow

ENTRIES = (
    Entry(0, None, 0, "measure", "1", "安全なまち", text="みんなで備えます。"),
    Entry(1, 0, 1, "project", "1", "備えよう！", programme="防災対策事業", text="訓練を行います。"),
)


@pytest.fixture
def clerk(db) -> Person:
    return wards.account_without_login("clerk")


@pytest.fixture
def ward(clerk: Person) -> Ward:
    ward = wards.add_ward("みらい区", actor=wards.account_without_login("operator"))
    publish(ward, clerk, *ENTRIES)
    return ward


def publish(ward: Ward, actor: Person, *entries: Entry) -> None:
    plans.publish_version(ward=ward, fiscal_year=2021, kind="policy", entries=entries, actor=actor)


def row_of(ward: Ward, place: int = 1, **changed: str) -> TranslationRow:
    node = items_to_translate(ward, "en")[place].node
    row = TranslationRow(
        2 + place, str(node.public_id), node.name, node.text, "Disaster readiness", "Drills."
    )
    return replace(row, **changed)


def test_an_item_is_called_by_its_programme(ward: Ward) -> None:
    items = items_to_translate(ward, "en")
    assert [(item.node.name, item.path) for item in items] == [
        ("安全なまち", ("運営方針",)),
        ("防災対策事業", ("運営方針", "安全なまち")),
    ]


def test_a_translation_is_known_to_be_of_what_is_in_force(ward: Ward, clerk: Person) -> None:
    node = items_to_translate(ward, "en")[1].node
    plans.translate_item(
        ward=ward, item=Item.objects.get(pk=node.item_id), language="en", title=" Drills ", actor=clerk
    )
    translation = translations_of(ward, "en")[node.item_id]
    assert (translation.title, translation.is_of(node)) == ("Drills", True)
    assert translations_of(ward, "vi") == {}


def test_a_translation_gets_old_when_the_japanese_changes(ward: Ward, clerk: Person) -> None:
    plans.import_translations(ward=ward, language="en", rows=[row_of(ward)], actor=clerk)
    publish(ward, clerk, ENTRIES[0], replace(ENTRIES[1], text="訓練と講座を行います。"))
    item = items_to_translate(ward, "en")[1]
    assert item.translation is not None
    assert not item.translation.is_of(item.node)


def test_a_later_translation_replaces_the_earlier(ward: Ward, clerk: Person) -> None:
    plans.import_translations(ward=ward, language="en", rows=[row_of(ward)], actor=clerk)
    done = plans.import_translations(
        ward=ward, language="en", rows=[row_of(ward, title="Ready")], actor=clerk
    )
    assert done == (1, 0)
    assert list(ItemTranslation.objects.values_list("title", flat=True)) == ["Ready"]


def test_the_same_sheet_again_changes_nothing(ward: Ward, clerk: Person) -> None:
    rows = [row_of(ward), row_of(ward, 0, title="", text="")]
    assert plans.import_translations(ward=ward, language="en", rows=rows, actor=clerk) == (1, 0)
    assert plans.import_translations(ward=ward, language="en", rows=rows, actor=clerk) == (0, 1)


def test_a_sheet_with_a_mistake_is_refused_whole(ward: Ward, clerk: Person) -> None:
    rows = [
        row_of(ward),
        row_of(ward, 0, title="", text="Only the text."),
        row_of(ward, line=9),
        row_of(ward, line=10, public_id="x"),
    ]
    with pytest.raises(plans.SheetRefused) as refused:
        plans.import_translations(ward=ward, language="en", rows=rows, actor=clerk)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "2行目の「訳した題名」",
        "9行目の「項目ID」",
        "10行目の「項目ID」",
    ]
    assert not ItemTranslation.objects.exists()


def test_another_wards_item_is_refused(ward: Ward, clerk: Person) -> None:
    other = wards.add_ward("あおぞら区", actor=wards.account_without_login("operator"))
    publish(other, clerk, *ENTRIES)
    with pytest.raises(plans.SheetRefused):
        plans.import_translations(ward=other, language="en", rows=[row_of(ward)], actor=clerk)
    item = Item.objects.filter(ward=ward).first()
    assert item is not None
    with pytest.raises(plans.NotTranslatable):
        plans.translate_item(ward=other, item=item, language="en", title="x", actor=clerk)
    assert not ItemTranslation.objects.exists()


@pytest.mark.parametrize(("language", "title"), [("fr", "Exercices"), ("en", " "), ("ja", "訓練")])
def test_no_language_of_ours_or_no_title(ward: Ward, clerk: Person, language: str, title: str) -> None:
    item = Item.objects.filter(ward=ward).first()
    assert item is not None
    with pytest.raises(plans.NotTranslatable):
        plans.translate_item(ward=ward, item=item, language=language, title=title, actor=clerk)
    assert not ItemTranslation.objects.exists()


def test_spreadsheets_may_change_blanks_and_line_ends() -> None:
    assert source_hash("題名", "一行目\r\n二行目 ") == source_hash("題名", "一行目\n二行目")
    assert source_hash("題名", "文") != source_hash("題名文", "")


ROW = SheetRow(2, "id", "計画 > 施策", "事業", "=題名", "一行目\n二行目", "Title, long", "-5 °C", "未訳")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sheet_comes_back_as_it_went(encoding: str) -> None:
    sheet = write_sheet([ROW])
    assert "'=題名" in sheet  # no formula for the spreadsheet to run
    assert read_sheet(sheet.removeprefix("\ufeff").encode(encoding)) == [ROW]


def test_columns_may_move_and_blank_rows_are_left_out() -> None:
    sheet = "訳した題名,項目ID,日本語の説明,日本語の題名,訳した説明\nT,id,,題名,\n,,,,\nU,id2,,題名,\n"
    assert [(row.line, row.title, row.public_id) for row in read_sheet(sheet.encode())] == [
        (2, "T", "id"),
        (4, "U", "id2"),
    ]


def test_a_sheet_with_tabs() -> None:
    sheet = write_sheet([replace(ROW, title="Title")]).replace(",", "\t")
    assert read_sheet(sheet.encode()) == [replace(ROW, title="Title")]


@pytest.mark.parametrize("content", [b"", "題名,訳\n".encode(), "項目ID,訳した題名\n".encode("cp932")])
def test_another_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableSheet):
        read_sheet(content)
