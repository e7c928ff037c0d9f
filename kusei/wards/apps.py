from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kusei.press import formats


def _note_new_password(sender: Any, request: Any, user: Any, **words: Any) -> None:
    from kusei.wards.operations import record_new_password

    record_new_password(user)


def _fiscal_year(value: Any) -> str:
    return formats.wareki(value) if isinstance(value, int) else str(value)


class WardsConfig(AppConfig):
    name = "kusei.wards"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from kusei.jobs.registry import run_inside
        from kusei.wards import audit
        from kusei.wards.enums import WardVerb, Way

        password_reset.connect(_note_new_password, dispatch_uid="kusei.wards.new_password")
        run_inside(lambda: audit.trail(Way.JOB))
        audit.declare_verbs(WardVerb)
        audit.declare_fields(
            name=_("名称"),
            alias=_("別の書き方"),
            role=_("役割"),
            body=_("所属"),
            starts_on=_("始まり"),
            ends_on=_("終わり"),
            reading=_("よみがな"),
            position=_("並べる順"),
            last_year=_("最後の年度"),
            successor=_("引き継ぎ先"),
            kind=_("種類"),
            parent=_("上位の実施主体"),
            email=_("メールアドレス"),
            expires_at=_("期限"),
            accent=_("区の色"),
            is_sample=_("見本"),
            name_kana=_("名称のかな"),
            name_en=_("名称の英語"),
            contact_office=_("問い合わせ先の部署"),
            contact_telephone=_("電話番号"),
            contact_address=_("所在地"),
        )
        audit.declare_fields("wards", sessions=_("ログアウトした端末"))
        audit.declare_values("wards", sessions=lambda value: _("%(n)s台") % {"n": value})
        audit.declare_values(
            last_year=_fiscal_year,
            fiscal_year=_fiscal_year,
            position=lambda value: _("%(n)s番目") % {"n": value},
        )
