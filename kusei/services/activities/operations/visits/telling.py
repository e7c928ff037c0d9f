"""What groups are told by mail, in their language. Who gave no mail address is telephoned: the office's page says so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.sealing import unseal_if_possible
from kusei.services.activities.models import VisitRequest
from kusei.services.activities.operations.telling import Told
from kusei.wards.post import can_send

SEALED = "activities.visit"


def tell_group(request: VisitRequest, what: str, **more: Any) -> Told:
    """Mail that something happened to a request: received, asked_back, proposed, decided, declined, withdrawn, reopened, moved,
    called_off. The link in it leads to how things stand. Where the contact is deleted nobody is left to tell."""
    if request.forgotten_at is not None:
        return Told()
    if not request.has_mail or not can_send():
        return Told(to_telephone=1)
    kept = unseal_if_possible(request.sealed, purpose=SEALED)
    if kept is None:
        return Told(to_telephone=1)
    with translation.override(request.language):
        context = {
            "what": what,
            "activity": request.activity,
            "request": request,
            "link": settings.KUSEI_SITE_URL
            + reverse("portal:visit_request", args=[request.ward.key, kept["token"]]),
            **more,
        }
        letter = notices.Letter(
            to=kept["mail"],
            subject=f"{_SUBJECTS[what]()} {request.activity.title}",
            text=render_to_string("activities/visit_mail.txt", context),
        )
        notices.send_notices(ward=request.ward, letters=[letter], by_worker=True)
    return Told(by_mail=1)


_SUBJECTS = {
    "received": lambda: _("出前講座の申込みを受け付けました"),
    "asked_back": lambda: _("出前講座について、お尋ねします"),
    "proposed": lambda: _("別の日を案内します。返事をください"),
    "decided": lambda: _("出前講座の日が決まりました"),
    "declined": lambda: _("出前講座は行えません"),
    "withdrawn": lambda: _("出前講座の申込みを取り下げました"),
    "reopened": lambda: _("出前講座の申込みをもう一度調整します"),
    "moved": lambda: _("日時・場所の変更のお知らせ"),
    "called_off": lambda: _("中止のお知らせ"),
}
