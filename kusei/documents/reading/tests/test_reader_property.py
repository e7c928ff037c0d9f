"""Whatever a document looks like, the reader answers in time, in the agreed shape, and loses nothing.

Documents are built from the grammar that the reader knows, or taken from the corpus (and from the real documents where
KUSEI_SEEDS names them), and then spoilt: lines dropped, doubled, shuffled and cut, characters changed, brackets torn.
"""

from __future__ import annotations

import json
import random
import re
import signal
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.documents.reading.columns import heading_of
from kusei.documents.reading.extract.decoding import Decoded, decode
from kusei.documents.reading.extract.text import pages
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, Line, ReadingError, Table
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.reader import read_blocks, read_file
from kusei.documents.reading.sections import section_of
from kusei.documents.reading.tests.spoilt_documents import (
    SPOILS,
    amounts,
    documents,
    headings,
    names,
    other_lines,
    sentences,
    spoil,
    spoilings,
)

CORPUS = Path(__file__).parent / "corpus" / "development"
KINDS = {
    "goal", "stance", "measure", "focus", "project", "component", "subcomponent", "action", "related", "organisation",
    "division", "column",
}  # fmt: skip
PLAN_KINDS = {"policy", "budget", "action_plan", "evaluation", "other"}
DRAFT_KEYS = ["title", "ward", "fiscal_year", "kind", "items", "unplaced", "warnings"]
ITEM_KEYS = [
    "kind", "number", "title", "body", "amount_thousand_yen", "previous_amount_thousand_yen", "amount_printed", "amount_unit",
    "tags", "owners", "programme", "budget_source", "plan", "result", "figures", "source", "places", "children",
]  # fmt: skip
SECONDS = 20.0
"""Of processor time, for one small document. It takes milliseconds; only a hang comes near."""

_SETTINGS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


# --- what must hold ------------------------------------------------------------------------------------------------------


class _TooSlow(BaseException):
    """Not an Exception: no handler of the reader may swallow it."""


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Stop what takes longer, be it in a regular expression; no limit where signals don't reach (threads, Windows)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise _TooSlow(f"longer than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def read_text(lines: list[str]) -> dict[str, Any]:
    """The draft's JSON of a text file with these lines."""
    blocks = [block for page in pages(Decoded("\n".join(lines)), markdown=False) for block in page.blocks]
    with in_time(SECONDS):
        return read_blocks(blocks).to_json()


