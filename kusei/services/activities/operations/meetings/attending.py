"""Who answered and who came. The session is counted by it, and the ledger hears of the bodies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger import operations as ledger
from kusei.ledger.sources import Source
from kusei.notices.sealing import seal
from kusei.plans.models import Item
from kusei.services.activities import meeting_enums
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.meeting_enums import Answer, MeetingVerb
from kusei.services.activities.meeting_metrics import SOURCE_KIND, lines_of_year
from kusei.services.activities.models import Attendance, Minutes, Session
from kusei.services.activities.operations.counting import count_session
from kusei.services.activities.operations.meetings.members import ATTENDEE, MOST_PEOPLE
from kusei.services.activities.operations.meetings.writing import held_minutes, record, require_open
from kusei.wards.models import Body, Person, Ward
from kusei.wards.operations import hold_lines


@dataclass(frozen=True, slots=True)
class Came:
    """Whether a line of the list came, and with how many people."""

    attendance: int
    came: str
    people: int = 0


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who was no member: a body, or a person by name."""

    body: Body | None = None
    name: str = ""
    people: int = 1


@transaction.atomic
def record_attendance(
    *,
    minutes: Minutes,
    lines: Sequence[Came],
    others: Sequence[Other] = (),
    revision: int,
    actor: Person,
    now: datetime | None = None,
) -> Minutes:
    """Who came, all of the list and `others` besides; again to correct it. The session is held with as many people, and the ledger
    follows. Raises NotFitting before the day, ChangedMeanwhile, NotAllowed."""
    came = minutes.attendances.filter(body__isnull=False).values_list("body_id", flat=True)
    hold_lines(minutes.ward_id, {*came, *(each.body.pk for each in others if each.body is not None)})
    minutes = held_minutes(minutes, actor, revision)
    require_open(minutes)
    rows = {each.pk: each for each in minutes.attendances.all()}
    for line in lines:
        row = rows.get(line.attendance)
        if row is None or line.came not in ("", *meeting_enums.Came.values):
            raise NotFitting(_("出席者の表が変わっています。開き直してください。"))
        is_present = line.came == meeting_enums.Came.PRESENT
        if is_present and not 1 <= line.people <= MOST_PEOPLE:
            raise NotFitting(
                _("出席した人数は、1人から%(most)d人までで入れてください。") % {"most": MOST_PEOPLE}
            )
        row.came, row.people = line.came, line.people if is_present else 0
        row.save(update_fields=["came", "people"])
    for other in others:
        _add_other(minutes, other)
    heads = sum(minutes.attendances.values_list("people", flat=True))
    session = minutes.session
    parts = {name: getattr(session, name) for name in ("men", "women", "children")}
    if sum(each or 0 for each in parts.values()) > heads:
        parts = {}
    count_session(session=session, heads=heads, revision=session.revision, actor=actor, now=now, **parts)
    minutes.revision += 1
    minutes.save(update_fields=["revision"])
    record(minutes, MeetingVerb.ATTENDANCE, actor, heads=(None, heads))
    _post(
        minutes.ward, session.activity.item_id, fiscal_year_of(timezone.localdate(session.starts_at)), actor
    )
    return minutes


def _add_other(minutes: Minutes, other: Other) -> None:
    name = other.name.strip()[:80]
    if other.body is None and not name:
        raise NotFitting(_("加える人の団体か名前を書いてください。"))
    if other.body is not None:
        if other.body.ward_id != minutes.ward_id:
            raise NotFitting(_("同じ区の団体を選んでください。"))
        if minutes.attendances.filter(body=other.body).exists():
            raise NotFitting(_("「%(name)s」は、もう表にあります。表の人数を直してください。") % {"name": other.body.name})  # fmt: skip
    if not 1 <= other.people <= MOST_PEOPLE:
        raise NotFitting(_("出席した人数は、1人から%(most)d人までで入れてください。") % {"most": MOST_PEOPLE})
    Attendance.objects.create(
        ward=minutes.ward, minutes=minutes, body=other.body, came=meeting_enums.Came.PRESENT, people=other.people,
        sealed="" if other.body else seal({"name": name}, purpose=ATTENDEE),
    )  # fmt: skip


@transaction.atomic
def note_answer(*, attendance: Attendance, answer: Answer, people: int, actor: Person) -> Attendance:
    """What somebody answered by telephone, fax or at the counter. Raises NotFitting, NotAllowed."""
    minutes = held_minutes(attendance.minutes, actor)
    require_open(minutes)
    return write_answer(attendance, answer, people, actor)


def write_answer(attendance: Attendance, answer: Answer, people: int, actor: Person | None) -> Attendance:
    """For operations of this room. Raises NotFitting."""
    if answer == Answer.COMING and not 1 <= people <= MOST_PEOPLE:
        raise NotFitting(_("出席する人数を1人以上で入れてください。"))
    attendance.answer = answer
    attendance.answer_people = people if answer == Answer.COMING else 0
    attendance.answered_at, attendance.noted_by = timezone.now(), actor
    attendance.save(update_fields=["answer", "answer_people", "answered_at", "noted_by"])
    return attendance


def take_back_attendance(minutes: Minutes, session: Session, actor: Person) -> None:
    """The (held) session of a held record was not held after all: nobody came. Answers and lines stay. For operations of this room."""
    minutes.attendances.exclude(came="").update(came="", people=0)
    minutes.revision += 1
    minutes.save(update_fields=["revision"])
    _post(
        session.ward, session.activity.item_id, fiscal_year_of(timezone.localdate(session.starts_at)), actor
    )


def places_of(ward: Ward, bodies: Iterable[int]) -> set[tuple[int, int]]:
    """(item, fiscal year) where some of these bodies came to a meeting."""
    days = Attendance.objects.filter(ward=ward, body__in=list(bodies), came=meeting_enums.Came.PRESENT)
    return {
        (item, fiscal_year_of(timezone.localdate(starts_at)))
        for item, starts_at in days.values_list(
            "minutes__session__activity__item", "minutes__session__starts_at"
        )
    }


def repost_meetings(*, ward: Ward, places: Iterable[tuple[int, int]], actor: Person | None) -> None:
    """Bodies were joined or ended: who is counted as which changes in these (item, fiscal year)."""
    for item, year in sorted(places):
        _post(ward, item, year, actor)


def _post(ward: Ward, item_id: int, fiscal_year: int, actor: Person | None) -> None:
    """Make the ledger say what all records of an item's year say: the first occurrence of a body may have moved to another meeting."""
    Item.objects.select_for_update(no_key=True).get(pk=item_id)
    told = lines_of_year(ward, fiscal_year, item_id)
    ledger.post_records(
        ward=ward,
        records=[(Source(SOURCE_KIND, pk), lines) for pk, lines in told.items()],
        actor=actor,
    )
