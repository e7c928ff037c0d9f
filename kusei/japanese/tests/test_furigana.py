"""Readings over kanji: words of the office and of places, okurigana, numbers, a list of words of one's own."""

from __future__ import annotations

import re

import pytest

from kusei.japanese.furigana import Piece, WordList, annotate, is_reading, split_reading


def shown(text: str, words: WordList | None = None) -> str:
    """区役所 → 区役所(くやくしょ), with neighbouring readings put together: how finely the ruby is cut does not matter."""
    out, surface, reading = [], "", ""
    for piece in (*annotate(text, words), Piece("")):
        if piece.reading:
            surface, reading = surface + piece.surface, reading + piece.reading
            continue
        if surface:
            out.append(f"{surface}({reading})")
            surface = reading = ""
        out.append(piece.surface)
    return "".join(out)


@pytest.mark.parametrize(
    "expected",
    [
        # places
        "横浜市(よこはまし)",
        "泉区(いずみく)",
        "西区(にしく)",
        "瀬谷区(せやく)",
        "和泉町(いずみちょう)",
        "上飯田(かみいいだ)",
        "弥生台(やよいだい)",
        "いずみ野(の)",
        "緑園(りょくえん)",
        # the office
        "区役所(くやくしょ)",
        "地域(ちいき)ケアプラザ",
        "自治会町内会(じちかいちょうないかい)",
        "健康福祉局(けんこうふくしきょく)",
        "区政推進課(くせいすいしんか)",
        "地域振興課(ちいきしんこうか)",
        "高齢(こうれい)・障害支援課(しょうがいしえんか)",
        "土木事務所(どぼくじむしょ)",
        "消防署(しょうぼうしょ)",
        "保険年金課(ほけんねんきんか)",
        "民生委員(みんせいいいん)・児童委員(じどういいん)",
        "自治会(じちかい)",
        "窓口(まどぐち)",
        "施策(しさく)",
        "取組(とりくみ)",
        "予算(よさん)",
        "運営方針(うんえいほうしん)",
        "区配(くはい)",
        # alone, not as in 数学 and 何人
        "この 数(かず)の 作(つく)り方(かた)",
        "数(かず)を押(お)すと",
        "人(ひと)の 数(かず)",
        "数(かぞ)えた",
        "数回(すうかい)",
        "小数(しょうすう)",
        "数(すう)か所(しょ)",
        "何(なに)を 数(かぞ)えたか",
        "何(なに)か",
        "何人(なんにん)",
        "何回(なんかい)か",
        # okurigana stays outside
        "見守(みまも)り",
        "見守(みまも)る",
        "子育(こそだ)て",
        "取(と)り組(く)み",
        "申(もう)し込(こ)み",
        "支(ささ)え合(あ)う",
        "引(ひ)っ越(こ)し",
        "担(にな)い手(て)",
        "お祭(まつ)り",
        "お年寄(としよ)り",
        "食(た)べ物(もの)",
        "見(み)える化(か)",
        "空(あ)き家(や)",
        "訓練(くんれん)を行(おこな)った",
        # words that are read as a whole
        "今日(きょう)",
        "明日(あした)",
        "大人(おとな)",
        "一人(ひとり)",
        "二人(ふたり)",
        "二十日(はつか)",
        "三日(みっか)",
        "土産(みやげ)",
        "日本語(にほんご)",
        "佐々木(ささき)",
        "方々(かたがた)",
        # numbers and latin letters are left alone; what is counted is read as it is counted
        "令和(れいわ)3年度(ねんど)",
        "2日(か)",
        "20日(か)",
        "1日",
        "1人(り)",
        "3人(にん)",
        "10分(ぷん)",
        "15分(ふん)",
        "5,833千円(えん)",
        "二十三人(にじゅうさんにん)",
        "八百人(はっぴゃくにん)",
        "ICTを使(つか)う",
        "子(こ)ども食堂(しょくどう)",
        "防災(ぼうさい)マップ2022",
        "パトロール",
        "",
    ],
)
def test_readings(expected: str) -> None:
    text = re.sub(r"\([^)]*\)", "", expected)
    assert shown(text) == expected


def test_a_date_with_its_weekday() -> None:
    assert shown("令和4年9月22日(水)") == "令和(れいわ)4年(ねん)9月(がつ)22日(にち)(水(すい))"


def test_pieces_together_are_the_text() -> None:
    text = "６，５８８千円を、令和3年度から\n区民（約15万人）の見守りに使います。𠮷田さん・髙橋さん、2/3"
    assert "".join(piece.surface for piece in annotate(text)) == text
    assert all(piece.reading is None or is_reading(piece.reading) for piece in annotate(text))


def test_a_text_longer_than_the_analyser_takes_at_once() -> None:
    text = "見守りと子育て。" * 2500
    pieces = annotate(text)
    assert "".join(piece.surface for piece in pieces) == text
    assert [piece.reading for piece in pieces[:2]] == ["みまも", None]


def test_a_list_of_words_overrules_the_analyser() -> None:
    assert shown("中田のお知らせ", WordList({"中田": "なかだ"})) == "中田(なかだ)のお知(し)らせ"
    assert shown("中田のお知らせ") != "中田(なかだ)のお知(し)らせ"


def test_the_longest_word_of_the_list_wins() -> None:
    words = WordList([("中田", "なかだ"), ("中田町", "なかたちょう")])
    assert shown("中田町と中田", words) == "中田町(なかたちょう)と中田(なかだ)"


def test_a_listed_word_with_kana_keeps_them_outside() -> None:
    assert shown("支え手", WordList({"支え手": "ささえて"})) == "支(ささ)え手(て)"


def test_an_empty_list_changes_nothing() -> None:
    assert annotate("泉区", WordList({})) == annotate("泉区")


@pytest.mark.parametrize(
    ("surface", "reading", "pieces"),
    [
        ("見守り", "みまもり", [Piece("見守", "みまも"), Piece("り")]),
        ("見守り", "ミマモリ", [Piece("見守", "みまも"), Piece("り")]),
        ("ケア会議", "けあかいぎ", [Piece("ケア"), Piece("会議", "かいぎ")]),
        ("今日", "きょう", [Piece("今日", "きょう")]),
        (
            "組み",
            "そしき",
            [Piece("組み", "そしき")],
        ),  # the kana do not fit: the whole word carries the reading
    ],
)
def test_split_reading(surface: str, reading: str, pieces: list[Piece]) -> None:
    assert split_reading(surface, reading) == pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [("いずみ", True), ("ちゅうー", True), ("イズミ", False), ("泉", False), ("", False)],
)
def test_what_can_be_a_reading(text: str, expected: bool) -> None:
    assert is_reading(text) is expected
