"""What stands on paper of an activity: plain values for the sheets of `press.paper`, in Japanese; the form to fill in also in the languages
into which the activity is translated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.press import formats
from kusei.press.languages import BY_CODE, JAPANESE, Language
from kusei.press.paper import EntryForm, Fact, Leaflet, Roster
from kusei.press.qr import qr_svg
from kusei.services.activities.enums import SeatState, SessionState, Way
from kusei.services.activities.models import Activity, Intake, Session
from kusei.services.activities.operations import Applicant
from kusei.services.activities.operations.judging import ages_said
from kusei.services.activities.paper_words import entry_form_words
from kusei.services.activities.queries.asking import asked_now
from kusei.services.activities.queries.door import reading_order
from kusei.services.activities.queries.languages import questions_in, translations_of
from kusei.services.activities.translating import in_words, is_current
from kusei.wards.models import Ward

_ACCENT = "#0017c1"
_MOST_WHENS = 12
_MOST_DAYS = 12


def leaflet_of(activity: Activity) -> Leaflet:
    """Everything that somebody needs who has only the paper. Past sessions and visits to groups are left out."""
    with translation.override("ja"):
        sessions = _to_come(list(activity.sessions.filter(visit=None)))
        intakes = list(activity.intakes.prefetch_related("quotas").filter(is_called_off=False))
        address = _address(activity)
        return Leaflet(
            ward=activity.ward.full_name,
            kind=str(activity.get_kind_display()),
            title=activity.title,
            text=tuple(line.strip() for line in activity.text.splitlines() if line.strip())[:6],
            whens=_whens(sessions),
            more_whens=max(0, len(sessions) - _MOST_WHENS),
            facts=_facts(activity, intakes),
            marks=_marks(activity, sessions),
            contact=activity.contact,
            host=_hosts(activity),
            qr=str(qr_svg(address)),
            address=address,
            applies=bool(intakes),
            accent=activity.ward.accent or _ACCENT,
            called_off=activity.called_off_reason,
            titles=tuple(
                Fact(code.partition("-")[0], each.title)
                for code, each in translations_of(activity).items()
                if is_current(each, activity)
            ),
        )


def form_languages(activity: Activity) -> list[Language]:
    """In which languages its form can be printed beside Japanese: those into which its words are translated as they stand now."""
    return [
        BY_CODE[code]
        for code, each in translations_of(activity).items()
        if code in BY_CODE and is_current(each, activity)
    ]


def entry_form_of(intake: Intake, language: Language = JAPANESE) -> EntryForm:
    """The form that comes back by post, by fax or over the counter; staff key it in by its number, in whatever language it was filled in."""
    form = _entry_form(intake)
    if language is JAPANESE:
        return form
    activity, questions = intake.activity, asked_now(intake)[: len(form.questions)]
    with translation.override(language.code):
        until = formats.date_ja(timezone.localdate(intake.closes_at))
        asked = [each.text for each in questions_in(language.code, questions)]
        return replace(
            form,
            language=language.tag.partition("-")[0],
            words=entry_form_words(until),
            name=in_words(activity, translations_of(activity).get(language.code)).title,
            whens=_whens(_to_come(list(intake.sessions.all()))),
            asked=tuple(
                "" if said == each.text else said for said, each in zip(asked, questions, strict=True)
            ),
        )


def _entry_form(intake: Intake) -> EntryForm:
    activity = intake.activity
    with translation.override("ja"):
        sessions = _to_come(list(intake.sessions.all()))
        return EntryForm(
            ward=activity.ward.full_name,
            title=f"{activity.title}　{intake.name}".strip(),
            number=paper_number(intake),
            whens=_whens(sessions),
            more_whens=max(0, len(sessions) - _MOST_WHENS),
            until=formats.date_ja(timezone.localdate(intake.closes_at)),
            people=min(intake.most_people, 5),
            asks_age=activity.min_age is not None or activity.max_age is not None,
            quotas=tuple(each.name for each in intake.quotas.all() if each.name),
            questions=tuple(each.text for each in asked_now(intake))[:4],
            contact=activity.contact,
            host=_hosts(activity),
            qr=str(qr_svg(_address(activity))),
            accent=activity.ward.accent or _ACCENT,
        )


def roster_of(intake: Intake, people: Mapping[int, Applicant], now: datetime) -> Roster:
    """Who has a place, in the order of the kana, with a box for each session that is not called off. Names come from `people`, by
    application: the look is recorded by whoever fetched them."""
    activity = intake.activity
    with translation.override("ja"):
        rows = []
        applications = intake.applications.prefetch_related("seats__quota").order_by("number")
        for application in applications:
            known = people.get(application.pk)
            for place, seat in enumerate(sorted(application.seats.all(), key=lambda each: each.pk)):
                if seat.state != SeatState.ACCEPTED or known is None or place >= len(known.people):
                    continue
                one = known.people[place]
                age = "" if one.age is None else str(one.age)
                rows.append((str(application.number), one.kana, one.name, age, seat.quota.name))
        sessions = intake.sessions.exclude(state=SessionState.CALLED_OFF).order_by("starts_at")
        days = [timezone.localdate(each.starts_at) for each in sessions[:_MOST_DAYS]]
        return Roster(
            title=activity.title,
            course=intake.name,
            days=tuple(f"{day.month}/{day.day}" for day in days),
            rows=tuple(sorted(rows, key=lambda row: (reading_order(row[1] or row[2]), int(row[0])))),
            has_ages=any(row[3] for row in rows),
            has_quotas=any(row[4] for row in rows),
            printed=_("%(moment)s 印刷") % {"moment": formats.moment_ja(now)},
            accent=activity.ward.accent or _ACCENT,
        )


def paper_number(intake: Intake) -> str:
    """12-3: what a paper form carries, and staff type to write it down."""
    return f"{intake.activity_id}-{intake.pk}"


def intake_by_paper_number(ward: Ward, text: str) -> Intake | None:
    """The intake of a form's number; None for what is none."""
    activity, dash, intake = text.strip().partition("-")
    if not dash or not activity.isdecimal() or not intake.isdecimal() or len(text) > 20:
        return None
    return Intake.objects.filter(ward=ward, activity=int(activity), pk=int(intake)).first()


