"""Counts in a result: 新規登録28件 → 28 件, labelled 新規登録."""

from __future__ import annotations

import re

from kusei.documents.reading.model import Figure
from kusei.japanese.folding import fold

# Longer units first: 人 must not win over 人分, nor 団 over 団体.
_UNITS = (
    "百万円|千円|万円|億円|円|延べ人|人分|人日|人|名|件|回|団体|か所|カ所|ヶ所|ヵ所|箇所|個所|校区|校|施設|事業所|事業|世帯|戸|棟|基|台|本|枚|部|冊|個|袋|点|組|区間|地区|会場|店舗|店|社|法人|園|"
    "クラブ|サークル|グループ|チーム|コース|講座|種類|種|項目|食|便|票|区画|床|席|隻|頭|匹|羽|株|球|匁|km|m2|㎡|m|ha|kg|t|トン|L|kWh|ポイント|%|割|倍|時間|日間|日程|か国|言語|案件|名様|グラム"
)
_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?P<sign>[△▲-])?(?<![\d.,/A-Za-z第])(?P<number>(?:(?:{_PLAIN})[億万千]){{0,3}}(?:{_PLAIN})|(?:(?:{_PLAIN})[億万千]){{1,3}})\s?(?P<unit>{_UNITS})"
)
_PART = re.compile(rf"({_PLAIN})([億万千]?)")
_NOT_AFTER = re.compile(r"^(?:目|生|版|程度の|以内|以上の|年|月号|課)")
_ORDINAL = re.compile(r"(?:第|No\.?|NO|号|全?№|条|令和|平成|昭和|月|R|H)\s?$")
_CUT = re.compile(
    r"[。、「」『』()\[\]【】:;\s]|(?:した|して|では|には|から|まで|(?<!だ)より|及び|また|うち|ため|など|等の)"
)
_EDGE_WORDS = re.compile(r"^(?:計|約|延べ|のべ|合計|年間|全|およそ|各|月|年|毎月|うち|そのうち|それぞれ)+$")
_NO_LABEL = re.compile(
    r"^(?:実施|開催|参加|実績|区内|市内|町内|県内|全体|今年度|昨年度|通年週?|同一?じ?内容|新たな?|終了|配布|回答)$|[して]$|^\d+$|時点$"
)
_TIMES = {"億": 100_000_000, "万": 10_000, "千": 1_000, "": 1}


def figures_in(text: str) -> list[Figure]:
    """Every count that a text states, in order. Years, dates, times, ordinals and numbers inside names are none.

    The label is the word that stands right before the number (新規登録28件, 来場者数：約100人); None where there is none.
    """
    folded = fold(text)
    found: list[Figure] = []
    last = 0
    for match in _FIGURE.finditer(folded):
        before, after = folded[: match.start()], folded[match.end() :]
        if _ORDINAL.search(before[-4:]) or _NOT_AFTER.match(after):
            continue
        if match["unit"] in {"m", "t", "L"} and after[:1].isascii() and after[:1].isalpha():
            continue
        value = _value(match["number"])
        if match["sign"] and not re.search(r"[\w~]$", before):
            value = -value
        unit = match["unit"]
        label = _label(before[last:])
        last = match.end()
        if re.search(r"(?:延べ|のべ)(?:約|計|\s)*$", before) and unit in {"人", "名"}:
            unit = "延べ人"
        found.append(Figure(value, unit, label))
    return found


def _value(number: str) -> float | int:
    """1万2千 → 12000; 1,251 → 1251; 14.2 → 14.2."""
    total = sum(float(digits.replace(",", "")) * _TIMES[times] for digits, times in _PART.findall(number))
    return int(total) if total == int(total) and "." not in number else total


def _label(before: str) -> str | None:
    """The word before a number: the last noun after any cut, without a particle."""
    tail = before[-28:]
    tail = re.sub(
        r"(?:は|が|を|も|:|に|で|と|の)?(?:約|計|延べ|のべ|合計|およそ|全|年間で?|\s|\()*$", "", tail
    )
    pieces = [piece for piece in _CUT.split(tail) if piece]
    if not pieces or not tail or _CUT.match(tail[-1]):
        return None
    words = re.split(r"[はがをにでへ]|(?<=時点)の", pieces[-1])
    word = words[-1].strip("・の")
    word = re.sub(r"^.*?(?:\d+(?:年度|年|月|日|回|件|人|名|団体))", "", word)
    word = re.sub(r"^[ぁ-ん]+", "", word)
    if len(word) < 2 or _EDGE_WORDS.match(word) or _NO_LABEL.search(word):
        return None
    return word
