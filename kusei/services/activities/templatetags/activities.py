"""How activities are written: times, ages, and the same for machines (schema.org Event)."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kusei.notices.telephone import WRITTEN
from kusei.press import formats
from kusei.press.qr import qr_svg
from kusei.services.activities.door_code import door_code
from kusei.services.activities.models import Activity, Application, Session
from kusei.services.activities.operations.judging import ages_said

register = template.Library()


@register.filter
def times(session: Session) -> str:
    """10:00～12:00; what goes on for days says until when: 10:00～令和8年11月30日(月) 17:00."""
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    if begin.date() != end.date():
        return f"{begin:%H:%M}～{formats.date_ja(end.date())} {end:%H:%M}"
    return f"{begin:%H:%M}～{end:%H:%M}"


@register.filter
def clock(moment: datetime) -> str:
    """10:00."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def day_and_weekday(moment: datetime) -> str:
    """令和8年6月10日(水), of a moment."""
    return formats.date_ja(timezone.localdate(moment))


@register.filter
def to_dial(text: str) -> SafeString:
    """Words in which each telephone number is a link that dials it, and stays on one line."""
    return mark_safe(WRITTEN.sub(r'<a class="nowrap" href="tel:\g<0>">\g<0></a>', escape(text)))


@register.filter
def ages(activity: Activity) -> str:
    """0歳から3歳まで."""
    return ages_said(activity.min_age, activity.max_age)


@register.simple_tag
def door_qr(application: Application) -> SafeString:
    """The code that an applicant shows at the door. The application comes with its ward."""
    address = reverse("portal:door", args=[application.ward.key, door_code(application)])
    return qr_svg(settings.KUSEI_SITE_URL + address, label=_("受付のQRコード"), pixels=220)
