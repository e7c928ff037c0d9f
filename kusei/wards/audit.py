"""Writing the audit trail. Every operation that changes something calls `record` inside its transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from kusei.press import formats
from kusei.wards.enums import Way
from kusei.wards.models import AuditEntry, Person, Ward

_LABEL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Trail:
    """What belongs together: all changes of one request, command or job."""

    request_id: uuid.UUID
    way: Way


_current: ContextVar[Trail | None] = ContextVar("kusei_trail", default=None)
_verbs: dict[str, models.TextChoices] = {}
_fields: dict[tuple[str, str], Any] = {}
_values: dict[tuple[str, str], Callable[[Any], str]] = {}
"""By (room, field); the room is "" where a field means the same in all of them."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:\d{2}|Z)?")


@contextmanager
def trail(way: Way) -> Iterator[Trail]:
    """All that is recorded inside belongs to one request that came this way. A trail inside another is of the same request:
    it only tells the way more exactly (a signed link, opened in a browser)."""
    outer = _current.get()
    mine = Trail(outer.request_id if outer else uuid.uuid4(), way)
    token = _current.set(mine)
    try:
        yield mine
    finally:
        _current.reset(token)


def declare_verbs(*verbs: type[models.TextChoices]) -> None:
    """Called by each room's AppConfig: what its verbs are called on the page."""
    for kind in verbs:
        _verbs.update({verb.value: verb for verb in kind})


def declare_fields(room: str = "", /, **labels: Any) -> None:
    """Called by each room's AppConfig: what the fields in `changes` are called on the page. With the room that a verb begins with
    (wards, activities …) for a field that means something else in another room."""
    _fields.update({(room, field): label for field, label in labels.items()})


def declare_values(room: str = "", /, **shown: Callable[[Any], str]) -> None:
    """Called by each room's AppConfig: how the values of its fields are written on the page, where the general way
    (`value_label`) would print them raw; with the room as `declare_fields`."""
    _values.update({(room, field): told for field, told in shown.items()})


def value_label(field: str, value: Any, verb: str = "") -> str:
    """A value of `changes` as people read it: days and moments in 和暦, choices by their label, lists one after the other."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, list):
        return "、".join(filter(None, (value_label(field, each, verb) for each in value)))
    if isinstance(value, dict):
        return "、".join(
            f"{field_label(str(key), verb)}: {value_label(str(key), each, verb)}"
            for key, each in value.items()
        )
    told = _values.get((_room(verb), field)) or _values.get(("", field))
    if told is not None:
        return told(value)
    if isinstance(value, bool):
        return str(_("はい") if value else _("いいえ"))
    if isinstance(value, str):
        return _day_or_moment(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _day_or_moment(text: str) -> str:
    """What `_plain` made of a day or a moment, for people; any other text as it is."""
    if _MOMENT.fullmatch(text):
        return formats.moment_ja(datetime.fromisoformat(text))
    if _DAY.fullmatch(text):
        try:
            return formats.day_ja(date.fromisoformat(text))
        except ValueError:  # 2021-02-31, as somebody typed it
            return text
    return text


def verb_label(verb: str) -> str:
    """題名を変えた …; the raw word for a verb that the code knows no longer."""
    return str(_verbs[verb].label) if verb in _verbs else verb


def known_verbs() -> dict[str, str]:
    """Every verb with its label, for filters."""
    return {value: str(verb.label) for value, verb in _verbs.items()}


def field_label(field: str, verb: str = "") -> str:
    """題名 …; the field's own name where no room gave it a label."""
    return str(_fields.get((_room(verb), field)) or _fields.get(("", field), field))


def _room(verb: str) -> str:
    """wards for wards.grant_role."""
    return verb.partition(".")[0]


def record(
    *,
    ward: Ward,
    actor: Person | None,
    verb: models.TextChoices,
    target: models.Model,
    label: str | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    actor_name: str = "",
) -> AuditEntry:
    """Write one line of the trail: `actor` did `verb` to `target`, which people know as `label`.

    `changes` is {field: (before, after)}. Without an account (`actor` None) `actor_name` says who it was. Outside a
    request the line stands alone. ASSUMPTION: called inside the transaction of the change.
    """
    entry = line(
        ward=ward, actor=actor, verb=verb, target=target, label=label, changes=changes, reason=reason, actor_name=actor_name
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


Told = tuple[models.Model, str, Mapping[str, tuple[Any, Any]]]
"""(target, label, changes) of one line among many."""


def record_many(*, ward: Ward, actor: Person | None, verb: models.TextChoices, lines: Sequence[Told]) -> None:
    """`record` for many targets of one verb, in one statement."""
    mine = current_trail()
    write(
        [
            line(ward=ward, actor=actor, verb=verb, target=target, label=label, changes=changes, trail=mine)
            for target, label, changes in lines
        ]
    )


def write(lines: Sequence[AuditEntry]) -> None:
    """Write what `line` made, in one statement, inside the transaction of the changes."""
    AuditEntry.objects.bulk_create(lines)


def current_trail() -> Trail:
    """To which request what happens now belongs; a new one outside of any."""
    return _current.get() or Trail(uuid.uuid4(), Way.COMMAND)


def line(
    *,
    ward: Ward,
    actor: Person | None,
    verb: models.TextChoices,
    target: models.Model,
    label: str | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    actor_name: str = "",
    trail: Trail | None = None,
) -> AuditEntry:
    """The line that `record` writes, still to be written; of another request's `trail` where one writes for several."""
    mine = trail or current_trail()
    return AuditEntry(
        ward=ward,
        request_id=mine.request_id,
        way=mine.way,
        actor=actor,
        actor_name=(actor_name or (actor.display_name if actor else ""))[:200],
        verb=verb.value,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=(label if label is not None else str(target))[:_LABEL_LENGTH],
        changes={
            field: [_plain(before), _plain(after)]
            for field, (before, after) in (changes or {}).items()
            if before != after
        },
        reason=reason.strip(),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return value
