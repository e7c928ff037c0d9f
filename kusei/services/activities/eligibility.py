"""For whom an activity is: pure. Ages are whole years on the day of the first session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why somebody is outside of those for whom an activity is, or what is not known of them."""

    AGE_UNKNOWN = "age_unknown"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Rule:
    """`reach`: whether one has to live (or work, or learn) here; ages both included, None without a limit."""

    reach: str = ""
    low: int | None = None
    high: int | None = None

    @property
    def asks_age(self) -> bool:
        return self.low is not None or self.high is not None

    def of_age(self, age: int | None, *, may_be_unknown: bool = False) -> Why | None:
        """Why a person of this age is outside; None inside. Staff who did not ask leave it open (`may_be_unknown`)."""
        if not self.asks_age:
            return None
        if age is None:
            return None if may_be_unknown else Why.AGE_UNKNOWN
        if self.low is not None and age < self.low:
            return Why.TOO_YOUNG
        if self.high is not None and age > self.high:
            return Why.TOO_OLD
        return None

    def of_belonging(self, belongs: bool | None, *, may_be_unknown: bool = False) -> Why | None:
        """Why an application is outside that declared (True), denied (False) or said nothing of (None) living or working here."""
        if not self.reach or belongs or (belongs is None and may_be_unknown):
            return None
        return Why.ELSEWHERE
