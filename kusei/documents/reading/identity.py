"""Whose document it is, for which fiscal year, and of which kind: only what the text says, or plainly implies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kusei.documents.reading import sections
from kusei.documents.reading.columns import header_words
from kusei.documents.reading.lines import Text
from kusei.documents.reading.model import Line, Warning
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import pieces_of
from kusei.documents.reading.ward_names import NOT_A_NAME, name_alone, names_in, names_inside
from kusei.japanese.fiscal_year import parse_fiscal_year, wareki_year

_DOCUMENT_WORD = (
    r"運営方針|基本方針|経営方針|施政方針|重点方針|方針|予算(?:案|書)?|(?:概算|予算)要求|所信表明(?:演説)?|施政方針演説|実施計画|行動計画|アクションプラン|マスタープラン|総合計画|推進計画|計画書?|プラン|ビジョン|戦略|"
    r"評価(?:結果|シート|表|書|調書)?|点検|検証|報告書?|一覧表?|主要(?:な)?(?:事業|施策)|(?:アクション)?リスト|(?:予算|要求|方針|計画)?のポイント|基本的な考え方|指針|の約束|の重点|予算のあらまし|内訳|重点(?:事業|施策|取組)|(?:取組|実施|進捗|達成)(?:状況|結果)|取組(?:一覧)?|主な(?:事業|取組|施策)|(?:アクション)?プログラム|進捗(?:状況)?(?:管理表)?|実績|結果|シート|調書|調査票|点検票|評価票|(?:計画|総括|管理)表|個票|カード|事業概要書?|マニフェスト|(?:執行|推進)状況|管理票|調べ"
)
_TITLE_END = re.compile(
    rf"(?:{_DOCUMENT_WORD})(?:\s*[(（][^()（）]{{1,20}}[)）])?(?:の(?:概要|主な事業|あらまし|ポイント|状況|取組|一覧|結果|進捗状況))?(?:\s*[(（][^()（）]{{1,24}}[)）])?(?:に(?:基づく|係る|関する).{{1,20}})?(?:について)?(?:\s*(?:概要版|本編|資料編|素案|原案|最終案|改訂版|20\d\d\s*[→~-]\s*20\d\d|20\d\d|R\d{{1,2}}|(?:令和|平成)(?:\d{{1,2}}|元)年度版?))?$"
)
_YEAR = re.compile(
    r"(?:令和|平成|昭和|R|H)\s*(?:元|\d{1,2}|[一二三四五六七八九十]+)\s*年度|20\d\d年度|(?<![A-Za-z])[RH]\d{1,2}年度?(?![\d.])"
)
_CORNER = re.compile(
    r"^[(【\[]?(?:資料|別紙|別添|参考|様式)\s?(?:第?\s?\d{0,2}(?:-\d{1,2})?号?)(?:の\d)?[)】\]]?$"
)
_DATE = re.compile(rf"{_YEAR.pattern}|(?:令和|平成)?\s?(?:\d{{1,4}}|元)年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?")
_SPAN = re.compile(rf"(?:{_YEAR.pattern})\s*(?:~|-|ー|から|→)\s*(?:(?:{_YEAR.pattern})|\d{{1,2}}年度)")
# The year that the work was done in, where a title names the year of its evaluation, too.
_DONE_IN = re.compile(
    rf"[(（]\s*(?P<year>{_YEAR.pattern})(?:の|に)?\s*(?:(?:実施|対象|執行|取組|事業|実績|決算|評価対象)(?:した)?(?:分|事業|施策)?|事業実施分)\s*[)）]"
)


_UNIT_NOTE = re.compile(
    r"\s*\(?単位\s*[:：].{1,6}\)?$|\s+[(【\[]?(?:参考|別添|配布)?資料\s*(?:No\.?\s*)?\d{1,2}(?:-\d{1,2})?[)】\]]?$"
)
"""What stands at the right of a title: the unit, or the number of the paper (資料２)."""


@dataclass(slots=True)
class Identity:
    """What is known of the document as a whole. None: the text does not say."""

    title: str | None = None
    ward: str | None = None
    fiscal_year: int | None = None
    kind: str = "other"
    title_texts: list[Text] = field(default_factory=list)
    beside: str | None = None
    """A body's name printed beside the title, far to its right."""
    warnings: list[Warning] = field(default_factory=list)


