"""Reads of wards, bodies and the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Body, District, Invitation, Person, Reading, RoleGrant, Ward
from kusei.wards.succession import Heirs


def ward_by_key(key: str) -> Ward | None:
    """The tenant under `/w/<key>/`, with its city; None if there is none."""
    return Ward.objects.select_related("parent").filter(key=key).first()


def all_wards() -> list[Ward]:
    """Every tenant with the one above it, by code. Crosses tenants: for the list of wards only."""
    return list(Ward.objects.select_related("parent").order_by("code", "name"))


def body_of(ward: Ward, body_id: int) -> Body | None:
    """One body of this ward, with the other ways in which documents write it; None if it is not this ward's."""
    return Body.objects.filter(ward=ward, id=body_id).prefetch_related("aliases").first()


def wards_of(ward_ids: Iterable[int]) -> list[Ward]:
    """Those tenants, by code: the wards whose office a person may enter. Crosses tenants."""
    return list(Ward.objects.select_related("parent").filter(pk__in=list(ward_ids)).order_by("code", "name"))


TRAIL_LINES = 100
"""So many lines of an object's trail stand on its page."""


def trail_of(
    ward: Ward, target_type: str, target_id: object, *, limit: int = TRAIL_LINES + 1
) -> list[AuditEntry]:
    """変更の記録 of one object, newest first: as many as a page shows, and one that tells there are more."""
    found = AuditEntry.objects.filter(ward=ward, target_type=target_type, target_id=str(target_id))
    return list(found[:limit])


def search_trail(
    ward: Ward, *, words: str = "", verb: str = "", first_day: str = "", last_day: str = ""
) -> QuerySet[AuditEntry]:
    """The ward's trail, newest first. Every word must stand in the name of who, of what, or in the reason; days are
    YYYY-MM-DD, the last included; what is no day narrows nothing."""
    found = AuditEntry.objects.filter(ward=ward)
    for word in words.split():
        found = found.filter(
            Q(actor_name__icontains=word) | Q(target_label__icontains=word) | Q(reason__icontains=word)
        )
    if verb:
        found = found.filter(verb=verb)
    if day := _day(first_day):
        found = found.filter(at__date__gte=day)
    if day := _day(last_day):
        found = found.filter(at__date__lte=day)
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # 2021-02-31
        return None


def readings_of(ward_key: str) -> tuple[tuple[str, str], ...]:
    """The ward's own words with their readings; none for an unknown ward."""
    return tuple(Reading.objects.filter(ward__key=ward_key).values_list("surface", "reading"))


def reading_list(ward: Ward, *, words: str = "") -> QuerySet[Reading]:
    """The ward's readings by word; each of `words` must stand in the word or in its reading."""
    found = Reading.objects.filter(ward=ward)
    for word in words.split():
        found = found.filter(Q(surface__icontains=word) | Q(reading__icontains=word))
    return found


def reading_of(ward: Ward, reading_id: int) -> Reading | None:
    """One reading of this ward; None if it is not this ward's."""
    return Reading.objects.filter(ward=ward, pk=reading_id).first()


def roles_of_ward(
    ward: Ward, *, words: str = "", role: str = "", body_id: int | None = None, state: str = "now", on: date
) -> QuerySet[RoleGrant]:
    """The roles held in a ward, by name of who holds them. `state`: those of the day (`now`), over (`ended`), yet to come
    (`coming`), or all of them (`all`). Every word must stand in the name, the log-in name or the mail address."""
    found = RoleGrant.objects.filter(ward=ward).select_related("person", "body")
    if state == "now":
        found = found.filter(_held_on(on))
    elif state == "ended":
        found = found.filter(ends_on__lte=on)
    elif state == "coming":
        found = found.filter(starts_on__gt=on)
    for word in words.split():
        found = found.filter(
            Q(person__last_name__icontains=word)
            | Q(person__first_name__icontains=word)
            | Q(person__username__icontains=word)
            | Q(person__email__icontains=word)
        )
    if role:
        found = found.filter(role=role)
    if body_id is not None:
        found = found.filter(body_id=body_id)
    return found.order_by("person__last_name", "person__first_name", "person__username", "-starts_on", "pk")


def roles_of_person(ward: Ward, person: Person) -> list[RoleGrant]:
    """Every role that somebody held or holds in the ward, the newest first."""
    found = RoleGrant.objects.filter(ward=ward, person=person).select_related("body")
    return list(found.order_by("-starts_on", "-pk"))


def grant_of(ward: Ward, grant_id: int) -> RoleGrant | None:
    """One role held in this ward; None if it is not this ward's."""
    return RoleGrant.objects.filter(ward=ward, pk=grant_id).select_related("person", "body", "ward").first()


def people_of(ward: Ward) -> list[Person]:
    """Everybody who holds or held a role in the ward and can log in, by name: whom to give another role."""
    people = Person.objects.filter(role_grants__ward=ward, is_active=True).distinct()
    return list(people.order_by("last_name", "first_name", "username"))


def bodies_of(ward: Ward) -> list[Body]:
    """The ward's bodies by name, for choosing one; those that were joined to another are that other one."""
    return list(Body.objects.standing().filter(ward=ward))


