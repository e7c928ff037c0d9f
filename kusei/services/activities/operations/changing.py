"""What of an application may become different: how names are written, how to reach them, the language of mails, and more people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.notices.sealing import seal
from kusei.press.languages import BY_CODE
from kusei.services.activities.allocation import Wanted, given
from kusei.services.activities.blind import blind_key
from kusei.services.activities.enums import (
    LIVE,
    ActivityState,
    ActivityVerb,
    SeatState,
    SessionState,
    Way,
)
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting, NotOpen
from kusei.services.activities.models import Application, Intake, Presence, Quota, Seat, Session
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.answering import Given
from kusei.services.activities.operations.applying import (
    Contact,
    held_for,
    unsealed,
)
from kusei.services.activities.operations.holding import is_idle, starts_at
from kusei.services.activities.operations.judging import (
    Someone,
    checked_people,
    is_undrawn,
    outside_of,
    quota_of,
    require_open,
)
from kusei.services.activities.operations.offering import offer_free_seats, record_of
from kusei.services.activities.operations.recounting import hold_item, post_persons
from kusei.services.activities.telephone import key_of, read_telephone
from kusei.wards.models import Person


def version_of(application: Application) -> str:
    """What an application was like when it was shown: 16 hexadecimal digits."""
    return hashlib.sha256(application.sealed.encode()).hexdigest()[:16]


def closed_because(application: Application, now: datetime) -> str:
    """Why the applicant cannot change it any more, and whom to call; empty while it can be changed."""
    intake = application.intake
    first = starts_at(intake)
    is_over = now >= intake.closes_at or (first is not None and first <= now)
    is_off = intake.is_called_off or intake.activity.state != ActivityState.PUBLISHED or is_idle(intake)
    if not is_over and not is_off:
        return ""
    whom = intake.activity.contact or intake.activity.host.name
    if is_off:
        return _("中止になったため、申込みの内容は変えられません。問い合わせ先: %(whom)s") % {"whom": whom}
    return _("申込みの期間が終わったので、ここからは変えられません。変えたいことは、問い合わせ先に知らせてください: %(whom)s") % {"whom": whom}  # fmt: skip


@transaction.atomic
def change_application(
    *,
    application: Application,
    people: Mapping[int, Someone],
    more: Sequence[Someone] = (),
    contact: Contact,
    language: str = "",
    goes_to_the_end: bool = False,
    version: str,
    actor: Person | None = None,
    now: datetime | None = None,
) -> Application:
    """Write it anew: `people` by seat, `more` people in new seats, whose turn comes after all that there are.

    By the applicant's link until the window closes, or by those who host it. Where all of an application come together or not at all, one
    who has come later must not pass those between: with a place, more people get one at once or the change is refused; who waits goes to
    the end of the line with all, which has to be asked for (`goes_to_the_end`). `version` is of what was shown. Raises NotOpen, NotFitting,
    ChangedMeanwhile, NotAllowed.
    """
    moment = now or timezone.now()
    intake = held_for(application, actor)
    application = Application.objects.select_related("intake__activity__host", "ward").get(pk=application.pk)
    if not application.sealed:
        raise NotOpen(_("この申込みの個人情報はもう消してあります。"))
    if actor is None and (why := closed_because(application, moment)):
        raise NotOpen(why)
    if version_of(application) != version:
        raise ChangedMeanwhile(_("開いているあいだに、申込みが変わりました。いまの内容を確かめてください。"))
    kept = unsealed(application)
    seats = list(application.seats.order_by("pk"))
    known = [Someone(**each) for each in kept["people"]]
    for place, seat in enumerate(seats):
        if seat.state in LIVE and seat.pk in people:
            new = people[seat.pk]
            known[place] = replace(known[place], name=new.name.strip(), kana=new.kana.strip(), age=new.age)
    live = [person for person, seat in zip(known, seats, strict=True) if seat.state in LIVE]
    if not live:
        raise NotFitting(_("取り消した申込みは変えられません。新しく申し込んでください。"))
    checked_people(intake, [*live, *more])
    if outside := outside_of(intake, [*live, *more], Given(belongs=True), by_staff=actor is not None):
        raise NotFitting(outside)
    mail, telephone = contact.mail.strip(), read_telephone(contact.telephone)
    if not mail and not telephone:
        raise NotFitting(_("メールアドレスか電話番号のどちらかを書いてください。"))
    added = _add(intake, application, seats, more, moment, goes_to_the_end=goes_to_the_end)
    known += [replace(person, quota=seat.quota_id) for person, seat in zip(more, added, strict=True)]
    wanted = {
        "people": [asdict(each) for each in known],
        "mail": mail,
        "telephone": telephone,
        "token": kept["token"],
    }
    spoken = language if language in BY_CODE else application.language
    if wanted == kept and spoken == application.language:
        return application
    for person, seat in zip(known, [*seats, *added], strict=True):
        seat.blind = blind_key(
            application.ward_id, name=person.name, kana=person.kana, telephone=telephone, mail=mail
        )
    Seat.objects.bulk_update([*seats, *added], ["blind"])
    application.sealed = seal(wanted, purpose=telling.SEALED)
    application.telephone_key = key_of(telephone)
    application.has_mail, application.language = bool(mail), spoken
    application.save(update_fields=["sealed", "telephone_key", "has_mail", "language"])
    record_of(
        application, ActivityVerb.APPLICATION_CHANGED, actor, {"seats": (len(live), len(live) + len(added))}
    )
    _recount(seats, actor)
    if added and not _waits_for_draw(intake):
        offer_free_seats(intake, moment, applications={application.pk})
    telling.tell(application, "changed")
    return application


def _recount(seats: Sequence[Seat], actor: Person | None) -> None:
    """Who came already may now be the same person as somebody else, or another: how many different people came follows."""
    came = Presence.objects.filter(seat__in=seats, is_present=True).values("session")
    held = Session.objects.filter(pk__in=came, state=SessionState.HELD).select_related("activity", "ward")
    by_year = {fiscal_year_of(timezone.localdate(session.starts_at)): session for session in held}
    for session in by_year.values():
        hold_item(session)
        post_persons(session, actor)


def _add(
    intake: Intake,
    application: Application,
    seats: Sequence[Seat],
    more: Sequence[Someone],
    moment: datetime,
    *,
    goes_to_the_end: bool,
) -> list[Seat]:
    """Seats for more people, whose turn is the last. Raises NotFitting, NotOpen."""
    if not more:
        return []
    require_open(
        intake, moment, starts_at(intake), by_staff=True
    )  # the window is asked for before, where a resident changes it
    states = {seat.state for seat in seats if seat.state in LIVE}
    if SeatState.OFFERED in states:
        raise NotFitting(_("空いた席の案内が届いています。先に返事をしてから、人数を変えてください。"))
    waits_for_draw = _waits_for_draw(intake)
    quotas = list(Quota.objects.filter(intake=intake))
    wanted = [quota_of(each, quotas) for each in more]
    if application.together and not waits_for_draw:
        _require_in_order(intake, application, states, wanted, goes_to_the_end=goes_to_the_end)
        if SeatState.WAITING in states:
            for seat in (each for each in seats if each.state == SeatState.WAITING):
                seat.turn = intake.next_turn
                intake.next_turn += 1
                seat.save(update_fields=["turn"])
    made = Seat.objects.bulk_create(
        Seat(
            ward=intake.ward,
            application=application,
            intake=intake,
            quota=quota,
            turn=intake.next_turn + place,
            state=SeatState.APPLIED if waits_for_draw else SeatState.WAITING,
        )
        for place, quota in enumerate(wanted)
    )
    intake.next_turn += len(made)
    intake.save(update_fields=["next_turn"])
    return made


def _require_in_order(
    intake: Intake,
    application: Application,
    states: set[str],
    wanted: Sequence[Quota],
    *,
    goes_to_the_end: bool,
) -> None:
    """Raise NotFitting where more people would tear apart who comes together, or pass others without having said so."""
    if SeatState.WAITING in states:
        if not goes_to_the_end:
            raise NotFitting(
                _("全員そろって待つ申込みに人を加えると、順番は最後になります。それでもよければ、印を付けてからもう一度送ってください。")
            )  # fmt: skip
        return
    waiting = Seat.objects.filter(intake=intake, state=SeatState.WAITING)
    rows = waiting.values_list("pk", "application", "quota", "turn", "application__together")
    free = {
        pk: capacity - taken
        for pk, capacity, taken in Quota.objects.filter(intake=intake).values_list("pk", "capacity", "taken")
    }
    new = [
        Wanted(-place, application.pk, quota.pk, intake.next_turn, together=True)
        for place, quota in enumerate(wanted, start=1)
    ]
    if not {each.seat for each in new} <= set(given(free, [*(Wanted(*row) for row in rows), *new])):
        raise NotFitting(_("空いた席が足りないので、人数を増やせません。増やす人の分だけ、別に申し込んで待つことができます。"))  # fmt: skip


def _waits_for_draw(intake: Intake) -> bool:
    return intake.way == Way.LOTTERY and is_undrawn(intake)
