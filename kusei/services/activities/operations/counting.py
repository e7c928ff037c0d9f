"""A session was held, and so many came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityVerb, SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Session
from kusei.services.activities.operations.calling_off import day_of, held_session, post_session
from kusei.services.activities.operations.door import heads_at_door
from kusei.services.activities.operations.recounting import hold_item, post_persons
from kusei.wards import audit
from kusei.wards.models import Person

_MOST_HEADS = 1_000_000


@transaction.atomic
def count_session(
    *,
    session: Session,
    heads: int | None,
    men: int | None = None,
    women: int | None = None,
    children: int | None = None,
    revision: int,
    actor: Person,
    now: datetime | None = None,
) -> Session:
    """Record that a session was held and how many came (None: nobody counted), in parts as far as they were told apart; again to
    correct it. Parts without a total are the total. Heads that are those of the door follow the door from then on. The ledger follows.

    Raises NotFitting before its day, for one that was called off, for a number that is none, or a total below its parts;
    ChangedMeanwhile, NotAllowed.
    """
    session = held_session(session, revision, actor)
    return _count(session, heads, {"men": men, "women": women, "children": children}, actor, now)


@transaction.atomic
def count_at_door(*, session: Session, revision: int, actor: Person, now: datetime | None = None) -> Session:
    """`count_session` with as many as were ticked or came without an application; whoever is ticked in the same moment is among them
    or follows. Raises what `count_session` raises."""
    session = held_session(session, revision, actor)
    parts = {name: getattr(session, name) for name in ("men", "women", "children")}
    return _count(session, heads_at_door(session), parts, actor, now)


def _count(
    session: Session, heads: int | None, parts: Mapping[str, int | None], actor: Person, now: datetime | None
) -> Session:
    moment = now or timezone.now()
    if session.state == SessionState.CALLED_OFF:
        raise NotFitting(_("中止した回です。行ったのなら、新しい回を加えてください。"))
    if timezone.localdate(session.starts_at) > timezone.localdate(moment):
        raise NotFitting(_("まだ先の回です。行った日から記録できます。"))
    told = [each for each in parts.values() if each is not None]
    if heads is None and told:
        heads = sum(told)
    if any(not 0 <= each <= _MOST_HEADS for each in (*told, *([] if heads is None else [heads]))):
        raise NotFitting(_("人数は0以上の数で書いてください。"))
    if heads is not None and heads < sum(told):
        raise NotFitting(
            _("男性・女性・子どもを足すと%(sum)d人です。参加した人数は、それ以上にしてください。")
            % {"sum": sum(told)}
        )
    wanted = {"heads": heads, **parts}
    before = {name: getattr(session, name) for name in wanted}
    for name, value in wanted.items():
        setattr(session, name, value)
    session.follows_door = bool(heads) and heads == heads_at_door(session)
    session.state, session.counted_at, session.counted_by = SessionState.HELD, moment, actor
    session.revision += 1
    session.save(update_fields=[*wanted, "follows_door", "state", "counted_at", "counted_by", "revision"])
    audit.record(
        ward=session.ward, actor=actor, verb=ActivityVerb.SESSION_COUNTED, target=session.activity, label=day_of(session),
        changes={name: (before[name], value) for name, value in wanted.items() if name == "heads" or before[name] != value},
    )  # fmt: skip
    hold_item(session)
    post_session(session, actor)
    post_persons(session, actor)
    return session
