"""スタンプラリー: its stations, a card without an account, and the page that a station's QR code opens."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.notices.throttle import is_allowed, is_spent
from kusei.portal.queries.frame import Frame
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.portal.views.questions import address_of
from kusei.press.qr import qr_svg
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Card, Rally, Station
from kusei.services.activities.operations.rallies import session_of
from kusei.services.activities.queries import activity_by_public_id
from kusei.services.activities.queries.rallies import rally_of, stations_on
from kusei.services.activities.rallies import Stage, cleaned, grouped

CARDS_AN_HOUR = {"limit": 200, "seconds": 3600}
"""From one address: a school class behind one line gets its cards, a machine does not fill the table."""
WRONG_CODES = {"limit": 30, "seconds": 600}
_REMEMBER_SECONDS = 400 * 24 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rally(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """Where the stations are; a card is begun here, or found again by its number."""
    frame, found = _found(key, public_id)
    card, number = _own_card(request, found)
    if request.method != "POST":
        return _rally_page(request, frame, found, card, number)
    if request.POST.get("do") == "find":
        return _find(request, frame, found)
    try:
        made, number = _new_card(request, found)
    except activities.ActivityError as error:
        return _rally_page(request, frame, found, card, number, problem=str(error), status=409)
    return _with_cookie(request, redirect("portal:rally_card", key=key, number=number), made, number)


def _find(request: HttpRequest, frame: Frame, found: Rally) -> HttpResponse:
    typed = request.POST.get("number", "")
    where = address_of(request)
    if is_spent("rally-code", where, **WRONG_CODES):
        return _rally_page(request, frame, found, None, "", problem=_too_many(), typed=typed, status=429)
    card = activities.card_of(frame.ward, typed) if typed.strip() else None
    if card is None or card.rally_id != found.pk:
        is_allowed("rally-code", where, **WRONG_CODES)
        told = _("この番号のカードはありません。もう一度確かめて入れてください。")
        return _rally_page(request, frame, found, None, "", problem=told, typed=typed, status=422)
    return redirect("portal:rally_card", key=frame.ward.key, number=cleaned(typed))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stamp(request: HttpRequest, key: str, public_id: UUID, code: str) -> HttpResponse:
    """The page that a station's QR code opens. Opening it stamps nothing: programs open pages, too. The button does."""
    frame, found = _found(key, public_id)
    where = address_of(request)
    if is_spent("rally-code", where, **WRONG_CODES):
        return _stamp_page(request, frame, found, None, problem=_too_many(), status=429)
    station = Station.objects.filter(rally=found, code=cleaned(code)).first()
    if station is None:
        is_allowed("rally-code", where, **WRONG_CODES)
        told = _("このコードは使えません。ポスターのコードをもう一度確かめてください。新しいポスターに替わっていることもあります。")  # fmt: skip
        return _stamp_page(request, frame, found, None, problem=told, status=404)
    card, number = _own_card(request, found)
    if request.method != "POST":
        return _stamp_page(request, frame, found, station, card=card)
    try:
        if card is None:
            card, number = _new_card(request, found)
        stamped = activities.collect_stamp(card=card, code=code)
    except activities.ActivityError as error:
        return _stamp_page(request, frame, found, station, card=card, problem=str(error), status=409)
    return _with_cookie(request, _to_card(key, number, stamped), card, number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """A card: what it has, the next stations, a station's code typed by hand, and how it is kept."""
    frame = frame_or_404(key)
    where = address_of(request)
    if is_spent("rally-code", where, **WRONG_CODES):
        raise Http404(_too_many())
    found = activities.card_of(frame.ward, number)
    if found is None:
        is_allowed("rally-code", where, **WRONG_CODES)
        raise Http404(_("このカードは見つかりません。番号を確かめてください。終わってから1年たったカードは消してあります。"))  # fmt: skip
    number = cleaned(number)
    if request.method != "POST":
        response = _card_page(request, frame, found, number)
        return _with_cookie(request, response, found, number)
    typed = request.POST.get("code", "")
    try:
        told = activities.collect_stamp(card=found, code=typed)
    except activities.NoSuchCode as error:
        is_allowed("rally-code", where, **WRONG_CODES)
        return _card_page(request, frame, found, number, problem=str(error), typed=typed, status=422)
    except activities.ActivityError as error:
        return _card_page(request, frame, found, number, problem=str(error), typed=typed, status=409)
    return _to_card(key, number, told)


def _to_card(key: str, number: str, told: activities.Stamped) -> HttpResponse:
    what = "stamped" if told.is_new else "again"
    return redirect(f"{reverse('portal:rally_card', args=[key, number])}?{what}={told.station.pk}")


def _new_card(request: HttpRequest, found: Rally) -> tuple[Card, str]:
    """A card for the form's ticket. Raises NotOpen."""
    if not is_allowed("rally-card", address_of(request), **CARDS_AN_HOUR):
        raise activities.NotOpen(_("この回線から続けて作られたカードが多いため、いまは作れません。1時間ほどたってから、もう一度試してください。"))  # fmt: skip
    try:
        ticket = UUID(request.POST.get("ticket", ""))
    except ValueError:
        ticket = uuid.uuid4()
    return activities.start_card(rally=found, ticket=ticket)


def _own_card(request: HttpRequest, found: Rally) -> tuple[Card | None, str]:
    """The card that this browser remembers, with its number."""
    number = cleaned(request.COOKIES.get(_cookie(found), ""))
    card = activities.card_of(found.ward, number) if number else None
    return (card, number) if card is not None and card.rally_id == found.pk else (None, "")


def _with_cookie(request: HttpRequest, response: HttpResponse, card: Card, number: str) -> HttpResponse:
    response.set_cookie(
        _cookie(card.rally), number, max_age=_REMEMBER_SECONDS, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _cookie(found: Rally) -> str:
    return f"rally_{found.pk}"


def _too_many() -> str:
    return _("正しくないコードが続けて入れられたため、しばらく使えません。10分ほどたってから、もう一度試してください。")  # fmt: skip


def _found(key: str, public_id: UUID) -> tuple[Frame, Rally]:
    frame = frame_or_404(key)
    activity = activity_by_public_id(frame.ward, public_id)
    found = rally_of(activity) if activity is not None else None
    if found is None:
        raise Http404(_("このスタンプラリーは公開されていません。"))
    return frame, found


def _rally_page(
    request: HttpRequest, frame: Frame, found: Rally, card: Card | None, number: str, *, problem: str = "",
    typed: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    words = {
        "card": card,
        "number": number,
        "lines": stations_on(found, card),
        "problem": problem,
        "typed": typed,
    }
    return _page(request, frame, found, "rally.html", _("スタンプラリー"), words, status)


def _stamp_page(
    request: HttpRequest, frame: Frame, found: Rally, station: Station | None, *, card: Card | None = None,
    problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    has_stamp = card is not None and station is not None and card.stamps.filter(station=station).exists()
    words = {"station": station, "card": card, "has_stamp": has_stamp, "problem": problem}
    return _page(request, frame, found, "stamp.html", _("スタンプを押す"), words, status)


def _card_page(
    request: HttpRequest, frame: Frame, found: Card, number: str, *, problem: str = "", typed: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    lines = stations_on(found.rally, found)
    count = sum(each.has_stamp for each in lines)
    address = settings.KUSEI_SITE_URL + reverse("portal:rally_card", args=[frame.ward.key, number])
    names = {str(each.station.pk): each.station.name for each in lines if each.has_stamp}
    words = {
        "card": found, "number": grouped(number), "lines": lines, "count": count, "problem": problem, "typed": typed,
        "left": max(0, found.rally.needed - count), "finish_code": grouped(found.finish_code),
        "qr": qr_svg(address, label=_("このカードを開くQRコード")),
        "stamped": names.get(request.GET.get("stamped", "")), "again": names.get(request.GET.get("again", "")),
    }  # fmt: skip
    return _page(request, frame, found.rally, "card.html", _("スタンプカード"), words, status)


def _page(
    request: HttpRequest, frame: Frame, found: Rally, template: str, title: str, words: dict[str, Any], status: int
) -> HttpResponse:  # fmt: skip
    activity, key = found.activity, frame.ward.key
    stage = activities.stage_of(found, timezone.now())
    return ward_page(
        request, f"portal/activities/{template}", frame, title=title, section="activities", status=status,
        crumbs=[
            Crumb(_("講座・催し"), reverse("portal:activities", args=[key])),
            Crumb(activity.title, reverse("portal:activity", args=[key, activity.public_id]), is_source=True),
            Crumb(title),
        ],
        context={
            "rally": found, "activity": activity, "session": session_of(found), "stage": stage.value, "is_on": stage is Stage.ON,
            "ticket": uuid.uuid4(), "canonical": "", "asks_here": False, **words,
        },
    )  # fmt: skip
