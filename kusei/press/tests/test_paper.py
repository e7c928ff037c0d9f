"""Paper: whatever people wrote is set as text, on the pages that it may take."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kusei.press import paper
from kusei.press.paper import (
    EntryForm,
    Fact,
    Leaflet,
    Roster,
    entry_form_pdf,
    for_paper,
    leaflet_mark,
    leaflet_pdf,
    poster_pdf,
    roster_pdf,
)
from kusei.press.qr import qr_svg

_QR = str(qr_svg("https://kusei.example.jp/w/mirai/activities/1/"))
_WHENS = tuple(
    Fact(f"令和8年6月{day}日(水) 10:00～11:30", "北台地区センター 2階 会議室") for day in range(10, 22)
)
LEAFLET = Leaflet(
    ward="みらい市みらい区", kind="講座・教室", title="赤ちゃん教室", text=("遊びながら話します。",), whens=_WHENS[:2], more_whens=0,
    facts=(Fact("対象", "0歳の子と保護者"), Fact("費用", "無料")), marks=("保育あり",), contact="電話 045-000-0000", host="地域振興課",
    qr=_QR, address="https://kusei.example.jp/w/mirai/activities/1/", applies=True, accent="#0017c1",
)  # fmt: skip
FORM = EntryForm(
    ward="みらい市みらい区", title="赤ちゃん教室", number="12-3", whens=_WHENS[:1], more_whens=0, until="令和8年6月3日(水)", people=4,
    asks_age=True, quotas=("大人", "保育"), questions=("アレルギーはありますか",), contact="", host="地域振興課", qr=_QR, accent="#115a36",
)  # fmt: skip
ROSTER = Roster(
    title="赤ちゃん教室", course="", days=("6/10", "6/17"), rows=(("1", "いずみ はなこ", "泉 花子", "32", ""),), has_ages=True,
    has_quotas=False, printed="令和8年6月9日 印刷", accent="#0017c1",
)  # fmt: skip


def text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def pages(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


@pytest.mark.parametrize("make", [leaflet_pdf, poster_pdf])
def test_a_sheet_says_what_is_on_in_japanese_tagged(make) -> None:
    content = make(LEAFLET)
    assert all(
        part in text(content)
        for part in ("赤ちゃん教室", "6月10日", "地域振興課", "045-000-0000", "保育あり")
    )
    assert b"/Lang" in content
    assert b"/StructTreeRoot" in content
    assert pypdfium2.PdfDocument(content).get_metadata_dict()["Title"] == "赤ちゃん教室"


def test_the_last_sign_of_a_posters_title_does_not_stand_alone() -> None:
    assert "10会場の赤ちゃん教室" in text(poster_pdf(replace(LEAFLET, title="10会場の赤ちゃん教室")))


def test_the_same_leaflet_is_set_once() -> None:
    assert leaflet_pdf(LEAFLET) is leaflet_pdf(replace(LEAFLET))
    assert (
        leaflet_mark(LEAFLET) == leaflet_mark(replace(LEAFLET)) != leaflet_mark(replace(LEAFLET, host="区"))
    )


@pytest.mark.parametrize("changed", ["leaflet.typ", "sheet.typ"])
def test_a_reader_is_given_a_leaflet_set_otherwise(changed: str, tmp_path, monkeypatch) -> None:
    before = leaflet_mark(LEAFLET)
    shutil.copytree(paper._TEMPLATES, tmp_path / "typst")
    monkeypatch.setattr(paper, "_TEMPLATES", tmp_path / "typst")
    assert leaflet_mark(LEAFLET) == before
    (tmp_path / "typst" / changed).write_text("// otherwise\n")
    paper._setting.cache_clear()
    assert leaflet_mark(LEAFLET) != before


def test_a_leaflet_set_by_another_typst_is_another(monkeypatch) -> None:
    before = leaflet_mark(LEAFLET)
    monkeypatch.setattr(paper, "_TYPST", "another")
    assert leaflet_mark(LEAFLET) != before


@pytest.mark.parametrize("make", [leaflet_pdf, poster_pdf])
def test_its_name_stands_in_other_languages_too(make) -> None:
    names = {"en": "Baby class", "vi": "Lớp học cho bé", "zh": "婴儿教室"}
    said = text(make(replace(LEAFLET, titles=tuple(Fact(*each) for each in names.items()))))
    assert [name for name in names.values() if name not in said] == []


def test_what_looks_like_markup_is_set_as_it_was_written() -> None:
    wild = '#set page(fill: red) *太字* $x$ \\ #read("/etc/passwd") [a] <b> "c" // d'
    said = text(leaflet_pdf(replace(LEAFLET, text=(wild,), title="#panic()")))
    assert wild.replace(" ", "") in said.replace(" ", "").replace("\r", "").replace("\n", "")
    assert "#panic()" in said


def test_characters_of_ones_own_become_a_geta() -> None:
    assert for_paper("渡\ue000\U000f1234\x00辺\u202e") == "渡〓〓辺"
    assert "渡〓" in text(roster_pdf(replace(ROSTER, rows=(("1", "", "渡\ue000", "", ""),))))


@pytest.mark.parametrize("make", [leaflet_pdf, poster_pdf])
def test_a_leaflet_stays_one_page_however_much_is_written(make) -> None:
    much = replace(
        LEAFLET, title="とても長い名前の講座" * 12, text=("あ" * 1000,) * 6, whens=_WHENS, more_whens=108,
        facts=tuple(Fact(label, "い" * 200) for label in ("対象", "定員", "費用", "持ち物", "申込み")), marks=("保育あり", "手話通訳あり", "段差なし", "オンラインでも"),
        contact="う" * 200, host="え" * 200, called_off="お" * 200,
    )  # fmt: skip
    assert pages(make(much)) == 1


def test_a_form_is_one_page_and_carries_its_number() -> None:
    much = replace(
        FORM, title="か" * 200, whens=_WHENS, people=5, questions=("き" * 200,) * 4, quotas=("く" * 40,) * 4, contact="け" * 200
    )  # fmt: skip
    foreign = replace(
        much,
        language="vi",
        name="Ộ" * 90,
        asked=("Ộ" * 90,) * 4,
        words={"how": "Ộ " * 200, "name": "Ộ " * 40, "short": "Ộ" * 40},
    )
    assert [pages(entry_form_pdf(each)) for each in (FORM, much, foreign)] == [1, 1, 1]
    assert "12-3" in text(entry_form_pdf(FORM))


def test_a_roster_has_everybody_on_pages_that_say_so() -> None:
    many = replace(
        ROSTER, rows=tuple((str(n), "いずみ", f"泉{n}番", "", "") for n in range(36)), days=("6/10",) * 12
    )
    content = roster_pdf(many)
    assert pages(content) > 1
    assert all(f"泉{n}番" in text(content) for n in range(36))
    assert pages(roster_pdf(replace(ROSTER, rows=()))) == 1


@pytest.mark.slow
@given(st.text(max_size=120), st.lists(st.text(max_size=300), max_size=4))
@settings(max_examples=12)
def test_nothing_that_people_write_stops_the_press(title: str, lines: list[str]) -> None:
    assert pages(leaflet_pdf(replace(LEAFLET, title=title, text=tuple(lines)))) == 1
