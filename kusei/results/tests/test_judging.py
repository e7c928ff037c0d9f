"""What is said of targets, and on what grounds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kusei.results.judging import Judgement, Measured, State, Why, judge

quantities = st.none() | st.integers(0, 2000)


def said(**known) -> tuple[State, Why]:
    values = {"target": 100, "actual": 50, "months": 6, "adds_up": True} | known
    found = judge(Measured(**values))
    return found.state, found.why


@pytest.mark.parametrize(
    ("known", "state", "why"),
    [
        ({"target": None}, State.NOT_MEASURABLE, Why.NO_TARGET),
        ({"actual": None}, State.NOT_MEASURABLE, Why.NO_FIGURE),
        ({"actual": 100}, State.ACHIEVED, Why.REACHED),
        ({"actual": 0, "target": 0}, State.ACHIEVED, Why.REACHED),
        ({"actual": 99, "months": 12}, State.MISSED, Why.SHORT_AT_END),
        ({"actual": 41}, State.ON_COURSE, Why.AGAINST_MONTHS),
        ({"actual": 39}, State.BEHIND, Why.AGAINST_MONTHS),
        ({"actual": 62, "last_year_then": 55, "last_year_total": 100}, State.ON_COURSE, Why.AGAINST_LAST_YEAR),
        ({"actual": 40, "last_year_then": 55, "last_year_total": 100}, State.BEHIND, Why.AGAINST_LAST_YEAR),
        ({"actual": 45, "last_year_then": 0, "last_year_total": 0}, State.ON_COURSE, Why.AGAINST_MONTHS),
        # levels: 48 % know of something, 60 are aimed at
        ({"adds_up": False, "actual": 480, "target": 600, "baseline": 450}, State.ON_COURSE, Why.BETTER_THAN_BASELINE),
        ({"adds_up": False, "actual": 440, "target": 600, "baseline": 450}, State.BEHIND, Why.NO_BETTER_THAN_BASELINE),
        ({"adds_up": False, "actual": 480, "target": 600}, State.BEHIND, Why.SHORT),
        # less is better: 11 % smoke, 9 are aimed at
        ({"adds_up": False, "more_is_better": False, "actual": 110, "target": 90, "baseline": 120}, State.ON_COURSE, Why.BETTER_THAN_BASELINE),
        ({"adds_up": False, "more_is_better": False, "actual": 110, "target": 90, "months": 12}, State.MISSED, Why.ABOVE_AT_END),
        ({"adds_up": False, "more_is_better": False, "actual": 85, "target": 90}, State.ACHIEVED, Why.KEPT_BELOW),
        ({"more_is_better": False, "actual": 50}, State.ON_COURSE, Why.KEPT_BELOW),
        ({"more_is_better": False, "actual": 101}, State.BEHIND, Why.LIMIT_BROKEN),
        ({"more_is_better": False, "actual": 50, "months": 12}, State.ACHIEVED, Why.KEPT_BELOW),
    ],
)  # fmt: skip
def test_what_is_said_of_a_target(known, state, why) -> None:
    assert said(**known) == (state, why)


def test_the_shares_that_the_reason_names() -> None:
    found = judge(Measured(100, 62, 6, True, last_year_then=110, last_year_total=200))
    assert found == Judgement(State.ON_COURSE, Why.AGAINST_LAST_YEAR, Fraction(31, 50), Fraction(11, 20))


@given(
    quantities,
    quantities,
    st.integers(0, 12),
    st.booleans(),
    st.booleans(),
    quantities,
    quantities,
    quantities,
)
def test_more_of_what_is_better_is_never_said_to_be_worse(
    target, actual, months, adds_up, more, baseline, then, total
) -> None:
    def at(quantity: int | None) -> State:
        return judge(Measured(target, quantity, months, adds_up, more, baseline, then, total)).state

    rank = [State.NOT_MEASURABLE, State.MISSED, State.BEHIND, State.ON_COURSE, State.ACHIEVED]
    if actual is not None:
        better = actual + 1 if more else max(actual - 1, 0)
        assert rank.index(at(better)) >= rank.index(at(actual))
