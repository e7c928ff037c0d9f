"""Persons and the roles they hold for a term."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.wards import audit, permissions
from kusei.wards.enums import ROLES_OF_A_BODY, Role, WardVerb
from kusei.wards.errors import LastAdministrator, PersonExists, RoleNotFitting, UnknownPerson
from kusei.wards.models import Body, LastLook, Person, RoleGrant, Ward

SAMPLE = "sample"
"""The account, without a log-in, under which the sample is made."""


@transaction.atomic
def add_person(
    *, ward: Ward, username: str, actor: Person, last_name: str = "", first_name: str = "", email: str = ""
) -> Person:
    """Open an account without a password; it can do nothing until it is given a role. Raises PersonExists, NotAllowed."""
    permissions.require(permissions.may_administer(permissions.rights_of(actor), ward))
    taken = Q(username=username) | (Q(email__iexact=email) if email else Q(pk=None))
    if Person.objects.filter(taken).exists():
        raise PersonExists(
            _("「%(name)s」はもう登録されています。その人を探して役割を加えてください。")
            % {"name": email or username}
        )
    person = Person(username=username, last_name=last_name, first_name=first_name, email=email)
    person.set_unusable_password()
    person.save()
    audit.record(ward=ward, actor=actor, verb=WardVerb.PERSON_ADDED, target=person, label=person.display_name)
    return person


@transaction.atomic
def grant_role(
    *,
    ward: Ward,
    person: Person,
    role: Role,
    actor: Person,
    body: Body | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give `person` a role in `ward` from `starts_on` (today) to the day before `ends_on` (open).

    Staff and partners hold it for a body of the ward. The same role held over the same days is given back as it is.
    Raises RoleNotFitting, NotAllowed.
    """
    permissions.require(permissions.may_administer(permissions.rights_of(actor), ward))
    starts_on = starts_on or timezone.localdate()
    check_role(ward, role, body, starts_on, ends_on)
    held = RoleGrant.objects.filter(ward=ward, person=person, role=role, body=body, starts_on__lte=starts_on)
    held = held.filter(
        Q(ends_on__isnull=True) if ends_on is None else Q(ends_on__isnull=True) | Q(ends_on__gte=ends_on)
    )
    if existing := held.first():
        return existing
    grant = RoleGrant.objects.create(
        ward=ward, person=person, role=role, body=body, starts_on=starts_on, ends_on=ends_on, granted_by=actor
    )
    audit.record(
        ward=ward,
        actor=actor,
        verb=WardVerb.ROLE_GRANTED,
        target=person,
        label=person.display_name,
        changes={
            "role": (None, str(Role(role).label)),
            "body": (None, body.name if body else None),
            "starts_on": (None, starts_on),
            "ends_on": (None, ends_on),
        },
        reason=reason,
    )
    return grant


def check_role(ward: Ward, role: Role, body: Body | None, starts_on: date, ends_on: date | None) -> None:
    """Raise RoleNotFitting unless such a role can be held: with its body, one of this ward, for a term that runs forward."""
    if (role in ROLES_OF_A_BODY) != (body is not None):
        raise RoleNotFitting(
            _("職員と協力団体の担当者には所属を選んでください。ほかの役割に所属は要りません。")
        )
    if body is not None and body.ward_id != ward.pk:
        raise RoleNotFitting(_("その所属は%(ward)sのものではありません。") % {"ward": ward.full_name})
    if ends_on is not None and ends_on <= starts_on:
        raise RoleNotFitting(_("終わりの日は、始まりの日より後にしてください。"))


