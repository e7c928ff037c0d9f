"""Words that a resident takes for the same have the same token; every token knows its place."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kusei.japanese.folding import fold
from kusei.japanese.offsets import fold_for_search, fold_with_offsets
from kusei.japanese.tokens import token_spans, tokens


@pytest.mark.parametrize(
    "spellings",
    [
        ["見守る", "見守り", "見守ります", "見守った", "見守られた"],
        ["取り組む", "取組", "取り組み", "取組み", "取り組みます"],
        ["支え合う", "支え合い", "支えあう", "ささえあう"],
        ["備える", "備え", "備えます"],
        ["集う", "集い"],
        ["学ぶ", "学び"],
        ["つながる", "つながり", "繋がり"],
        ["避難する", "避難", "避難した"],  # する says nothing
        ["こども", "子ども", "子供"],
        ["問合せ", "問い合わせ", "問合わせ"],
        ["受付", "受け付け"],
        ["障がい", "障害"],
        ["サーバ", "サーバー", "ｻｰﾊﾞｰ"],
        ["ゴミ", "ごみ"],
        ["ＩＣＴ", "ICT", "ｉｃｔ", "ict"],
        ["令和３年度", "令和3年度", "令和三年度", "令和 ３ 年度", "令和３年\n度"],
        ["5,833", "5833", "５，８３３"],
        ["三千二百", "3200"],
        ["案内", "ご案内"],
        ["髙島屋", "高島屋"],
        ["地域力", "地域\n力"],
        ["⻭科", "歯科"],  # a CJK radical, as PDF text layers have it
    ],
)
def test_spellings_of_one_word_meet(spellings: list[str]) -> None:
    first, *others = [tokens(spelling) for spelling in spellings]

    assert first
    assert others == [first] * len(others)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("地域力支援事業", ["地域", "力", "支援", "事業"]),  # compounds fall into short units
        ("自治会・町内会", ["自治", "会", "町内", "会"]),
        ("5,833千円", ["5833", "千", "円"]),  # the figure as printed
        ("1,2,3", ["1", "2", "3"]),  # no thousands
        ("です。・、（　）", []),  # nothing to look for
        ("", []),
        ("\0\ud800", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("京都", "東京都"),
        ("生活支援課", "生活支援センター"),
        ("令和３年度", "令和13年度"),
    ],
)
def test_near_words_stay_apart(one: str, other: str) -> None:
    assert f" {' '.join(tokens(one))} " not in f" {' '.join(tokens(other))} "


def test_spans_show_the_text_as_printed() -> None:
    text = "ＩＣＴで見守り、\nﾊﾟﾄﾛｰﾙを取\n組中。㈱５，８３３千円"

    assert [text[begin:end] for _, begin, end in token_spans(text)] == [
        "ＩＣＴ",
        "見守り",
        "ﾊﾟﾄﾛｰﾙ",
        "取\n組",
        "中",
        "㈱",
        "５，８３３",
        "千",
        "円",
    ]


@pytest.mark.slow
def test_long_text_is_read_in_pieces() -> None:
    assert tokens("地域の防災。" * 20_000) == ["地域", "防災"] * 20_000
    assert tokens("あ" * 60_000)  # no place to break: still read to the end


def test_threads_share_the_tokenizer() -> None:
    texts = [f"地域の防災{number}と見守る力。" * 50 for number in range(16)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tokens, texts)) == [tokens(text) for text in texts]


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(
        alphabet=st.sampled_from(
            "見守る取組ﾊﾟﾄﾛｰﾙチ―ム－-〜~ー1２,，.㈱㋿Ⅲ⻭髙𠮷か\u3099は\u309aé\u0301İß👨\u200d👩한\u1100\u1161 　\t\r\n\0\ud800\ufeff。・"
        ),
        max_size=40,
    ),
)


@pytest.mark.slow
@given(TEXTS)
@example("チ―ム")
@example("か\u3099ﾊﾟ")
@example("İ" * 3)
def test_spans_lie_within_the_text(text: str) -> None:
    at = 0
    for token, begin, end in token_spans(text):
        assert token
        assert not any(character.isspace() for character in token)
        assert 0 <= begin < end <= len(text)
        assert begin >= at
        at = begin


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Mn", "Mc", "Lo"]), max_size=40)
    | st.text("ｶﾞハﾟか\u3099ー―-㈱⻭　\n\u200b\u0301e見守る①⑳❸12３", max_size=40)
)
def test_both_foldings_agree(text: str) -> None:
    folded = fold_with_offsets(text)

    assert folded.text == fold_for_search(text)
    assert len(folded.text) == len(folded.begins) == len(folded.ends)


def test_folding_for_search_is_folding_but_for_names_and_wraps() -> None:
    text = "㈱ﾊﾟﾄﾛｰﾙ １２ ㋿"

    assert fold_for_search(text) == fold(text) == unicodedata.normalize("NFKC", text)
    assert fold_for_search("髙\n橋") == "高橋"
    assert fold_for_search("高\n\n橋") == "高\n\n橋"  # an empty line ends a paragraph


@pytest.mark.parametrize(
    ("printed", "folded"),
    [("①20人、②15人", "1 20人、2 15人"), ("①②３", "1 2 3"), ("①教室", "1教室"), ("第⑳回", "第20回")],
)
def test_a_number_in_a_circle_stays_apart_from_the_next(printed: str, folded: str) -> None:
    assert fold(printed) == fold_for_search(printed) == folded
