"""Headings that open a part of a document and are no items themselves (目標達成に向けた施策, 組織運営, コラム …)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kusei.documents.reading.markers import find_marker

GOAL, STANCE, MEASURES, ORGANISATION, COLUMN, BACKGROUND, NEUTRAL = (
    "goal", "stance", "measures", "organisation", "column", "background", "neutral",
)  # fmt: skip

_WORDS = {
    GOAL: r"(?:[町村市区県]|まち|地域)が(?:目指|めざ)す(?:姿|将来像|まち)|(?:区政|市政|町政|村政|県政|行政)(?:運営)?の(?:基本)?(?:目標|理念)|(?:まち|地域|区|市|町)の将来像|(?:区政運営の|行政運営の|まちづくりの)?基本目標|基本理念|目指(?:す|すべき)(?:姿|将来像|まちの姿)|(?:将来|都市)像|めざす(?:姿|まちの姿|将来像)|スローガン|キャッチフレーズ|基本的な目標",
    STANCE: r"(?:.{1,8}が|共通して)?大切にする(?:こと|視点|姿勢|考え方)|[^ぁ-ん。]{1,6}の(?:基本的な)?(?:視点|姿勢)|基本姿勢|(?:区政)?運営の基本姿勢|(?:共通|重視する|横断的な?|推進|今年度|本年度|取組|施策)(?:の)?視点|基本的な(?:姿勢|視点)|取組の姿勢|職員の行動指針|(?:[一二三四五六\d]つの)(?:心がけ|心構え|視点|姿勢|約束|キーワード)|心がけ|心構え",
    MEASURES: r"(?:重点的に|新たに|今年度|本年度|新年度に?)?取り組む(?:主な)?(?:施策|取組|事業)|(?:[一二三四五六七八九十\d]+つの)(?:基本|重点|主要)?(?:施策|政策|取組|柱|戦略|目標|方針)|(?:重点|主要|基本)(?:政策|目標|戦略|方針)|(?:(?:基本)?目標達成に向けた)?(?:主な|主要な?|重点的?な?|具体的な?)?(?:施策|取組|事業|取り組み)(?:[・と](?:施策|取組|事業))?(?:の(?:内容|概要|展開|体系|方向|推進))?|(?:基本)?目標(?:の)?達成(?:に向けた|のための)(?:取組|施策|重点(?:取組|施策))(?:[・と](?:施策|取組))?|主要(?:な)?(?:事業|施策)(?:一覧|の概要)?|取組(?:の)?内容|重点(?:取組|施策|事業)|施策体系",
    ORGANISATION: r"(?:町|村|県|市|区)?(?:役場|役所|庁内|県庁|市役所|区役所)の(?:運営|改革)|(?:[^。、]{1,8}の)?(?:仕事|業務)の進め方|行財?政改革(?:の(?:取組|推進))?|組織運営(?:・.{2,8})?(?:に(?:関する|係る)(?:取組|事項|方針))?|(?:方針の|計画の|施策の)?推進に(?:当た|あた)って|(?:行財政|行政|県庁|市役所|区役所|役場|庁内|組織)(?:の)?改革(?:の(?:取組|推進))?|(?:目標達成に向けた)?組織(?:運営|づくり)(?:の?(?:方針|取組|考え方))?|(?:行財政|行政)運営(?:の?(?:方針|取組))?|.{0,6}(?:組織|区役所|市役所)(?:運営|づくり)(?:の(?:取組|方針))?|.{0,12}(?:区役所|市役所|役場)を(?:目指して|めざして)",
    BACKGROUND: r"[^。、]{1,10}を(?:取り巻く|めぐる)(?:状況|情勢|環境)|(?:計画|方針|評価|報告|調査)の概要|むすびに?|結び|年間の流れ|(?:部|課|局|室|組織)の(?:使命|役割|ミッション)(?:\(.*\))?|(?:総括|まとめ|総評)|基本的な考え方|(?:概算|予算)?(?:要求|編成)(?:・要望)?(?:に(?:当たって|際して))?の(?:基本的な)?(?:考え方|視点|前提)|評価の(?:進め方|方法|概要|対象|考え方|視点)|.{0,10}(?:の意見|からの意見)|(?:来年度|今後|次年度)に向けて|基金(?:の(?:残高|状況))?(?:\(.*\))?|財源(?:内訳)?|進み具合の?公表|公表(?:の方法)?|凡例|(?:策定|計画策定)の?(?:趣旨|背景|経緯|目的)|はじめに|現状(?:と課題)?|背景|趣旨|(?:計画|方針)の?(?:位置付け|位置づけ|期間|対象|目的|考え方|構成)|推進体制|進行管理|進捗管理|用語(?:の)?(?:解説|説明)|(?:お?問い?合わ?せ|連絡先).{0,6}|目次|指標(?:と目標値?)?|目標値|年間(?:行事|予定|スケジュール)|スケジュール|今後の(?:予定|進め方)|資料|関連(?:リンク|情報|資料)|リンク|参考資料|(?:予算|財政)の(?:規模|概要|状況|見通し)|人口(?:の(?:推移|動向|見通し|構成|状況))?|おわりに|結びに|その他|前年度の(?:主な)?(?:成果|実績)|区の(?:概要|現状|特徴)",
}
_PATTERNS = {name: re.compile(rf"^(?:{words})$") for name, words in _WORDS.items()}
# What only a numbered heading may say and be no item: unnumbered, the same words may be the document's title.
_NUMBERED_BACKGROUND = re.compile(
    r"[^。、]{1,12}の(?:趣旨|目的|位置付け|位置づけ|経緯|基本的な考え方)|[^。、]{1,14}に(?:当た|あた)って"
)
# A pillar about the office itself, last among those about the town.
_OFFICE_PILLAR = re.compile(
    r"[^。]{1,16}(?:区役所|市役所|町役場|村役場|役場|県庁|道庁|府庁|都庁)(?:へ|に|を)?"
)
_GOAL_INLINE = re.compile(rf"^(?:{_WORDS[GOAL]})(?:\s*[:：]\s*|\s+|(?=[「『“\"~～-]))\s*(?P<aim>\S.{{3,}})$")
_COLUMN = re.compile(
    r"^(?:コラム|COLUMN|トピックス?|TOPICS?)\s*(?P<number>\d{1,2}|[①-⑳])?\s*[:：]?\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_DECORATION = re.compile(
    r"^(?:参考|別紙|資料)\s*|\s*[~～].*[~～]\s*$|\s*[(（](?:(?:具体的な?|主な|重点)(?:取組|施策|事業)|概要|案|再掲|抜粋)[)）]$"
)
_POINTER = re.compile(r"^(?:主な取組|主な事業|取組|具体的な取組)\s*\((?P<inside>.+)\)$")


@dataclass(slots=True, frozen=True)
class Section:
    """`name` is one of the constants above; `number` as printed; `aim` or `title` what stands on the same line."""

    name: str
    number: str | None = None
    title: str | None = None


def _without_lead(aim: str) -> str:
    """`花と歩むまち 四季の花が咲く…つくります。` → the aim before the sentence."""
    if not aim.endswith("。"):
        return aim
    words = aim.split(" ")
    head = [word for word in words if "。" not in word]
    return " ".join(words[: len(head)]) if head and words[: len(head)] == head else aim


def unquote(aim: str) -> str:
    """An aim without the quotes around the whole of it."""
    aim = aim.strip(' "*“”')
    return aim[1:-1] if re.fullmatch(r"「[^「」]*」|『[^『』]*』", aim) else aim


def section_of(folded: str, raw: str) -> Section | None:
    """The section that a heading opens, or None. `raw` is the printed line (for its marker)."""
    return _section_of(folded, raw) if len(folded) <= 90 and len(raw) <= 400 else None


@lru_cache(maxsize=2048)
def _section_of(folded: str, raw: str) -> Section | None:
    if pointer := _POINTER.match(folded):
        inner = section_of(pointer["inside"], pointer["inside"])
        if inner:
            return inner
    marker = find_marker(raw)
    title = marker.rest if marker and not (marker.style == "level" and marker.word == "コラム") else folded
    number = marker.number if marker else None
    if marker and marker.style == "level":
        if marker.word != "コラム":
            return None
        title = folded
    if marker and marker.is_bullet:
        return None
    if column := _COLUMN.match(title if not (marker and marker.style == "level") else folded):
        if column["title"] and not re.match(r"[ぁ-んー]", column["title"]):
            return Section(COLUMN, column["number"], column["title"].strip())
        return None
    if boxed := re.match(rf"^[【〔\[《<](?:{_WORDS[GOAL]})[】〕\]》>]\s*(?P<aim>\S.{{5,}})$", title.strip()):
        return Section(GOAL, number, unquote(_without_lead(boxed["aim"].strip())))
    bare = title.strip().strip("【】《》[]〔〕<>").strip()
    if re.fullmatch(r"(?:\S\s+)+\S", bare):
        bare = re.sub(r"\s+", "", bare)  # 目　次
    if inline := _GOAL_INLINE.match(bare):
        aim = _without_lead(inline["aim"].strip())
        if not re.match(r"(?:の|に|を|は|が|と)", aim) and not aim.endswith("。"):
            return Section(GOAL, number, unquote(aim))
    bare = _DECORATION.sub("", bare.strip("「」")).strip()
    bare = re.sub(r"^[~～-]|[~～-]$", "", bare).strip()
    if bare == "目次":
        return Section(NEUTRAL, number)
    if re.fullmatch(
        r"(?:主な|具体的な)?(?:取組|事業)(?:内容)?|実施(?:内容|状況)|(?:施策|取組|事業|計画)の(?:実施|進捗|推進)?(?:状況|結果)|(?:政策|施策|事業|取組)?の?評価の?結果|(?:方針|施策|事業|分野|目標)(?:別|ごと)の?(?:評価|取組|実績|状況)",
        bare,
    ):
        return Section(NEUTRAL, number)
    for name, pattern in _PATTERNS.items():
        if pattern.match(bare):
            return Section(name, number)
    if marker is not None and _NUMBERED_BACKGROUND.fullmatch(bare):
        return Section(BACKGROUND, number)
    return None


def is_end(title: str) -> bool:
    """Whether a heading closes the whole document, not a part of one measure."""
    return bool(re.fullmatch(r"(?:お|終)わりに|(?:むす|結)び(?:に(?:当たって)?)?", title.strip()))


def is_frame_word(title: str) -> bool:
    """はじめに and おわりに: headings however short and however they end."""
    return title.strip() in {"はじめに", "初めに", "始めに"} or is_end(title)


def is_about_office(title: str) -> bool:
    """Whether a pillar's title says that it is about how the office is run, not about the town."""
    found = section_of(title, title)
    return (found is not None and found.name == ORGANISATION) or bool(_OFFICE_PILLAR.fullmatch(title))
