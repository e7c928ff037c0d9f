from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "kusei.notices"

    def ready(self) -> None:
        from kusei.notices.enums import NoticeVerb
        from kusei.wards import audit

        audit.declare_verbs(NoticeVerb)
        audit.declare_fields(made_for=_("リンクの相手"), purpose=_("リンクの用途"), notices=_("通知の数"))
