"""A plan's next version with the same items: what belongs to them changed (their results), not what they say."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans.enums import PlanStatus, PlanVerb
from kusei.plans.errors import NothingChanged, NotReady
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.operations.copying import copy_tree
from kusei.plans.operations.drafts import next_number, plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.permissions import may_publish
from kusei.wards import audit, permissions
from kusei.wards.models import Person


@transaction.atomic
def publish_again(*, plan: Plan, actor: Person, note: str = "", is_worth_it: bool = True) -> PlanVersion:
    """The next version of a plan with the tree that is in force: something that belongs to it changed, not its items.

    `is_worth_it`: the caller knows that something changed. An open draft goes on; its planner takes the new version in
    before publishing. Raises NothingChanged, NotReady where nothing is in force, NotAllowed.
    """
    permissions.require(may_publish(permissions.rights_of(actor), plan.ward))
    Plan.objects.select_for_update().get(pk=plan.pk)
    force = version_in_force(plan)
    if force is None:
        raise NotReady(_("公開中の版がありません。先に計画を公開してください。"), [])
    if not is_worth_it:
        raise NothingChanged(_("公開中の版と同じ内容です。"))
    version = PlanVersion.objects.create(
        ward_id=plan.ward_id,
        plan=plan,
        number=next_number(plan),
        status=PlanStatus.PUBLISHED,
        title=force.title,
        base=force,
        note=note.strip()[:300],
        published_at=timezone.now(),
        published_by=actor,
    )
    copy_tree(older=force, newer=version)
    audit.record(
        ward=plan.ward, actor=actor, verb=PlanVerb.PUBLISHED, target=plan, label=plan_label(plan),
        changes={"version": (force.number, version.number)}, reason=note,
    )  # fmt: skip
    return version
