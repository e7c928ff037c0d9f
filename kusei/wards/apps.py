from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WardsConfig(AppConfig):
    name = "kusei.wards"

    def ready(self) -> None:
        from kusei.wards import audit
        from kusei.wards.enums import WardVerb

        audit.declare_verbs(WardVerb)
        audit.declare_fields(
            name=_("名称"),
            alias=_("別の書き方"),
            role=_("役割"),
            body=_("所属"),
            starts_on=_("始まり"),
            ends_on=_("終わり"),
            reading=_("よみがな"),
        )
