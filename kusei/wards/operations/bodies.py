"""Registering bodies and their other spellings, and the matching of a printed name to the body it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold, fold_name
from kusei.wards import audit, permissions, rules
from kusei.wards.enums import BodyKind, WardVerb
from kusei.wards.errors import AliasNotFound, BodyNameTaken, BodyNotFitting, EmptyName
from kusei.wards.models import Body, BodyAlias, Invitation, Person, RoleGrant, Ward
from kusei.wards.queries import heirs_of

_NAME_LENGTH = 120
_FIRST_YEAR, _LAST_YEAR = 1947, 2200


def match_body(ward: Ward, printed_name: str) -> Body | None:
    """The ward's body whose name or alias is `printed_name` after folding; never by likeness
    (生活支援課 is not 生活支援センター)."""
    key = fold_name(printed_name)
    found = (
        Body.objects.filter(ward=ward, folded=key).first()
        or Body.objects.filter(ward=ward, aliases__folded=key).first()
    )
    while found is not None and found.is_joined:
        found = found.successor
    return found


def known_bodies(ward: Ward) -> dict[str, Body]:
    """Every folded name and alias of the ward's bodies, for matching many names at once."""
    bodies = {body.pk: body for body in Body.objects.filter(ward=ward)}
    names = {
        folded: bodies[pk]
        for folded, pk in BodyAlias.objects.filter(ward=ward).values_list("folded", "body_id")
    }
    names |= {body.folded: body for body in bodies.values()}
    return {name: _joined_to(body, bodies) for name, body in names.items()}


def _joined_to(body: Body, bodies: Mapping[int, Body]) -> Body:
    while body.is_joined:
        body = bodies[body.successor_id or 0]
    return body


def body_names(ward: Ward) -> list[str]:
    """Every way in which the ward's bodies are written."""
    return [
        *Body.objects.filter(ward=ward).values_list("name", flat=True),
        *BodyAlias.objects.filter(ward=ward).values_list("name", flat=True),
    ]


@transaction.atomic
def add_body(
    ward: Ward,
    name: str,
    *,
    actor: Person,
    kind: BodyKind | None = None,
    parent: Body | None = None,
    aliases: list[str] | None = None,
) -> Body:
    """Register a body; its kind is guessed from the name unless given. Raises EmptyName, BodyNameTaken, BodyNotFitting for a
    parent of another ward, NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), ward))
    name = fold(name).strip()[:_NAME_LENGTH]
    if not fold_name(name):
        raise EmptyName(_("名称を入れてください。"))
    if parent is not None and parent.ward_id != ward.pk:
        raise BodyNotFitting(_("上位には、同じ区の実施主体を選んでください。"))
    if match_body(ward, name):
        raise BodyNameTaken(_("「%(name)s」は登録済みです。") % {"name": name})
    body = Body.objects.create(
        ward=ward, name=name, folded=fold_name(name), kind=kind or rules.guess_body_kind(name), parent=parent
    )
    audit.record(
        ward=ward, actor=actor, verb=WardVerb.BODY_ADDED, target=body, changes={"name": (None, name)}
    )
    for alias in aliases or []:
        add_alias(body, alias, actor=actor)
    return body


@transaction.atomic
def add_alias(body: Body, name: str, *, actor: Person) -> BodyAlias:
    """Let documents write `body` as `name`. Raises BodyNameTaken where the name belongs to a body already, NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), body.ward))
    name = fold(name).strip()[:_NAME_LENGTH]
    if match_body(body.ward, name):
        raise BodyNameTaken(_("「%(name)s」は登録済みです。") % {"name": name})
    alias = BodyAlias.objects.create(ward=body.ward, body=body, name=name, folded=fold_name(name))
    audit.record(
        ward=body.ward, actor=actor, verb=WardVerb.ALIAS_ADDED, target=body, changes={"alias": (None, name)}
    )
    return alias


