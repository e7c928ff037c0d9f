"""A session was recorded as held by mistake: it is planned again, and the ledger says nothing of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Session
from kusei.services.activities.operations.calling_off import day_of, held_session, post_session
from kusei.services.activities.visit_enums import VisitVerb
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def take_back_session(*, session: Session, revision: int, actor: Person) -> Session:
    """Take back that a session was held, with its heads. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    session = held_session(session, revision, actor)
    if session.state != SessionState.HELD:
        raise NotFitting(_("行ったと記録した回だけを、元に戻せます。"))
    if session.visit is not None and session.visit.forgotten_at is not None:
        raise NotFitting(_("終わってから1年たち、連絡先を消した申込みなので、変えられません。"))
    before = session.heads
    session.state, session.heads = SessionState.PLANNED, None
    session.counted_at = session.counted_by = None
    session.revision += 1
    session.save(update_fields=["state", "heads", "counted_at", "counted_by", "revision"])
    audit.record(
        ward=session.ward, actor=actor, verb=VisitVerb.TAKEN_BACK, target=session.activity,
        label=day_of(session), changes={"heads": (before, None)},
    )  # fmt: skip
    post_session(session, actor)
    return session
