"""Who went and who came along, and what of it stands in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.dispatch_enums import AssignmentState, DispatchVerb, EnvoyRole
from kusei.services.activities.enums import ActivityVerb, SessionState
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Along, Assignment, Session
from kusei.services.activities.operations.calling_off import day_of, post_session
from kusei.services.activities.operations.recounting import hold_item, post_persons
from kusei.services.activities.operations.sending import held_assignment, move_to, record
from kusei.services.activities.operations.visits.following import hold_request_of
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

MOST_MINUTES = 60 * 24 * 7
MOST_YEN = 10_000_000


@transaction.atomic
def record_going(
    *, assignment: Assignment, went: bool, minutes: int = 0, fee_yen: int = 0, expenses_yen: int = 0, note: str = "",
    revision: int, actor: Person, now: datetime | None = None,
) -> Assignment:  # fmt: skip
    """Whether somebody went, for how many minutes, and the yen for it; again to correct it. A session to which somebody went was
    held. The ledger follows. Raises NotFitting before the day, ChangedMeanwhile, NotAllowed."""
    moment = now or timezone.now()
    held = held_assignment(assignment.pk)
    session = held.need.session
    _require(session, actor)
    wanted = (
        (AssignmentState.WENT.value, minutes, fee_yen, expenses_yen)
        if went
        else (AssignmentState.MISSED.value, None, None, None)
    )
    if (held.state, held.minutes, held.fee_yen, held.expenses_yen, held.note) == (
        *wanted,
        note.strip()[:200],
    ):
        return held
    if held.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、この依頼が変わりました。いまの内容を確かめてください。")
        )
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回です。"))
    if timezone.localdate(session.starts_at) > timezone.localdate(moment):
        raise NotFitting(_("まだ先の回です。行った日から記録できます。"))
    if went and not (
        1 <= minutes <= MOST_MINUTES and 0 <= fee_yen <= MOST_YEN and 0 <= expenses_yen <= MOST_YEN
    ):
        raise NotFitting(_("時間は1分以上、謝金と実費は0円以上の数で書いてください。"))
    before = (held.minutes, held.fee_yen, held.expenses_yen)
    values: dict[str, Any] = {
        "minutes": wanted[1], "fee_yen": wanted[2], "expenses_yen": wanted[3], "note": note.strip()[:200],
        "recorded_at": moment, "recorded_by": actor, "to_telephone": False,
    }  # fmt: skip
    if held.state == wanted[0]:
        for name, value in values.items():
            setattr(held, name, value)
        held.revision += 1
        held.save(update_fields=[*values, "revision"])
    else:
        move_to(held, wanted[0], actor, DispatchVerb.WENT, **values)
    record(
        held, actor, DispatchVerb.WENT,
        {name: pair for name, pair in zip(("minutes", "fee_yen", "expenses_yen"), zip(before, wanted[1:], strict=True), strict=True) if pair[0] != pair[1]},
    )  # fmt: skip
    if went and session.state == SessionState.PLANNED:
        session.state, session.counted_at, session.counted_by = SessionState.HELD, moment, actor
        session.revision += 1
        session.save(update_fields=["state", "counted_at", "counted_by", "revision"])
        audit.record(
            ward=session.ward, actor=actor, verb=ActivityVerb.SESSION_COUNTED, target=session.activity,
            label=day_of(session),
        )  # fmt: skip
    hold_item(session)
    post_session(session, actor)
    post_persons(session, actor)
    return held


@transaction.atomic
def set_along(*, session: Session, role: EnvoyRole, who: str, count: int, actor: Person) -> Along | None:
    """So many of a role came along who are in no register (a body's name or an occupation, no names of persons); 0: none after
    all. Said twice, the last number stands. Raises NotFitting, NotAllowed."""
    _require(session, actor)
    hold_request_of(session)
    session = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=session.pk)
    )
    if not 0 <= count <= 1_000:
        raise NotFitting(_("人数は0人から1,000人までで書いてください。"))
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回です。"))
    word = who.strip()[:80]
    found = Along.objects.filter(session=session, role=role, who=word).first()
    before = found.count if found else 0
    if before == count:
        return found
    if found is not None and count == 0:
        found.delete()
        found = None
    elif count:
        found = found or Along(ward=session.ward, session=session, role=role, who=word)
        found.count = count
        found.save()
    audit.record(
        ward=session.ward, actor=actor, verb=DispatchVerb.ALONG, target=session.activity,
        label=f"{EnvoyRole(role).label} {word}".strip(), changes={"count": (before, count)},
    )  # fmt: skip
    post_session(session, actor)
    return found


def _require(session: Session, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), session.ward, host_ids(session.activity)))