@transaction.atomic
def end_role(*, grant: RoleGrant, actor: Person, ends_on: date | None = None, reason: str = "") -> None:
    """End a role on `ends_on` (today): from that day on it opens nothing; what the person did keeps their name.

    Raises RoleNotFitting for a day before its start or a role that ended before, LastAdministrator where nobody could
    give roles in the ward any more, NotAllowed.
    """
    ward = grant.ward
    permissions.require(permissions.may_administer(permissions.rights_of(actor), ward))
    # Whoever ends a role takes the ward's row first: two administrators cannot end each other at once (PostgreSQL).
    Ward.objects.select_for_update().get(pk=ward.pk)
    grant.refresh_from_db(fields=["starts_on", "ends_on"])
    ends_on = ends_on or max(timezone.localdate(), grant.starts_on)  # one that is yet to come never begins
    if ends_on < grant.starts_on:
        raise RoleNotFitting(
            _("この役割は%(day)sに始まります。始まる前に取り消すときは、最後の日を空けてください。")
            % {"day": grant.starts_on.isoformat()}
        )
    if grant.ends_on is not None and grant.ends_on <= ends_on:
        raise RoleNotFitting(
            _("この役割は%(day)sから使えなくなることになっています。早めるときは、その前の日を入れてください。延ばすときは、役割を加えてください。")
            % {"day": grant.ends_on.isoformat()}
        )  # fmt: skip
    if grant.role == Role.ADMINISTRATOR and not _another_administrator(grant, ends_on):
        raise LastAdministrator(
            _("%(ward)sの管理者がいなくなってしまいます。先にほかの人を管理者にしてください。")
            % {"ward": ward.full_name}
        )
    before = grant.ends_on
    RoleGrant.objects.filter(pk=grant.pk).update(ends_on=ends_on)
    grant.ends_on = ends_on
    audit.record(
        ward=ward,
        actor=actor,
        verb=WardVerb.ROLE_ENDED,
        target=grant.person,
        label=grant.person.display_name,
        changes={"role": (str(Role(grant.role).label), None), "ends_on": (before, ends_on)},
        reason=reason,
    )


def end_sample_roles(ward: Ward, *, actor: Person) -> int:
    """End every role in `ward` of those to whom the sample gave one: their passwords stand in a file and on screens. Only
    `actor`, who is at work, keeps theirs until the end of the day. Returns how many people it was.

    No right of its own and no last administrator: it follows from the ward being real (`make_real`).
    """
    today = timezone.localdate()
    given = RoleGrant.objects.filter(ward=ward, granted_by__username=SAMPLE, granted_by__is_operator=True)
    held = RoleGrant.objects.filter(ward=ward, person__in=given.values("person")).select_related("person")
    ended = list(held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)))
    for grant in ended:
        before = grant.ends_on
        grant.ends_on = max(
            today + timedelta(days=1) if grant.person_id == actor.pk else today, grant.starts_on
        )
        grant.save(update_fields=["ends_on"])
        audit.record(
            ward=ward,
            actor=actor,
            verb=WardVerb.ROLE_ENDED,
            target=grant.person,
            label=grant.person.display_name,
            changes={"role": (str(Role(grant.role).label), None), "ends_on": (before, grant.ends_on)},
            reason=_("区の本物の文書が入り、見本でなくなったため"),
        )
    return len({grant.person_id for grant in ended})


def _another_administrator(grant: RoleGrant, day: date) -> bool:
    others = RoleGrant.objects.filter(ward=grant.ward, role=Role.ADMINISTRATOR, starts_on__lte=day)
    return (
        others.exclude(person=grant.person)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), person__is_active=True)
        .exists()
    )


@transaction.atomic
def look(*, ward: Ward, person: Person, at: datetime | None = None) -> None:
    """`person` says to have seen what others changed up to `at` (now); never further back than before. Only for oneself,
    so it takes no right, and it stands in no trail."""
    until = min(at or timezone.now(), timezone.now())
    made, is_new = LastLook.objects.get_or_create(ward=ward, person=person, defaults={"at": until})
    if not is_new and made.at < until:
        LastLook.objects.filter(pk=made.pk, at__lt=until).update(at=until)


def find_person(username: str) -> Person:
    """The account called `username`. Raises UnknownPerson."""
    try:
        return Person.objects.get(username=username)
    except Person.DoesNotExist:
        raise UnknownPerson(_("利用者「%(name)s」は登録されていません。") % {"name": username}) from None


def account_without_login(username: str) -> Person:
    """The account under which somebody at this machine's keyboard acts: it records who, and cannot be logged in to."""
    try:
        with transaction.atomic():
            person, is_new = Person.objects.get_or_create(
                username=username[:150], defaults={"is_active": False, "is_operator": True}
            )
            if is_new:
                person.set_unusable_password()
                person.save(update_fields=["password"])
    except IntegrityError:  # another process was first
        person = Person.objects.get(username=username[:150])
    return person
