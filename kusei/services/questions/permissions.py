"""Who handles questions: planners all, staff those of their own bodies. Nobody else sees them, partners included."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import ALLOWED, Decision, Rights, needs_role


def may_work_on_questions(rights: Rights, ward: Ward) -> Decision:
    """Opening the list, where each sees their own; writing down what somebody asked or answered by telephone."""
    return needs_role(rights, ward, Role.STAFF, Role.PLANNER)


def bodies_in_charge(rights: Rights, ward: Ward) -> frozenset[int]:
    """The bodies whose questions a person handles as their staff."""
    return frozenset(
        grant.body_id
        for grant in rights.grants
        if grant.ward_id == ward.pk and grant.role == Role.STAFF and grant.body_id is not None
    )


def may_handle_question(rights: Rights, ward: Ward, body_id: int | None) -> Decision:
    """Seeing a question with its contact, answering, handing over, settling, publishing. `body_id` is the body in charge,
    None the planning division."""
    if rights.has(ward, Role.PLANNER) or (body_id is not None and body_id in bodies_in_charge(rights, ward)):
        return ALLOWED
    return Decision(False, _("この質問の担当ではありません。見られるのは、担当の課の職員と企画担当です。"))


def may_ask_bodies(rights: Rights, ward: Ward) -> Decision:
    """Asking a body outside to confirm what a draft says."""
    return needs_role(rights, ward, Role.PLANNER)
