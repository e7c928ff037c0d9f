"""The list at the door: who is expected at a session, in the order of the kana, and who is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from kusei.japanese.folding import fold_name
from kusei.japanese.tokens import fold_kana
from kusei.services.activities.enums import SeatState, SessionState
from kusei.services.activities.models import Intake, Presence, Seat, Session
from kusei.services.activities.operations.seeing import Applicant

ROWS = "あかさたなはまやらわ"
OTHERS = "他"
_STARTS = {
    "あ": "あいうえおぁぃぅぇぉゔ", "か": "かきくけこがぎぐげご", "さ": "さしすせそざじずぜぞ", "た": "たちつてとだぢづでどっ",
    "な": "なにぬねの", "は": "はひふへほばびぶべぼぱぴぷぺぽ", "ま": "まみむめも", "や": "やゆよゃゅょ", "ら": "らりるれろ", "わ": "わをん",
}  # fmt: skip
_ROW_OF = {kana: row for row, all_of_it in _STARTS.items() for kana in all_of_it}


@dataclass(frozen=True, slots=True)
class DoorLine:
    """One person of the list; names are empty where the personal data is deleted."""

    seat: Seat
    number: int
    name: str
    kana: str
    age: int | None
    presence: Presence | None

    @property
    def row(self) -> str:
        """あ to わ by the reading, 他 where nobody wrote one."""
        return row_of(self.kana or self.name)

    @property
    def is_in(self) -> bool:
        return self.presence is not None and self.presence.is_present

    @property
    def waits(self) -> bool:
        return self.seat.state in (SeatState.WAITING, SeatState.OFFERED)


def row_of(reading: str) -> str:
    """いずみ → あ, ガトウ → か, 泉 → 他."""
    return _ROW_OF.get(fold_kana(fold_name(reading))[:1], OTHERS)


def door_lines(session: Session, people: Mapping[int, Applicant]) -> list[DoorLine]:
    """Who has a place, waits for one, or was ticked, in the order of the kana. Two queries."""
    presences = {each.seat_id: each for each in Presence.objects.filter(session=session)}
    seats = Seat.objects.filter(intake=session.intake_id).filter(
        Q(state__in=(SeatState.ACCEPTED, SeatState.OFFERED, SeatState.WAITING)) | Q(pk__in=presences)
    )
    return _sorted(_lines(seats.select_related("application", "quota"), presences, people))


def lines_of_application(session: Session, seats: Iterable[Seat], applicant: Applicant) -> list[DoorLine]:
    """The people of one application at a session, in their own order."""
    own = list(seats)
    presences = {each.seat_id: each for each in Presence.objects.filter(session=session, seat__in=own)}
    return _lines(own, presences, {own[0].application_id: applicant} if own else {})


def _lines(
    seats: Iterable[Seat], presences: Mapping[int, Presence], people: Mapping[int, Applicant]
) -> list[DoorLine]:
    found = list(seats)
    order: dict[int, list[int]] = {}
    own = Seat.objects.filter(application__in={seat.application_id for seat in found}).order_by("pk")
    for application, pk in own.values_list("application", "pk"):
        order.setdefault(application, []).append(pk)
    lines = []
    for seat in found:
        known = people.get(seat.application_id)
        place = order[seat.application_id].index(seat.pk)
        one = known.people[place] if known and place < len(known.people) else None
        lines.append(
            DoorLine(
                seat, seat.application.number, one.name if one else "", one.kana if one else "",
                one.age if one else None, presences.get(seat.pk),
            )
        )  # fmt: skip
    return lines


def reading_order(reading: str) -> str:
    """By what lists are sorted: kana of one kind, without blanks."""
    return fold_kana(fold_name(reading))


def _sorted(lines: Sequence[DoorLine]) -> list[DoorLine]:
    return sorted(lines, key=lambda line: (reading_order(line.kana or line.name), line.number, line.seat.pk))


def is_called(words: str, name: str, kana: str) -> bool:
    """Whether a name or its reading holds what was typed, in either kana, with or without blanks."""
    wanted = fold_kana(fold_name(words))
    return wanted in fold_kana(fold_name(kana)) or wanted in fold_name(name)


def narrowed(lines: Sequence[DoorLine], *, words: str = "", row: str = "") -> list[DoorLine]:
    """Those of a row of the kana, or whose number is or whose name or reading holds what was typed."""
    found = list(lines)
    if wanted := fold_kana(fold_name(words)):
        if wanted.isdecimal():
            return [line for line in found if line.number == int(wanted)]
        found = [line for line in found if is_called(words, line.name, line.kana)]
    elif row:
        found = [line for line in found if line.row == row]
    return found


def session_now(intake: Intake, now: datetime) -> Session | None:
    """The session of today that is on, or comes next, or was last; None where none is today."""
    today = timezone.localdate(now)
    sessions = [
        each
        for each in intake.sessions.exclude(state=SessionState.CALLED_OFF).order_by("starts_at")
        if timezone.localdate(each.starts_at) == today
    ]
    return next((each for each in sessions if now <= each.ends_at), sessions[-1] if sessions else None)
