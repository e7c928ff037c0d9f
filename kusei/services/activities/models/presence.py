"""Who was there. Names stand with the application; here only that the person of a seat came to a session."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import PresenceWay
from kusei.services.activities.models.activities import Session
from kusei.services.activities.models.applications import Seat

_PERSON = settings.AUTH_USER_MODEL


class Presence(models.Model):
    """出席: the person of a seat was at a session, or sent word that they do not come. No row: nobody has said.

    Purpose: letting people in, knowing who is safe in an emergency, counting. Without names, for counting alone, it stays from when the
    personal data of the application goes until the books of the session's fiscal year are closed (`operations.forget_applicants`); what was
    counted stays in `SealedCount`.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="presences")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="presences")
    is_present = models.BooleanField(_("出席"))
    way = models.CharField(_("確かめた方法"), max_length=6, choices=PresenceWay)
    noted_at = models.DateTimeField(_("記録した日時"))
    noted_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "seat"], name="presence_once_in_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.seat_id} {self.is_present}"


class SealedCount(models.Model):
    """How many came to a session for the first time, kept when presence and blind keys behind it are deleted: in their intake, and (by blind
    keys) in all of the item's year. From then on the ledger is compared with this."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    session = models.OneToOneField(Session, models.PROTECT, related_name="sealed_count")
    in_intake = models.PositiveIntegerField()
    in_item_year = models.PositiveIntegerField()
    sealed_at = models.DateTimeField(_("確定した日時"))

    def __str__(self) -> str:
        return f"{self.session_id} {self.in_intake}/{self.in_item_year}"
