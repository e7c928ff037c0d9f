"""At the door: who is there, who stays away, who comes without an application, and who is let in from the waiting list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityVerb, PresenceWay, SeatState, SessionState
from kusei.services.activities.errors import NotFitting, SeatGone
from kusei.services.activities.models import Intake, Presence, Quota, SealedCount, Seat, Session
from kusei.services.activities.operations.calling_off import day_of, post_session
from kusei.services.activities.operations.holding import held, move
from kusei.services.activities.operations.recounting import hold_item, post_persons
from kusei.services.activities.operations.visits.following import hold_request_of
from kusei.services.activities.permissions import may_host, may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_MOST_WALK_INS = 100_000


@transaction.atomic
def mark_presence(
    *,
    session: Session,
    seat: Seat,
    is_present: bool | None,
    way: PresenceWay = PresenceWay.TAPPED,
    actor: Person,
    now: datetime | None = None,
) -> Presence | None:
    """Say that the person of a seat is there, stays away (False), or take back what was said (None). Said twice it is said once.

    Heads that came from the door follow, and the ledger. Raises NotFitting before its day, for a session that was called off or
    whose different people are sealed, for who has no place in it; NotAllowed.
    """
    moment = now or timezone.now()
    _intake, session = _at_door(session, actor, moment)
    seat = Seat.objects.get(pk=seat.pk)  # read anew: somebody may have cancelled it meanwhile
    return _mark(session, [seat], is_present, way, actor, moment)[0]


@transaction.atomic
def mark_from_paper(
    *, session: Session, present: Collection[int], actor: Person, now: datetime | None = None
) -> int:
    """Take over a list that was ticked on paper: the accepted seats named were there, all others not; how many were there.
    Raises what `mark_presence` raises."""
    moment = now or timezone.now()
    _intake, session = _at_door(session, actor, moment)
    seats = list(Seat.objects.filter(intake=session.intake_id, state=SeatState.ACCEPTED))
    for is_present in (True, False):
        chosen = [seat for seat in seats if (seat.pk in present) is is_present]
        if chosen:
            _mark(session, chosen, is_present, PresenceWay.PAPER, actor, moment)
    return Presence.objects.filter(session=session, is_present=True).count()


@transaction.atomic
def count_walk_ins(*, session: Session, by: int, actor: Person, now: datetime | None = None) -> int:
    """So many more (or fewer) came without an application; how many now. Raises NotFitting, NotAllowed."""
    moment = now or timezone.now()
    permissions.require(may_host(permissions.rights_of(actor), session.ward, host_ids(session.activity)))
    hold_request_of(session)
    session = _locked(session, moment)
    before = session.walk_ins
    session.walk_ins = max(0, before + by)
    if session.walk_ins > _MOST_WALK_INS:
        raise NotFitting(_("人数を確かめてください。"))
    if session.walk_ins == before:
        return before
    session.save(update_fields=["walk_ins"])
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.WALK_INS, target=session, label=day_of(session),
        changes={"heads": (before, session.walk_ins)},
    )  # fmt: skip
    _follow(session, actor)
    return session.walk_ins


@transaction.atomic
def let_in(*, session: Session, seat: Seat, actor: Person, now: datetime | None = None) -> int:
    """Give somebody of the waiting list who stands at the door a free place, on the day; how many seats. Who wants to come together
    comes together. Raises SeatGone where too few are free, NotFitting for who does not wait, NotAllowed."""
    moment = now or timezone.now()
    intake, session = _at_door(session, actor, moment)
    if seat.intake_id != intake.pk or intake.is_called_off:
        raise NotFitting(_("この回に申し込んだ人ではありません。"))
    waiting = list(
        Seat.objects.filter(
            application=seat.application_id, state__in=(SeatState.WAITING, SeatState.OFFERED)
        ).select_related("application")
    )
    party = [each for each in waiting if each.application.together or each.pk == seat.pk]
    if seat.pk not in {each.pk for each in party}:
        raise NotFitting(_("この人はキャンセル待ちではありません。名簿を開き直してください。"))
    free = {quota.pk: quota.capacity - quota.taken for quota in Quota.objects.filter(intake=intake)}
    for each in party:
        if each.state == SeatState.WAITING:
            free[each.quota_id] -= 1
    if min(free.values()) < 0:
        raise SeatGone(
            _("空いた席が足りません。来ない人の申込みを取り消すか、定員を増やすか、「申込みなしで来た人」に数えてください。")
        )  # fmt: skip
    move(party, SeatState.ACCEPTED)
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.LET_IN, target=session.activity,
        label=_("%(day)s 受付番号%(number)d") % {"day": day_of(session), "number": party[0].application.number},
        changes={"seats": (0, len(party))},
    )  # fmt: skip
    return len(party)


def heads_at_door(session: Session) -> int:
    """Who was ticked, and who came without an application."""
    return Presence.objects.filter(session=session, is_present=True).count() + session.walk_ins


def _at_door(session: Session, actor: Person, moment: datetime) -> tuple[Intake, Session]:
    """The session and before it its intake, both locked: nobody cancels or is given a seat meanwhile."""
    permissions.require(
        may_see_applicants(permissions.rights_of(actor), session.ward, host_ids(session.activity))
    )
    if session.intake_id is None:
        raise NotFitting(_("申込みのない回です。人数だけを数えてください。"))
    intake = held(session.intake_id)
    session = _locked(session, moment)
    if SealedCount.objects.filter(session=session).exists():
        raise NotFitting(
            _("実績を締め、実人数を確定した回なので、出席は変えられません。人数は回の記録で直せます。")
        )
    return intake, session


def _locked(session: Session, moment: datetime) -> Session:
    found = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=session.pk)
    )
    if found.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回です。"))
    if timezone.localdate(found.starts_at) > timezone.localdate(moment):
        raise NotFitting(_("まだ先の回です。当日から記録できます。"))
    return found


def _mark(
    session: Session,
    seats: Collection[Seat],
    is_present: bool | None,
    way: PresenceWay,
    actor: Person,
    moment: datetime,
) -> list[Presence | None]:
    known = {each.seat_id: each for each in Presence.objects.filter(session=session, seat__in=seats)}
    marked: list[Presence | None] = []
    changed = []
    for seat in seats:
        before = known.get(seat.pk)
        if (before.is_present if before else None) == is_present:
            marked.append(before)
            continue
        if seat.intake_id != session.intake_id:
            raise NotFitting(_("この回に申し込んだ人ではありません。"))
        if is_present and seat.state != SeatState.ACCEPTED:
            raise NotFitting(
                _("この人の申込みは「%(state)s」です。席が決まっている人だけを出席にできます。")
                % {"state": seat.get_state_display()}
            )
        changed.append((before, seat))
        if is_present is None:
            before.delete()  # type: ignore[union-attr]
            marked.append(None)
            continue
        marked.append(
            Presence.objects.update_or_create(
                session=session, seat=seat,
                defaults={"ward": session.ward, "is_present": is_present, "way": way, "noted_at": moment, "noted_by": actor},
            )[0]
        )  # fmt: skip
    if changed:
        numbers = dict(Seat.objects.filter(pk__in=[seat.pk for _before, seat in changed]).values_list("pk", "application__number"))  # fmt: skip
        audit.record_many(
            ward=session.ward, actor=actor, verb=ActivityVerb.PRESENCE,
            lines=[
                (
                    session,
                    _("%(day)s 受付番号%(number)d") % {"day": day_of(session), "number": numbers[seat.pk]},
                    {"is_present": (before.is_present if before else None, is_present)},
                )
                for before, seat in changed
            ],
        )  # fmt: skip
        _follow(session, actor)
    return marked


def _follow(session: Session, actor: Person) -> None:
    """What was recorded of a session that was held goes with the door."""
    if session.state != SessionState.HELD:
        return
    hold_item(session)
    if session.follows_door:
        heads = heads_at_door(session)
        if heads < sum(each or 0 for each in (session.men, session.women, session.children)):
            raise NotFitting(
                _("男性・女性・子どもの内訳より少なくなります。先に、回の記録で内訳を直してください。")
            )
        if heads != session.heads:
            session.heads = heads
            session.revision += 1
            session.save(update_fields=["heads", "revision"])
            post_session(session, actor)
    post_persons(session, actor)
