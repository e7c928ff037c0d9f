"""Who may post by hand, define what is counted, and close a year's books."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import ALLOWED, Decision, Rights, needs_role


def may_see_entries(rights: Rights, ward: Ward) -> Decision:
    """The entries behind a figure: everyone of the office, partners included. They hold no personal data."""
    return needs_role(rights, ward, Role.PARTNER, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_see_posters(rights: Rights, ward: Ward) -> Decision:
    """Whose account an entry was posted by: members of the office itself, not partners."""
    return needs_role(rights, ward, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_define_metrics(rights: Rights, ward: Ward) -> Decision:
    """What the ward counts of its own."""
    return needs_role(rights, ward, Role.PLANNER)


def may_keep_books(rights: Rights, ward: Ward) -> Decision:
    """Closing a year and reopening it."""
    return needs_role(rights, ward, Role.PLANNER)


def may_share(rights: Rights, ward: Ward) -> Decision:
    """Saying that what several actions tell is one thing."""
    return needs_role(rights, ward, Role.PLANNER)


def may_report(rights: Rights, ward: Ward, body_id: int, owner_body_ids: Iterable[int]) -> Decision:
    """Posting by hand what a body did for an action.

    A planner for any body. Staff for their own division, and, for an action that their division is responsible for, in
    the name of others too (papers, calls). A partner for the own body only, where the action names it.
    """
    owners = set(owner_body_ids)
    if rights.has(ward, Role.PLANNER):
        return ALLOWED
    mine = rights.bodies_in(ward)
    if rights.has(ward, Role.STAFF) and mine & ({body_id} | owners):
        return ALLOWED
    if rights.has(ward, Role.PARTNER) and body_id in mine and body_id in owners:
        return ALLOWED
    return Decision(
        False, _("この取組の担当ではないので、実績を記録できません。担当の課か企画担当に頼んでください。")
    )


def may_see_proofs(rights: Rights, ward: Ward, body_id: int, owner_body_ids: Iterable[int]) -> Decision:
    """The notes and scans that a report came by: whoever may report there. They may name people; the figures never do."""
    if may_report(rights, ward, body_id, owner_body_ids):
        return ALLOWED
    return Decision(
        False,
        _("この報告のメモとファイルは、取組の担当と企画担当だけが見られます。担当の課に聞いてください。"),
    )


def may_hand_in(rights: Rights, ward: Ward) -> Decision:
    """Handing in filled forms, and seeing those that wait; which of them, `may_handle_form` says."""
    return needs_role(rights, ward, Role.PARTNER, Role.STAFF, Role.PLANNER)


def may_handle_form(rights: Rights, ward: Ward, body_id: int, actions: Iterable[Iterable[int]]) -> Decision:
    """A form that came back from a body: whoever may report for it at least one of the actions that name it. `actions`
    has the bodies that each action of the year names."""
    own = may_report(rights, ward, body_id, (body_id,))
    if own or any(
        may_report(rights, ward, body_id, owners) for owners in map(set, actions) if body_id in owners
    ):
        return ALLOWED
    return Decision(
        False,
        _("この様式は、あなたの担当ではない課・団体のものです。担当の課か企画担当に頼んでください。"),
    )
