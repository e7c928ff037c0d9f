"""Whether a draw that stands in the database is the one that follows from what is public: numbers, seal and value."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Min

from kusei.services.activities import lottery
from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.models import Draw, Seat
from kusei.wards.models import AuditEntry, Ward


@dataclass(frozen=True, slots=True)
class Verdict:
    """One draw, worked out again. `late` are the numbers of applications whose people went to the end of the line afterwards."""

    draw: Draw
    is_sealed: bool
    is_in_order: bool
    late: tuple[int, ...] = ()

    @property
    def is_right(self) -> bool:
        return self.is_sealed and self.is_in_order


def verify_draws(ward: Ward) -> list[Verdict]:
    """Every draw of a ward that was held, in the order of their holding."""
    drawn = Draw.objects.filter(ward=ward, drawn_at__isnull=False).select_related("intake__activity")
    return [_verified(draw) for draw in drawn.order_by("drawn_at", "pk")]


def _verified(draw: Draw) -> Verdict:
    turns = dict(
        Seat.objects.filter(intake=draw.intake_id, application__number__in=draw.numbers)
        .order_by()
        .values_list("application__number")
        .annotate(Min("turn"))
    )
    drawn = {number for number in draw.numbers if number in turns}
    expected = [number for number in lottery.order(draw.numbers, draw.seed) if number in drawn]
    stands = sorted(drawn, key=lambda number: turns[number])
    grown = {number for number in drawn if _has_grown(draw, number)} if stands != expected else set()
    return Verdict(
        draw,
        is_sealed=lottery.commitment(draw.numbers) == draw.commitment,
        is_in_order=[each for each in stands if each not in grown]
        == [each for each in expected if each not in grown],
        late=tuple(sorted(grown)),
    )


def _has_grown(draw: Draw, number: int) -> bool:
    """Whether people were added to an application after the draw, as the trail has it: all of it goes to the end of the line then."""
    changed = AuditEntry.objects.filter(
        ward=draw.ward_id, verb=ActivityVerb.APPLICATION_CHANGED, target_id=str(draw.intake.activity_id),
        at__gte=draw.drawn_at, target_label__endswith=f"受付番号{number}",
    )  # fmt: skip
    return any("seats" in entry.changes for entry in changed)
