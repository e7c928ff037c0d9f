"""An activity for search engines: schema.org Event, one for each session, in an EventSeries where there are several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.models import Activity, Session
from kusei.services.activities.queries.calendar import Intakes

_ORG = "https://schema.org"
_LEARNING = (ActivityKind.COURSE, ActivityKind.TRAINING)
_AVAILABLE = {"soon": "PreOrder", "open": "InStock", "lottery": "InStock", "full": "SoldOut"}


def described(
    activity: Activity,
    sessions: Sequence[Session],
    intakes: Mapping[int, Intakes],
    *,
    url: str,
    title: str,
    text: str,
    language: str,
) -> dict[str, Any]:
    """The activity with its sessions; `intakes` by id, `title` and `text` in `language`. The online link is not told: the page is."""
    events = [
        _event(activity, each, intakes.get(each.intake_id or 0), url, title, text, language)
        for each in sessions
    ]
    if len(events) == 1:
        return {"@context": _ORG, **events[0]}
    series: dict[str, Any] = {
        "@context": _ORG,
        "@type": "EventSeries",
        "name": title,
        "url": url,
        "inLanguage": language,
        "organizer": _organizer(activity),
        "subEvent": events,
    }
    if text:
        series["description"] = text
    if events:
        series |= {"startDate": events[0]["startDate"], "endDate": events[-1]["endDate"]}
    return series


def _event(
    activity: Activity,
    session: Session,
    intake: Intakes | None,
    url: str,
    title: str,
    text: str,
    language: str,
) -> dict[str, Any]:
    event: dict[str, Any] = {
        "@type": "EducationEvent" if activity.kind in _LEARNING else "Event",
        "@id": f"{url}#session-{session.pk}",
        "name": f"{title} {session.part}".strip(),
        "url": url,
        "startDate": timezone.localtime(session.starts_at).isoformat(timespec="seconds"),
        "endDate": timezone.localtime(session.ends_at).isoformat(timespec="seconds"),
        "eventStatus": f"{_ORG}/{'EventCancelled' if session.state == SessionState.CALLED_OFF else 'EventScheduled'}",
        "eventAttendanceMode": f"{_ORG}/{_mode(session)}EventAttendanceMode",
        "location": _location(activity, session, url),
        "organizer": _organizer(activity),
        "inLanguage": language,
        "isAccessibleForFree": activity.fee_yen == 0,
        "offers": _offer(activity, intake, url),
    }
    if text:
        event["description"] = text
    if activity.audience:
        event["audience"] = {"@type": "Audience", "audienceType": activity.audience}
    if activity.min_age is not None or activity.max_age is not None:
        event["typicalAgeRange"] = "-".join(
            "" if age is None else str(age) for age in (activity.min_age or 0, activity.max_age)
        )
    if intake is not None:
        event |= {"maximumAttendeeCapacity": intake.capacity, "remainingAttendeeCapacity": intake.free}
    return event


def _mode(session: Session) -> str:
    if session.online_url:
        return "Mixed" if session.place else "Online"
    return "Offline"


def _location(activity: Activity, session: Session, url: str) -> Any:
    place = {
        "@type": "Place",
        "name": session.place or activity.host.name,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": activity.ward.full_name,
            "addressCountry": "JP",
        },
    }
    virtual = {"@type": "VirtualLocation", "url": url}
    if session.online_url:
        return [place, virtual] if session.place else virtual
    return place


def _organizer(activity: Activity) -> dict[str, Any]:
    return {"@type": "Organization", "name": activity.host.name}


def _offer(activity: Activity, intake: Intakes | None, url: str) -> dict[str, Any]:
    offer: dict[str, Any] = {
        "@type": "Offer",
        "url": url,
        "price": activity.fee_yen,
        "priceCurrency": "JPY",
        "availability": f"{_ORG}/InStock",
    }
    if intake is not None:
        offer |= {
            "availability": f"{_ORG}/{_AVAILABLE.get(intake.state, 'Discontinued')}",
            "validFrom": timezone.localtime(intake.intake.opens_at).isoformat(timespec="seconds"),
            "validThrough": timezone.localtime(intake.intake.closes_at).isoformat(timespec="seconds"),
        }
    return offer