def find_title(texts: list[Text], *, allow_first: bool = True) -> list[Text]:
    """The lines of the title; [] where the document prints none. `allow_first`: an unmarked first line that heads the whole
    document may be its title without saying what kind of document it is."""
    best: tuple[float, int] | None = None
    for index, text in enumerate(texts):
        words, _ = _title_words(text)
        if (
            text.width > 62
            or "。" in text.text
            or (text.marker and text.marker.style not in {"square", "heading"})
        ):
            continue
        plain = _UNIT_NOTE.sub("", re.sub(r"^[■□◆#\s]+", "", words))
        if (
            sections.section_of(plain, plain)
            or not _TITLE_END.search(plain)
            or re.search(r"^[※(（・]|ご覧|参照|[:：]", plain)
        ):
            continue
        year, name = bool(_YEAR.search(plain)), bool(names_in(re.sub(_YEAR, " ", plain)))
        early = index < 12
        if not (year and name) and not early:
            continue
        score = (
            2.0 * year
            + 2.0 * name
            + (1.5 if early else 0)
            - min(index, 40) * 0.05
            + (0.5 if text.line.heading == 1 or text.emphasis else 0)
        )
        if index > 2 and not (year or name):
            continue
        if best is None or score > best[0]:
            best = (score, index)
    if best is None and texts and texts[0].line.heading == 1:
        return [texts[0]]
    if best is None:
        return _first_heading(texts) if allow_first else []
    index = best[1]
    lines = [texts[index]]
    if index + 1 < len(texts):
        after = texts[index + 1]
        if (
            after.gap == 0
            and after.width < 40
            and re.fullmatch(r"[(（~～-].{2,30}[)）~～-]", after.text)
            and _YEAR.search(after.text)
        ):
            lines.append(after)
    if len(lines) == 1 and index + 1 < len(texts):
        after = texts[index + 1]
        if (
            after.gap == 0
            and after.width < 30
            and after.marker is None
            and _YEAR.match(after.text)
            and _TITLE_END.search(after.text)
            and not _YEAR.search(lines[0].text)
        ):
            lines.append(after)
    if index > 0 and not names_in(re.sub(_YEAR, " ", lines[0].text)):
        before = texts[index - 1]
        if (
            lines[0].gap == 0
            and before.width < 30
            and before.marker is None
            and (names_in(before.text) or _YEAR.search(before.text))
            and "。" not in before.text
            and not re.search(r"\d月|資料", before.text)
        ):
            lines.insert(0, before)
    return lines


def _title_words(text: Text) -> tuple[str, str | None]:
    """A line without what stands far to the right of its title (a body's name, 資料２), and that name."""
    if text.width > 62 or len(text.line.text) > 300:  # a text may be a piece of one very long line
        return text.text, None
    first, *others = [clean(piece.text) for piece in pieces_of(text.line.text, gap=6)] or [text.text]
    names = [name for piece in others if (name := name_alone(piece))]
    if not others or not all(name_alone(piece) or _CORNER.match(piece) for piece in others):
        return text.text, None
    return first, names[0] if names else None


def _first_heading(texts: list[Text]) -> list[Text]:
    """A first line that stands over everything: unmarked, short, no sentence, set apart from what follows."""
    if len(texts) < 4:
        return []
    first, second = texts[0], texts[1]
    apart = second.gap > 0 or second.marker is not None or first.emphasis > second.emphasis
    plain = (
        first.marker is None
        and 4 <= first.width <= 30
        and not re.search(r"[。、:：]|^[【《<(「]|\d月|資料", first.text)
    )
    if (
        plain
        and apart
        and not sections.section_of(first.text, first.text)
        and not re.search(r"\S\s+\S+\s+\S", first.text)
    ):
        return [first]
    return []


def identify(
    texts: list[Text],
    *,
    header_year: int | None = None,
    in_tables: Sequence[tuple[str, Line]] = (),
    allow_first: bool = True,
) -> Identity:
    """Title, ward, year and kind of a document from its prepared lines.

    `header_year`: the year in a table's heading. `in_tables`: folded text of cells, each with its line, from which ward and
    year may be inferred too.
    """
    found = Identity()
    title = find_title(texts, allow_first=allow_first)
    if title:
        words, found.beside = _title_words(title[0])
        joined = _UNIT_NOTE.sub("", re.sub(r"^[■□◆#\s]+", "", words))
        for text in title[1:]:
            joined += text.text if re.match(r"[(（~～]", text.text) else f" {text.text}"
        found.title = joined
        found.title_texts = title
    printed = [*((text.text, text.line) for text in texts), *in_tables]
    _find_ward(found, texts, printed)
    _find_year(found, texts, printed, header_year)
    found.kind = _kind_of_title(found.title or "")
    return found


