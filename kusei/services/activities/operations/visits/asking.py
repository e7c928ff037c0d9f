"""A group's side of a request: asking once, answering the office, withdrawing; by its link, or written down by staff."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.notices.operations import hash_of
from kusei.notices.sealing import seal, unseal
from kusei.services.activities.enums import ActivityKind, ActivityState, Arrival, SessionState
from kusei.services.activities.errors import NotFitting, NotOpen, SeatGone
from kusei.services.activities.models import Activity, Session, VisitDate, VisitLine, VisitRequest, VisitTerms
from kusei.services.activities.operations.calling_off import post_sessions
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.operations.visits.following import records_of_groups, records_of_requests
from kusei.services.activities.operations.visits.grouping import group_for
from kusei.services.activities.operations.visits.setting import terms_of
from kusei.services.activities.operations.visits.telling import SEALED, tell_group
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.visit_enums import DateAnswer, GroupKind, Side, Turn, VisitState, VisitVerb
from kusei.services.activities.visiting import refusal_of_date, refusal_of_people
from kusei.wards import permissions
from kusei.wards.models import Body, District, Person

MOST_DATES = 3
_LINES_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """What a group asks for: when it would begin (in the order of its wishes), where, for how many and whom. `outside`: the
    place is not in the ward. `body` where staff know the group as one of the ward's."""

    starts: Sequence[datetime]
    place: str
    people: int
    group_kind: GroupKind
    group_name: str
    audience: str = ""
    district: District | None = None
    outside: bool = False
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class VisitContact:
    """Who is to be reached, how, and what else the group wrote. All of it is sealed."""

    name: str
    mail: str = ""
    telephone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VisitMade:
    """A request as it was taken in, and the token of the link behind which it stands."""

    request: VisitRequest
    token: str


@transaction.atomic
def ask_for_visit(
    *,
    activity: Activity,
    ticket: UUID,
    asked: VisitAsked,
    contact: VisitContact,
    language: str = "ja",
    way: Arrival = Arrival.PAGE,
    actor: Person | None = None,
    now: datetime | None = None,
) -> VisitMade:
    """Take a request in; the same `ticket` twice is one.

    `actor` is staff who write down what came by telephone, fax or at the counter: what the terms would refuse is theirs to
    judge. Raises NotOpen, NotFitting, NotAllowed.
    """
    moment = now or timezone.now()
    if (before := _sent_before(activity, ticket)) is not None:
        return before
    kept = VisitTerms.objects.select_for_update(no_key=True, of=("self",)).filter(activity=activity).first()
    activity = Activity.objects.select_related("ward").get(pk=activity.pk)
    if kept is None or activity.kind != ActivityKind.VISIT or activity.state != ActivityState.PUBLISHED:
        raise NotOpen(_("この出前講座は、いま申込みを受け付けていません。"))
    if (before := _sent_before(activity, ticket)) is not None:
        return before  # two clicks at once: the second one waited for the lock
    if actor is not None:
        permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    terms = terms_of(kept)
    _check(asked, contact)
    if asked.district is not None and asked.district.ward_id != activity.ward_id:
        raise NotFitting(_("同じ区の地区を選んでください。"))
    if actor is None:
        today = timezone.localdate(moment)
        refusals = [refusal_of_people(terms, asked.people)]
        refusals += [refusal_of_date(terms, timezone.localtime(each), today) for each in asked.starts]
        if asked.outside and terms.only_in_ward:
            refusals.append(_("会場が区の外のときは、伺えません。区内の会場を書いてください。"))
        refusals += [year_refusal(kept, each) for each in asked.starts]
        for refusal in refusals:
            if refusal:
                raise NotFitting(refusal)
    token = secrets.token_urlsafe(24)
    sealed = {**{key: text.strip() for key, text in asdict(contact).items()}, "token": token}
    request = VisitRequest.objects.create(
        ward=activity.ward, activity=activity, number=kept.next_number, ticket=ticket, token_hash=hash_of(token),
        group=group_for(activity.ward, asked.group_kind, asked.group_name, body=asked.body),
        group_name=asked.group_name.strip(), place=asked.place.strip(), district=asked.district, people=asked.people,
        audience=asked.audience.strip(), sealed=seal(sealed, purpose=SEALED), has_mail=bool(contact.mail.strip()),
        language=language, way=way, received_at=moment, received_by=actor, due_on=keeping.in_days(),
    )  # fmt: skip
    VisitDate.objects.bulk_create(
        VisitDate(
            ward=activity.ward, request=request, side=Side.GROUP, starts_at=each,
            ends_at=each + timedelta(minutes=terms.minutes),
        )
        for each in asked.starts
    )  # fmt: skip
    VisitTerms.objects.filter(pk=kept.pk).update(next_number=kept.next_number + 1)
    keeping.record(request, VisitVerb.ASKED, actor, {"people": (None, asked.people)})
    said = records_of_requests([request])
    if asked.body is not None:
        said += records_of_groups([request.group_id])
    post_sessions(request.ward, [], actor, also=said)
    tell_group(request, "received")
    return VisitMade(request, token)


