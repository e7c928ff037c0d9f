"""Who runs activities: those of the bodies that host them, and planners. Applicants are seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kusei.services.activities.enums import TemplateFor
from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import ALLOWED, Decision, Rights, needs_role


def may_work_on_activities(rights: Rights, ward: Ward) -> Decision:
    """Opening the list, where each sees what their bodies host; planners see all."""
    return needs_role(rights, ward, Role.PARTNER, Role.STAFF, Role.PLANNER)


def may_host(rights: Rights, ward: Ward, host_ids: Iterable[int]) -> Decision:
    """Setting up, publishing, calling off, counting heads: members of a hosting body; planners any."""
    if rights.has(ward, Role.PLANNER):
        return ALLOWED
    if rights.has(ward, Role.STAFF, Role.PARTNER) and rights.bodies_in(ward) & set(host_ids):
        return ALLOWED
    return Decision(
        False, _("この講座・催しの主催ではないので、変えられません。主催の課・団体に頼んでください。")
    )


def may_copy(rights: Rights, ward: Ward, host_ids: Iterable[int], template: str) -> Decision:
    """Setting up one like it: who hosts it; of a template of the ward everybody who works on activities there."""
    if template == TemplateFor.WARD:
        return may_work_on_activities(rights, ward)
    return may_host(rights, ward, host_ids)


def may_see_applicants(rights: Rights, ward: Ward, host_ids: Iterable[int]) -> Decision:
    """Names and contacts of applicants: members of a hosting body only, planners of other divisions not."""
    if rights.has(ward, Role.STAFF, Role.PARTNER) and rights.bodies_in(ward) & set(host_ids):
        return ALLOWED
    return Decision(False, _("申し込んだ人の名前と連絡先は、主催の課・団体の人だけが見られます。"))


def may_keep_envoys(rights: Rights, ward: Ward, body_id: int) -> Decision:
    """Writing into a body's register and asking its people: members, and whoever works at the machine, who is shown no names."""
    return ALLOWED if rights.is_operator else may_see_envoys(rights, ward, body_id)


def may_see_envoys(rights: Rights, ward: Ward, body_id: int) -> Decision:
    """The register of people who can be sent: members of the body that keeps it only, planners of other divisions not."""
    if rights.has(ward, Role.STAFF, Role.PARTNER) and body_id in rights.bodies_in(ward):
        return ALLOWED
    return Decision(
        False, _("派遣者名簿は、持っている課・団体の人だけが見られ、頼めます。その課・団体に頼んでください。")
    )
