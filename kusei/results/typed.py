"""Figures typed into an answer, each with what the ledger says and what somebody decided about it: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from kusei.ledger.rules import to_smallest
from kusei.results.claims import Claim, Standing, claims_in, plain_unit
from kusei.results.live import LiveFigure
from kusei.results.proposals import Countable, chosen

LONGEST_WHY = 200


class Told(StrEnum):
    """What is said of a typed figure."""

    BACKED = "backed"
    COUNTED = "counted"
    """It is in the ledger because somebody put it there from this text."""
    KEPT = "kept"
    """It differs, and somebody said why."""
    DIFFERS = "differs"
    UNBACKED = "unbacked"


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided about a typed figure: counted as a metric (`why` empty), or kept although the ledger says
    `quantity`, with the reason."""

    key: str
    metric_id: int
    quantity: int
    why: str
    by: str

    @property
    def is_kept(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class Choice:
    """A metric that a typed figure could be counted as, and what it says of the action so far."""

    metric: Countable
    now: LiveFigure | None


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A typed figure as pages show it. `choices` are metrics of its unit, the likeliest first."""

    key: str
    printed: str
    claim: Claim
    told: Told
    decided: Decided | None
    metric_now: LiveFigure | None
    choices: tuple[Choice, ...] = ()
    is_doubted: bool = False
    """It is counted from this text, and by now somebody posted more of the same: perhaps this very thing once again."""

    @property
    def is_open(self) -> bool:
        return self.told in (Told.DIFFERS, Told.UNBACKED)

    @property
    def needs_a_look(self) -> bool:
        return self.is_open or self.is_doubted


def keyed(claims: Sequence[Claim]) -> list[tuple[str, Claim]]:
    """Each claim with what it is known by, wherever it stands: its number, unit and word, and which of several alike."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for claim in claims:
        name = (f"{claim.value.normalize():f}", claim.unit, claim.found.label or "")
        found.append((sha256("|".join((*name, str(seen[name]))).encode()).hexdigest()[:12], claim))
        seen[name] += 1
    return found


def typed_figures(
    text: str,
    figures: Sequence[LiveFigure],
    decided: Mapping[str, Decided] | None = None,
    metrics: Sequence[Countable] = (),
) -> list[TypedFigure]:
    """Every figure typed in `text`, in its order.

    A decision holds for what it was made of: one that was kept is pointed out again when the ledger says yet another number.
    """
    now = {figure.metric_id: figure for figure in figures}
    found = []
    counted: Counter[int] = Counter()
    for each in (decided or {}).values():
        counted[each.metric_id] += 0 if each.is_kept else each.quantity
    for key, claim in keyed(claims_in(text, figures)):
        decision = (decided or {}).get(key)
        told = _told(claim, decision)
        found.append(
            TypedFigure(
                key=key,
                printed=text[claim.found.begin : claim.found.end],
                claim=claim,
                told=told,
                decided=decision,
                metric_now=now.get(decision.metric_id) if decision else claim.against,
                choices=_choices(claim, metrics, now) if told in (Told.DIFFERS, Told.UNBACKED) else (),
                is_doubted=told == Told.COUNTED
                and decision is not None
                and decision.metric_id in now
                and now[decision.metric_id].quantity not in (None, counted[decision.metric_id]),
            )
        )
    return found


def _told(claim: Claim, decision: Decided | None) -> Told:
    if decision is not None and not decision.is_kept:
        return Told.COUNTED
    if claim.standing == Standing.DIFFERS and decision is not None and claim.against is not None:
        same = (decision.metric_id, decision.quantity) == (claim.against.metric_id, claim.against.quantity)
        return Told.KEPT if same else Told.DIFFERS
    return Told(claim.standing.value)


def _choices(claim: Claim, metrics: Sequence[Countable], now: Mapping[int, LiveFigure]) -> tuple[Choice, ...]:
    fitting = [each for each in metrics if each.is_posted and fits(each, claim)]
    first = chosen(fitting, claim.found.label or "")
    ordered = sorted(fitting, key=lambda each: each is not first)
    return tuple(Choice(each, now.get(each.id)) for each in ordered)


def fits(metric: Countable, claim: Claim) -> bool:
    """Whether a metric has the claim's unit (人 may be counted as 延べ人, as texts say it) and its decimals."""
    unit = plain_unit(metric.unit)
    if unit != claim.unit and {unit, claim.unit} != {"人", "延べ人"}:
        return False
    try:
        to_smallest(claim.value, metric.decimals)
    except ValueError:
        return False
    return True
