"""What becomes of a year's items in next year's draft: plain values only.

Items go on and are linked to last year's; ended ones drop out with everything below them; expanded and suspended ones are
marked; last year's money stands beside an empty request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kusei.plans.drafting import Owner, Row, Tree
from kusei.plans.enums import AmountBasis, ReviewState
from kusei.plans.rules import Money
from kusei.results.enums import Course

TAGS = {Course.EXPANDED.value: "拡充", Course.SUSPENDED.value: "休止", Course.REDUCED.value: "縮小"}
"""What an item is marked with, in the words that documents use. Marks of the year before do not go on."""

_OF_ONE_YEAR = frozenset({"新規", *TAGS.values()})


@dataclass(frozen=True, slots=True)
class Carried:
    """One item of last year that goes on: last year's id and the row of next year's draft (a negative id)."""

    older: int
    row: Row
    course: str


@dataclass(frozen=True, slots=True)
class RollOver:
    """What goes on, in order, and what ended (last year's ids, those below an ended item included)."""

    carried: tuple[Carried, ...]
    ended: tuple[int, ...]


def roll_over(
    tree: Tree,
    courses: Mapping[int, str],
    *,
    fiscal_year: int,
    known: Iterable[int] = (),
    acting: Mapping[int, Owner] | None = None,
) -> RollOver:
    """What next year's plan (`fiscal_year`) takes from a tree of this year.

    `courses` has the course of each judged item; the others go the way of the nearest judged item above, or go on.
    `known` are items that next year's plan has taken already: they are left alone, what is new below them is taken.
    `acting` has who is responsible in the place of bodies that end with this year.
    """
    taken = set(known)
    carried: list[Carried] = []
    ended: list[int] = []
    fresh: dict[int, int] = {}
    course_of: dict[int, str] = {}
    for row in tree.rows:
        above = (
            course_of.get(row.parent, Course.CONTINUED.value)
            if row.parent is not None
            else Course.CONTINUED.value
        )
        own = courses.get(row.item, "")
        course = Course.ENDED.value if above == Course.ENDED else own or Course.CONTINUED.value
        course_of[row.item] = course
        if course == Course.ENDED:
            ended.append(row.item)
            continue
        if row.item in taken:
            continue
        fresh[row.item] = -(len(carried) + 1)
        carried.append(
            Carried(row.item, _next_year(row, course, fiscal_year, fresh[row.item], acting or {}), course)
        )
    return RollOver(tuple(carried), tuple(ended))


def _next_year(row: Row, course: str, fiscal_year: int, item: int, acting: Mapping[int, Owner]) -> Row:
    tags = tuple(tag for tag in row.tags if tag not in _OF_ONE_YEAR)
    if course in TAGS:
        tags = (TAGS[course], *tags)
    return replace(
        row,
        item=item,
        tags=tags,
        owners=tuple(
            {owner.body: owner for owner in (acting.get(each.body, each) for each in row.owners)}.values()
        ),
        money=tuple(
            _as_last_year(money, fiscal_year) for money in row.money if money.basis == AmountBasis.CURRENT
        ),
        page=None,
        line=None,
        places=(),
        revision=1,
        review=ReviewState.WORKING.value,
        review_note="",
    )


def _as_last_year(money: Money, fiscal_year: int) -> Money:
    return replace(money, fiscal_year=fiscal_year - 1, basis=AmountBasis.PREVIOUS.value)
