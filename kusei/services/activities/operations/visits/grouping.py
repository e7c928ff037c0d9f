"""Which group is the same group: by the ward's body, else by the folded name, else by what staff say."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold_name
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import VisitGroup, VisitRequest
from kusei.services.activities.operations.visits import keeping
from kusei.services.activities.operations.visits.following import recount
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.visit_enums import GroupKind, VisitVerb
from kusei.wards import permissions
from kusei.wards.models import Body, Person, Ward


def group_for(ward: Ward, kind: GroupKind, name: str, *, body: Body | None = None) -> VisitGroup:
    """The group under which a request of this name is counted, made where there is none yet. For operations of this room."""
    if body is not None:
        if body.ward_id != ward.pk:
            raise NotFitting(_("同じ区の団体を選んでください。"))
        of_body = VisitGroup.objects.filter(ward=ward, body=body, same_as__isnull=True).first()
        if of_body is not None:
            return of_body
    named, _made = VisitGroup.objects.get_or_create(
        ward=ward, folded=fold_name(name)[:80], kind=kind, apart=0, defaults={"name": name.strip()[:80]}
    )
    found = named.same_as or named
    if body is not None and found.body_id is None:
        found.body = body
        found.save(update_fields=["body"])
    return found


@transaction.atomic
def to_same_group(*, request: VisitRequest, other: VisitGroup, actor: Person) -> int:
    """The request's group is `other`: all its requests are counted there from now on, in all years; how many.

    Raises NotFitting where it is that group already or both are different bodies, NotAllowed.
    """
    _require(request, actor)
    source = VisitGroup.objects.get(
        pk=VisitRequest.objects.values_list("group", flat=True).get(pk=request.pk)
    )
    target = other.same_as or other
    if target.ward_id != request.ward_id:
        raise NotFitting(_("同じ区の団体を選んでください。"))
    if source.pk == target.pk:
        raise NotFitting(_("もう同じ団体になっています。"))
    return _merge(request, source, target, actor)


@transaction.atomic
def tell_apart(*, request: VisitRequest, actor: Person) -> VisitRequest:
    """The request is of another group than the one it is counted under. Raises NotFitting where it stands alone, NotAllowed."""
    _require(request, actor)
    request = keeping.held_request(request.pk)
    before = request.group
    if not before.requests.exclude(pk=request.pk).exists():
        raise NotFitting(_("この団体の申込みは、これだけです。"))
    _require_kept(request)
    folded = fold_name(request.group_name)[:80]
    alike = VisitGroup.objects.filter(ward=request.ward, folded=folded, kind=before.kind)
    request.group = VisitGroup.objects.create(
        ward=request.ward, kind=before.kind, name=request.group_name, folded=folded,
        apart=(alike.aggregate(most=Max("apart"))["most"] or 0) + 1,
    )  # fmt: skip
    keeping.save(request, "group")
    keeping.record(request, VisitVerb.OTHER_GROUP, actor)
    for pk in sorted((before.pk, request.group.pk)):
        recount(request.ward, pk, actor)
    return request


@transaction.atomic
def set_body(*, request: VisitRequest, body: Body | None, actor: Person) -> None:
    """The request's group is this one of the ward's bodies, or none of them. Where another group is that body already, both are
    one. Raises NotFitting, NotAllowed."""
    _require(request, actor)
    if body is not None and body.ward_id != request.ward_id:
        raise NotFitting(_("同じ区の団体を選んでください。"))
    request = keeping.held_request(request.pk)
    group = VisitGroup.objects.select_for_update(no_key=True).get(pk=request.group_id)
    if group.body_id == (body.pk if body else None):
        return
    other = (
        VisitGroup.objects.filter(ward=request.ward, body=body, same_as__isnull=True).first()
        if body
        else None
    )
    if other is not None:
        group.body = None
        group.save(update_fields=["body"])
        _merge(request, group, other, actor)
        return
    group.body = body
    group.save(update_fields=["body"])
    keeping.save(request)
    keeping.record(request, VisitVerb.GROUP_BODY, actor, {"group_body": (None, body.name if body else None)})


def _merge(request: VisitRequest, source: VisitGroup, target: VisitGroup, actor: Person) -> int:
    moved = [keeping.held_request(pk) for pk in source.requests.order_by("pk").values_list("pk", flat=True)]
    locked = (
        VisitGroup.objects.select_for_update(no_key=True).filter(pk__in=[source.pk, target.pk]).order_by("pk")
    )
    by_id = {each.pk: each for each in locked}
    source, target = by_id[source.pk], by_id[target.pk]
    if target.same_as_id is not None or source.same_as_id is not None:
        raise NotFitting(_("ほかの人が、団体の組み合わせを変えたところです。もう一度開いてください。"))
    if source.body_id and target.body_id and source.body_id != target.body_id:
        raise NotFitting(_("別の実施主体と結び付いている団体どうしは、同じにできません。"))
    body = source.body or target.body
    source.same_as, source.body = target, None
    source.save(update_fields=["same_as", "body"])
    VisitGroup.objects.filter(same_as=source).update(same_as=target)
    if target.body_id != (body.pk if body else None):
        target.body = body
        target.save(update_fields=["body"])
    for each in moved:
        each.group = target
        keeping.save(each, "group")
    keeping.record(
        request,
        VisitVerb.SAME_GROUP,
        actor,
        {"group": (source.name, target.name), "requests": (None, len(moved))},
    )
    recount(request.ward, target.pk, actor)
    return len(moved)


def _require(request: VisitRequest, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), request.ward, host_ids(request.activity)))


def _require_kept(request: VisitRequest) -> None:
    if request.forgotten_at is not None:
        raise NotFitting(_("終わってから1年たち、連絡先を消した申込みなので、変えられません。"))