def walk(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from walk(item["children"])


def check_shape(draft: dict[str, Any]) -> None:
    """The JSON of design.md, section 6: these keys, these kinds, places everywhere."""
    json.loads(json.dumps(draft, ensure_ascii=False))
    assert list(draft) == DRAFT_KEYS
    assert draft["kind"] in PLAN_KINDS
    assert draft["fiscal_year"] is None or isinstance(draft["fiscal_year"], int)
    for item in walk(draft["items"]):
        assert list(item) == ITEM_KEYS
        assert item["kind"] in KINDS
        assert isinstance(item["title"], str)
        assert item["title"].strip(), "an item without a title"
        assert item["places"], f"no place: {item['title']!r}"
        assert item["source"] == {key: item["places"][0][key] for key in ("page", "line")}
        for place in item["places"]:
            assert list(place) == ["field", "page", "line", "end_line", "box", "cell"]
            assert 1 <= place["line"] <= place["end_line"]
        for figure in item["figures"]:
            assert list(figure) == ["value", "unit", "label"]
        assert (item["amount_printed"] is None) >= (item["amount_thousand_yen"] is None) or item[
            "amount_unit"
        ] is None
        for name in ("tags", "owners", "plan"):
            assert all(isinstance(text, str) and text for text in item[name])
    for piece in draft["unplaced"]:
        assert list(piece) == ["text", "page", "line", "reason"]
        assert piece["text"].strip()
    for warning in draft["warnings"]:
        assert list(warning) == ["code", "message", "page", "line"]
        assert re.search(r"[ぁ-ん]", warning["message"])


def lost_lines(lines: list[str], draft: dict[str, Any]) -> list[tuple[int, str]]:
    """Lines with text that no place, no unplaced text and not the title accounts for."""
    kept = {piece["line"] for piece in draft["unplaced"]}
    for item in walk(draft["items"]):
        for place in item["places"]:
            kept.update(range(place["line"], place["end_line"] + 1))
    title = _key(draft["title"] or "")
    lost = []
    for number, line in enumerate(lines, 1):
        key = _key(line)
        if number in kept or not key or (title and key in title) or _is_structure(line):
            continue
        lost.append((number, line))
    return lost


def _is_structure(line: str) -> bool:
    """Headings of sections and of columns: they are read, as what they say of the text below them."""
    if section_of(clean(line), line):
        return True
    if re.search(r"\d\s*[十百千万億兆]*円|\d,\d", clean(line)):
        return False
    words = [word for word in re.split(r"[\s\u3000|]+", line) if _key(word)]
    return all(section_of(clean(word), word) or heading_of(word) for word in words)


def lost_words(lines: list[str], draft: dict[str, Any]) -> list[str]:
    """Words of four or more ideographs that stand nowhere in the draft: this also finds what is lost within a line."""
    texts = [draft["title"] or ""] + [piece["text"] for piece in draft["unplaced"]]
    for item in walk(draft["items"]):
        texts += [
            item["title"],
            item["body"] or "",
            item["result"] or "",
            item["programme"] or "",
            item["budget_source"] or "",
        ]
        texts += [*item["plan"], *item["tags"], *item["owners"]]
        texts += [figure["label"] or "" for figure in item["figures"]]
    there = _key("".join(texts))
    words = {_key(word) for line in lines for word in re.findall(r"[一-鿿]{4,}", clean(line))}
    return sorted(word for word in words if word not in there and not _SAID_BY_POSITION.search(word))


_SAID_BY_POSITION = re.compile(
    r"基本目標|達成|組織運営|基本姿勢|予算|年度|実施|取組|担当|主体|事業|問合|万円|千円|億円|兆円|百万|合計|評価|継続"
)
"""Words that tell what the text beside them is: they live on as kinds, units and headings of columns."""


def _key(text: str) -> str:
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", clean(text)).casefold()))


def check(lines: list[str]) -> None:
    # What a control character or line separator splits, the file's own line count splits too.
    lines = Decoded("\n".join(lines)).lines()
    draft = read_text(lines)
    check_shape(draft)
    lost = lost_lines(lines, draft)
    assert not lost, f"lines that vanished: {lost}"


# --- tests ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(_SETTINGS, max_examples=40)
@given(documents, spoilings)
def test_a_few_documents_of_every_shape_are_read(lines: list[str], how: list[tuple[int, int]]) -> None:
    check(spoil(lines, how))


@pytest.mark.slow
@settings(_SETTINGS, max_examples=800)
@given(documents, spoilings)
def test_hundreds_of_documents_are_read_and_nothing_is_lost(
    lines: list[str], how: list[tuple[int, int]]
) -> None:
    check(spoil(lines, how))


def test_what_cannot_be_seen_is_no_marker() -> None:
    assert find_marker("\u200b") is None
    check(["公園の花壇を整える", "\u200b", "予算額　0（前年度0）"])


def _texts_in(folder: Path, suffixes: set[str]) -> list[list[str]]:
    return [decode(path.read_bytes()).lines() for path in sorted(folder.iterdir()) if path.suffix in suffixes]


def _spoilt(texts: list[list[str]], rounds: int) -> Iterator[list[str]]:
    """Pieces of `texts`, spoilt in up to four ways; the same ones every time."""
    for seed in range(rounds):
        rng = random.Random(seed)
        text = rng.choice(texts)
        start = rng.randrange(max(1, len(text) - 40))
        how = [(rng.randrange(len(SPOILS)), rng.randrange(2**16)) for _ in range(rng.randrange(5))]
        yield spoil(text[start : start + rng.randrange(5, 120)], how)


@pytest.mark.slow
def test_spoilt_documents_of_the_corpus_are_read_and_nothing_is_lost() -> None:
    for lines in _spoilt(_texts_in(CORPUS, {".txt", ".md", ".csv", ".tsv"}), 400):
        check(lines)


@pytest.mark.slow
@pytest.mark.seeds
def test_spoilt_real_documents_are_read_and_nothing_is_lost(seeds: Path) -> None:
    for lines in _spoilt(_texts_in(seeds, {".txt"}), 200):
        check(lines)


@pytest.mark.seeds
def test_real_documents_lose_no_line_and_no_word(seeds: Path) -> None:
    for path in sorted(seeds.glob("*.txt")):
        lines = decode(path.read_bytes()).lines()
        draft = read_file(path).to_json()
        check_shape(draft)
        assert not lost_lines(lines, draft)
        assert not lost_words(lines, draft)


def _outline(number: int) -> str:
    return (
        f"{number % 90 + 1} 見守り活動推進事業{number} 【{number + 1000:,}】 ＜新規＞\n(1) 訪問活動の充実{number} (570)\n"
        "地域で暮らす高齢者を見守る活動を広げ、安心して暮らせるまちを\nつくります。\n・相談窓口を設けます\n【福祉保健課】"
    )


GROWING: dict[str, Callable[[int], list[str]]] = {
    "outline": lambda n: [line for i in range(n // 6) for line in _outline(i).split("\n")],
    "headings": lambda n: [
        line for i in range(n // 3) for line in ("", f"花のまち{i}号の丘", f"区民とともに花を植え、育てる取組を進めます。{i}")
    ],
    "rows without headings": lambda n: [
        line for i in range(n // 2) for line in (f"1 地域の見守り{i}", f"2 花の植付け{i}")
    ],
    "one paragraph": lambda n: [f"地域の見守り活動を進め、だれもが安心して暮らせるまちを{i}" for i in range(n)],
    "deeper and deeper": lambda n: [" " * min(2 * i, 4000) + "・見守り" for i in range(n)],
    "brackets never closed": lambda n: ["「地域の【"] * n,
    "columns": lambda n: [
        "事業名      担当課      予算額（千円）", *(f"見守り{i}事業     福祉保健課     {i + 100:,}" for i in range(n))
    ],
    "cards": lambda n: [
        line for i in range(n // 4)
        for line in (f"事業名：見守り事業{i}", "担当課：福祉保健課", f"予算額：{i + 1000:,}千円", "評価：継続")
    ],
    "flattened table": lambda n: [
        "令和４年度実施計画 実施した取組結果 実施主体",
        *(line for i in range(n // 4) for line in (f"・見守り会議の開催{i}", "福祉保健課", f"会議を{i % 30}回開催した。", "")),
    ],
    "other budgets": lambda n: [
        line for i in range(n // 2) for line in (f"{i % 90 + 1} 見守り支援事業{i} 【6,588】", f"○ 花壇づくり{i} (570)【市民局区配】")
    ],
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", GROWING)
def test_four_times_the_lines_take_about_four_times_the_work(name: str) -> None:
    # Quadratic work would be sixteen times as much. Work is counted in calls, which no busy machine changes.
    def calls(lines: int) -> int:
        text, counted = GROWING[name](lines), 0

        def count(_frame: FrameType, _event: str, _argument: object) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count)
        try:
            read_text(text)
        finally:
            sys.setprofile(None)
        return counted

    assert calls(1200) < 6 * calls(300)


LONG_LINES: dict[str, str] = {
    "one word": "あ", "digits": "1", "figures": "12,345,", "blanks": " ", "wide blanks": "　", "tabs": "\t", "words and blanks": "見　",
    "brackets": "「", "empty brackets": "【】", "angle brackets": "<", "tags in brackets": "＜新規＞", "amounts": "6,588千円 ", "scaled": "1兆2億3万",
    "years": "令和3年度", "wards": "泉区", "bodies": "福祉課・", "lists of bodies": "福祉保健課、", "hyphens": "- ", "arrows": "⇒ 見 ", "marks": "◆見守り ",
    "pipes": "|", "bullets": "・", "full stops": "。", "sentences": "見守る。", "controls": "\x01", "invisible": "\u200b", "combining": "か\u3099",
    "outline": "1 見守り事業 【6,588】 (1) 訪問 担当 福祉課 予算額 6,588千円。 ", "previous": "前年度", "quotes": '"', "roman": "X", "urls": "http://a/",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_LINES)
@pytest.mark.parametrize("head", ["", "1 見守り事業 "])
def test_a_line_of_a_hundred_thousand_characters_is_read(name: str, head: str) -> None:
    piece = LONG_LINES[name]
    length = 20_000 if head else 100_000
    check(["令和3年度 花川区予算", head + piece * (length // len(piece)), "・訪問します"])


@pytest.mark.slow
def test_endless_nesting_is_read() -> None:
    lines = [" " * index + "・見守り" + str(index) for index in range(3000)]

    draft = read_text(lines)

    assert sum(1 for _ in walk(draft["items"])) == 3000
    assert json.dumps(draft)


@pytest.mark.slow
def test_endless_heading_levels_are_read() -> None:
    blocks = [Line(f"見守り{i}", i, size=float(4000 - i)) for i in range(1, 3000)]

    draft = read_blocks(blocks).to_json()

    check_shape(draft)


_cells = st.one_of(names, sentences, other_lines, headings, st.just(""), amounts)
_tables = st.lists(st.lists(_cells, min_size=1, max_size=6), min_size=1, max_size=8)


@pytest.mark.slow
@settings(_SETTINGS, max_examples=60)
@given(_tables, documents)
def test_tables_of_any_content_are_read_and_no_row_is_lost(rows: list[list[str]], lines: list[str]) -> None:
    _check_table(rows, lines[:5])


@pytest.mark.slow
@settings(_SETTINGS, max_examples=300)
@given(_tables, documents)
def test_many_tables_of_any_content_are_read_and_no_row_is_lost(
    rows: list[list[str]], lines: list[str]
) -> None:
    _check_table(rows, lines[:5])


def _check_table(rows: list[list[str]], lines: list[str]) -> None:
    """A table (ragged rows and all) behind a few lines."""
    above = [Line(text, number) for number, text in enumerate(lines, 1) if text.strip()]
    table = Table(
        [
            [Cell(text, line=r, end_line=r, ref=f"R{r}C{c}") for c, text in enumerate(row, 1)]
            for r, row in enumerate(rows, len(lines) + 1)
        ],
        line=len(lines) + 1,
    )
    with in_time(SECONDS):
        draft = read_blocks([*above, table]).to_json()
    check_shape(draft)
    assert not lost_lines([*lines, *(" ".join(row) for row in rows)], draft)


_SAMPLES: dict[str, bytes] = {
    "html": "<html><body><h1>令和3年度 花川区予算</h1><ul><li>見守り<ol><li>訪問</ul><table><tr><td rowspan=9>花<td>570</table>".encode(),
    "csv": '事業名,担当課,予算額（千円）\n"見守り,""事業""",総務課,"1,234"\n花,,\n'.encode("cp932"),
    "md": "# 花川区運営方針\n## 1 見守り\n- 訪問\n\n|事業|額|\n|---|---|\n|花|570|\n".encode(),
    "txt": "令和３年度　花川区運営方針\r\n１　見守り【６，５８８】\r\n・訪問します。\r\n".encode("utf-16"),
}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", _SAMPLES)
@settings(_SETTINGS, max_examples=150)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 4)), max_size=8))
def test_files_with_broken_bytes_are_read_or_refused(
    suffix: str, tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[float, bytes, int]]
) -> None:
    data = _SAMPLES[suffix]
    for where, new, cut in changes:
        at = int(where * len(data))
        data = data[:at] + new + data[at + cut :]
    path = tmp_path_factory.mktemp("broken") / f"a.{suffix}"
    path.write_bytes(data)

    refusal = None
    try:
        with in_time(SECONDS):
            check_shape(read_file(path).to_json())
    except ReadingError as error:
        refusal = error.message
    assert refusal is None or re.search(r"[ぁ-ん]", refusal)
