"""Folding: one spelling for what print writes in many (width, radicals, look-alike dashes and dots)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# CJK Radicals Supplement (U+2E80–2EFF) → the ideograph that is meant. NFKC leaves this block alone, while PDF text layers
# use it for whole characters (⻭ for 歯). Source: Unicode EquivalentUnifiedIdeograph; Kangxi radicals are folded by NFKC.
_RADICALS = {
    0x2E81: "厂", 0x2E84: "乙", 0x2E85: "亻", 0x2E86: "冂", 0x2E88: "刀", 0x2E89: "刂", 0x2E8A: "卜", 0x2E8C: "小",
    0x2E8D: "小", 0x2E8E: "兀", 0x2E8F: "尣", 0x2E90: "尢", 0x2E92: "巳", 0x2E93: "幺", 0x2E94: "彑", 0x2E95: "彐",
    0x2E96: "忄", 0x2E97: "㣺", 0x2E98: "扌", 0x2E99: "攵", 0x2E9B: "旡", 0x2E9C: "日", 0x2E9D: "月", 0x2E9E: "歺",
    0x2E9F: "母", 0x2EA0: "民", 0x2EA1: "氵", 0x2EA2: "氺", 0x2EA3: "灬", 0x2EA4: "爫", 0x2EA5: "爫", 0x2EA6: "丬",
    0x2EA7: "牛", 0x2EA8: "犭", 0x2EA9: "王", 0x2EAA: "疋", 0x2EAB: "目", 0x2EAC: "示", 0x2EAD: "礻", 0x2EAE: "竹",
    0x2EAF: "糹", 0x2EB0: "纟", 0x2EB1: "罓", 0x2EB2: "罒", 0x2EB6: "羊", 0x2EB9: "耂", 0x2EBA: "肀", 0x2EBB: "聿",
    0x2EBC: "肉", 0x2EBD: "臼", 0x2EBE: "艹", 0x2EBF: "艹", 0x2EC0: "艹", 0x2EC1: "虎", 0x2EC2: "衤", 0x2EC3: "覀",
    0x2EC4: "西", 0x2EC5: "见", 0x2EC6: "角", 0x2EC8: "讠", 0x2EC9: "贝", 0x2ECA: "足", 0x2ECB: "车", 0x2ECC: "辶",
    0x2ECD: "辶", 0x2ECE: "辶", 0x2ECF: "邑", 0x2ED0: "钅", 0x2ED1: "長", 0x2ED2: "镸", 0x2ED3: "长", 0x2ED4: "门",
    0x2ED6: "阝", 0x2ED7: "雨", 0x2ED8: "青", 0x2ED9: "韦", 0x2EDA: "页", 0x2EDB: "风", 0x2EDC: "飞", 0x2EDD: "食",
    0x2EDF: "飠", 0x2EE0: "饣", 0x2EE2: "马", 0x2EE3: "骨", 0x2EE4: "鬼", 0x2EE5: "鱼", 0x2EE6: "鸟", 0x2EE7: "卤",
    0x2EE8: "麦", 0x2EE9: "黄", 0x2EEA: "黾", 0x2EEB: "斉", 0x2EEC: "齐", 0x2EED: "歯", 0x2EEE: "齿", 0x2EEF: "竜",
    0x2EF0: "龙", 0x2EF1: "龜", 0x2EF2: "亀", 0x2EF3: "龟",
}  # fmt: skip
_DOTS = dict.fromkeys(map(ord, "·•∙⋅‧･"), "・")
_WAVES = dict.fromkeys(map(ord, "〜∼∿"), "~")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None)
_TABLE = {**_RADICALS, **_DOTS, **_WAVES, **_INVISIBLE}

_DASHES = "‐‑‒–—―−─━"
_LONG_VOWEL = re.compile(rf"(?<=[ぁ-ゖァ-ヺー])[{_DASHES}]")
_OTHER_DASH = re.compile(rf"[{_DASHES}]")
# ①20人 counts twenty: a number in a circle stays apart from digits that follow.
_CIRCLED = "[①-⑳㉑-㉟㊱-㊿⓪-⓿❶-❿➀-➓]"
_CIRCLED_NUMBER = re.compile(rf"({_CIRCLED})(?=[0-9０-９]|{_CIRCLED})")
_BLANKS = re.compile(r"[ \t\u3000\u00a0]+")


def fold(text: str) -> str:
    """`text` in NFKC with radicals, look-alike dots, waves and dashes folded; white space is kept as it is.

    ①20 → 1 20: NFKC alone would make 120 of it. A dash after kana is the long vowel mark (チ―ム → チーム), any other becomes "-". ①→1, Ⅲ→III, ㈱→(株) follow from NFKC.
    """
    if text.isascii():
        return text
    text = _CIRCLED_NUMBER.sub(r"\1 ", text)
    folded = unicodedata.normalize("NFKC", text.translate(_TABLE)).translate(_DOTS)
    folded = _LONG_VOWEL.sub("ー", folded)
    return _OTHER_DASH.sub("-", folded)


def is_circled_number(text: str, at: int) -> bool:
    """Whether a number in a circle stands at `at` right before another number: `fold` puts a blank between them."""
    return _CIRCLED_NUMBER.match(text, at) is not None


@lru_cache(maxsize=16_384)  # comparing plans asks for the same few thousand names again and again
def fold_name(text: str) -> str:
    """The key under which two spellings of one name meet: folded, no white space, no middle dots or hyphens, casefolded.

    高齢・障害支援課 and 高齢障害支援課 meet; 生活支援課 and 生活支援センター do not.
    """
    return re.sub(r"[\s・、,]", "", fold(text)).casefold()


def squeeze(text: str) -> str:
    """`text` with every run of blanks (also full-width ones) as one blank, trimmed."""
    return _BLANKS.sub(" ", text).strip()
