"""Persons who can log in, and the roles that they hold for a term."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.wards.enums import ROLES_OF_A_BODY, Role
from kusei.wards.models.bodies import Body
from kusei.wards.models.tenants import Ward


class Person(AbstractUser):
    """Somebody who acts in Kusei. What a person may do follows from the roles held today (`RoleGrant`) alone; Django's
    own groups, permissions and `is_staff` decide nothing here.

    An operator is whoever works at the machine itself (the commands): such an account cannot be logged in to.
    """

    is_operator = models.BooleanField(_("機械の操作者"), default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("利用者")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_operator=False) | Q(is_active=False), name="operator_cannot_log_in"
            ),
        ]

    @property
    def display_name(self) -> str:
        """Family name first, as people write it; the log-in name where none is known."""
        return f"{self.last_name} {self.first_name}".strip() or self.username


class RoleGrant(models.Model):
    """One role of one person in one ward for a term `[starts_on, ends_on)`; without an end, until it is ended.

    Staff and partners hold it for a body. Grants are ended, never deleted: past work keeps its name.
    """

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="role_grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_grants")
    role = models.CharField(_("役割"), max_length=13, choices=Role)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="role_grants", verbose_name=_("所属")
    )
    starts_on = models.DateField(_("始まり"))
    ends_on = models.DateField(_("終わり"), null=True, blank=True, help_text=_("この日から使えなくなります"))
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["ward", "person", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, role__in=ROLES_OF_A_BODY)
                | (Q(body__isnull=True) & ~Q(role__in=ROLES_OF_A_BODY)),
                name="role_has_its_body",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_term_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["person", "ends_on"], name="role_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.ward_id}"
