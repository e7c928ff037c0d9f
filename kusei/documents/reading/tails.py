"""Columns at the end of a heading: `１ 事業名　　　４５０万円（３８０万円）　健康増進課` → the name, and what stands behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kusei.documents.reading.attributes import TAG_WORDS, Attributes, money_in, plain_number, split_bodies
from kusei.documents.reading.model import Amount
from kusei.japanese.folding import fold, squeeze

_BLANKS = re.compile(r"[ \t\u3000\u00a0]+")
_MONEY = r"(?:約|計|年間?|毎年|[一二三四五]年(?:間)?で)?[△▲\-]?[\d,.]+(?:兆[\d,.]*)?(?:億[\d,.]*)?(?:万[\d,.]*)?(?:千|百万|十億|百億)?円"
_NONE = r"[-－―─]|皆増|新規|0円?"
_EARLIER = r"(?:(?:前年度?|昨年度|(?:令和|平成|R|H)?(?:元|\d{1,2})年度|R\d{1,2})(?:当初)?(?:予算額?|決算額?)?[:：]?)?"
_ONE_MONEY = re.compile(rf"^{_MONEY}$")
_MONEY_WITH_BEFORE = re.compile(
    rf"^(?P<now>{_MONEY})[(（\[〔]{_EARLIER}(?P<before>{_MONEY}|{_NONE})[)）\]〕](?P<rest>.*)$"
)
_BARE = re.compile(rf"^(?P<now>[\d,]{{2,}}(?:\.\d+)?)(?:[(（]{_EARLIER}(?P<before>[\d,]+|{_NONE})[)）])?$")
_BEFORE_ALONE = re.compile(rf"^[(（\[〔]{_EARLIER}(?P<before>{_MONEY}|{_NONE})[)）\]〕]$")
_TAG = re.compile(rf"^[【\[<＜(（≪《〔]?(?P<tag>{TAG_WORDS})[】\]>＞)）≫》〕]?$")
_LABEL = re.compile(
    r"^(?:費用の目安|費用|概算(?:費用)?|ゼロ予算|予算額?|当初予算額?|事業費|要求額|担当|所管|担当課)[:：]?$"
)
# Dots that lead from a name to its money: 衛星の製作・・・・・１５０億円.
_DOTS = re.compile(r"(?<=\S)[ \t\u3000]*(?:[・･]{4,}|[.．]{4,}|[…‥]{2,})[ \t\u3000]*(?=[^\s・･.．…‥])")
_LEADER = re.compile(r"^[.・…‥_─-]{2,}$")
_OWNER_NOTE = re.compile(r"^[(\[【](?:所管|担当|主管|実施主体)(?:課|部署)?[:：](?P<names>.+)[)\]】]$")
_ARROW = re.compile(r"^[←⇐]$")


@dataclass(slots=True)
class Tail:
    """`title` is the folded heading without its columns; `found` what the columns say."""

    title: str
    found: Attributes


def _width(blank: str) -> int:
    return sum(2 if character in "\u3000\t" else 1 for character in blank)


def collapse(raw: str) -> str:
    """`raw` without the blanks inside brackets: （前年 １，５００万円） is one piece."""
    raw = re.sub(
        r"[(（\[［〔][^()（）\[\]［］〔〕]*[)）\]］〕]", lambda match: _BLANKS.sub("", match[0]), raw
    )
    return re.sub(r"(?<=[\d０-９円)）])(?=[［\[【〔＜<])", " ", raw)


def read_tail(raw: str, *, marked: bool, unit_stated: bool = False) -> Tail | None:
    """Take the columns off the end of a printed heading; None where it has none.

    Money counts after any blank behind a marked heading, else after a wide one; a body or a bare number only after a wide
    blank, or beside money. `unit_stated`: the document states one unit for all, so that bare numbers with commas are money.
    """
    raw = collapse(_DOTS.sub("\u3000\u3000", raw))
    folded = fold(raw.rstrip())
    pieces = _BLANKS.split(raw.strip())
    gaps = [_width(match[0]) for match in _BLANKS.finditer(raw.strip())]
    if len(pieces) < 2 or "。" in folded:
        return None
    pieces = [fold(piece) for piece in pieces]
    found = Attributes("")
    index = len(pieces) - 1
    wide = False
    has_money = any(
        _ONE_MONEY.match(piece)
        or _MONEY_WITH_BEFORE.match(piece)
        or ("前年" in piece and _BEFORE_ALONE.match(piece))
        or (_BARE.match(piece) and (gaps[at] >= 3 or (unit_stated and "," in piece)))
        for at, piece in enumerate(pieces[1:])
    )
    before_arrow = False
    while index >= 1:
        piece = pieces[index]
        gap = gaps[index - 1]
        if _LEADER.match(piece):
            wide = True
            index -= 1
            continue
        stated = unit_stated and marked and re.match(r"\d{1,3}(?:,\d{3})+(?:\(|$)", piece)
        bare = gap >= 3 or bool(stated) or bool(re.search(r"\([^()]*年度", piece))
        if not _take(
            piece, found, allow_bare=bare, beside_money=has_money, wide=gap >= 3, arrow=before_arrow
        ):
            if _ARROW.match(piece):
                before_arrow = True
                if found.amount is not None:
                    found.previous, found.amount = found.amount, None
                index -= 1
                continue
            break
        wide = wide or gap >= 3
        index -= 1
    if index == len(pieces) - 1 or not (found.amount or found.owners or found.tags or found.previous):
        return None
    if not wide and not (marked and (found.amount or found.previous)):
        return None
    if found.amount is None and found.previous is not None and not before_arrow and "前年" not in folded:
        found.amount, found.previous = found.previous, None
    title = squeeze(" ".join(pieces[: index + 1]))
    if len(title) < 2 or re.fullmatch(r"[\W\d]+", title):
        return None
    return Tail(title, found)


def read_columns(raw: str) -> Attributes | None:
    """A line of nothing but columns: `予算額　８１０万円（前年 ６４０万円）　［総務課］`; None for any other line."""
    tail = read_tail(f"＿＿　　　{raw.strip()}", marked=True)
    return tail.found if tail and tail.title == "__" else None


def _take(
    piece: str, found: Attributes, *, allow_bare: bool, beside_money: bool, wide: bool, arrow: bool
) -> bool:
    if match := _MONEY_WITH_BEFORE.match(piece):
        if found.amount is not None:
            return False
        found.amount = money_in(match["now"])
        found.previous = money_in(match["before"])
        if match["before"] == "新規":
            found.tags.append("新規")
        return not match["rest"] or _take(
            match["rest"], found, allow_bare=False, beside_money=True, wide=wide, arrow=False
        )
    if _ONE_MONEY.match(piece):
        if found.amount is not None:
            return False
        found.amount = money_in(piece)
        return True
    if match := re.match(rf"^(?P<now>{_MONEY})(?P<rest>[【\[<≪].+)$", piece):
        if found.amount is not None or not _TAG.match(match["rest"]):
            return False
        found.amount = money_in(match["now"])
        return _take(match["rest"], found, allow_bare=False, beside_money=True, wide=wide, arrow=False)
    if match := _BEFORE_ALONE.match(piece):
        found.previous = found.previous or money_in(match["before"])
        return True
    if match := _TAG.match(piece):
        if not (wide or beside_money) or (len(piece) == 1 and not wide):
            return False
        found.tags.insert(0, match["tag"])
        return True
    if allow_bare and found.amount is None and (match := _BARE.match(piece)):
        found.amount = Amount(plain_number(match["now"]), None)
        if match["before"] and match["before"][0].isdigit():
            found.previous = Amount(plain_number(match["before"]), None)
        return True
    if _LABEL.match(piece):
        return True
    if match := _OWNER_NOTE.match(piece):
        found.owners[:0] = split_bodies(match["names"]) or [match["names"]]
        return True
    owners = split_bodies(piece.strip("【】()（）[]〔〕"))
    if owners and (wide or beside_money):
        found.owners[:0] = owners
        return True
    return False
