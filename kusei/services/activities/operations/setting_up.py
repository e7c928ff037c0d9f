"""Setting an activity up: what it is, when, how many, from when people may apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans.models import Item
from kusei.press import formats
from kusei.services.activities.enums import (
    ActivityKind,
    ActivityState,
    ActivityVerb,
    SessionState,
    TemplateFor,
    Way,
)
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting, TooFewSeats
from kusei.services.activities.models import Activity, Intake, Quota, Session
from kusei.services.activities.operations.asking import carry_questions
from kusei.services.activities.operations.calling_off import bound_offers
from kusei.services.activities.operations.holding import held
from kusei.services.activities.operations.languages import copy_languages
from kusei.services.activities.operations.offering import offer_free_seats
from kusei.services.activities.operations.publishing import held_activity, require_complete
from kusei.services.activities.operations.surveys import carry_survey
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.searching import tell_search
from kusei.services.activities.series import MOST_SESSIONS
from kusei.wards import audit, permissions
from kusei.wards.models import Body, District, Person, Ward

MOST_CAPACITY = 100_000


@dataclass(frozen=True, slots=True)
class Details:
    """What an activity is; ages in whole years, the fee yen for one person."""

    kind: ActivityKind
    title: str
    text: str = ""
    audience: str = ""
    min_age: int | None = None
    max_age: int | None = None
    reach: str = ""
    fee_yen: int = 0
    fee_note: str = ""
    bring: str = ""
    has_sign_language: bool = False
    has_childcare: bool = False
    is_step_free: bool = False
    contact: str = ""


_FIELDS = tuple(Details.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class When:
    """One session to be: its time, place and district; `part` is the group or room where several are held at a time."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    district: District | None = None
    online_url: str = ""
    part: str = ""


@transaction.atomic
def add_activity(
    *,
    ward: Ward,
    item: Item,
    host: Body,
    cohosts: Iterable[Body] = (),
    details: Details,
    copied_from: Activity | None = None,
    ticket: UUID | None = None,
    actor: Person,
) -> Activity:
    """A new activity, seen by nobody outside until it is published; `copied_from` is the one that it is like, `ticket` of the form by
    which it came. Raises NotFitting, NotAllowed."""
    permissions.require(may_host(permissions.rights_of(actor), ward, [host.pk]))
    others = [each for each in cohosts if each.pk != host.pk]
    if item.ward_id != ward.pk or any(each.ward_id != ward.pk for each in (host, *others)):
        raise NotFitting(_("同じ区の取組と団体を選んでください。"))
    _check(details)
    activity = Activity.objects.create(
        ward=ward,
        item=item,
        host=host,
        created_by=actor,
        copied_from=copied_from,
        public_id=ticket or uuid4(),
        **{name: getattr(details, name) for name in _FIELDS},
    )
    activity.cohosts.set(others)
    carry_survey(activity, actor)
    if copied_from is not None:
        copy_languages(copied_from, activity)
    audit.record(ward=ward, actor=actor, verb=ActivityVerb.ADDED, target=activity)
    return activity