@transaction.atomic
def rename_body(*, body: Body, name: str, actor: Person) -> None:
    """Call a body otherwise from now on; documents may go on writing the old name, which becomes an alias.

    A name that is the body's own alias changes places with it. Raises EmptyName, BodyNameTaken, NotAllowed.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), body.ward))
    name = _checked_name(name)
    folded, before = fold_name(name), body.name
    if name == before:
        return
    bearer = match_body(body.ward, name)
    if bearer is not None and bearer.pk != body.pk:
        raise BodyNameTaken(
            _("「%(name)s」は別の実施主体「%(other)s」の名前です。同じものなら「ほかの実施主体にまとめる」を使ってください。")
            % {"name": name, "other": bearer.name}
        )  # fmt: skip
    BodyAlias.objects.filter(ward=body.ward, body=body, folded=folded).delete()
    was_folded, body.name, body.folded = body.folded, name, folded
    twin = Body.objects.filter(ward=body.ward, folded=folded).exclude(pk=body.pk).first()
    if twin is not None:  # registered twice and joined: the two names change places
        Body.objects.filter(pk=twin.pk).update(name=before, folded=f"#{twin.pk}")
    body.save(update_fields=["name", "folded"])
    if twin is not None:
        Body.objects.filter(pk=twin.pk).update(folded=was_folded)
    elif was_folded != folded:  # otherwise only the way of writing it has changed
        BodyAlias.objects.create(ward=body.ward, body=body, name=before, folded=was_folded)
    audit.record(
        ward=body.ward, actor=actor, verb=WardVerb.BODY_RENAMED, target=body, changes={"name": (before, name)}
    )


@transaction.atomic
def change_body(*, body: Body, kind: BodyKind, parent: Body | None, actor: Person) -> None:
    """Say what kind of body it is, and to which it belongs. Raises BodyNotFitting for a circle or another ward's body,
    NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), body.ward))
    above = parent
    while above is not None:
        if above.pk == body.pk or above.ward_id != body.ward_id:
            raise BodyNotFitting(_("上位には、同じ区の、この実施主体の下にない実施主体を選んでください。"))
        above = above.parent
    before = (str(BodyKind(body.kind).label), body.parent.name if body.parent else None)
    body.kind, body.parent = kind, parent
    after = (str(BodyKind(kind).label), parent.name if parent else None)
    if before == after:
        return
    body.save(update_fields=["kind", "parent"])
    audit.record(
        ward=body.ward,
        actor=actor,
        verb=WardVerb.BODY_CHANGED,
        target=body,
        changes={"kind": (before[0], after[0]), "parent": (before[1], after[1])},
    )


@transaction.atomic
def remove_alias(*, body: Body, alias_id: int, actor: Person) -> None:
    """Documents that write the body so are not matched to it any more. Raises AliasNotFound, NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), body.ward))
    alias = BodyAlias.objects.filter(pk=alias_id, body=body).first()
    if alias is None:
        raise AliasNotFound(_("この別の書き方は、もう外されています。"))
    name = alias.name
    alias.delete()
    audit.record(
        ward=body.ward, actor=actor, verb=WardVerb.ALIAS_REMOVED, target=body, changes={"alias": (name, None)}
    )


@transaction.atomic
def forget_body(*, body: Body, actor: Person) -> bool:
    """Take a body that nothing hangs on off the register. False where something does: items, people, invitations, what it was
    asked. Raises NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), body.ward))
    target = Body.objects.get(pk=body.pk)  # deleting takes the key off the object at hand
    try:
        with transaction.atomic():
            body.delete()
    except (ProtectedError, RestrictedError):
        return False
    audit.record(
        ward=target.ward,
        actor=actor,
        verb=WardVerb.BODY_REMOVED,
        target=target,
        changes={"name": (target.name, None)},
    )
    return True


