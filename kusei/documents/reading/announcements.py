"""Pillars that a speech announces in a sentence: 第一に、…についてであります。一つ目は、「…」です。次に、…について申し上げます。"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from kusei.documents.reading.lines import Text, width_of
from kusei.documents.reading.markers import Marker, kanji_value
from kusei.documents.reading.units import Unit

_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_WORDS = r"(?:柱|重点|目標|挑戦|視点|取組|約束|テーマ|方針|政策|施策|戦略|課題|項目|点)"
_NTH = re.compile(
    rf"^(?:(?:まず|はじめに|次に|続いて|続きまして|最後に|そして)、?\s*)?(?P<printed>第\s*(?P<nth>{_NUMBER})|(?P<count>{_NUMBER}|[ひ])(?:つ目|つめ|点目|番目))(?:の{_WORDS})?(?:です|であります)?(?:は|に|として|が|、|\s)+、?\s*(?P<rest>\S.*)$"
)
_NEXT = re.compile(
    r"^(?:まず(?:は|初めに|はじめに)?|はじめに|初めに|次に|次は|続いて|続きまして|さらに|最後に|終わりに)、\s*(?P<rest>\S.*)$"
)
_SAYING = r"(?:です|であります|でございます|で(?:す|ある)|(?:ご)?説明(?:いた)?し(?:上げ)?ます|申し(?:上|述)べ?(?:げ)?ます|申し上げ(?:たいと(?:存じ|思い))?ます|述べ(?:させていただき|たいと(?:存じ|思い))?ます|お(?:話し|答え)(?:いた)?します)"
_QUOTED = re.compile(r"^[「『](?P<title>[^「」『』]{2,40})[」』](?P<tail>.*)$")
_ABOUT = re.compile(
    rf"^(?P<title>[^。]{{2,40}}?)(?:について|につきまして|に関して|に関する(?:施策|取組)について).{{0,12}}?{_SAYING}$"
)
_IS = re.compile(r"^(?P<title>[^、。]{2,36}[一-龥ァ-ヴーりち])(?:です|であります|でございます|である)$")
# What a speech also goes through, and no pillar is.
_NO_PILLAR = re.compile(
    r"予算(?:案|の.{0,6})?$|議案|情勢|所信|考え方?$|経緯$|概要$|見通し$|報告$|現状$|課題$|成果$|状況$"
)
_END_OF_SPEECH = re.compile(r"^(?:以上|むすびに|結びに|おわりに|終わりに)[、が]")


_PROGRAMME = re.compile(
    r"「(?P<name>[^「」]{3,30}(?:事業|プロジェクト|プログラム))」[^「」。]{0,60}(?:ます|ました|まして|し|め|い|り|ち|て|る|た)[、。]"
)


def named_programmes(text: str) -> list[str]:
    """Programmes that a sentence names in quotes and says something is done with: 「花の里事業」を始めます。"""
    return list(dict.fromkeys(match["name"] for match in _PROGRAMME.finditer(text[:5000])))


def is_announced(marker: Marker) -> bool:
    """Whether a heading was a sentence that announced it."""
    return marker.glyph == _SPOKEN


_SPOKEN = "語"


@dataclass(slots=True)
class _Announced:
    family: str
    number: str | None
    ordinal: int | None
    title: str
    spoken: str
    """What of the paragraph announces it; the rest is the item's text."""


def with_announced(units: list[Unit]) -> list[Unit]:
    """Paragraphs that begin with an announcement become a heading (its title alone) and a paragraph with the rest.

    One announcement makes no row: there must be two, and numbered ones begin at one and count on.
    """
    found: dict[int, _Announced] = {}
    for at, unit in enumerate(units):
        if unit.role in {"prose", "heading"} and (one := _announced(unit.text)):
            found[at] = one
    rows = Counter(one.family for one in found.values())
    ordinals: dict[str, list[int]] = {}
    for one in found.values():
        ordinals.setdefault(one.family, []).append(one.ordinal or 0)
    good = {
        family
        for family, count in rows.items()
        if count >= 2 and (family == "next" or ordinals[family] == list(range(1, count + 1)))
    }
    found = {at: one for at, one in found.items() if one.family in good}
    if not found:
        return units
    result: list[Unit] = []
    for at, unit in enumerate(units):
        if (announced := found.get(at)) is not None:
            result += _split(unit, announced)
        elif found and at > max(found) and unit.role == "prose" and _END_OF_SPEECH.match(unit.text):
            result.append(replace(unit, role="remark"))
        else:
            result.append(unit)
    return result


def _announced(text: str) -> _Announced | None:
    """The announcement that a paragraph begins with."""
    nth = _NTH.match(text[:120])
    after = nth or _NEXT.match(text[:120])
    if after is None:
        return None
    rest = text[after.start("rest") :]
    sentence = _first_sentence(rest)
    if sentence is None:
        return None
    said = sentence.rstrip("。")
    title = None
    spoken = text[: after.start("rest")] + sentence
    if nth is not None and (quoted := _QUOTED.match(said)):
        title = quoted["title"]
        if len(quoted["tail"]) > 24:  # the sentence goes on to say what is done
            spoken = text[: after.start("rest") + quoted.end("title") + 1]
    elif (about := _ABOUT.match(said)) or (nth is not None and (about := _IS.match(said))):
        title = about["title"].strip("「」『』")
    elif nth is not None and len(said) <= 60 and sentence.endswith("。"):
        title = sentence
    if title is None or (nth is None and _NO_PILLAR.search(title)):
        return None
    if nth is None:
        return _Announced("next", None, None, title, spoken)
    number = nth["nth"] or nth["count"]
    ordinal = int(number) if number.isdigit() else kanji_value(number)
    family = "第" if nth["nth"] else "目"
    printed = number if nth["nth"] else re.sub(r"\s", "", nth["printed"])
    return _Announced(family, printed, ordinal, title, spoken)


def _first_sentence(text: str) -> str | None:
    """`text` up to its first full stop outside quotes, as far as that is near enough for a heading."""
    depth = 0
    for at, character in enumerate(text[:100]):
        depth += (character in "「『(") - (character in "」』)")
        if character == "。" and depth <= 0:
            return text[: at + 1]
    return text if len(text) <= 60 else None


def _split(unit: Unit, one: _Announced) -> list[Unit]:
    """The heading with the lines that announce it, and the paragraph with what is left of them."""
    heads: list[Text] = []
    left: list[Text] = []
    remaining = len(one.spoken)
    for text in unit.title:
        if remaining <= 0:
            left.append(text)
            continue
        heads.append(text)
        if remaining < len(text.text):
            rest = text.text[remaining:].strip()
            if rest:
                left.append(replace(text, text=rest, raw=rest, width=width_of(rest), gap=0))
        remaining -= len(text.text)
    style = "announced" if one.family == "next" else "item_no"
    marker = Marker(style, one.number, one.ordinal, one.title, glyph=_SPOKEN, word=one.family)
    first = replace(heads[0], text=one.title, raw=one.title, marker=marker)
    first.joined = [*first.joined, *(line for text in heads[1:] for line in (text.line, *text.joined))]
    result = [Unit("marked", [first], marker=marker, gap=unit.gap)]
    if left:
        result.append(Unit("prose", left))
    return result
