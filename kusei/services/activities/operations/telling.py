"""What applicants are told by mail, in their language. Who gave no mail address is telephoned: the office's page lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.sealing import unseal
from kusei.services.activities.enums import SeatState, SessionState
from kusei.services.activities.models import Application
from kusei.wards.post import can_send

SEALED = "activities.application"


@dataclass(frozen=True, slots=True)
class Told:
    """How many applications were written to, and how many have to be telephoned."""

    by_mail: int = 0
    to_telephone: int = 0


def tell_all(applications: Iterable[Application], what: str, **more: Any) -> Told:
    """`tell` for many."""
    mailed = [tell(application, what, **more) for application in applications]
    return Told(sum(mailed), len(mailed) - sum(mailed))


def tell(application: Application, what: str, **more: Any) -> bool:
    """Mail that something happened: received, accepted, offered, expired, cancelled, drawn, called_off, moved. The text says how
    things stand now; the worker sends it. False where no address was given or mails reach nobody: somebody has to telephone."""
    if not application.has_mail or not can_send():
        return False
    kept = unseal(application.sealed, purpose=SEALED)
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
        letter = notices.Letter(
            to=kept["mail"],
            subject=f"{_SUBJECTS[what]()} {activity.title}",
            text=render_to_string("activities/mail.txt", context),
        )
        notices.send_notices(ward=application.ward, letters=[letter], by_worker=True)
    return True


_SUBJECTS = {
    "received": lambda: _("申込みを受け付けました"),
    "accepted": lambda: _("参加が決まりました"),
    "offered": lambda: _("席が空きました。返事をください"),
    "expired": lambda: _("返事の期限が過ぎました"),
    "cancelled": lambda: _("申込みを取り消しました"),
    "drawn": lambda: _("抽選の結果のお知らせ"),
    "called_off": lambda: _("中止のお知らせ"),
    "moved": lambda: _("日時・場所の変更のお知らせ"),
}
