"""Before the public at a time to come, back to a draft, and from when to when people apply."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityKind, ActivityState, ActivityVerb, SessionState, Way
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity, Application, Draw, Intake, VisitRequest, VisitTerms
from kusei.services.activities.operations.holding import held
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.searching import tell_search
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_FARTHEST = timedelta(days=400)


@transaction.atomic
def publish_at(
    *, activity: Activity, moment: datetime | None, actor: Person, now: datetime | None = None
) -> Activity:
    """Have a draft published at that time; None: not any more. Raises NotFitting where it is no draft, has no session, or for a time that
    is over; NotAllowed."""
    activity = held_activity(activity, actor)
    if activity.state != ActivityState.DRAFT:
        raise NotFitting(_("準備中のものだけ、公開を予約できます。"))
    if activity.kind == ActivityKind.DISPATCH and moment is not None:
        raise NotFitting(_("派遣は住民のページには出しません。公開しなくても、依頼と記録ができます。"))
    if moment is not None:
        at = now or timezone.now()
        if not at < moment < at + _FARTHEST:
            raise NotFitting(_("公開する日時は、これから1年以内にしてください。すぐに出すときは「公開する」を押します。"))  # fmt: skip
        require_complete(activity)
    before, activity.publish_at = activity.publish_at, moment
    activity.save(update_fields=["publish_at"])
    audit.record(
        ward=activity.ward, actor=actor, verb=ActivityVerb.PUBLISH_AT, target=activity,
        changes={"publish_at": (before, moment)},
    )  # fmt: skip
    return activity


def publish_due(*, now: datetime | None = None) -> int:
    """Publish the drafts whose time has come; how many. For the background worker: after it stood still they come late, each once.
    One that has lost its sessions waits until it has some."""
    moment = now or timezone.now()
    due = Activity.objects.filter(state=ActivityState.DRAFT, publish_at__lte=moment).exclude(
        kind=ActivityKind.DISPATCH
    )
    done = 0
    for pk in list(due.order_by("publish_at", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            locked = due.select_for_update(no_key=True, of=("self",)).select_related("ward")
            activity = locked.filter(pk=pk).first()
            if activity is None or what_is_missing(activity):
                continue
            activity.state, activity.published_at, activity.publish_at = ActivityState.PUBLISHED, moment, None
            activity.revision += 1
            activity.save(update_fields=["state", "published_at", "publish_at", "revision"])
            audit.record(
                ward=activity.ward, actor=None, actor_name=str(_("公開の予約")), verb=ActivityVerb.PUBLISHED,
                target=activity,
            )  # fmt: skip
            tell_search(activity)
            done += 1
    return done


@transaction.atomic
def unpublish_activity(*, activity: Activity, actor: Person) -> Activity:
    """Back to a draft that nobody outside sees. Raises NotFitting once somebody applied or a session was held or called off;
    NotAllowed."""
    activity = held_activity(activity, actor)
    if activity.state != ActivityState.PUBLISHED:
        raise NotFitting(_("公開中のものだけを準備中に戻せます。"))
    for pk in activity.intakes.order_by("pk").values_list("pk", flat=True):
        held(pk)  # whoever is just applying is waited for
    has_visits = VisitRequest.objects.filter(activity=activity).exists()
    if has_visits or Application.objects.filter(intake__activity=activity).exists():
        raise NotFitting(_("もう申込みがあるので、準備中には戻せません。内容を直すか、中止にしてください。"))
    if activity.sessions.exclude(state=SessionState.PLANNED).exists():
        raise NotFitting(_("行った回か中止した回があるので、準備中には戻せません。"))
    activity.state, activity.published_at = ActivityState.DRAFT, None
    activity.revision += 1
    activity.save(update_fields=["state", "published_at", "revision"])
    audit.record(ward=activity.ward, actor=actor, verb=ActivityVerb.UNPUBLISHED, target=activity)
    tell_search(activity)
    return activity


@transaction.atomic
def change_window(*, intake: Intake, opens_at: datetime, closes_at: datetime, actor: Person) -> Intake:
    """Other days of application: longer, shorter, closed now, or open again. Raises NotFitting for an end before the beginning, and once
    the lots are sealed; NotAllowed."""
    intake = held(intake.pk)
    permissions.require(may_host(permissions.rights_of(actor), intake.ward, host_ids(intake.activity)))
    if opens_at >= closes_at:
        raise NotFitting(_("申込みの終わりは、始まりより後にしてください。"))
    if intake.way == Way.LOTTERY and Draw.objects.filter(intake=intake).exists():
        raise NotFitting(_("抽選の対象を確定した後は、申込みの期間を変えられません。あとから申し込む人は、電話で受け付けてください。"))  # fmt: skip
    before = (intake.opens_at, intake.closes_at)
    if before == (opens_at, closes_at):
        return intake
    intake.opens_at, intake.closes_at = opens_at, closes_at
    intake.save(update_fields=["opens_at", "closes_at"])
    audit.record(
        ward=intake.ward, actor=actor, verb=ActivityVerb.WINDOW, target=intake.activity, label=str(intake),
        changes={"opens_at": (before[0], opens_at), "closes_at": (before[1], closes_at)},
    )  # fmt: skip
    return intake


def require_complete(activity: Activity) -> None:
    """Raise NotFitting where something is missing that residents need. For operations of this room."""
    if missing := what_is_missing(activity):
        raise NotFitting(missing)


def what_is_missing(activity: Activity) -> str:
    """Why an activity cannot be published yet, in words; empty where it can."""
    if activity.kind == ActivityKind.VISIT:
        has_terms = VisitTerms.objects.filter(activity=activity).exists()
        return "" if has_terms else _("出前講座の条件がまだありません。先に条件を決めてください。")
    has_sessions = activity.sessions.exists()
    return "" if has_sessions else _("日時がまだありません。先に回を加えてください。")


def held_activity(activity: Activity, actor: Person) -> Activity:
    """The activity, locked, for one of its hosts. For operations of this room. Raises NotAllowed."""
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    return (
        Activity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ward")
        .get(pk=activity.pk)
    )