def _to_come(sessions: Sequence[Session]) -> list[Session]:
    """Those that are not over and not called off; all of them where none is to come."""
    held = [each for each in sessions if each.state != SessionState.CALLED_OFF]
    now = timezone.now()
    return [each for each in held if each.ends_at > now] or held


def _whens(sessions: Sequence[Session]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            f"{formats.date_ja(timezone.localdate(each.starts_at))} "
            f"{timezone.localtime(each.starts_at):%H:%M}～{timezone.localtime(each.ends_at):%H:%M}",
            "　".join(
                part for part in (each.part, each.place, _("オンライン") if each.online_url else "") if part
            ),
        )
        for each in sessions[:_MOST_WHENS]
    )


def _facts(activity: Activity, intakes: Sequence[Intake]) -> tuple[Fact, ...]:
    audience = "、".join(
        part
        for part in (
            activity.audience,
            ages_said(activity.min_age, activity.max_age),
            str(activity.get_reach_display()) if activity.reach else "",
        )
        if part
    )
    fee = _("無料") if not activity.fee_yen else _("一人 %(fee)s") % {"fee": formats.yen(activity.fee_yen)}
    found = [
        Fact(_("対象"), audience or _("どなたでも")),
        *(Fact(_("定員"), _capacity(each)) for each in intakes[:3]),
        Fact(_("費用"), f"{fee}　{activity.fee_note}".strip()),
        Fact(_("持ち物"), activity.bring),
        *(Fact(_("申込み"), _window(each)) for each in intakes[:3]),
    ]
    return tuple(each for each in found if each.text)


def _capacity(intake: Intake) -> str:
    quotas = list(intake.quotas.all())
    seats = "、".join(f"{each.name} {each.capacity}人".strip() for each in quotas)
    way = _("抽選") if intake.way == Way.LOTTERY else _("先着順")
    return f"{intake.name}　{seats}（{way}）".strip()


def _window(intake: Intake) -> str:
    begin, end = (formats.date_ja(timezone.localdate(each)) for each in (intake.opens_at, intake.closes_at))
    return f"{intake.name}　{begin}～{end}".strip()


def _marks(activity: Activity, sessions: Sequence[Session]) -> tuple[str, ...]:
    marks = {
        _("保育あり"): activity.has_childcare,
        _("手話通訳あり"): activity.has_sign_language,
        _("段差なし"): activity.is_step_free,
        _("オンラインでも"): any(each.online_url for each in sessions),
    }
    return tuple(name for name, holds in marks.items() if holds)


def _hosts(activity: Activity) -> str:
    return "、".join([activity.host.name, *(each.name for each in activity.cohosts.order_by("pk"))])


def _address(activity: Activity) -> str:
    return settings.KUSEI_SITE_URL + reverse("portal:activity", args=[activity.ward.key, activity.public_id])