def _find_ward(found: Identity, texts: list[Text], printed: list[tuple[str, Line]]) -> None:
    if found.title:
        names = names_in(re.sub(_YEAR, " ", found.title))
        names = names or ([found.beside] if found.beside else []) or _head_of(found.title)
        if names:
            found.ward = names[0]
            return
    for text in (*texts[:6], *texts[-3:]):
        words = _DATE.sub(" ", text.text).strip(" ()[]【】")
        if (
            text.width <= 24
            and (names := names_in(words))
            and re.fullmatch(r".{0,8}" + re.escape(names[0]) + r"(?:役所|役場)?(?:.{0,12}|\s.{0,24})", words)
            and text.marker is None
            and re.search(r"(?:区|市|町|村|県|省|庁|連合|組合)(?:役所|役場)?(?:\s|$)|課$|年", text.text)
        ):
            found.ward = names[0]
            return
    for text in (*texts[:6], *texts[-3:]):
        if (
            text.width <= 24
            and (
                match := re.fullmatch(
                    r"(?P<name>[一-龥々ヶケぁ-んァ-ヴー]{1,6}(?:区|市|町|村|県))(?:長|\s.{1,12}|\s*(?:教育委員会|議会))",
                    text.text,
                )
            )
            and match["name"] not in NOT_A_NAME
        ):
            found.ward = match["name"]
            return
    counts: Counter[str] = Counter()
    first: dict[str, Line] = {}
    for words, line in printed:
        for name in names_inside(words):
            counts[name] += 1
            first.setdefault(name, line)
    if counts:
        (name, count), *rest = counts.most_common(2)
        if count >= 3 and count >= 2 * (rest[0][1] if rest else 0):
            found.ward = name
            found.warnings.append(
                Warning(
                    "ward_inferred",
                    f"表題に団体名がありません。本文に{count}回出てくる「{name}」の文書として読みました。",
                    first[name].page,
                    first[name].number,
                )
            )


def _head_of(title: str) -> list[str]:
    """The town whose head speaks in the title: あかね町長の約束."""
    match = re.search(
        r"(?<![一-龥ァ-ヴ])(?P<name>[一-龥々ヶケぁ-んァ-ヴー]{1,6}(?:区|市|町|村))長(?:の|・|\s|$)", title
    )
    return [match["name"]] if match and match["name"] not in NOT_A_NAME else []


def _find_year(
    found: Identity, texts: list[Text], printed: list[tuple[str, Line]], header_year: int | None
) -> None:
    title = found.title or ""
    if (match := _DONE_IN.search(title)) and (year := parse_fiscal_year(match["year"])):
        found.fiscal_year = year
        return
    if _SPAN.search(title):
        title = _SPAN.sub(" ", title)
        if not _YEAR.search(title):
            return  # the plan of several years is of none of them
    if title and (match := _YEAR.search(title)):
        found.fiscal_year = parse_fiscal_year(
            match[0] if match[0].endswith("年度") else match[0].rstrip("年") + "年度"
        )
        if found.fiscal_year:
            return
    if found.title and (match := re.search(r"(?<!\d)(20\d\d)$", found.title)):
        found.fiscal_year = int(match[1])
        return
    for text in (*texts[:6], *texts[-3:]):
        of_columns = bool(header_words(text.text))  # a year in a column's heading is only implied
        if text.width <= 30 and (match := _YEAR.search(text.text)) and text.marker is None and not of_columns:
            found.fiscal_year = parse_fiscal_year(match[0])
            return
    if header_year:
        found.fiscal_year = header_year
        found.warnings.append(
            Warning(
                "year_inferred",
                f"表題に年度がありません。表の見出しから{wareki_year(header_year)}として読みました。",
                None,
                None,
            )
        )
        return
    counts: Counter[int] = Counter()
    first: dict[int, Line] = {}
    for words, line in printed:
        for match in _YEAR.finditer(words):
            if not match[0].endswith("年度"):
                continue
            year = parse_fiscal_year(match[0])
            if year:
                counts[year] += 1
                first.setdefault(year, line)
    if counts:
        (year, count), *rest = counts.most_common(2)
        if count >= 2 * (rest[0][1] if rest else 0):
            found.fiscal_year = year
            found.warnings.append(
                Warning(
                    "year_inferred",
                    f"表題に年度がありません。本文から{wareki_year(year)}として読みました。",
                    first[year].page,
                    first[year].number,
                )
            )


def _kind_of_title(title: str) -> str:
    title = clean(title)
    if re.search(r"予算|概算要求|歳出", title):
        return "budget"
    if re.search(r"評価|点検|検証|マネジメントシート|進捗状況(?:報告書?)?$", title) and not re.search(
        r"(?:行動計画|アクションプラン).*進捗", title
    ):
        return "evaluation"
    if re.search(r"運営方針|施政方針|経営方針|基本方針|重点方針|マニフェスト", title):
        return "policy"
    if re.search(r"計画|プラン|プログラム|リスト|取組(?:状況|結果|一覧)|実施状況|進捗|実績", title):
        return "action_plan"
    if re.search(r"方針|ビジョン|施策|政策|約束|宣言|指針|基本的な考え方", title):
        return "policy"
    return "other"
