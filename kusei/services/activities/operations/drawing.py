"""The draw of an intake: sealed and published with its rule before the seed is known, then drawn once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities import lottery
from kusei.services.activities.enums import ActivityVerb, Occasion, SeatState, Way
from kusei.services.activities.errors import NotDrawable
from kusei.services.activities.models import Application, Draw, Intake, Seat
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.holding import fill, held, is_idle, move, starts_at
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person


@transaction.atomic
def seal_draw(*, intake: Intake, seed_source: str, actor: Person, now: datetime | None = None) -> Draw:
    """Fix which applications are drawn and say by which number to come; published at once. Raises NotDrawable before the
    window has closed, for another way of giving places, without a source or applications, or twice; NotAllowed."""
    moment = now or timezone.now()
    intake = _held(intake, actor)
    if intake.way != Way.LOTTERY:
        raise NotDrawable(_("先着順の募集です。抽選はありません。"))
    if moment < intake.closes_at:
        raise NotDrawable(_("申込みの期間が終わってから確定してください。"))
    if not seed_source.strip():
        raise NotDrawable(_("抽選に使う数を書いてください。例: 2026年12月1日の日経平均株価の終値"))
    numbers = sorted(
        set(
            Application.objects.filter(intake=intake, seats__state=SeatState.APPLIED).values_list(
                "number", flat=True
            )
        )
    )
    if not numbers:
        raise NotDrawable(_("抽選する申込みがありません。"))
    try:
        with transaction.atomic():
            draw = Draw.objects.create(
                ward=intake.ward,
                intake=intake,
                commitment=lottery.commitment(numbers),
                numbers=numbers,
                seed_source=seed_source.strip()[:200],
                sealed_at=moment,
                sealed_by=actor,
            )
    except IntegrityError:
        raise NotDrawable(_("抽選の対象は、もう確定しています。")) from None
    _record(
        intake,
        ActivityVerb.SEALED_DRAW,
        actor,
        {"applications": (None, len(numbers)), "seed_source": (None, draw.seed_source)},
    )
    return draw


@transaction.atomic
def draw_lots(*, draw: Draw, seed: str, actor: Person, now: datetime | None = None) -> telling.Told:
    """Draw with the number that has become known. Who fits is accepted in the order of lots, the others wait in that order;
    all are told. Drawn once: the result can be worked out again by anybody. Raises NotDrawable, NotAllowed."""
    moment = now or timezone.now()
    intake = _held(draw.intake, actor)
    draw = Draw.objects.get(pk=draw.pk)
    if intake.is_called_off:
        raise NotDrawable(_("中止にした募集です。抽選はできません。"))
    if draw.drawn_at is not None:
        raise NotDrawable(_("抽選はもう済んでいます。"))
    if not lottery.plain_seed(seed):
        raise NotDrawable(_("抽選に使う数の値を入れてください。"))
    first = starts_at(intake)
    if is_idle(intake) or (first is not None and first <= moment):
        raise NotDrawable(
            _(
                "もう始まったか、回が全部中止になったため、席を決められません。回の日時を変えてから抽選してください。"
            )
        )
    seats: dict[int, list[Seat]] = {}
    for seat in (
        Seat.objects.filter(intake=intake, state=SeatState.APPLIED)
        .select_related("application")
        .order_by("pk")
    ):
        seats.setdefault(seat.application.number, []).append(seat)
    ordered = [number for number in lottery.order(draw.numbers, seed) if number in seats]
    # Who came in after the sealing (never by the page) stands behind, in the order of arrival.
    ordered += sorted(set(seats) - set(ordered))
    for number in ordered:
        for seat in seats[number]:
            seat.turn = intake.next_turn
            intake.next_turn += 1
    drawn = [seat for number in ordered for seat in seats[number]]
    Seat.objects.bulk_update(drawn, ["turn"], batch_size=500)
    intake.save(update_fields=["next_turn"])
    move(drawn, SeatState.WAITING)
    fill(intake, moment, at_once=True)
    draw.seed, draw.drawn_at, draw.drawn_by = seed.strip()[:100], moment, actor
    draw.save(update_fields=["seed", "drawn_at", "drawn_by"])
    _record(intake, ActivityVerb.DRAWN, actor, {"seed": (None, draw.seed)})
    drawn_ones = Application.objects.filter(intake=intake, number__in=ordered).order_by("number")
    return telling.tell_all(
        drawn_ones.select_related("intake__activity", "ward"), Occasion.DRAWN, activity=intake.activity, about=f"drawn:{draw.pk}"
    )  # fmt: skip


def _held(intake: Intake, actor: Person) -> Intake:
    found = held(intake.pk)
    permissions.require(may_host(permissions.rights_of(actor), found.ward, host_ids(found.activity)))
    return found


def _record(
    intake: Intake, verb: ActivityVerb, actor: Person, changes: dict[str, tuple[object, object]]
) -> None:
    audit.record(
        ward=intake.ward, actor=actor, verb=verb, target=intake.activity, label=str(intake), changes=changes
    )