@transaction.atomic
def join_to(*, body: Body, into: Body, actor: Person) -> None:
    """`body` turned out to be `into`, registered twice. It stays for the entries that name it and cannot be chosen any more;
    documents that write its name mean `into`. Raises BodyNotFitting, NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), into.ward))
    _check_successor(body, into)
    body.successor, body.last_year = into, None
    body.save(update_fields=["successor", "last_year"])


@transaction.atomic
def end_body(*, body: Body, last_year: int | None, successor: Body | None, actor: Person) -> None:
    """Let a body end with a fiscal year, and say who acts for it from then on; without a year it goes on.

    Its items, entries and results of the years until then stay its own. Raises BodyNotFitting, NotAllowed.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), body.ward))
    if body.is_joined:
        raise BodyNotFitting(_("「%(name)s」は、ほかの実施主体にまとめてあります。") % {"name": body.name})
    if last_year is None and successor is not None:
        raise BodyNotFitting(_("引き継ぎ先を選ぶときは、最後の年度も入れてください。"))
    if last_year is not None and not _FIRST_YEAR <= last_year <= _LAST_YEAR:
        raise BodyNotFitting(_("最後の年度は、令和7年度 や 2025 のように書いてください。"))
    if successor is not None:
        _check_successor(body, successor)
    before = (body.last_year, body.successor.name if body.successor else None)
    after = (last_year, successor.name if successor else None)
    if before == after:
        return
    body.last_year, body.successor = last_year, successor
    body.save(update_fields=["last_year", "successor"])
    audit.record(
        ward=body.ward,
        actor=actor,
        verb=WardVerb.BODY_ENDED,
        target=body,
        changes={"last_year": (before[0], after[0]), "successor": (before[1], after[1])},
    )


def hold_lines(ward: Ward | int, bodies: Iterable[int]) -> dict[int, Body]:
    """Some bodies of a ward with those that were joined with them, came before them or after, locked, by number: whoever says who acts for whom,
    or writes down what is counted by it, does so one after the other. Call it in a transaction."""
    wanted = set(bodies)
    while True:
        wanted = heirs_of(ward).lines_of(wanted)
        before = transaction.savepoint()
        locked = Body.objects.select_for_update(no_key=True).filter(ward=ward, pk__in=wanted).order_by("pk")
        found = {each.pk: each for each in locked}
        if heirs_of(ward).lines_of(wanted) <= wanted:
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(before)  # locked anew with the others, in the order of all


def _check_successor(body: Body, successor: Body) -> None:
    if successor.ward_id != body.ward_id or successor.is_joined:
        raise BodyNotFitting(_("同じ区で、いま使っている実施主体を選んでください。"))
    if body.pk in heirs_of(body.ward).line_of(successor.pk):
        raise BodyNotFitting(
            _("「%(other)s」は「%(name)s」に引き継がれています。逆向きにはできません。")
            % {"name": body.name, "other": successor.name}
        )


@transaction.atomic
def hand_over_people(*, body: Body, into: Body, actor: Person) -> int:
    """Whoever acts for `body`, or is invited to, acts for `into` from now on; how many roles that were.

    For joining two bodies that are one. Raises NotAllowed, BodyNotFitting for bodies of two wards.
    """
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), into.ward))
    if body.ward_id != into.ward_id:
        raise BodyNotFitting(_("同じ区の実施主体を選んでください。"))
    Invitation.objects.filter(ward=into.ward, body=body).update(body=into)
    moved = RoleGrant.objects.filter(ward=into.ward, body=body).select_related("person")
    for grant in moved:
        audit.record(
            ward=into.ward,
            actor=actor,
            verb=WardVerb.ROLE_MOVED,
            target=grant.person,
            label=grant.person.display_name,
            changes={"body": (body.name, into.name)},
        )
    return RoleGrant.objects.filter(ward=into.ward, body=body).update(body=into)


def _checked_name(name: str) -> str:
    name = fold(name).strip()
    if not fold_name(name):
        raise EmptyName(_("名称を入れてください。"))
    if len(name) > _NAME_LENGTH:
        raise EmptyName(_("名称は%(length)s字までにしてください。") % {"length": _NAME_LENGTH})
    return name


def proposed_aliases(ward: Ward, name: str) -> list[Body]:
    """The bodies that `name` may be another way of writing: they differ only by the ward's name in front."""
    return [
        body
        for body in Body.objects.filter(ward=ward).exclude(folded=fold_name(name))
        if rules.is_ward_variant(body.name, name, ward_name=ward.name)
    ]
