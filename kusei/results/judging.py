"""How far a target is: worked out from plain values, with the reason said. It never recommends anything; people judge.

Quantities are whole numbers in the metric's smallest unit. Shares are fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

TOLERANCE = Fraction(1, 10)
"""A year that is this much behind its expected share still counts as on course: months are uneven."""


class State(StrEnum):
    """What is said of a target."""

    ACHIEVED = "achieved"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    MISSED = "missed"
    NOT_MEASURABLE = "not_measurable"


class Why(StrEnum):
    """The grounds of a state; a page says each in a sentence with the numbers of `Judgement`."""

    NO_TARGET = "no_target"
    NO_FIGURE = "no_figure"
    REACHED = "reached"
    KEPT_BELOW = "kept_below"
    SHORT_AT_END = "short_at_end"
    ABOVE_AT_END = "above_at_end"
    AGAINST_LAST_YEAR = "against_last_year"
    AGAINST_MONTHS = "against_months"
    LIMIT_BROKEN = "limit_broken"
    BETTER_THAN_BASELINE = "better_than_baseline"
    NO_BETTER_THAN_BASELINE = "no_better_than_baseline"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of an indicator's year.

    `months` is how many months of the year are over (12: the year is). `adds_up`: the figure grows with the months (回, 人),
    so that the year's course can be told; else it is a level (a rate, a number of members). `last_year_then` and
    `last_year_total` are last year's figure at the same time and at its end.
    """

    target: int | None
    actual: int | None
    months: int
    adds_up: bool
    more_is_better: bool = True
    baseline: int | None = None
    last_year_then: int | None = None
    last_year_total: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """`share` is the figure over the target, `expected` what it would be by now; None where that says nothing."""

    state: State
    why: Why
    share: Fraction | None = None
    expected: Fraction | None = None


def judge(measured: Measured) -> Judgement:
    """What to say of a target, and on what grounds."""
    target, actual = measured.target, measured.actual
    if target is None:
        return Judgement(State.NOT_MEASURABLE, Why.NO_TARGET)
    if actual is None:
        return Judgement(State.NOT_MEASURABLE, Why.NO_FIGURE)
    share = Fraction(actual, target) if target else None
    over = measured.months >= 12
    if not measured.more_is_better:
        return _less(measured, target, actual, share, over)
    if actual >= target:
        return Judgement(State.ACHIEVED, Why.REACHED, share)
    if over:
        return Judgement(State.MISSED, Why.SHORT_AT_END, share)
    if measured.adds_up:
        return _course(measured, share or Fraction(0))
    return _level(measured, actual, share)


def _less(measured: Measured, target: int, actual: int, share: Fraction | None, over: bool) -> Judgement:
    """Less is better: a sum can only grow, so it is achieved when the year is over and broken as soon as it is above."""
    if actual > target:
        if over:
            return Judgement(State.MISSED, Why.ABOVE_AT_END, share)
        if measured.adds_up:
            return Judgement(State.BEHIND, Why.LIMIT_BROKEN, share)
        return _level(measured, actual, share)
    if over or not measured.adds_up:
        return Judgement(State.ACHIEVED, Why.KEPT_BELOW, share)
    return Judgement(State.ON_COURSE, Why.KEPT_BELOW, share)


def _course(measured: Measured, share: Fraction) -> Judgement:
    """A sum in the middle of a year: against last year's course, or, without one, against the months that are over."""
    then, total = measured.last_year_then, measured.last_year_total
    if then is not None and total:
        expected, why = Fraction(then, total), Why.AGAINST_LAST_YEAR
    else:
        expected, why = Fraction(max(measured.months, 0), 12), Why.AGAINST_MONTHS
    state = State.ON_COURSE if share >= expected - TOLERANCE else State.BEHIND
    return Judgement(state, why, share, expected)


def _level(measured: Measured, actual: int, share: Fraction | None) -> Judgement:
    """A level in the middle of a year: against where it began."""
    if measured.baseline is None:
        return Judgement(State.BEHIND, Why.SHORT, share)
    better = actual > measured.baseline if measured.more_is_better else actual < measured.baseline
    if better:
        return Judgement(State.ON_COURSE, Why.BETTER_THAN_BASELINE, share)
    return Judgement(State.BEHIND, Why.NO_BETTER_THAN_BASELINE, share)
