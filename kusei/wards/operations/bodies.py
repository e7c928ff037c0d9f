"""Registering bodies and their other spellings, and the matching of a printed name to the body it means."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold, fold_name
from kusei.wards import audit, permissions, rules
from kusei.wards.enums import BodyKind, WardVerb
from kusei.wards.errors import BodyNameTaken
from kusei.wards.models import Body, BodyAlias, Person, Ward

_NAME_LENGTH = 120


def match_body(ward: Ward, printed_name: str) -> Body | None:
    """The ward's body whose name or alias is `printed_name` after folding; never by likeness
    (生活支援課 is not 生活支援センター)."""
    key = fold_name(printed_name)
    return (
        Body.objects.filter(ward=ward, folded=key).first()
        or Body.objects.filter(ward=ward, aliases__folded=key).first()
    )


def known_bodies(ward: Ward) -> dict[str, Body]:
    """Every folded name and alias of the ward's bodies, for matching many names at once."""
    bodies = {body.pk: body for body in Body.objects.filter(ward=ward)}
    names = {
        folded: bodies[pk]
        for folded, pk in BodyAlias.objects.filter(ward=ward).values_list("folded", "body_id")
    }
    return names | {body.folded: body for body in bodies.values()}


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
    """Register a body; its kind is guessed from the name unless given. Raises BodyNameTaken, NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), ward))
    name = fold(name).strip()[:_NAME_LENGTH]
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


def proposed_aliases(ward: Ward, name: str) -> list[Body]:
    """The bodies that `name` may be another way of writing: they differ only by the ward's name in front."""
    return [
        body
        for body in Body.objects.filter(ward=ward).exclude(folded=fold_name(name))
        if rules.is_ward_variant(body.name, name, ward_name=ward.name)
    ]
