"""Kinds of tenants and bodies, roles, and what the audit trail calls things."""

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


class Role(models.TextChoices):
    """What somebody is in a ward. A person may hold several, in several wards."""

    RESIDENT = "resident", _("住民")
    PARTNER = "partner", _("協力団体の担当者")
    STAFF = "staff", _("職員")
    PLANNER = "planner", _("企画担当")
    ADMINISTRATOR = "administrator", _("区の管理者")


ROLES_OF_A_BODY = (Role.PARTNER.value, Role.STAFF.value)
"""Roles that are held for a body: its member acts for it."""

ROLES_OF_THE_OFFICE = (Role.PARTNER.value, Role.STAFF.value, Role.PLANNER.value, Role.ADMINISTRATOR.value)
"""Roles that open the office's pages."""

ROLES_WITH_SECOND_FACTOR = (Role.PLANNER.value, Role.ADMINISTRATOR.value)
"""Roles that can publish or give rights: a stolen password must not be enough."""


class Way(models.TextChoices):
    """The door through which a change came."""

    WEB = "web", _("画面")
    COMMAND = "command", _("コマンド")
    JOB = "job", _("自動処理")
    LINK = "link", _("署名付きリンク")


class WardVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    WARD_ADDED = "wards.add_ward", _("団体を登録した")
    BODY_ADDED = "wards.add_body", _("実施主体を登録した")
    ALIAS_ADDED = "wards.add_alias", _("別の書き方を加えた")
    BODY_RENAMED = "wards.rename_body", _("実施主体の名称を変えた")
    BODY_CHANGED = "wards.change_body", _("実施主体の種類・上位を変えた")
    BODY_ENDED = "wards.end_body", _("実施主体の最後の年度・引き継ぎ先を変えた")
    BODY_REMOVED = "wards.forget_body", _("実施主体を一覧から外した")
    ALIAS_REMOVED = "wards.remove_alias", _("別の書き方を外した")
    WARD_CHANGED = "wards.change_ward", _("区の設定を変えた")
    INVITED = "wards.invite_person", _("招待した")
    INVITATION_RENEWED = "wards.renew_invitation", _("招待し直した")
    INVITATION_REVOKED = "wards.revoke_invitation", _("招待を取り消した")
    INVITATION_ACCEPTED = "wards.accept_invitation", _("招待を受けた")
    PERSON_ADDED = "wards.add_person", _("利用者を登録した")
    ROLE_GRANTED = "wards.grant_role", _("役割を与えた")
    ROLE_MOVED = "wards.move_role", _("役割の所属を移した")
    ROLE_ENDED = "wards.end_role", _("役割を終えた")
    DISTRICT_ADDED = "wards.add_district", _("地区を登録した")
    DISTRICT_RENAMED = "wards.rename_district", _("地区の名称を変えた")
    DISTRICT_MOVED = "wards.move_district", _("地区の順を変えた")
    DISTRICT_ENDED = "wards.end_district", _("地区の最後の年度を変えた")
    DISTRICT_REMOVED = "wards.remove_district", _("地区を一覧から外した")
    READING_ADDED = "wards.add_reading", _("よみがなを登録した")
    READING_CHANGED = "wards.change_reading", _("よみがなを直した")
    READING_REMOVED = "wards.remove_reading", _("よみがなを一覧から外した")
    SECOND_FACTOR_TAKEN = "wards.take_second_factor", _("二段階認証を外した")
    PASSWORD_LINK_MADE = "wards.make_password_link", _("パスワードを決め直すリンクを作った")
    PASSWORD_SET = "wards.set_password", _("リンクからパスワードを決め直した")
