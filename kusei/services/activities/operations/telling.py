"""What applicants are told, in their language: by mail; whoever gave no address is telephoned and stands on the office's list.

Another channel would come in here and nowhere else: `_hand_over` is the one place where a message leaves this room.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.jobs.operations import enqueue_many
from kusei.notices import operations as notices
from kusei.notices.models import Notice
from kusei.notices.sealing import CannotUnseal, unseal
from kusei.services.activities.enums import Occasion, SeatState, SessionState
from kusei.services.activities.models import Activity, Application, Session, Telling
from kusei.wards.models import Ward
from kusei.wards.post import can_send

if TYPE_CHECKING:
    from kusei.jobs.running import Run

logger = logging.getLogger(__name__)
SEALED = "activities.application"
CONFIRMING = "activities.confirm"
"""The work of a worker."""
_TO_TELEPHONE = frozenset({Occasion.OFFERED.value, Occasion.EXPIRED.value})
"""What happens to somebody without their doing: without a mail address a person has to tell them."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many applications were written to, and how many have to be telephoned."""

    by_mail: int = 0
    to_telephone: int = 0


def tell_all(
    applications: Iterable[Application],
    what: Occasion,
    *,
    activity: Activity,
    about: str,
    session: Session | None = None,
    now: datetime | None = None,
    **more: Any,
) -> Told:
    """Tell many of one thing, `about`; that each was told stands in the database, and who has to be telephoned with it."""
    told = list(applications)
    if session is not None:
        more["session"] = session
    letters = [_letter(application, what.value, **more) for application in told]
    sent = iter(_hand_over(activity.ward, [letter for letter in letters if letter is not None]))
    found = [next(sent) if letter is not None else None for letter in letters]
    Telling.objects.bulk_create(
        [
            Telling(
                ward=activity.ward, activity=activity, application=application, session=session, occasion=what,
                about=about, notice=notice, by_mail=notice is not None, made_at=now or timezone.now(),
            )
            for application, notice in zip(told, found, strict=True)
        ],
        batch_size=500,
    )  # fmt: skip
    mailed = sum(notice is not None for notice in found)
    return Told(mailed, len(told) - mailed)


def tell(application: Application, what: str, **more: Any) -> bool:
    """Mail that something happened: received, accepted, offered, expired, cancelled, changed. The text says how things stand now; the
    worker sends it. False where no address was given or mails reach nobody: what came about without them is telephoned."""
    letter = _letter(application, what, **more)
    if letter is not None:
        _hand_over(application.ward, [letter])
        return True
    if what in _TO_TELEPHONE:
        now = timezone.now()
        Telling.objects.create(
            ward=application.ward, activity=application.intake.activity, application=application, occasion=what,
            about=f"{what}:{now:%Y%m%d%H%M%S%f}", made_at=now,
        )  # fmt: skip
    return False


def confirm_later(applications: Sequence[Application]) -> None:
    """Have a worker write the mails that applications of one ward came in: in a rush nobody waits for another's mail."""
    written = [each for each in applications if each.has_mail]
    if written and can_send():
        enqueue_many(
            CONFIRMING,
            ward_id=written[0].ward_id,
            jobs=[(str(each.pk), {"application": each.pk}) for each in written],
            not_before=written[0].received_at,
        )


def confirm(run: Run) -> None:
    """The job: the mail, once, unless the application is forgotten already."""
    with transaction.atomic():
        if not run.is_mine():
            return
        found = Application.objects.filter(pk=run.arguments["application"], forgotten_at__isnull=True)
        for application in found.select_related("ward", "intake__activity"):
            tell(application, "received")


def confirming_given_up(arguments: dict[str, Any], why: str) -> None:
    """The worker broke off time and again: it is in the log, and the application's page says all that the mail would."""
    logger.error("Application %s was not confirmed: %s", arguments["application"], why)


def _hand_over(ward: Ward, letters: Sequence[notices.Letter]) -> list[Notice]:
    return notices.send_notices(ward=ward, letters=letters, by_worker=True) if letters else []


def _letter(application: Application, what: str, **more: Any) -> notices.Letter | None:
    """The mail; None where none can be written."""
    if not application.has_mail or not can_send():
        return None
    try:
        kept = unseal(application.sealed, purpose=SEALED)
    except CannotUnseal:  # sealed with a key that is gone: the others are told all the same
        return None
    intake = application.intake
    activity = intake.activity
    with translation.override(application.language):
        counts: dict[str, int] = {}
        for state in application.seats.values_list("state", flat=True):
            counts[state] = counts.get(state, 0) + 1
        sessions = intake.sessions.exclude(state=SessionState.CALLED_OFF).order_by("starts_at")
        context = {
            "what": what,
            "activity": activity,
            "application": application,
            "counts": counts,
            "sessions": list(sessions[:12]),
            "answer_by": application.seats.filter(state=SeatState.OFFERED)
            .values_list("answer_by", flat=True)
            .first(),
            "online_urls": sorted({each.online_url for each in sessions if each.online_url})
            if counts.get(SeatState.ACCEPTED)
            else [],
            "link": settings.KUSEI_SITE_URL
            + reverse("portal:application", args=[application.ward.key, kept["token"]]),
            **more,
        }
        is_reminder = what == Occasion.REMINDER
        template = "activities/reminder.txt" if is_reminder else "activities/mail.txt"
        return notices.Letter(
            to=kept["mail"],
            subject=f"{_SUBJECTS[what]()} {activity.title}",
            text=render_to_string(template, context),
            useless_after=more["session"].starts_at if is_reminder else None,
        )


_SUBJECTS = {
    "received": lambda: _("申込みを受け付けました"),
    "accepted": lambda: _("参加が決まりました"),
    "offered": lambda: _("席が空きました。返事をください"),
    "expired": lambda: _("返事の期限が過ぎました"),
    "cancelled": lambda: _("申込みを取り消しました"),
    "changed": lambda: _("申込みの内容を変えました"),
    "drawn": lambda: _("抽選の結果のお知らせ"),
    "called_off": lambda: _("中止のお知らせ"),
    "moved": lambda: _("日時・場所の変更のお知らせ"),
    "reopened": lambda: _("中止を取りやめたお知らせ"),
    "reminder": lambda: _("もうすぐです"),
}
