"""A session was held, and so many came."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityVerb, SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Session
from kusei.services.activities.operations.calling_off import day_of, held_session, post_session
from kusei.services.activities.operations.dispatch_records import post_sending
from kusei.wards import audit
from kusei.wards.models import Person

_MOST_HEADS = 1_000_000


@transaction.atomic
def count_session(
    *, session: Session, heads: int | None, revision: int, actor: Person, now: datetime | None = None
) -> Session:
    """Record that a session was held and how many came (None: nobody counted); again to correct it. The ledger follows.

    Raises NotFitting before its day, for one that was called off, or for a number that is none; ChangedMeanwhile, NotAllowed.
    """
    moment = now or timezone.now()
    session = held_session(session, revision, actor)
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回です。行ったのなら、新しい回を加えてください。"))
    if timezone.localdate(session.starts_at) > timezone.localdate(moment):
        raise NotFitting(_("まだ先の回です。行った日から記録できます。"))
    if heads is not None and not 0 <= heads <= _MOST_HEADS:
        raise NotFitting(_("人数は0以上の数で書いてください。"))
    before = session.heads
    session.state, session.heads = SessionState.HELD, heads
    session.counted_at, session.counted_by = moment, actor
    session.revision += 1
    session.save(update_fields=["state", "heads", "counted_at", "counted_by", "revision"])
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.SESSION_COUNTED, target=session.activity,
        label=day_of(session), changes={"heads": (before, heads)},
    )  # fmt: skip
    post_session(session, actor)
    post_sending(session, actor)
    return session
