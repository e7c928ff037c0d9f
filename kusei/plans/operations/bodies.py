"""Two registered bodies that turn out to be one: what pointed at the one points at the other."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from kusei.plans.enums import EDITABLE, PlanVerb
from kusei.plans.errors import PlanError
from kusei.plans.models import Comment, DraftStep, ItemOwner
from kusei.wards import audit, permissions
from kusei.wards import operations as wards
from kusei.wards.models import Body, BodyAlias, Person
from kusei.wards.queries import heirs_of


class NotOneBody(PlanError):
    """Bodies of two wards, or one body given twice."""


@transaction.atomic
def merge_body(*, duplicate: Body, into: Body, actor: Person) -> set[int]:
    """`duplicate` becomes another way of writing `into`: its items, parts, aliases and the comments that call it go over, and
    it is deleted; where something that never changes names it (entries of the ledger), it stays, joined to `into`. Returns the
    bodies for which `into` acts from now on: the caller lets the ledger follow.

    What versions printed stays as printed. Raises NotOneBody for bodies of two wards, or the same body twice, NotAllowed.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), into.ward))
    if duplicate.ward_id != into.ward_id or duplicate.pk == into.pk:
        raise NotOneBody(_("同じ区の、別々に登録された実施主体を選んでください。"))
    owners = ItemOwner.objects.filter(body=duplicate)
    owners.filter(text__owners__body=into).delete()  # an item that names both keeps one owner
    ItemOwner.objects.filter(body=duplicate).update(body=into)
    calls = Comment.mentions.through.objects.filter(body=duplicate)
    calls.filter(comment__mentions=into).delete()  # a comment that calls both calls one
    calls.update(body=into)
    Body.objects.filter(parent=duplicate).exclude(pk=into.pk).update(parent=into)
    Body.objects.filter(pk=into.pk, parent=duplicate).update(parent=None)
    BodyAlias.objects.filter(body=duplicate).update(body=into)
    _rename_in_steps(into, duplicate.pk)
    name = duplicate.name
    moved = {duplicate.pk, *heirs_of(into.ward).before([duplicate.pk])}
    wards.join_to(body=duplicate, into=into, actor=actor)
    # Where entries or papers name it, it stays behind them; its name means `into` all the same (docs/adr/0016).
    with suppress(ProtectedError), transaction.atomic():
        Body.objects.filter(successor=duplicate).update(successor=into)
        Body.objects.get(pk=duplicate.pk).delete()
        wards.add_alias(into, name, actor=actor)
    into.refresh_from_db()
    audit.record(
        ward=into.ward,
        actor=actor,
        verb=PlanVerb.BODY_MERGED,
        target=into,
        changes={"name": (name, into.name)},
    )
    return moved


def _rename_in_steps(into: Body, duplicate_id: int) -> None:
    """Steps of open drafts can be undone: they must not bring an owner back that is gone."""
    steps = []
    for step in DraftStep.objects.filter(ward_id=into.ward_id, version__status__in=EDITABLE).iterator():
        met = False
        for rows in (step.before["rows"], step.after["rows"]):
            for row in filter(None, rows.values()):
                if any(body == duplicate_id for body, _printed in row["owners"]):
                    met = True
                    owners = {
                        (into.pk if body == duplicate_id else body): printed
                        for body, printed in reversed(row["owners"])
                    }
                    row["owners"] = [list(each) for each in reversed(owners.items())]
        if met:
            steps.append(step)
    DraftStep.objects.bulk_update(steps, ["before", "after"], batch_size=100)
