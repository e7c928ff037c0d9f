"""The money of several years on one card: `R3：2,100千円　R4：2,300千円`, or a line of years above a line of figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kusei.documents.reading.attributes import UNIT, plain_number
from kusei.documents.reading.model import Amount
from kusei.documents.reading.normalise import clean
from kusei.japanese.fiscal_year import fiscal_years_in

_YEAR = r"(?:令和|平成|R|H)\s?(?:\d{1,2}|元)(?:年度?)?|20\d\d年度?|\d{1,2}年度"
_KIND = r"(?:当初)?(?:予算|決算)?(?:見込)?額?"
_PAIR = re.compile(
    rf"(?P<year>{_YEAR})\s?[(]?{_KIND}[)]?\s?[:：]?\s?(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>{UNIT})?(?![\d年])"
)
_YEARS = re.compile(rf"^(?:(?:{_YEAR})\s?[(]?{_KIND}[)]?\s*){{2,}}$")
_FIGURES = re.compile(rf"^(?:\d[\d,]*(?:\.\d+)?\s?(?:(?:{UNIT})\s*|\s+|$)){{2,}}$")


@dataclass(slots=True, frozen=True)
class YearAmount:
    """One year's money; `year` is the fiscal year, or the bare number printed (5年度)."""

    year: int
    amount: Amount


def years_of(text: str) -> list[int]:
    """The years of a line that holds nothing but years; [] for any other."""
    folded = clean(text)
    if not _YEARS.match(folded):
        return []
    return [_year(match[0]) for match in re.finditer(_YEAR, folded)]


def yearly_amounts(text: str, *, unit: str | None, years: list[int] | None = None) -> list[YearAmount]:
    """Money by year: each year beside its figure, or figures below `years`. [] unless there are two or more."""
    folded = clean(text.replace("\n", " "))
    pairs = list(_PAIR.finditer(folded))
    if len(pairs) >= 2:
        return [
            YearAmount(_year(m["year"]), Amount(plain_number(m["number"]), m["unit"] or unit)) for m in pairs
        ]
    if years and _FIGURES.match(folded):
        figures = re.findall(rf"(\d[\d,]*(?:\.\d+)?)\s?({UNIT})?", folded)
        if len(figures) == len(years):
            return [
                YearAmount(year, Amount(plain_number(number), own or unit))
                for year, (number, own) in zip(years, figures, strict=True)
            ]
    return []


def latest_two(found: list[YearAmount]) -> tuple[Amount | None, Amount | None]:
    """The money of the latest year and of the year before it."""
    by_year = {one.year: one.amount for one in found}
    last = max(by_year)
    return by_year[last], by_year.get(last - 1)


def _year(text: str) -> int:
    years = fiscal_years_in(text if "年" in text else f"{text}年度")
    if years:
        return years[0].first
    number = re.search(r"\d+", text)
    return int(number[0]) if number else 1
