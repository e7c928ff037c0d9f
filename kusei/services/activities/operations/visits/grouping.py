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
from kusei.wards.operations import hold_lines


def group_for(ward: Ward, kind: GroupKind, name: str, *, body: Body | None = None) -> VisitGroup:
    """The group under which a request of this name is counted, locked, made where there is none yet. For operations of this room, which
    post it anew with its request where `body` is given: it may become that body."""
    of_line: dict[int, int] = {}
    if body is not None:
        if body.ward_id != ward.pk:
            raise NotFitting(_("同じ区の団体を選んでください。"))
        of_line = _groups_of_line(body)
        if body.pk in of_line:
            return keeping.held_group(of_line[body.pk])
    named, _made = VisitGroup.objects.get_or_create(
        ward=ward, folded=fold_name(name)[:80], kind=kind, apart=0, defaults={"name": name.strip()[:80]}
    )
    found = keeping.held_group(named.pk, *of_line.values())
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
    target = other.same_as or other
    if target.ward_id != request.ward_id:
        raise NotFitting(_("同じ区の団体を選んでください。"))
    groups = _hold_with(request, target.pk)
    source, target = groups[_group_id(request)], groups[target.pk]
    if source.pk == target.pk:
        raise NotFitting(_("もう同じ団体になっています。"))
    moved = _merge(request, source, target, actor)
    recount(request.ward, groups, actor)
    return moved


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
    recount(request.ward, [before.pk, request.group.pk], actor)
    return request


@transaction.atomic
def set_body(*, request: VisitRequest, body: Body | None, actor: Person) -> None:
    """The request's group is this one of the ward's bodies, or none of them. Where another group is that body already, both are
    one. Raises NotFitting, NotAllowed."""
    _require(request, actor)
    if body is not None and body.ward_id != request.ward_id:
        raise NotFitting(_("同じ区の団体を選んでください。"))
    of_line = _groups_of_line(body) if body is not None else {}
    groups = _hold_with(request, *of_line.values())
    group = groups[_group_id(request)]
    if group.body_id == (body.pk if body else None):
        return
    if body is not None and body.pk in of_line:
        other = groups[of_line[body.pk]]
        if other.body_id != body.pk:
            raise _changed()
        group.body = None
        group.save(update_fields=["body"])
        _merge(request, group, other, actor)
    else:
        group.body = body
        group.save(update_fields=["body"])
        request = keeping.held_request(request.pk)
        keeping.save(request)
        keeping.record(
            request, VisitVerb.GROUP_BODY, actor, {"group_body": (None, body.name if body else None)}
        )
    recount(request.ward, groups, actor)  # those it was counted with, and those it is counted with now


def _merge(request: VisitRequest, source: VisitGroup, target: VisitGroup, actor: Person) -> int:
    """All requests of a held group go over to another held one; how many. The caller counts anew all that are held."""
    moved = keeping.held_requests(VisitRequest.objects.filter(group=source))
    if target.same_as_id is not None or source.same_as_id is not None:
        raise _changed()
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
    return len(moved)


def _hold_with(request: VisitRequest, *others: int) -> dict[int, VisitGroup]:
    """The group of a request and others, locked together. Raises NotFitting where the request came to another one meanwhile."""
    groups = keeping.hold_groups([_group_id(request), *others])
    if _group_id(request) not in groups:
        raise _changed()
    return groups


def _group_id(request: VisitRequest) -> int:
    """As it is now."""
    return VisitRequest.objects.values_list("group", flat=True).get(pk=request.pk)


def _groups_of_line(body: Body) -> dict[int, int]:
    """Which group is one of the ward's bodies, and which are those that came before it or after, by body. Whoever asks the same
    meanwhile, or says who acts for whom, waits, so that no body is two groups, and groups that are counted together know of each other.
    Raises NotFitting where the body was joined to another while it was chosen."""
    line = hold_lines(body.ward_id, {body.pk})
    if body.pk not in line or line[body.pk].is_joined:
        raise NotFitting(
            _("選んだ実施主体は、ほかの実施主体にまとめたところです。もう一度開いて選んでください。")
        )
    found = VisitGroup.objects.filter(ward=body.ward_id, body__in=line, same_as__isnull=True)
    return dict(found.values_list("body", "pk"))


def _changed() -> NotFitting:
    return NotFitting(_("ほかの人が、団体の組み合わせを変えたところです。もう一度開いてください。"))


def _require(request: VisitRequest, actor: Person) -> None:
    permissions.require(may_host(permissions.rights_of(actor), request.ward, host_ids(request.activity)))


def _require_kept(request: VisitRequest) -> None:
    if request.forgotten_at is not None:
        raise NotFitting(_("終わってから1年たち、連絡先を消した申込みなので、変えられません。"))
