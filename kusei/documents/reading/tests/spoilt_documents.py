"""Documents by the reader's own grammar, and ways to spoil them: for the property tests."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import strategies as st

# --- documents by the grammar ------------------------------------------------------------------------------------------


def _words(*words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


names = _words(
    "見守り活動", "花と緑のまちづくり", "防災訓練の実施", "子育て相談窓口", "商店街にぎわい支援事業", "水辺の散策路整備", "図書室だより",
    "窓口サービスの改善", "歯と口の健康づくり", "Happy Town 事業", "自治会・町内会との連携", "ふれあいサロン開催支援事業",
)  # fmt: skip
sentences = _words(
    "だれもが安心して暮らせるまちを、区民の皆様とともにつくります。",
    "講座を開き、担い手を育てます。",
    "公園の花壇を整えるとともに、水やりの当番を決めて",
    "進めていきます。",
    "訓練を3回開催し、延べ120人が参加した。",
    "「支えあい」「つながり」「学びあい」の３つの視点で取り組みます。",
    "くわしくは12ページをご覧ください。",
)
_number = st.integers(min_value=1, max_value=40)
amounts = st.integers(min_value=0, max_value=99_999_999).map(lambda value: f"{value:,}")
_unit = _words("", "円", "千円", "万円", "百万円", "億円", "兆円")
_owner = _words(
    "総務課",
    "福祉保健課、こども家庭課",
    "区政推進課・地域振興課",
    "土木事務所",
    "○○地区社会福祉協議会",
    "消防署",
)
_tag = _words("新規", "拡充", "重点", "区", "局", "継続", "再掲")
_marker = st.one_of(
    _number.map(lambda n: f"{n} "),
    _number.map(lambda n: f"{n}. "),
    _number.map(lambda n: f"({n}) "),
    _number.map(lambda n: f"（{n}）"),
    _number.map(lambda n: f"第{n}章 "),
    _number.map(lambda n: f"施策{n} "),
    _number.map(lambda n: f"基本目標{n} "),
    _number.map(lambda n: f"{n}-{n % 5 + 1} "),
    _words("ア ", "イ ", "ウ ", "(ア) ", "① ", "② ", "Ⅰ ", "Ⅱ ", "a) ", "一 ", "二、", "イ　"),
    _words("・", "○", "●", "◆", "◇", "■", "▲", "⇒ ", "→", "- ", "* ", "□ ", "★", "【", "《", "「", "※ ", ""),
)
_attributes = st.one_of(
    st.just(""),
    st.builds("【{}{}】".format, amounts, _unit),
    st.builds("（{}）".format, amounts),
    st.builds("（{}{}、前年度{}{}）".format, amounts, _unit, amounts, _unit),
    st.builds("【{}】".format, _owner),
    st.builds("＜{}＞".format, _tag),
    st.builds(" {}".format, _tag),
    st.just("【市民局区配】"),
    st.just("【安全・安心推進事業】"),
    st.builds("……{}{}".format, amounts, _unit),
)
headings = st.builds("{}{}{}".format, _marker, names, _attributes)
other_lines = st.one_of(
    st.builds("{}{}".format, amounts, _unit),
    st.builds("予算額　{}{}（前年度{}{}）".format, amounts, _unit, amounts, _unit),
    st.builds("担当課：{}".format, _owner),
    st.builds("{}　{}".format, _tag, _tag),
    _words(
        "令和３年度　花川区運営方針", "基本目標", "目標達成に向けた施策", "組織運営", "基本姿勢", "コラム① 花のまち", "目次", "はじめに",
        "（単位：千円）", "合計 12,345千円", "- 3 -", "＜講座の様子＞", "いずみ", "しょくいん", "", "", "　", "⻭の健康", "主な取組",
        "第1章 はじめに………… 3", "問合せ 総務課 電話 000-000-0000", "https://example.jp/", "|a|b|", "|---|---|", "|見守り|570|",
        "令和４年度実施計画 実施した取組結果 実施主体", "事業名   担当課   予算額（千円）", "見守り事業   総務課   1,234",
        "事業名：見守り事業", "評価：継続", "取組名\t実施計画\t結果", "区 防災\t⇒ 訓練 ⇒ 啓発",
    ),
)  # fmt: skip
_line = st.one_of(headings, headings, sentences, other_lines)
documents = st.lists(_line, min_size=1, max_size=30)


# --- spoiling ------------------------------------------------------------------------------------------------------------

_STRANGE = "【】（）「」＜＞《》()[]<>・･●○◆■⇒→ⅠⅣ①⑳⑨❿１９0九十百,、。.…ー―‐-~～\t \u3000\u00a0\u200b\ufeff\x00\x07\x1b\x7f\ufffd\ufffc\U0001f338\U00020bb7⻭⺠㈱㌢ｱｶﾞか゛\u3099\u0301円千万億兆"

Spoil = Callable[[random.Random, list[str]], list[str]]


def _somewhere(rng: random.Random, lines: list[str]) -> int:
    return rng.randrange(len(lines))


def _drop(rng: random.Random, lines: list[str]) -> list[str]:
    return [line for line in lines if rng.random() > 0.15]


def _double(rng: random.Random, lines: list[str]) -> list[str]:
    return [line for line in lines for _ in range(1 + (rng.random() < 0.2))]


def _shuffle(rng: random.Random, lines: list[str]) -> list[str]:
    start = _somewhere(rng, lines)
    part = lines[start : start + rng.randrange(2, 15)]
    rng.shuffle(part)
    return lines[:start] + part + lines[start + len(part) :]


def _cut(rng: random.Random, lines: list[str]) -> list[str]:
    result = []
    for line in lines:
        if len(line) > 1 and rng.random() < 0.2:
            at = rng.randrange(1, len(line))
            result += [line[:at], line[at:]]
        else:
            result.append(line)
    return result


def _glue(rng: random.Random, lines: list[str]) -> list[str]:
    result: list[str] = []
    for line in lines:
        if result and rng.random() < 0.15:
            result[-1] += rng.choice(["", " ", "\t", "　"]) + line
        else:
            result.append(line)
    return result


def _truncate(rng: random.Random, lines: list[str]) -> list[str]:
    return lines[: _somewhere(rng, lines) + 1]


def _replace(rng: random.Random, lines: list[str]) -> list[str]:
    def changed(line: str) -> str:
        if not line or rng.random() > 0.3:
            return line
        at = rng.randrange(len(line))
        return line[:at] + rng.choice(_STRANGE) + line[at + rng.randrange(2) :]

    return [changed(line) for line in lines]


def _widen(rng: random.Random, lines: list[str]) -> list[str]:
    return [line.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}) for line in lines]


def _nest(rng: random.Random, lines: list[str]) -> list[str]:
    return [rng.choice([" ", "　"]) * index + line for index, line in enumerate(lines)]


def _one_line(rng: random.Random, lines: list[str]) -> list[str]:
    return [rng.choice([" ", "　", ""]).join(lines)]


def _repeat(rng: random.Random, lines: list[str]) -> list[str]:
    at = _somewhere(rng, lines)
    times = min(rng.randrange(2, 60), 1 + 5000 // (len(lines[at]) or 1))
    return [*lines[:at], (lines[at] or "・") * times, *lines[at + 1 :]]


def _blank(rng: random.Random, lines: list[str]) -> list[str]:
    return [piece for line in lines for piece in (line, *[""] * rng.randrange(3))]


def _columns(rng: random.Random, lines: list[str]) -> list[str]:
    half = (len(lines) + 1) // 2
    gap = rng.choice(["   ", "\t", "　　　"])
    return [a + gap + b for a, b in zip(lines[:half], [*lines[half:], ""], strict=False)]


SPOILS: list[Spoil] = [
    _drop, _double, _shuffle, _cut, _glue, _truncate, _replace, _replace, _widen, _nest, _one_line, _repeat, _blank, _columns,
]  # fmt: skip
spoilings = st.lists(
    st.tuples(st.integers(0, len(SPOILS) - 1), st.integers(0, 2**16)), min_size=0, max_size=3
)


def spoil(lines: list[str], how: list[tuple[int, int]]) -> list[str]:
    """`lines` after every spoiling step of `how` (which one, and its seed)."""
    for which, seed in how:
        if lines:
            lines = SPOILS[which](random.Random(seed), lines)
    return lines
