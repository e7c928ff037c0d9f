"""Who collects results, and who answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import ALLOWED, Decision, Rights, needs_role


def may_collect(rights: Rights, ward: Ward) -> Decision:
    """Opening a year's collection, its deadline, reminders, returning, approving, publishing."""
    return needs_role(rights, ward, Role.PLANNER)


def may_see_answers(rights: Rights, ward: Ward) -> Decision:
    """That results are collected, and what indicators say: everyone of the office, partners included. Which answers they
    see, `may_see_answer` says."""
    return needs_role(rights, ward, Role.PARTNER, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_see_all_answers(rights: Rights, ward: Ward) -> Decision:
    """Every answer before it is published, whom a reminder was sent to, and judgements: members of the office itself."""
    return needs_role(rights, ward, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_see_answer(rights: Rights, ward: Ward, sharing: Iterable[int | None]) -> Decision:
    """One answer with its parts and papers before it is published: the office itself, and the bodies that share the action,
    each of which sees the others' parts. Papers may name people."""
    if may_see_all_answers(rights, ward):
        return ALLOWED
    if rights.has(ward, Role.PARTNER) and rights.bodies_in(ward) & set(sharing):
        return ALLOWED
    return Decision(
        False,
        _(
            "この取組の担当ではないので、公開する前の取組結果は見られません。公開されたものは、住民のページで読めます。"
        ),
    )


def may_answer(rights: Rights, ward: Ward, lead_id: int | None, sharing: Iterable[int]) -> Decision:
    """Writing the answer itself and sending it in: the lead body. Staff of a division that shares the action too: they
    write down what an outside body says on the telephone. A planner any."""
    if rights.has(ward, Role.PLANNER):
        return ALLOWED
    mine = rights.bodies_in(ward)
    if lead_id is not None and lead_id in mine and rights.has(ward, Role.STAFF, Role.PARTNER):
        return ALLOWED
    if rights.has(ward, Role.STAFF) and mine & set(sharing):
        return ALLOWED
    return Decision(
        False,
        _("この取組の担当ではないので、取組結果を書けません。担当の課・団体か企画担当に頼んでください。"),
    )


def may_contribute(rights: Rights, ward: Ward, body_id: int, sharing: Iterable[int]) -> Decision:
    """Writing a body's own part: that body; staff of any division that shares the action (for an outside body); a planner."""
    mine = rights.bodies_in(ward)
    if body_id in mine and rights.has(ward, Role.STAFF, Role.PARTNER):
        return ALLOWED
    return may_answer(rights, ward, None, sharing)


def may_keep_indicators(rights: Rights, ward: Ward, owner_body_ids: Iterable[int]) -> Decision:
    """Indicators and targets of an item: a planner any, a division those of the items it is responsible for."""
    if rights.has(ward, Role.PLANNER):
        return ALLOWED
    if rights.has(ward, Role.STAFF) and rights.bodies_in(ward) & set(owner_body_ids):
        return ALLOWED
    return Decision(
        False, _("この項目の担当ではないので、指標や目標を変えられません。企画担当に頼んでください。")
    )