@transaction.atomic
def answer_dates(*, request: VisitRequest, chosen: int | None, now: datetime | None = None) -> VisitRequest:
    """The group answers the dates that the office proposed: `chosen` is the number of the one that suits, None where none does.
    The same answer twice is one. Raises SeatGone where the office has gone on meanwhile, NotFitting."""
    moment = now or timezone.now()
    request = keeping.held_request(request.pk)
    open_dates = list(request.dates.filter(side=Side.OFFICE, answer=DateAnswer.NONE))
    if not open_dates:
        said = list(
            request.dates.filter(side=Side.OFFICE, answer=DateAnswer.YES).values_list("pk", flat=True)
        )
        if request.turn == Turn.OFFICE and said == ([chosen] if chosen else []):
            return request
        raise SeatGone(_("案内した日は、もう変わりました。いまの内容を確かめてください。"))
    keeping.require_move(request, "answer")
    wanted = next((each for each in open_dates if each.pk == chosen), None)
    if chosen is not None and (wanted is None or wanted.starts_at <= moment):
        raise SeatGone(_("案内した日は、もう変わりました。いまの内容を確かめてください。"))
    for each in open_dates:
        each.answer = DateAnswer.YES if each is wanted else DateAnswer.NO
        each.save(update_fields=["answer"])
    keeping.move(request, VisitState.IN_HAND, Turn.OFFICE, keeping.in_days())
    keeping.record(
        request, VisitVerb.ANSWERED, None, {"starts_at": (None, wanted.starts_at)} if wanted else None
    )
    return request


@transaction.atomic
def write_to_office(*, request: VisitRequest, text: str, now: datetime | None = None) -> VisitRequest:
    """The group writes to the office: an answer to what it was asked, or something that changed. The same line twice in a row is
    one. Raises NotFitting."""
    request = keeping.held_request(request.pk)
    text = text.strip()
    if not text:
        raise NotFitting(_("伝えたいことを書いてください。"))
    if not request.is_open:
        raise NotFitting(_("この申込みは終わっています。問い合わせ先に電話してください。"))
    last = request.lines.last()
    if last is not None and last.side == Side.GROUP and unseal(last.sealed, purpose=SEALED) == text[:1000]:
        return request
    if request.lines.filter(side=Side.GROUP).count() >= _LINES_AT_MOST:
        raise NotFitting(_("ここから送れる数を超えました。問い合わせ先に電話してください。"))
    VisitLine.objects.create(
        ward=request.ward, request=request, side=Side.GROUP, sealed=seal(text[:1000], purpose=SEALED),
        written_at=now or timezone.now(),
    )  # fmt: skip
    if request.turn == Turn.GROUP and not request.dates.filter(side=Side.OFFICE, answer="").exists():
        keeping.move(request, VisitState.IN_HAND, Turn.OFFICE, keeping.in_days())
    else:
        keeping.save(request)
    keeping.record(request, VisitVerb.ANSWERED, None)
    return request


