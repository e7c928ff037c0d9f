"""Applicants as a table: what a host takes into a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Application, Intake, Presence, Question
from kusei.services.activities.operations import Applicant

Said = Callable[[Sequence[Question], Applicant, int], list[str]]
"""What the person at a place of an application answered to each question."""


def table_of(
    intake: Intake,
    applications: Sequence[Application],
    people: Mapping[int, Applicant],
    questions: Sequence[Question],
    said: Said,
) -> tuple[list[str], list[list[str | int]]]:
    """(heading, rows): one row a person, with a column for each question and each session."""
    sessions = list(intake.sessions.exclude(state=SessionState.CALLED_OFF).order_by("starts_at"))
    presences = {
        (seat, session): is_present
        for seat, session, is_present in Presence.objects.filter(session__in=sessions).values_list(
            "seat", "session", "is_present"
        )
    }
    heading = [
        *(_("受付番号"), _("名前"), _("ふりがな"), _("年齢"), _("枠"), _("状態"), _("電話番号"), _("メールアドレス"), _("受け方"), _("受付日時"), _("職員のメモ")),
        *(each.text for each in questions),
        *(f"{timezone.localtime(each.starts_at):%Y-%m-%d %H:%M}" for each in sessions),
    ]  # fmt: skip
    rows: list[list[str | int]] = []
    for application in sorted(applications, key=lambda each: each.number):
        known = people.get(application.pk)
        for place, seat in enumerate(sorted(application.seats.all(), key=lambda each: each.pk)):
            one = known.people[place] if known and place < len(known.people) else None
            contact = known.contact if known else None
            rows.append(
                [
                    application.number,
                    one.name if one else "",
                    one.kana if one else "",
                    "" if one is None or one.age is None else one.age,
                    seat.quota.name,
                    str(seat.get_state_display()),
                    contact.telephone if contact else "",
                    contact.mail if contact else "",
                    str(application.get_way_display()),
                    f"{timezone.localtime(application.received_at):%Y-%m-%d %H:%M}",
                    application.note,
                    *(said(questions, known, place) if known else [""] * len(questions)),
                    *(_presence(presences.get((seat.pk, each.pk))) for each in sessions),
                ]
            )
    return heading, rows


def _presence(is_present: bool | None) -> str:
    return "" if is_present is None else _("出席") if is_present else _("欠席")
