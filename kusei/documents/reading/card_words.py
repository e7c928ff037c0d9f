"""What the label of a card means: by its words, by a legend of letters, or by what stands behind it again and again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kusei.documents.reading.attributes import TAG_WORDS, is_body, money_in
from kusei.documents.reading.columns import Heading, Role, heading_of
from kusei.documents.reading.model import Line
from kusei.documents.reading.normalise import clean

RULE = re.compile(r"^[\s\u3000]*[―─━‐\-=＝*＊_—–ー・~～─┄┈]{4,}[\s\u3000]*$")


@dataclass(slots=True)
class Label:
    """A label with its value on one line. `form` is how it is set: two labels of one card share it."""

    heading: Heading
    words: str
    value: str
    form: str
    line: Line


# Labels that mean another thing on a card than over a column, or nothing over a column. The first that is found decides.
_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.NUMBER, r"番号$|コード$|^(?:No|ID)\.?$"),
    (Role.MEASURE, r"^(?:.{0,8}計画(?:の|における|上の)?)?(?:上位|基本|関連)?(?:施策|政策|柱)(?:名|体系)?$|施策体系|計画(?:上)?の?(?:体系|位置[付づ]け)$"),
    (Role.PROJECT, r"^(?:名前|なまえ|タイトル|題名|取り?組みの(?:名前|名称))$"),
    (Role.STATUS, r"(?:評価|点検|検証|判定)の?結果$|^(?:今後|次年度|来年度|翌年度)の?(?:方針|方向性?|対応|課題|展開|見通し)$"),
    (Role.BODY, r"^(?:主な|主要な|具体的な)(?:取り?組み?|事業|施策)(?:内容)?$"),
    (Role.PLAN, r"^(?i:plan)(?:[(].*[)])?$"),
    (Role.RESULT, r"^(?i:do)(?:[(].*[)])?$"),
    (Role.STATUS, r"^(?i:check|action|act|see)(?:[(].*[)])?$|^達成度$"),
    (Role.OTHER, r"^評価(?:年度|対象年度|した日|日|実施日|者)$|^(?:作成|記入|更新|評価)(?:日|年月日|者)$|^(?:事業)?(?:開始|終了)年度$"),
    (Role.PLAN, r"^計画(?:の)?内容$"),
    (Role.STATUS, r"^(?:必要|有効|効率|妥当|公平|緊急|達成|優先|公共|経済)性(?:の?評価)?$"),
    (Role.BODY, r"^(?:手段|手法|根拠|次年度に向けて|来年度に向けて)$|^現状と課題$"),
    (Role.INDICATOR, r"^指標$"),
    (Role.PERIOD, r"^(?:いつ|とき)$"),
    (Role.OTHER, r"^会計(?:名|区分)?$|^(?:款|項|目|款項目|予算科目)$"),
)  # fmt: skip
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _WORDS)
_LEGEND = re.compile(r"(?P<key>[一-龥ぁ-んァ-ンA-Z])\s?[=＝]\s?(?P<word>[一-龥ぁ-ん]{2,8})")
_BODY_ENDS = re.compile(
    r"(?:課|室|局|部|係|署|会|団体?|館|園|校|院|社|庁|省|センター|組合|協議会|会議所|法人|大学|機構|グループ|自治会|住民|市民|町民|事業者)$"
)
_TAG_ALONE = re.compile(rf"^(?:{TAG_WORDS})$")


def meaning_of(words: str) -> Heading | None:
    """What a label says, by its words; None if nothing that is known."""
    folded = clean(words)
    bare = re.sub(r"\s", "", folded)
    for role, pattern in _COMPILED:
        if pattern.search(bare):
            found = heading_of(folded)
            return Heading(role, bare, found.year if found else None, found.unit if found else None)
    return heading_of(folded)


def is_tag(words: str) -> bool:
    """［新規］, 【拡充】: marks a name and labels nothing."""
    return bool(_TAG_ALONE.match(clean(words)))


def legend_of(lines: Sequence[Line]) -> dict[str, str]:
    """Letters that a line of the document explains: （計＝計画　果＝結果　主＝主体）; {} unless two of them head columns."""
    for line in lines:
        if len(line.text) > 200 or not re.search("[=＝]", line.text):
            continue
        found = {match["key"]: match["word"] for match in _LEGEND.finditer(line.text)}
        if sum(heading_of(word) is not None for word in found.values()) >= 2:
            return found
    return {}


def role_by_values(values: Sequence[str]) -> Role | None:
    """What stands behind a label whose words say nothing: money or bodies, on most cards."""
    filled = [clean(value) for value in values if clean(value)]
    if len(filled) < 2:
        return None
    most = len(filled) * 0.6
    if sum(len(value) <= 16 and money_in(value) is not None for value in filled) >= most:
        return Role.AMOUNT
    if sum(_are_bodies(value) for value in filled) >= most:
        return Role.OWNER
    return None


def _are_bodies(value: str) -> bool:
    pieces = [piece for piece in re.split(r"[、,/;\s]+", value) if piece]
    return bool(pieces) and all(
        len(piece) <= 16 and (is_body(piece) or _BODY_ENDS.search(piece)) for piece in pieces
    )