def heirs_of(*wards: Ward | int) -> Heirs:
    """Which bodies of some wards ended or were joined to another, and who acts for them: one query."""
    numbers = [ward if isinstance(ward, int) else ward.pk for ward in wards]
    found = Body.objects.filter(ward__in=numbers, successor__isnull=False)
    return Heirs(
        {
            body: (successor, last_year)
            for body, successor, last_year in found.values_list("pk", "successor", "last_year")
            if successor is not None
        }
    )


def bodies_acting_for(ward: Ward, fiscal_year: int) -> dict[int, Body]:
    """By body that has ended before a year or was joined to another, the body that acts for it then: two queries."""
    acting = heirs_of(ward).in_year(fiscal_year)
    known = Body.objects.in_bulk(set(acting.values()))
    return {body: known[heir] for body, heir in acting.items()}


def waiting_invitations(ward: Ward) -> list[Invitation]:
    """What was offered in a ward and neither accepted nor revoked, newest first; expired ones too, to renew them."""
    found = Invitation.objects.filter(ward=ward, accepted_at__isnull=True, revoked_at__isnull=True)
    return list(found.select_related("body", "made_by", "ward__parent"))


def invitation_of(ward: Ward, invitation_id: int) -> Invitation | None:
    """One invitation of this ward; None if it is not this ward's."""
    found = Invitation.objects.filter(ward=ward, pk=invitation_id)
    return found.select_related("body", "made_by", "ward__parent").first()


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation that a link opens, while it is open: neither accepted nor revoked nor expired."""
    if not token:
        return None
    found = _open_invitations().filter(token_hash=hashlib.sha256(token.encode()).hexdigest())
    return found.first()


def open_invitations_to(email: str) -> list[Invitation]:
    """What is offered to a mail address, in all wards: for somebody whom the city's directory vouches for. Crosses tenants."""
    return list(_open_invitations().filter(email=email.strip().lower()).order_by("pk"))


def person_with_address(email: str) -> Person | None:
    """The account of a mail address. Crosses tenants: persons belong to none."""
    return Person.objects.filter(email__iexact=email, is_active=True).first() if email else None


def wards_acted_in(person: Person) -> list[Ward]:
    """The wards where somebody holds a role today or later. Crosses tenants: persons belong to none."""
    held = RoleGrant.objects.filter(person=person).exclude(ends_on__lte=timezone.localdate())
    return list(Ward.objects.select_related("parent").filter(pk__in=held.values("ward")).order_by("pk"))


def person_of(ward: Ward, person_id: int) -> Person | None:
    """Somebody who holds or held a role in this ward; None for anybody else."""
    return Person.objects.filter(pk=person_id, role_grants__ward=ward).distinct().first()


def whom_to_ask(person: Person) -> list[tuple[Ward, list[str]]]:
    """The wards where somebody last held a role, with the names of their administrators today. Crosses tenants."""
    wards = Ward.objects.filter(role_grants__person=person).distinct().select_related("parent")
    administrators = (
        RoleGrant.objects.filter(_held_on(timezone.localdate()), ward__in=wards, role=Role.ADMINISTRATOR)
        .filter(person__is_active=True)
        .select_related("person")
    )
    names: dict[int, list[str]] = {}
    for grant in administrators:
        names.setdefault(grant.ward_id, []).append(grant.person.display_name)
    return [(ward, names.get(ward.pk, [])) for ward in wards]


def administrators_by_ward() -> dict[int, list[Person]]:
    """Who can give roles today, by ward. Crosses tenants: for whoever runs the machine."""
    found: dict[int, list[Person]] = {}
    grants = RoleGrant.objects.filter(_held_on(timezone.localdate()), role=Role.ADMINISTRATOR)
    for grant in grants.filter(person__is_active=True).select_related("person"):
        found.setdefault(grant.ward_id, []).append(grant.person)
    return found


def staffed_bodies(ward: Ward) -> set[int]:
    """The ids of the bodies for which somebody works here today, those before them included: what is given to any other body,
    nobody sees."""
    held = RoleGrant.objects.filter(_held_on(timezone.localdate()), ward=ward, role=Role.STAFF)
    found = set(held.filter(person__is_active=True, body__isnull=False).values_list("body_id", flat=True))
    return found | heirs_of(ward).before(found)


def acting_for(ward: Ward, bodies: Iterable[int]) -> dict[int, set[int]]:
    """By body, the people who act for it today, through a body that came after it too: two queries."""
    heirs = heirs_of(ward)
    lines = {body: heirs.line_of(body) for body in bodies}
    people: dict[int, set[int]] = {}
    grants = RoleGrant.objects.filter(
        _held_on(timezone.localdate()), ward=ward, body__in={each for line in lines.values() for each in line},
        person__is_active=True,
    )  # fmt: skip
    for body, person in grants.values_list("body", "person"):
        people.setdefault(body or 0, set()).add(person)
    found = {body: set().union(*(people.get(each, set()) for each in line)) for body, line in lines.items()}
    return {body: members for body, members in found.items() if members}


def _held_on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).select_related("ward__parent", "body", "made_by")


def districts_of(ward: Ward, fiscal_year: int | None = None) -> list[District]:
    """The ward's districts, in their order; those of a fiscal year leave out what ended before it."""
    found = District.objects.filter(ward=ward)
    if fiscal_year is not None:
        found = found.filter(Q(last_year__isnull=True) | Q(last_year__gte=fiscal_year))
    return list(found)


def district_of(ward: Ward, district_id: int) -> District | None:
    """One district of this ward; None if it is not this ward's."""
    return District.objects.filter(ward=ward, id=district_id).first()
