"""Who may give links to people outside, and who keeps what was sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import ALLOWED, Decision, Rights, needs_role


def may_give_links(rights: Rights, ward: Ward) -> Decision:
    """The least that any purpose asks for; the room that makes a link asks for more."""
    return needs_role(rights, ward, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_give_links_of_own_work(rights: Rights, ward: Ward) -> Decision:
    """The least for a purpose that is a partner's own work, too (asking the people that it sends, inviting to the meetings
    that it hosts): such a room hands this to `make_link`, and asks more itself."""
    return needs_role(rights, ward, Role.STAFF, Role.PARTNER, Role.PLANNER, Role.ADMINISTRATOR)


def may_keep_notices(rights: Rights) -> Decision:
    """Sending again what failed and deleting what is old, in all wards: whoever runs the machine."""
    if rights.is_operator:
        return ALLOWED
    return Decision(
        False,
        _("通知の送り直しと消去は、Kuseiを動かしている機械の操作者がコマンドで行います（kusei notices）。"),
    )
