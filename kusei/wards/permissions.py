"""Who may do what: the rights that a person holds today, and this room's predicates over them.

Every room has its own `permissions.py` with predicates `may_…(rights, …) -> Decision`. Pages, API, commands and jobs all go
through operations, and each operation asks its predicate (`require`). A refusal carries its reason, in Japanese.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.wards.enums import ROLES_OF_THE_OFFICE, ROLES_WITH_SECOND_FACTOR, Role
from kusei.wards.models import Person, RoleGrant, Ward
from kusei.wards.queries import heirs_of


class NotAllowed(Exception):
    """The actor has no right to do this; the message is Japanese and says which role it takes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed and, if not, why not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held today."""

    ward_id: int
    role: str
    body_id: int | None


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may act as today. Nobody, and an account whose terms are over, has no grants at all."""

    person_id: int | None
    is_operator: bool
    grants: frozenset[Grant]

    @property
    def ward_ids(self) -> frozenset[int]:
        """The wards whose office this person may enter."""
        return frozenset(grant.ward_id for grant in self.grants if grant.role in ROLES_OF_THE_OFFICE)

    def has(self, ward: Ward | int, *roles: str) -> bool:
        """Whether the person holds one of these roles in that ward (an operator holds all)."""
        ward_id = ward if isinstance(ward, int) else ward.pk
        return self.is_operator or any(
            grant.ward_id == ward_id and grant.role in roles for grant in self.grants
        )

    def bodies_in(self, ward: Ward | int) -> frozenset[int]:
        """The ids of the bodies for which the person acts there, as staff or as a partner."""
        ward_id = ward if isinstance(ward, int) else ward.pk
        return frozenset(
            grant.body_id for grant in self.grants if grant.ward_id == ward_id and grant.body_id is not None
        )

    @property
    def needs_second_factor(self) -> bool:
        return any(grant.role in ROLES_WITH_SECOND_FACTOR for grant in self.grants)


NOBODY = Rights(None, False, frozenset())


def rights_of(person: Person | AnonymousUser | None, *, on: date | None = None) -> Rights:
    """The rights of a person on a day (today): one query, some more where a body of theirs came after others. Nobody for a visitor or an account that was closed."""
    if not isinstance(person, Person) or person.pk is None:
        return NOBODY
    if person.is_operator:
        return Rights(person.pk, True, frozenset())
    if not person.is_active:
        return NOBODY
    day = on or timezone.localdate()
    current = RoleGrant.objects.filter(person=person, starts_on__lte=day).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    )
    rows = list(current.values_list("ward_id", "role", "body_id", "body__predecessors"))
    grants = {Grant(ward, role, body) for ward, role, body, _before in rows}
    if any(before is not None for _ward, _role, _body, before in rows):
        grants |= _for_those_before(grants)
    return Rights(person.pk, False, frozenset(grants))


def _for_those_before(grants: Iterable[Grant]) -> set[Grant]:
    """Whoever acts for a body acts for those that it came after, too: their papers of years gone by still come in."""
    found: set[Grant] = set()
    for grant in grants:
        if grant.body_id is not None:
            before = heirs_of(grant.ward_id).before([grant.body_id])
            found |= {replace(grant, body_id=body) for body in before}
    return found


def require(decision: Decision) -> None:
    """Raise NotAllowed with the decision's reason unless it allows."""
    if not decision:
        raise NotAllowed(decision.reason)


def needs_role(rights: Rights, ward: Ward, *roles: str) -> Decision:
    """Allowed to whoever holds one of the roles in the ward; the refusal names them."""
    if rights.has(ward, *roles):
        return ALLOWED
    names = "」「".join(str(Role(role).label) for role in roles)
    return Decision(
        False,
        _("%(ward)sの「%(roles)s」の役割が必要です。必要なときは区の管理者に頼んでください。")
        % {"ward": ward.full_name, "roles": names},
    )


def may_enter_office(rights: Rights, ward: Ward) -> Decision:
    """Any role of the office, partners included."""
    return needs_role(rights, ward, *ROLES_OF_THE_OFFICE)


def may_administer(rights: Rights, ward: Ward) -> Decision:
    """People, roles, invitations and the ward's own settings."""
    return needs_role(rights, ward, Role.ADMINISTRATOR)


def may_keep_bodies(rights: Rights, ward: Ward) -> Decision:
    """Registering bodies and their other spellings, and joining two that are one."""
    return needs_role(rights, ward, Role.PLANNER, Role.ADMINISTRATOR)


def may_keep_readings(rights: Rights, ward: Ward) -> Decision:
    """The ward's own readings of words."""
    return needs_role(rights, ward, Role.STAFF, Role.PLANNER, Role.ADMINISTRATOR)


def may_recover(rights: Rights, person_id: int, ward_ids: Iterable[int]) -> Decision:
    """Helping somebody back in who lost the phone or the password: an administrator of every ward where the person holds a
    role today or later. Whoever hands over a link could use it; so nobody can become somebody in a ward that is not theirs."""
    if rights.is_operator:
        return ALLOWED
    if rights.person_id == person_id:
        return Decision(
            False,
            _("自分の二段階認証とパスワードは、ここでは扱えません。ほかの管理者か、Kuseiを動かしている機械の操作者に頼んでください。"),
        )  # fmt: skip
    held = set(ward_ids)
    if held and all(rights.has(ward_id, Role.ADMINISTRATOR) for ward_id in held):
        return ALLOWED
    return Decision(
        False,
        _("この人は、あなたが管理していない区でも役割があるか、いま役割がありません。Kuseiを動かしている機械の操作者に頼んでください（kusei account）。"),
    )  # fmt: skip


def may_search_audit(rights: Rights, ward: Ward) -> Decision:
    """The whole trail of a ward; on a single object whoever may see the object may read its entries."""
    return needs_role(rights, ward, Role.PLANNER, Role.ADMINISTRATOR)


def may_register_wards(rights: Rights) -> Decision:
    """New tenants: whoever runs the machine."""
    if rights.is_operator:
        return ALLOWED
    return Decision(
        False, _("団体の登録は、Kuseiを動かしている機械の操作者がコマンドで行います（kusei ward）。")
    )


def may_run_machine(rights: Rights) -> Decision:
    """What concerns the whole installation: serving, the worker, the sample, the search index."""
    if rights.is_operator:
        return ALLOWED
    return Decision(False, _("このコマンドは、Kuseiを動かしている機械の操作者だけが実行できます。"))
