"""A draft that was made by mistake: taken away with what hangs on it, as long as nobody outside ever saw it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger.models import Entry
from kusei.services.activities import dispatch_metrics, metrics
from kusei.services.activities.enums import ActivityState, ActivityVerb, SessionState
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import (
    Activity,
    Application,
    Card,
    Draw,
    RallyDay,
    Session,
    Telling,
    VisitRequest,
)
from kusei.services.activities.operations.holding import held
from kusei.services.activities.operations.sessions import has_records
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import AuditEntry, Person


@transaction.atomic
def remove_activity(*, activity: Activity, revision: int, actor: Person) -> None:
    """Take a draft away with its intakes, sessions, questions and translations, as if it had never been; the trail keeps that it was.
    Raises NotFitting (`kept_because`), ChangedMeanwhile, NotAllowed."""
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    locked = Activity.objects.select_for_update(of=("self",)).select_related("ward")  # nobody adds to it now
    found = locked.filter(pk=activity.pk).first()
    if found is None:
        raise ChangedMeanwhile(_("もう消してあります。一覧に戻ってください。"))
    if found.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人が書き換えました。いまの内容を確かめてください。")
        )
    for pk in found.intakes.order_by("pk").values_list("pk", flat=True):
        held(pk)  # whoever is just applying is waited for
    sessions = Session.objects.select_for_update(of=("self",)).filter(activity=found).order_by("pk")
    count = len(sessions)
    if why := kept_because(found):
        raise NotFitting(why)
    audit.record(
        ward=found.ward, actor=actor, verb=ActivityVerb.REMOVED, target=found, changes={"sessions": (count, None)},
    )  # fmt: skip
    found.delete()


def kept_because(activity: Activity) -> str:
    """Why an activity cannot be taken away, and what to do instead; "" where it can."""
    if activity.state == ActivityState.PUBLISHED:
        return _("公開中なので消せません。行わないときは、「全部を中止する」で中止にしてください。")
    if activity.state == ActivityState.CALLED_OFF:
        return _("中止した記録なので消せません。住民のページに「中止」と出たままにします。")
    if _was_published(activity):
        return _(
            "一度公開したので消せません。住民が見たものの記録として、「準備中」のまま残します。直して、また公開できます。"
        )
    if Application.objects.filter(intake__activity=activity).exists():
        return _("申込みがあるので消せません。申し込んだ人に連絡し、行わないときは中止にしてください。")
    if VisitRequest.objects.filter(activity=activity).exists():
        return _(
            "団体からの申込みがあるので消せません。「出前講座の申込み」で、見送りか取下げを記録してください。"
        )
    sessions = list(activity.sessions.values_list("pk", "state"))
    if any(state != SessionState.PLANNED for _pk, state in sessions):
        return _("行った回か中止した回があるので消せません。実績の記録として残します。")
    numbers = [pk for pk, _state in sessions]
    own = (metrics.SOURCE_KIND, dispatch_metrics.SOURCE_KIND)
    if Entry.objects.filter(ward=activity.ward_id, source_kind__in=own, source_id__in=numbers).exists():
        return _("実績に数えたことのある回があるので消せません。記録として残します。")
    if has_records(numbers):
        return _(
            "回について、頼んだ人・会議の記録・アンケートなどの記録があるので消せません。要らない回だけを、回のページで消してください。"
        )
    others = (
        Telling.objects.filter(activity=activity), Draw.objects.filter(intake__activity=activity),
        Card.objects.filter(rally__activity=activity), RallyDay.objects.filter(rally__activity=activity),
    )  # fmt: skip
    if any(each.exists() for each in others):
        return _("お知らせ・抽選・スタンプの記録があるので消せません。記録として残します。")
    return ""


def _was_published(activity: Activity) -> bool:
    """Whether residents ever saw it: what was taken back to a draft says so in the trail alone."""
    own = AuditEntry.objects.filter(
        ward=activity.ward_id, target_type="activities.activity", target_id=str(activity.pk)
    )
    return activity.published_at is not None or own.filter(verb=ActivityVerb.PUBLISHED).exists()
