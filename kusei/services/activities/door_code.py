"""The code that stands on an applicant's page as a QR code: it names an application, and opens nothing by itself.

Signed, so that nobody makes one for somebody else's number; not the token of the application's own link, since codes are held up in
front of others.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from kusei.services.activities.models import Application
from kusei.wards.models import Ward

_SALT = "kusei.activities.door"


def door_code(application: Application) -> str:
    """12:nGx… for an address."""
    return Signer(salt=_SALT).sign(str(application.pk))


def application_of(ward: Ward, code: str) -> Application | None:
    """None for a code that nobody made, of another ward, or of somebody whose data is deleted."""
    try:
        number = int(Signer(salt=_SALT).unsign(code))
    except (BadSignature, ValueError):
        return None
    found = Application.objects.filter(ward=ward, pk=number, forgotten_at__isnull=True)
    return found.select_related("intake__activity__host", "intake__ward", "ward").first()
