"""Kinds of tenants and bodies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WardKind(models.TextChoices):
    WARD = "ward", _("区")
    CITY = "city", _("市町村")
    PREFECTURE = "prefecture", _("都道府県")
    MINISTRY = "ministry", _("府省庁")


class BodyKind(models.TextChoices):
    DIVISION = "division", _("課・所属")
    PARTNER = "partner", _("関係機関")
    COMMITTEE = "committee", _("委員会・協議会")
    GROUP = "group", _("団体")
    FACILITY = "facility", _("施設")
