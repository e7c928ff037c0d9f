"""講座・催し to take along: calendars to subscribe to or to keep, news as Atom, and open data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe

from kusei.portal.activity_feed import in_calendar, news_text
from kusei.portal.activity_search import Search, search_in
from kusei.portal.activity_words import spoken, told_sessions
from kusei.portal.situations import situation_of
from kusei.portal.views.frame import frame_or_404
from kusei.press.csv_files import csv_text
from kusei.services.activities.enums import LIVE, SeatState
from kusei.services.activities.events_csv import EDITIONS, STANDARD, events_table
from kusei.services.activities.ical import InCalendar, calendar_file
from kusei.services.activities.models import Activity, Session
from kusei.services.activities.queries.applications import application_by_token
from kusei.services.activities.queries.calendar import activity_by_public_id
from kusei.services.activities.queries.finding import AHEAD, lines_of, public_sessions, sessions_found
from kusei.services.activities.queries.news import News, changed_at, news_of, standing_of
from kusei.services.activities.translating import in_words
from kusei.wards.models import Ward
from kusei.wards.queries import ward_by_key

MOST_IN_CALENDAR = 1_000
MOST_NEWS = 50
_STAYS = timedelta(days=14)
_NEWS_OF = timedelta(days=60)
_MINUTES_KEPT = 15
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_VERSION = "2"
"""Another one after every change of how feeds are written."""

_View = Callable[..., HttpResponse]


def _conditional(view: _View) -> _View:
    """Whoever has what stands already is told so, before anything of it is read."""

    def mark(request: HttpRequest, key: str, **_more: Any) -> str | None:
        ward = ward_by_key(key)
        if ward is None:
            return None
        said = (_VERSION, get_language(), request.build_absolute_uri(), standing_of(ward).mark)
        return f'"{sha256("|".join(map(str, said)).encode()).hexdigest()[:32]}"'

    def changed(request: HttpRequest, key: str, **_more: Any) -> datetime | None:
        """A day that begins changes a feed, too: what is over leaves it."""
        ward = ward_by_key(key)
        if ward is None:
            return None
        midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
        return max(midnight, standing_of(ward).at or midnight)

    @wraps(view)
    def kept(request: HttpRequest, **arguments: Any) -> HttpResponse:
        answer = condition(etag_func=mark, last_modified_func=changed)(view)(request, **arguments)
        patch_cache_control(answer, public=True, max_age=_MINUTES_KEPT * 60)
        return answer

    return kept


@require_safe
@_conditional
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """A calendar to subscribe to: what is to come and what was on lately, narrowed like the list. Whether places are free is not asked:
    a calendar that forgets what became full would be wrong for who has a place."""
    frame = frame_or_404(key)
    now = timezone.now()
    search = _search(request)
    found = sessions_found(frame.ward, search.asked, now=now)
    if search.asked.begin is None:
        found = found.filter(starts_at__gt=now - _STAYS, starts_at__lt=now + AHEAD)
    sessions = list(found.select_related("activity__host", "district")[:MOST_IN_CALENDAR])
    return _calendar(request, frame.ward, sessions, _name(frame.ward, search))


@require_safe
@_conditional
def activity_file(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """All sessions of one activity, as a file."""
    found = _activity_or_404(key, public_id)
    return _calendar(request, found.ward, _sessions_of(found), _title_of(found), attached=True)


@require_safe
@_conditional
def session_file(request: HttpRequest, key: str, public_id: UUID, session_id: int) -> HttpResponse:
    """One session, as a file."""
    found = _activity_or_404(key, public_id)
    sessions = [each for each in _sessions_of(found) if each.pk == session_id]
    if not sessions:
        raise Http404(_("この回はありません。講座・催しのページから開き直してください。"))
    return _calendar(request, found.ward, sessions, _title_of(found), attached=True)


@never_cache
@require_safe
def application_file(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """The sessions that one applied for; with the way in online for those who have a place only. Tentative for those who wait."""
    frame = frame_or_404(key)
    found = application_by_token(frame.ward, token)
    if found is None:
        raise Http404(_("この申込みは見つかりません。メールのリンクをもう一度確かめてください。終わってから1年たった申込みは消してあります。"))  # fmt: skip
    states = set(found.seats.values_list("state", flat=True))
    has_place = SeatState.ACCEPTED in states
    sessions = list(found.intake.sessions.select_related("activity__host", "district").order_by("starts_at"))
    plain = _in_calendar(request, frame.ward, sessions)
    own = [
        _own(each, session, has_place=has_place, is_live=bool(states & set(LIVE)))
        for each, session in zip(plain, sessions, strict=True)
    ]
    answer = _answer(calendar_file(_title_of(found.intake.activity), own), "my-calendar.ics")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
@_conditional
def news(request: HttpRequest, key: str) -> HttpResponse:
    """What was newly published, changed or called off, as an Atom feed: one entry for each activity, under the same name for ever."""
    frame = frame_or_404(key)
    ward, now = frame.ward, timezone.now()
    search = _search(request)
    found = sessions_found(ward, search.asked, now=now).filter(starts_at__gt=now - _NEWS_OF)
    told = news_of(ward, among=found, most=MOST_NEWS)
    sessions = _sessions_to_tell(ward, told, now)
    atom = Atom1Feed(
        title=_for_xml(_name(ward, search)),
        link=request.build_absolute_uri(reverse("portal:activities", args=[key]) + search.query()),
        description=_("新しく公開した講座・催しと、変更・中止のお知らせ"),
        language=(get_language() or "ja").removesuffix("-easy"),
        feed_url=request.build_absolute_uri(),
        author_name=_for_xml(ward.full_name),
    )
    known = spoken(each.activity.pk for each in told)
    for each in told:
        activity = in_words(each.activity, known.get(each.activity.pk))
        url = _url_of(request, ward)(each.activity)
        atom.add_item(
            title=_for_xml(_TOLD[each.what]() % {"title": activity.title}),
            link=url,
            description=linebreaksbr(
                escape(_for_xml(news_text(activity, sessions.get(each.activity.pk, []))))
            ),
            unique_id=f"urn:uuid:{each.activity.public_id}",
            pubdate=each.activity.published_at,
            updateddate=each.at,
            categories=[str(each.activity.get_kind_display())],
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


_TOLD: dict[str, Callable[[], str]] = {
    "new": lambda: _("【新着】%(title)s"),
    "changed": lambda: _("【変更】%(title)s"),
    "called_off": lambda: _("【中止】%(title)s"),
}


@require_safe
@_conditional
def open_data(request: HttpRequest, key: str) -> HttpResponse:
    """イベント一覧 as a table that other programs read; narrowed like the list, all that is to come otherwise."""
    frame = frame_or_404(key)
    now = timezone.now()
    search = _search(request)
    found = sessions_found(frame.ward, search.asked, now=now)
    if search.asked.begin is None:
        found = found.filter(ends_at__gt=now)
    lines = lines_of(
        found.select_related("activity__host", "district", "intake").prefetch_related("activity__languages"),
        now=now,
    )
    wanted = request.GET.get("edition", "")
    table = events_table(
        frame.ward,
        lines,
        url_of=_url_of(request, frame.ward),
        edition=wanted if wanted in EDITIONS else STANDARD,
    )
    answer = HttpResponse(csv_text(table.heading, table.rows), content_type="text/csv; charset=utf-8")
    name = f"{frame.ward.code or frame.ward.key}_event.csv"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _search(request: HttpRequest) -> Search:
    said = request.GET.copy()
    said.pop("is_open", None)
    return search_in(said, today=timezone.localdate())


def _name(ward: Ward, search: Search) -> str:
    """みなと市こもれび区 講座・催し（子育て）."""
    name = _("%(ward)s 講座・催し") % {"ward": ward.full_name}
    theme = situation_of(search.theme)
    return f"{name}（{theme.label}）" if theme else name


def _activity_or_404(key: str, public_id: UUID) -> Activity:
    found = activity_by_public_id(frame_or_404(key).ward, public_id)
    if found is None:
        raise Http404(_("この講座・催しは公開されていません。"))
    return found


def _title_of(activity: Activity) -> str:
    return in_words(activity, spoken([activity.pk]).get(activity.pk)).title


def _sessions_of(activity: Activity) -> list[Session]:
    found = public_sessions(activity.ward).filter(activity=activity).order_by("starts_at", "pk")
    return list(found.select_related("activity__host", "district"))


def _url_of(request: HttpRequest, ward: Ward) -> Callable[[Activity], str]:
    return lambda activity: request.build_absolute_uri(
        reverse("portal:activity", args=[ward.key, activity.public_id])
    )


def _in_calendar(request: HttpRequest, ward: Ward, sessions: Iterable[Session]) -> list[InCalendar]:
    shown = told_sessions(sessions)
    changed = changed_at(ward, {each.activity_id: each.activity for each in shown}.values())
    return in_calendar(shown, url_of=_url_of(request, ward), changed=changed)


def _own(plain: InCalendar, session: Session, *, has_place: bool, is_live: bool) -> InCalendar:
    if plain.status == "CANCELLED":
        return plain
    if not is_live:
        return replace(plain, status="CANCELLED", changed_at=timezone.now())
    if not has_place:
        return replace(plain, status="TENTATIVE", changed_at=timezone.now())
    link = session.online_url
    text = f"{_('オンラインの入口')}: {link}\n{plain.text}" if link else plain.text
    return replace(plain, text=text, url=link or plain.url, changed_at=timezone.now())


def _calendar(
    request: HttpRequest, ward: Ward, sessions: list[Session], name: str, *, attached: bool = False
) -> HttpResponse:
    language = (get_language() or "ja").removesuffix("-easy")
    content = calendar_file(name, _in_calendar(request, ward, sessions), language=language)
    return _answer(content, "calendar.ics", attached=attached)


def _answer(content: bytes, name: str, *, attached: bool = True) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = content_disposition_header(attached, name) or "inline"
    return answer


def _sessions_to_tell(ward: Ward, told: list[News], now: datetime) -> dict[int, list[Session]]:
    """Of each activity the sessions that come next."""
    found: dict[int, list[Session]] = defaultdict(list)
    sessions = public_sessions(ward).filter(activity__in=[each.activity.pk for each in told], ends_at__gt=now)
    for each in sessions.order_by("starts_at", "pk"):
        found[each.activity_id].append(each)
    return found


def _for_xml(text: str) -> str:
    """Without the signs that no feed can hold."""
    return _NOT_IN_XML.sub(" ", text)
