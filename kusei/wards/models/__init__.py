"""Who there is: tenants (wards), bodies, persons with their roles, and the trail of what they changed."""

from kusei.wards.models.audit import AuditEntry
from kusei.wards.models.bodies import Body, BodyAlias
from kusei.wards.models.districts import District
from kusei.wards.models.invitations import Invitation
from kusei.wards.models.looks import LastLook
from kusei.wards.models.people import Person, RoleGrant
from kusei.wards.models.readings import Reading
from kusei.wards.models.tenants import Ward

__all__ = [
    "AuditEntry",
    "Body",
    "BodyAlias",
    "District",
    "Invitation",
    "LastLook",
    "Person",
    "Reading",
    "RoleGrant",
    "Ward",
]
