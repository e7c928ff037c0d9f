"""Who may keep plans: planners keep and publish, divisions and partners work on what names them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import ALLOWED, Decision, Rights, needs_role


def may_see_drafts(rights: Rights, ward: Ward) -> Decision:
    """What is not published yet: everyone of the office, partners included (their share of the work stands in it)."""
    return needs_role(rights, ward, Role.PARTNER, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_plan(rights: Rights, ward: Ward) -> Decision:
    """Taking documents in, opening drafts, moving and removing items, reviewing, deciding on links."""
    return needs_role(rights, ward, Role.PLANNER)


def may_publish(rights: Rights, ward: Ward) -> Decision:
    """Putting a version before residents."""
    return needs_role(rights, ward, Role.PLANNER)


def may_edit_item(rights: Rights, ward: Ward, owner_body_ids: Iterable[int]) -> Decision:
    """Changing the words, money, tags and owners of one item: a planner any, a division those it is responsible for.

    `owner_body_ids` are the bodies of the item or of any item above it.
    """
    if rights.has(ward, Role.PLANNER):
        return ALLOWED
    if rights.has(ward, Role.STAFF) and rights.bodies_in(ward) & set(owner_body_ids):
        return ALLOWED
    return Decision(
        False,
        _(
            "この項目の担当ではありません。担当の課か企画担当が直せます。気づいたことはコメントに書いてください。"
        ),
    )


def may_translate(rights: Rights, ward: Ward) -> Decision:
    """Recording what items are called in other languages."""
    return needs_role(rights, ward, Role.STAFF, Role.PLANNER)
