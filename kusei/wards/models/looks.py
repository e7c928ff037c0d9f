"""When somebody last looked through what changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kusei.wards.models.tenants import Ward


class LastLook(models.Model):
    """Up to when a person has seen what others changed in a ward; they say so themselves."""

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward", "person"], name="one_look_per_person_and_ward")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
