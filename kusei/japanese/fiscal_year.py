"""Fiscal years (年度) as print writes them, and back.

A fiscal year runs from 1 April to 31 March and is named by the year its April falls in: 令和3年度 = 2021.
Sources: 地方自治法 208条1項 (the year); 昭和64年政令1号 and 平成31年政令143号 (平成 from 8 January 1989, 令和 from 1 May 2019);
改元に伴う元号による年表示の取扱いについて (ministries' agreement of 1 April 2019): the year that began as 平成31年度 is called
令和元年度 as a whole. Papers printed before count on (平成33年度 = 2021); that is read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kusei.japanese.folding import fold
from kusei.japanese.offsets import fold_with_offsets

# First year of each era; a year's number n means first + n - 1.
_FIRST = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "明治": 1868}
_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
# From this fiscal year on, the year carries the era's name. 1926 began as 大正15年度, 1912 as 明治45年度.
_NAMED_FROM = {"令和": 2019, "平成": 1989, "昭和": 1927, "大正": 1913, "明治": 1868}
_LONGEST_ERA = 64  # 昭和; no era's number runs higher, not even on papers printed before a change

_KANJI_DIGITS = {**{digit: value for value, digit in enumerate("〇一二三四五六七八九")}, "零": 0}
_KANJI = r"[〇零一二三四五六七八九十]"
_S = r"\s*"
_NUMBER = rf"(?:\d{{1,2}}(?!\d)|元|{_KANJI}{{1,3}})"
_WESTERN = rf"(?:西暦{_S})?(?<![\d.,])(?:(?:19|20)\d\d(?!\d)|[一二][〇零九]{_KANJI}{{2}})"
_ERA = rf"(?:令{_S}和|平{_S}成|昭{_S}和|大{_S}正|明{_S}治|(?<![A-Za-z0-9])[RHSTM])"
_ERA_YEAR = rf"{_ERA}{_S}{_NUMBER}"
_ASIDE = rf"(?:{_S}年?{_S}[(（]{_S}(?:{_WESTERN}|{_ERA_YEAR}){_S}年?{_S}[)）])?"
_YEAR = rf"(?:{_ERA_YEAR}|{_WESTERN}){_ASIDE}"
_END = rf"{_S}年{_S}度"
# 令和3~7年度, 令和3年度から7年度, R3~R7年度, 令和3・4年度
_RANGE = re.compile(
    rf"(?P<first>{_YEAR})(?:{_END})?{_S}(?:[~\-・]|から|より){_S}(?P<last>{_YEAR}|{_NUMBER}|\d\d(?!\d)){_END}"
)
_ONE = re.compile(rf"(?P<first>{_YEAR}){_END}")
# R3, H31 alone. Not before a further number, as in the date R4.2.1, and not before 年: 令和3年 is a calendar year.
_SHORT = re.compile(
    rf"(?P<first>(?<![A-Za-z0-9.\-/])[RH]{_S}(?:\d{{1,2}}|元))(?![A-Za-z0-9]|{_S}[.\-/年]{_S}\d|{_S}[年月度])"
)
_LABEL = re.compile(rf"{_S}(?P<first>{_YEAR}){_S}年?{_S}")
_DATE = re.compile(
    rf"(?P<year>{_ERA_YEAR}|{_WESTERN}){_ASIDE}{_S}(?:年|[./-]){_S}(?P<month>\d{{1,2}}|{_KANJI}{{1,2}}){_S}"
    rf"(?:月|[./-]){_S}(?P<day>\d{{1,2}}(?!\d)|{_KANJI}{{1,3}})"
)
_ASIDE_ONLY = re.compile(r"年?[(（].*$")
# Without one of these a line names no fiscal year: most lines are done with at this point.
_HINT = re.compile("年|[RHＲＨ]")


@dataclass(frozen=True)
class FiscalYears:
    """A fiscal year, or a range of them, where a text names it: text[begin:end] is what is printed there."""

    first: int
    last: int
    begin: int
    end: int

    @property
    def is_range(self) -> bool:
        return self.last > self.first


def fiscal_years_in(text: str) -> list[FiscalYears]:
    """Every fiscal year that `text` names, in order: 令和３年度, 令和元年度, R3, ㋿3年度, 平成三十一年度, 2021年度, 令和3~7年度.

    A date names none (R4.2.1, 令和4年2月1日), nor does a calendar year (令和3年).
    """
    if not _HINT.search(text):
        return []
    folded = fold_with_offsets(text)
    found: list[FiscalYears] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_RANGE, _ONE, _SHORT):
        for match in pattern.finditer(folded.text):
            years = _years(match)
            if years and not any(match.start() < end and begin < match.end() for begin, end in taken):
                taken.append(match.span())
                found.append(FiscalYears(*years, *folded.raw_span(*match.span())))
    return sorted(found, key=lambda years: years.begin)


def parse_fiscal_year(text: str) -> int | None:
    """The first fiscal year that `text` names; of a range its first year. None where it names none.

    A label that is nothing but a year counts too (令和元年, R6, 2024), since forms and columns are filled in so.
    """
    named = fiscal_years_in(text)
    if named:
        return named[0].first
    label = _LABEL.fullmatch(fold(text))
    return _year(label["first"]) if label else None


def parse_date(text: str) -> date | None:
    """The first date in `text` with its year stated: R4.2.1, 令和４年２月１日, 2022年2月1日, 2022/2/1.

    平成31年5月1日, printed before 令和 was named, is 1 May 2019. None where there is none or no such day exists.
    """
    for match in _DATE.finditer(fold(text)):
        year, month, day = _year(match["year"]), _number(match["month"]), _number(match["day"])
        if year and month and day:
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def fiscal_year_of(day: date) -> int:
    """The fiscal year that `day` falls in: 31 March 2022 → 2021, 1 April 2022 → 2022.

    Money has its own rule: the books of a year stay open to 31 May, so a record stores its fiscal year.
    """
    return day.year if day.month >= 4 else day.year - 1


def wareki_year(fiscal_year: int) -> str:
    """2021 → 令和3年度, 2019 → 令和元年度, 2018 → 平成30年度. Raises ValueError before 1868."""
    era, number = _era_number(fiscal_year)
    return f"{era}{'元' if number == 1 else number}年度"


def short_wareki_year(fiscal_year: int) -> str:
    """2021 → R3, 2019 → R1, 2018 → H30: for table heads and charts. Raises ValueError before 1868."""
    era, number = _era_number(fiscal_year)
    letter = next(letter for letter, name in _LETTERS.items() if name == era)
    return f"{letter}{number}"


def _era_number(fiscal_year: int) -> tuple[str, int]:
    for era, named_from in _NAMED_FROM.items():
        if fiscal_year >= named_from:
            return era, fiscal_year - _FIRST[era] + 1
    raise ValueError(f"No era is known for the fiscal year {fiscal_year}")


def _years(match: re.Match[str]) -> tuple[int, int] | None:
    """First and last year of a match; None where a number fits no year or a range runs backwards."""
    first = _year(match["first"])
    if first is None:
        return None
    printed_last = match.groupdict().get("last")
    if printed_last is None:
        return first, first
    last = _year(printed_last)
    if last is None:
        number = _number(printed_last)
        if number is None:
            return None
        era = _era_of(match["first"])
        # 令和3~7年度 counts in the era of the first year, 2021~25年度 in its century.
        last = _FIRST[era] + number - 1 if era else first // 100 * 100 + number
    return (first, last) if last >= first else None


def _year(printed: str) -> int | None:
    """The year of an era or western year as printed, aside and blanks included."""
    printed = _ASIDE_ONLY.sub("", re.sub(r"\s", "", printed)).removeprefix("西暦")
    era = _era_of(printed)
    if era is None:
        year = _number(printed)
        return year if year and year >= 1868 else None
    number = _number(printed.removeprefix(era) if printed.startswith(era) else printed[1:])
    return _FIRST[era] + number - 1 if number and 1 <= number <= _LONGEST_ERA else None


def _era_of(printed: str) -> str | None:
    dense = re.sub(r"\s", "", printed)
    return _LETTERS.get(dense[0]) or next((era for era in _FIRST if dense.startswith(era)), None)


def _number(printed: str) -> int | None:
    """元 → 1, 12, 十二, 三十一, 二〇二一. None where it is no such number."""
    if printed == "元":
        return 1
    if printed.isascii():
        return int(printed) if printed.isdigit() else None
    if "十" not in printed:
        digits = [_KANJI_DIGITS.get(character) for character in printed]
        return None if None in digits else int("".join(map(str, digits)))
    tens, _, ones = printed.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    high, low = _KANJI_DIGITS.get(tens or "一"), _KANJI_DIGITS.get(ones or "〇")
    return None if high is None or low is None else high * 10 + low
