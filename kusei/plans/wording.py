"""The wording of plans: which words tell one item from another, and where a text is cut."""

from __future__ import annotations

import re
from itertools import pairwise

from kusei.japanese.tokens import tokens

# Words that every office uses of everything: a stretch made of these alone is no evidence.
GENERAL = re.compile(
    "事業|支援|推進|実施|開催|運営|活動|取組|地域|連携|充実|整備|促進|普及|啓発|情報|発信|提供|講座|研修|会議|派遣|講師|身近|"
    "団体|区民|市民|各種|関係|機関|協議会|周知|対策|等|区内|市内|強化|向上|必要|中心|今後|展開|検討|イベント|開設|養成|育成|補助|"
    "助成|体制|構築|管理|対象|による|ための|において|について|ボランティア|担当|職員|継続|専門職|ネットワーク|スキルアップ|自治会|"
    "町内会|連合|広報紙|紹介|課題|者|会|の|を|に|は|が|と"
)
CLAUSES = re.compile("[、,。]|及び|並びに")
SENTENCES = re.compile("[^。\n]+")
SHORTEST_CLAUSE = 6
LOOSE_ENDS = re.compile("^(?:から|まで|[のをにでとやはがも「」『』()/])+|[のをにでとやはがも「」『』()/]+$")


def words_of(text: str) -> frozenset[str]:
    """The words of a text and the pairs of neighbours."""
    words = tokens(text)
    return frozenset(words) | {f"{a}|{b}" for a, b in pairwise(words)}