@transaction.atomic
def withdraw_visit(*, request: VisitRequest, now: datetime | None = None) -> VisitRequest:
    """The group no longer wants the visit; a session that was decided on is called off. Twice is once.

    Raises SeatGone once the visit has begun, NotFitting.
    """
    request = keeping.held_request(request.pk)
    if request.state == VisitState.WITHDRAWN:
        return request
    keeping.require_move(request, "withdraw")
    session = keeping.live_session(request)
    if session is not None and session.starts_at <= (now or timezone.now()):
        raise SeatGone(_("始まった後は、ここからは取り下げられません。問い合わせ先に電話してください。"))
    with translation.override("ja"):  # it is kept, and read by the office
        withdraw(request, _("団体から取下げの連絡があったため"), None)
    tell_group(request, "withdrawn")
    return request


def withdraw(request: VisitRequest, reason: str, actor: Person | None, *, counts: bool = True) -> None:
    """End a held request as withdrawn, and call off what was decided. For operations of this room."""
    session = keeping.live_session(request)
    request.is_counted = counts
    keeping.move(request, VisitState.WITHDRAWN, Turn.NOBODY, None, "is_counted", reason=reason)
    keeping.record(request, VisitVerb.WITHDRAWN, actor, reason=reason)
    if session is not None:
        session.state, session.reason = SessionState.CALLED_OFF, reason
        session.revision += 1
        session.save(update_fields=["state", "reason", "revision"])
    post_sessions(request.ward, [session] if session else [], actor, also=records_of_requests([request]))


def year_refusal(kept: VisitTerms, starts_at: datetime) -> str:
    """Why no more can be asked for in the fiscal year of a date; empty where one can. A request counts in the year of its session,
    or else of its first date."""
    if kept.most_a_year is None:
        return ""
    year = fiscal_year_of(timezone.localdate(starts_at))
    live = VisitRequest.objects.filter(activity=kept.activity_id).exclude(
        state__in=[VisitState.DECLINED, VisitState.WITHDRAWN]
    )
    decided = dict(
        Session.objects.filter(visit__in=live)
        .exclude(state=SessionState.CALLED_OFF)
        .values_list("visit", "starts_at")
    )
    wished = live.annotate(first=Min("dates__starts_at")).values_list("pk", "first")
    days = [decided.get(pk) or first for pk, first in wished]
    taken = sum(1 for each in days if each and fiscal_year_of(timezone.localdate(each)) == year)
    if taken < kept.most_a_year:
        return ""
    return _("その年度の分（%(n)d回）は、申込みがいっぱいになりました。次の年度の日を選んでください。") % {
        "n": kept.most_a_year
    }


def unsealed(request: VisitRequest) -> dict[str, Any]:
    """What was sealed of a request; {} once it is deleted. For operations: whoever shows it asks and records first."""
    return dict(unseal(request.sealed, purpose=SEALED)) if request.sealed else {}


def _sent_before(activity: Activity, ticket: UUID) -> VisitMade | None:
    before = VisitRequest.objects.filter(ticket=ticket).select_related("activity", "ward").first()
    if before is None:
        return None
    if before.activity_id != activity.pk:
        raise NotFitting(_("この画面は前の申込みのものです。出前講座のページから開き直してください。"))
    return VisitMade(before, str(unsealed(before).get("token", "")))


def _check(asked: VisitAsked, contact: VisitContact) -> None:
    if not asked.starts:
        raise NotFitting(_("希望の日を一つは書いてください。"))
    if len(asked.starts) > MOST_DATES:
        raise NotFitting(_("希望の日は三つまでです。"))
    if len(set(asked.starts)) != len(asked.starts):
        raise NotFitting(_("同じ日時が二度書かれています。違う日時を書いてください。"))
    if not asked.group_name.strip():
        raise NotFitting(_("団体の名前を書いてください。"))
    if not asked.place.strip():
        raise NotFitting(_("会場を書いてください。"))
    if asked.people < 1:
        raise NotFitting(_("参加する見込みの人数を書いてください。"))
    if not contact.name.strip():
        raise NotFitting(_("連絡する人の名前を書いてください。"))
    if not contact.mail.strip() and not contact.telephone.strip():
        raise NotFitting(_("メールアドレスか電話番号のどちらかを書いてください。"))
    too_long = ((asked.group_name, 80), (asked.place, 120), (asked.audience, 200), (contact.name, 80))
    if any(len(text.strip()) > most for text, most in too_long):
        raise NotFitting(_("長すぎるところがあります。短く書いてください。"))
