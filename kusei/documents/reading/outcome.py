"""What became of a plan, told from the words of its result."""

from __future__ import annotations

import re

from kusei.documents.reading.figures import read_figures
from kusei.japanese.folding import fold

# What a clause says. Order matters: the first pattern found in a clause decides.
_CLAUSES: tuple[tuple[str, str], ...] = (
    ("postponed", r"延期|次年度に(?:繰|持ち)越|先送り|翌年度に(?:実施|設置|行う|開催)(?:する|予定)"),
    ("suspended", r"休止(?!や再開|して(?:い|お|た)|しているグループ|を余儀|せざる)|休会|見合わせ"),
    ("none", r"未実施|未着手|実施せず|開催せず|実施はな(?:し|かった)|実績はな(?:し|かった)|実績なし|該当なし|(?:実施|開催|紹介|活動紹介|参加|対応|着手)(?:は|が)?(?:でき|行え|行わ)な(?:かった|い)|行わなかった|実施しなかった|開催しなかった|希望がなかった|できませんでした"),
    ("cancelled", r"中止|取り?やめ|取止め"),
    ("ended", r"(?:活動|配布|事業|運用|制度|募集|取組|をもって|で)(?:を|は)?(?:終了(?:とした|した|し|$)|廃止)|廃止(?:した|とした)"),
    ("prepared", r"準備(?:を|中|し)|検討(?:中|段階)|調整(?:中|$)|に向け(?:て|た)?(?:更新|検討|調整|準備)|デザイン完成|設計(?:を|が|完)|更新を行い|協議中|方向性をまとめ"),
    ("done", r"実施|開催|交付|配[布付架]|行(?:った|い|なった)|作成|設置|周知|掲載|発行|活用|送付|共有|参加|連携|対応|支援|提供|紹介|推進|把握|図(?:った|り)|増刷|整備|表彰|開い|開始|始め|開設|完了|達成|修了|訪問|登録|回答|受けた|推進|充実|出席|進めた|案内|訓練|工事|務め|努め|共催|啓発|分析|検討を行|検討した|調整した|調整を行|新設|補修"),
)  # fmt: skip
_COMPILED = tuple((outcome, re.compile(pattern)) for outcome, pattern in _CLAUSES)
_FUTURE = re.compile(
    r"(?:予定|していく|いきます|検討していく|継続していく|引き継ぐ|必要がある|必要である|必要。?$|目指す|次年度(?:は|以降)|今後)"
)
_ASIDE = re.compile(
    r"\([^)]*休[会止][^)]*\)|具体的な.{0,8}なかった|活動休止や再開|休止(?:や再開|して|を余儀|せざる|による)|中止(?:となっ|し|は)?(?:た)?(?:ものの|が、|となったが|したが|したため)|コロナ.{0,6}による休止"
)
_NOT_ALL = re.compile(
    r"一部(?:を|は|の)?(?:実施|未|中止|開催)|のみ(?:の)?(?:実施|開催)|にとどまった|にとどま|縮小して"
)
_NEGATIVE = {"cancelled", "postponed", "suspended", "none"}


def outcome_of(result: str | None) -> tuple[str, str]:
    """The outcome of a result text (a value of `results.Outcome`) and the words that told it, parted by 、.

    done, partly (some done, some not), cancelled, suspended, postponed, none (not carried out), ended, prepared;
    unknown where the text is empty or says nothing of the kind.
    """
    text = fold(result or "").strip()
    if not text:
        return "unknown", ""
    said: list[tuple[str, str]] = []
    for clause in re.split(r"[。\n]|(?<=た)が、|ものの|(?=\(\d\))|(?=[・※])", text):
        if clause.strip():
            said += _clause(clause)
    kinds = [kind for kind, _ in said]
    clues = "、".join(dict.fromkeys(word for _, word in said))
    if not said and (re.search(r"(?:した|った|いだ|れた|できた)[。)]?$", text) or read_figures(text)):
        return "done", text[-4:].strip("。)")
    negative = [kind for kind in kinds if kind in _NEGATIVE]
    if match := _NOT_ALL.search(text):
        return "partly", match[0]
    if negative and "done" in kinds:
        return "partly", clues
    if negative:
        return negative[0], clues
    if kinds and kinds[0] in {"ended", "prepared"}:
        return said[0]
    for kind in ("done", "ended", "prepared"):
        if kind in kinds:
            return kind, "、".join(dict.fromkeys(word for other, word in said if other == kind))
    return "unknown", ""


def _clause(clause: str) -> list[tuple[str, str]]:
    """What one sentence says; a plan for a later year says nothing of this one."""
    plain = _ASIDE.sub("", clause)
    for kind, pattern in _COMPILED:
        match = pattern.search(plain)
        if match is None:
            continue
        if (
            kind == "done"
            and _FUTURE.search(plain)
            and not re.search(r"(?:した|った|れた|できた|いた)", plain)
        ):
            return []
        return [(kind, match[0])]
    return []
