"""What the columns of a table mean, told from the words of its heading row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from kusei.documents.reading.normalise import clean
from kusei.japanese.fiscal_year import fiscal_years_in


class Role(StrEnum):
    """What the cells of a column hold."""

    FOCUS = "focus"  # 行動計画, 重点分野: groups of measures
    MEASURE = "measure"  # 柱, 施策, 区分: groups of rows
    MATTER = "matter"  # 取組, 項目: a group where a cell spans rows, else the name of the row
    PROJECT = "project"  # 事業名: the name of the row
    NUMBER = "number"
    PLAN = "plan"
    RESULT = "result"
    OWNER = "owner"
    AMOUNT = "amount"
    PREVIOUS = "previous"
    DIFFERENCE = "difference"
    TAG = "tag"
    STATUS = "status"  # 評価, 方向性, 進捗: kept in the body
    BODY = "body"
    PERIOD = "period"
    INDICATOR = "indicator"
    BASELINE = "baseline"
    TARGET = "target"
    ACTUAL = "actual"
    NOTE = "note"
    OTHER = "other"


NAMES = frozenset({Role.PROJECT, Role.MATTER, Role.INDICATOR})
GROUPS = frozenset({Role.FOCUS, Role.MEASURE})
VALUES = frozenset({Role.BASELINE, Role.TARGET, Role.ACTUAL})

UNIT = r"(?:十億円|百億円|千万円|百万円|十万円|千円|万円|億円|兆円|円)"
_UNIT_STATED = re.compile(
    rf"(?:単位\s*[:：]?\s*|[(\[【])\s*(?P<unit>{UNIT})\s*(?:[)\]】]|$)|単位\s*[:：]?\s*(?P<bare>{UNIT})"
)

# The first pattern that is found decides. `$` and `^` hold what must stand alone (状況 is a status, 取組状況 a result).
_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.NUMBER, r"^(?:(?:整理|通し|通|管理|事業|施策|資料|掲載|取組|項目)?番号|No\.?|NO|№|#|項番|連番|ID|頁|ページ|号|.{0,5}コード)$"),
    (Role.OTHER, r"^\(?うち|^内数|^(?:上記|左記?)のうち|^財源内訳"),
    (Role.OTHER, r"^\d{1,2}月?[~-]\d{1,2}月$|^\d{1,2}月$|^第?[1-4](?:四半期|Q)$|^Q[1-4]$|^[上下](?:半)?期$|^(?:前|昨)年度の(?:実績|取り?組み?|結果|状況|成果)$"),
    (Role.PLAN, r"(?:今|本|来|次|翌)年度の(?:計画|予定|取り?組み?|目標)$"),
    (Role.RESULT, r"(?:半期|年度末|月末)(?:まで)?の(?:状況|実績|取り?組み?|進捗)"),
    (Role.NOTE, r"^(?:備考|注記?|摘要|参考|メモ)"),
    (Role.DIFFERENCE, r"増減|^(?:比較|差引|差額|差|対前年度?比?|前年(?:度)?比|伸び?率|伸率|A-B|\(?A\)?-\(?B\)?)"),
    (Role.PREVIOUS, r"^(?:前年度?|昨年度?|前期|前の年)"),
    (Role.INDICATOR, r"指標(?:名|の名称|項目|・目標)?$|^(?:成果|活動|評価)指標|測定項目|^KPI"),
    (Role.BASELINE, r"現状値?$|^(?:現状|基準|策定時|計画当初)|基準値"),
    (Role.ACTUAL, r"実績値|^最新値"),
    (Role.TARGET, r"目標(?:値|数値?|水準|年度|\(|量|回数|件数)|^数値目標|^最終目標"),
    (Role.OWNER, r"実施主体|主体$|^担当|担当(?:課|部|局|者|部署|部局|所属|係)?$|所管|主管|^所属|部署|部局(?:名)?$|^(?:課|室|局|部|係)名?(?:・(?:課|室|係|所)名?)?$|推進(?:機関|部署)|関係(?:課|機関|部署|団体)|実施機関|実施者|担い手$|取り?組む(?:人|主体)|連携先|(?:だれ|誰)が$|部課|課所|局区|責任者$"),
    (Role.PLAN, r"(?:予定|計画)(?:して|し)?(?:いた|た|する)?(?:の)?(?:内容|事項|こと)"),
    (Role.RESULT, r"(?:取り?組み?|実施)(?:した)?(?:の)?(?:内容|状況)?(?:と|及び|・|、)(?:成果|実績|結果)"),
    (Role.BODY, r"課題|理由|概要|説明|要旨|趣旨|主な内容|事業内容|取組内容|実施内容|^内容|内容$|目的|ねらい|背景|効果|根拠|対象|意見|コメント|考え方|詳細|^成果|改善"),
    (Role.RESULT, r"結果|実績(?!額)|進捗状況|取り?組み?状況|実施状況|達成状況|取り?組み?の?成果|事業成果|実施した|取り?組んだ|進捗|振り返り|報告|到達(?:点|状況)|(?:し|行っ|やっ|取り?組ん)た(?:こと|内容)|できたこと"),
    (Role.STATUS, r"評価|^(?:必要|有効|効率|公平|妥当|緊急|貢献|達成|代替)性$|(?<!施策の)(?<!取組の)(?<!政策の)方向性?$|達成度|^状況$|^判定|^ランク|^区分評価|ステータス|^今後|優先度|自己点検|^継続"),
    (Role.AMOUNT, rf"予算|決算|事業費|^総?費用|要求$|金額|^額$|経費|要求額|当初|本年度|今年度|執行額|支出|補助額|要望額|(?<!増)(?<!減)額$|^計$|{UNIT}\)?$"),
    (Role.PERIOD, r"時期|期間|期日|日程|スケジュール|年次|工程|開始|^いつ|日時"),
    (Role.TAG, r"^(?:新規|重点|拡充|新規・拡充|新規/拡充|新・拡|新拡|新規等|種別|会計|財源|属性)$"),
    (Role.FOCUS, r"行動計画|重点(?:分野|目標|課題|テーマ|領域)|基本目標"),
    (Role.PLAN, r"計画|予定|目標|年度の(?:取組|取り組み)|これから|実施すること|(?:する|行う|やる)こと$"),
    (Role.MEASURE, r"重点項目|^[款項目節]名?$|上位施策|政策|分野|大項目|大綱|^章|施策|柱|^区分|^分類|方針|中項目|^方向|体系|視点|テーマ|課題名|^戦略|プロジェクト"),
    (Role.PROJECT, r"^事業$|事業(?:名|項目|の名称)?(?:称)?$|事務事業|主な(?:取り?組み?|事業)|主要事業|事業・取組|細事業|取組事業|^名称$|件名"),
    (Role.MATTER, r"取り?組み?(?:名|項目|事項|の名称)?$|^項目|項目名?$|小項目|アクション|行動$|活動名?$|事項|^何を|^すること"),
)  # fmt: skip
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _WORDS)
_MONEY = re.compile(r"\d[\d,.]*[兆億万千百十]*円")
_COUNT = re.compile(r"\d[\d,.]*(?:人|名|件|回|%|社|戸|棟|か所|箇所|校|世帯|組|台|本|冊|団体)$")
_YEAR_ONLY = re.compile(
    r"^(?:(?P<number>\d{1,4}|元)年度|(?:20\d\d|(?:令和|平成)\s*(?:\d+|元))年|(?:令和|平成|R|H)\s*(?:\d{1,2}|元)年?度?)(?:\s*[(（].*[)）])?$"
)
_TITLE_START = re.compile(r"^(?:第\d+[期次]|.{1,8}(?<!地)[都道府県市区町村])$|^第\d+[期次].*計画$")
_PAPER = re.compile(r"[(【\[]?(?:参考|別添|配布)?資料\s*(?:No\.?\s*)?\d{1,2}(?:-\d{1,2})?[)】\]]?")
_SHORT_YEAR = re.compile(r"(?<![\d.])(?P<number>\d{1,2})年度")


@dataclass(slots=True, frozen=True)
class Heading:
    """One heading cell. `year` is the fiscal year it names (`ordinal` where it prints only a number: 5年度)."""

    role: Role
    text: str
    year: int | None = None
    unit: str | None = None


def stated_unit(text: str) -> str | None:
    """The unit of money that a heading or caption states: （単位：千円）, 予算額（円）."""
    match = _UNIT_STATED.search(clean(text))
    return (match["unit"] or match["bare"]) if match else None


@lru_cache(maxsize=4096)
def heading_of(text: str) -> Heading | None:
    """What one heading cell says; None where its words mean no column."""
    folded = clean(text.replace("\n", ""))
    bare = re.sub(r"\s+", "", folded)
    if not bare or len(bare) > 30 or bare.endswith("。") or _MONEY.search(bare) or _COUNT.search(bare):
        return None
    unit = stated_unit(folded)
    years = fiscal_years_in(folded)
    year = years[0].first if years else None
    if year is None and (short := _SHORT_YEAR.search(folded)):
        year = int(short["number"])
    if _YEAR_ONLY.match(bare):
        match = _YEAR_ONLY.match(bare)
        if year is None and match and match["number"] and match["number"].isdigit():
            year = int(match["number"])
        return Heading(Role.AMOUNT, bare, year, unit) if year is not None else None
    without_aside = re.sub(r"[(\[【].*?[)\]】]", "", bare)
    words = re.sub(r"(?:令和|平成|R|H)?(?:\d+|元)年度?(?:の)?", "", without_aside) or without_aside
    if year is not None and re.fullmatch(r"(?:実施)?取り?組み?", words):
        return Heading(Role.PLAN, bare, year, unit)
    first = re.split(r"[/・、,]|及び", words)[0]  # 事業名/内訳: a column of projects, with their parts
    for candidate in dict.fromkeys((words, bare, first)):
        for role, pattern in _COMPILED:
            if pattern.search(candidate):
                return Heading(role, bare, year, unit)
    return None


def read_headings(cells: Sequence[str]) -> list[Heading]:
    """The headings of a whole row, each in the light of the others. A cell that says nothing becomes OTHER."""
    found = [heading_of(cell) or Heading(Role.OTHER, clean(cell.replace("\n", ""))) for cell in cells]
    found = _by_year(found)
    found = _aims(found)
    roles = [heading.role for heading in found]
    if Role.RESULT in roles and Role.PLAN not in roles:
        at = next(
            (
                i
                for i, h in enumerate(found)
                if h.role is Role.BODY and re.search(r"実施(?:する)?内容|取り?組み?内容", h.text)
            ),
            None,
        )
        if at is not None:
            found[at] = replace(found[at], role=Role.PLAN)
    if Role.RESULT not in roles and Role.PLAN in roles:
        found = [
            replace(h, role=Role.RESULT)
            if h.role is Role.BODY and re.search(r"成果|実施内容|取り?組み?内容", h.text)
            else h
            for h in found
        ]
    roles = [heading.role for heading in found]
    if not {Role.PLAN, Role.RESULT, Role.AMOUNT, Role.PREVIOUS} & set(roles):
        found = [
            replace(h, role=Role.PLAN)
            if h.role is Role.BODY and h.year is not None and h.text.endswith("内容")
            else h
            for h in found
        ]
    if Role.INDICATOR in roles:
        found = [
            replace(h, role=Role.TARGET) if h.role is Role.PLAN and h.text.startswith("目標") else h
            for h in found
        ]
        planned = Role.PLAN in {h.role for h in found}
        found = [
            replace(h, role=Role.ACTUAL)
            if h.role is Role.RESULT
            and "実績" in h.text
            and (not planned or (i and found[i - 1].role in {*VALUES, Role.INDICATOR}))
            else h
            for i, h in enumerate(found)
        ]
    if not any(h.role in {Role.PROJECT, Role.MATTER, Role.PLAN, Role.INDICATOR, Role.MEASURE} for h in found):
        found = [
            replace(h, role=Role.PROJECT) if re.search(r"^内容|事業内容|取り?組み?内容", h.text) else h
            for h in found
        ]
    return found


def _aims(found: list[Heading]) -> list[Heading]:
    """A bare 目標 beside a column of what is done for it (取組内容, 具体的な内容) names the row."""
    aim = next(
        (i for i, h in enumerate(found) if h.role is Role.PLAN and h.text in {"目標", "今年度の目標"}), None
    )
    if aim is None or any(h.role in {Role.PROJECT, Role.MATTER, Role.INDICATOR} for h in found):
        return found
    deed = next(
        (
            i
            for i, h in enumerate(found)
            if i > aim and h.role is Role.BODY and re.search(r"(?:取り?組み?|実施|具体的な?)内容$", h.text)
        ),
        None,
    )
    if deed is None or sum(h.role is Role.PLAN for h in found) > 1:
        return found
    result = list(found)
    result[aim] = replace(found[aim], role=Role.MATTER)
    result[deed] = replace(found[deed], role=Role.PLAN)
    return result


def _by_year(found: list[Heading]) -> list[Heading]:
    """Of several columns of money the latest year is this year's, the one before it last year's."""
    money = [i for i, h in enumerate(found) if h.role is Role.AMOUNT]
    if len(money) < 2:
        return found
    result = list(found)
    plans = [i for i in money if "決算" not in found[i].text] or money
    years = sorted({year for i in plans if (year := found[i].year) is not None}, reverse=True)
    has_previous = any(h.role is Role.PREVIOUS for h in found)
    keep = next((i for i in plans if not years or found[i].year == years[0]), plans[0])
    for i in money:
        if i == keep:
            continue
        year = found[i].year
        if len(years) > 1 and year == years[1] and i in plans and not has_previous:
            result[i] = replace(found[i], role=Role.PREVIOUS)
        else:
            result[i] = replace(found[i], role=Role.OTHER)
    return result


def is_year_only(text: str) -> bool:
    """Whether a heading is a year and nothing else (令和６年度, ６年度)."""
    return bool(_YEAR_ONLY.match(re.sub(r"\s+", "", clean(text))))


def header_score(cells: Sequence[str]) -> int:
    """How many cells of a row read like column headings (short, a known word, no sentence, no plain number)."""
    score = 0
    for cell in cells:
        bare = re.sub(r"\s+", "", clean(cell))
        if (
            bare
            and len(bare) <= 24
            and not re.fullmatch(r"[\d,.%△▲-]+", bare)
            and not re.search(r"[。、]", bare)
        ):
            score += heading_of(cell) is not None
    return score


def header_words(line: str) -> list[Heading]:
    """The headings on one printed line whose columns are parted by blanks; [] unless nearly every word is one."""
    if len(line) > 90 or "。" in line:
        return []
    pieces = [piece for piece in clean(line).split(" ") if piece]
    if reads_as_title(pieces):
        return []
    found = [heading_of(piece) for piece in pieces]
    known = [heading for heading in found if heading is not None]
    if len(known) < 3 or len(pieces) - len(known) > 1:
        return []
    return read_headings([piece for piece, heading in zip(pieces, found, strict=True) if heading is not None])


def reads_as_title(pieces: Sequence[str]) -> bool:
    """Whether the words of a line are those of a document's title: 第２期 …, 松風市 …, … 資料２."""
    return bool(pieces) and bool(_TITLE_START.search(pieces[0]) or _PAPER.fullmatch(pieces[-1]))


def header_year(headings: Sequence[Heading]) -> int | None:
    """The fiscal year that the headings of plan, result or amount name."""
    for role in (Role.PLAN, Role.RESULT, Role.AMOUNT, Role.MATTER, Role.PROJECT):
        for heading in headings:
            if heading.role is role and heading.year is not None and heading.year > 1900:
                return heading.year
    return None
