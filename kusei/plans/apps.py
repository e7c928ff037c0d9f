from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "kusei.plans"

    def ready(self) -> None:
        from kusei.plans.enums import PlanVerb
        from kusei.wards import audit

        audit.declare_verbs(PlanVerb)
        audit.declare_fields(
            version=_("版"),
            items=_("項目の数"),
            status=_("状態"),
            language=_("言語"),
            title=_("題名"),
            text=_("説明"),
        )