@transaction.atomic
def change_activity(*, activity: Activity, details: Details, revision: int, actor: Person) -> Activity:
    """Other words or conditions; who applied before keeps the place. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    _require(activity, actor)
    activity = (
        Activity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ward")
        .get(pk=activity.pk)
    )
    if activity.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人が書き換えました。いまの内容を確かめてください。")
        )
    _check(details)
    if (activity.kind == ActivityKind.VISIT) != (details.kind == ActivityKind.VISIT):
        raise NotFitting(_("出前講座とほかの種類は入れ替えられません。新しく作ってください。"))
    if details.kind == ActivityKind.DISPATCH and activity.state != ActivityState.DRAFT:
        raise NotFitting(_("公開したものは「派遣」に変えられません。新しく作ってください。"))
    before = {name: getattr(activity, name) for name in _FIELDS}
    wanted = {name: getattr(details, name) for name in _FIELDS}
    if before == wanted:
        return activity
    for name, value in wanted.items():
        setattr(activity, name, value)
    activity.revision += 1
    activity.save(update_fields=[*_FIELDS, "revision"])
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.CHANGED, target=activity,
        changes={name: (before[name], wanted[name]) for name in _FIELDS if before[name] != wanted[name]},
    )  # fmt: skip
    tell_search(activity)
    return activity


@transaction.atomic
def add_intake(
    *,
    activity: Activity,
    quotas: Mapping[str, int],
    opens_at: datetime,
    closes_at: datetime,
    way: Way = Way.FIRST_COME,
    name: str = "",
    most_people: int = 4,
    offer_hours: int = 48,
    actor: Person,
) -> Intake:
    """By what people apply: `quotas` are the seats by the name of their kind ("" where there is one kind). An activity like another
    asks what that one asked. Raises NotFitting, NotAllowed."""
    _require(activity, actor)
    _require_public(activity)
    if opens_at >= closes_at:
        raise NotFitting(_("申込みの終わりは、始まりより後にしてください。"))
    if not quotas or any(not 1 <= count <= MOST_CAPACITY for count in quotas.values()):
        raise NotFitting(_("定員は1人以上にしてください。"))
    if not 1 <= most_people <= 20:
        raise NotFitting(_("一度に申し込める人数は、1人から20人までにしてください。"))
    if not 1 <= offer_hours <= 24 * 14:
        raise NotFitting(_("返事を待つ時間は、1時間から14日までにしてください。"))
    intake = Intake.objects.create(
        ward=activity.ward, activity=activity, name=name.strip()[:80], way=way, opens_at=opens_at,
        closes_at=closes_at, most_people=most_people, offer_hours=offer_hours,
    )  # fmt: skip
    Quota.objects.bulk_create(
        Quota(ward=activity.ward, intake=intake, name=each.strip()[:40], capacity=count, position=place)
        for place, (each, count) in enumerate(quotas.items())
    )
    carry_questions(intake)
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.INTAKE_ADDED, target=activity, label=str(intake),
        changes={"capacity": (None, sum(quotas.values()))},
    )  # fmt: skip
    return intake


@transaction.atomic
def add_sessions(
    *, activity: Activity, whens: Sequence[When], intake: Intake | None = None, actor: Person
) -> list[Session]:
    """Times and places, one or a whole series. Raises NotFitting, also for what stands there already (a form that was sent twice),
    NotAllowed."""
    activity = held_activity(activity, actor)
    _require_public(activity)
    if not whens:
        raise NotFitting(_("日時を一つは入れてください。"))
    if activity.sessions.count() + len(whens) > MOST_SESSIONS:
        raise NotFitting(_("一つの講座・催しの回は%(most)d回までです。") % {"most": MOST_SESSIONS})
    for each in whens:
        if each.ends_at <= each.starts_at:
            raise NotFitting(_("終わりは、始まりより後にしてください。"))
        if each.district is not None and each.district.ward_id != activity.ward_id:
            raise NotFitting(_("同じ区の地区を選んでください。"))
    if intake is not None and intake.activity_id != activity.pk:
        raise NotFitting(_("この講座・催しの募集を選んでください。"))
    _require_new(activity, whens)
    held_intake = held(intake.pk) if intake is not None else None  # who is just applying is waited for
    made = Session.objects.bulk_create(
        Session(
            ward=activity.ward, activity=activity, intake=intake, starts_at=each.starts_at, ends_at=each.ends_at,
            place=each.place.strip()[:120], district=each.district, online_url=each.online_url.strip(),
            part=each.part.strip()[:40],
        )
        for each in whens
    )  # fmt: skip
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.SESSIONS_ADDED, target=activity,
        changes={"sessions": (None, len(made))},
    )  # fmt: skip
    if held_intake is not None:
        bound_offers(held_intake)
        offer_free_seats(held_intake, timezone.now())
    tell_search(activity)
    return made


@transaction.atomic
def publish_activity(*, activity: Activity, actor: Person, now: datetime | None = None) -> Activity:
    """Put it before residents. Raises NotFitting where it has no session yet or is not a draft, NotAllowed."""
    _require(activity, actor)
    activity = (
        Activity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ward")
        .get(pk=activity.pk)
    )
    if activity.state == ActivityState.PUBLISHED:
        return activity
    if activity.kind == ActivityKind.DISPATCH:
        raise NotFitting(_("派遣は住民のページには出しません。公開しなくても、依頼と記録ができます。"))
    if activity.state != ActivityState.DRAFT:
        raise NotFitting(_("中止したものは公開できません。写しを作ってください。"))
    require_complete(activity)
    activity.state, activity.published_at = ActivityState.PUBLISHED, now or timezone.now()
    activity.publish_at = None
    activity.revision += 1
    activity.save(update_fields=["state", "published_at", "publish_at", "revision"])
    audit.record(ward=activity.ward, actor=actor, verb=ActivityVerb.PUBLISHED, target=activity)
    tell_search(activity)
    return activity


@transaction.atomic
def mark_template(*, activity: Activity, template: str, actor: Person) -> Activity:
    """Let others make new ones like it (a TemplateFor, "" for not any more). Raises NotAllowed."""
    _require(activity, actor)
    wanted = TemplateFor(template).value if template else ""
    before = activity.template
    if before != wanted:
        activity.template = wanted
        activity.save(update_fields=["template"])
        audit.record(
            ward=activity.ward, actor=actor, verb=ActivityVerb.TEMPLATE, target=activity,
            changes={"template": (before, wanted)},
        )  # fmt: skip
    return activity


@transaction.atomic
def change_capacity(
    *, intake: Intake, capacities: Mapping[int, int], actor: Person, now: datetime | None = None
) -> Intake:
    """Other numbers of seats, by quota. What becomes free is offered to those who wait. Raises TooFewSeats below what is taken,
    NotFitting, NotAllowed."""
    intake = held(intake.pk)
    _require(intake.activity, actor)
    for quota in Quota.objects.filter(intake=intake, pk__in=capacities):
        wanted = capacities[quota.pk]
        if not 1 <= wanted <= MOST_CAPACITY:
            raise NotFitting(_("定員は1人以上にしてください。"))
        if wanted < quota.taken:
            raise TooFewSeats(
                _("もう%(taken)d人の席が決まっているので、%(wanted)d人にはできません。")
                % {"taken": quota.taken, "wanted": wanted}
            )
        if wanted == quota.capacity:
            continue
        audit.record(
            ward=intake.ward, actor=actor, verb=ActivityVerb.CAPACITY, target=intake.activity, label=str(intake),
            changes={"capacity": (quota.capacity, wanted)},
        )  # fmt: skip
        Quota.objects.filter(pk=quota.pk).update(capacity=wanted)
    offer_free_seats(intake, now or timezone.now())
    return intake


def _check(details: Details) -> None:
    if not details.title.strip():
        raise NotFitting(_("名称を書いてください。"))
    if details.min_age is not None and details.max_age is not None and details.min_age > details.max_age:
        raise NotFitting(_("年齢は「何歳から」を「何歳まで」以下にしてください。"))


def _require_public(activity: Activity) -> None:
    if activity.kind == ActivityKind.VISIT:
        raise NotFitting(
            _("出前講座の日は、団体の申込みから決まります。「出前講座の申込み」で決めてください。")
        )


def _require_new(activity: Activity, whens: Sequence[When]) -> None:
    """Nothing of a series stands there already. Who is sent may be asked for by several people for the same hour."""
    if activity.kind == ActivityKind.DISPATCH:
        return
    standing = activity.sessions.exclude(state=SessionState.CALLED_OFF)
    there = set(standing.values_list("starts_at", "place", "part", "online_url"))
    for each in whens:
        if (
            each.starts_at,
            each.place.strip()[:120],
            each.part.strip()[:40],
            each.online_url.strip(),
        ) in there:
            raise NotFitting(
                _("%(day)sの%(place)sには、同じ時刻の回がもうあります。もう加えてあるか、講座・催しのページで確かめてください。")
                % {"day": formats.date_ja(timezone.localdate(each.starts_at)), "place": each.place.strip() or each.part.strip() or _("この講座・催し")}
            )  # fmt: skip


def _require(activity: Activity, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
