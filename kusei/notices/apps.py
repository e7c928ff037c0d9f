from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "kusei.notices"

    def ready(self) -> None:
        from kusei.jobs import registry
        from kusei.notices.enums import NoticeVerb
        from kusei.notices.operations import mail
        from kusei.wards import audit, post

        registry.register(mail.WORK, do=mail.try_again, given_up=mail.trying_given_up)
        post.carried_by(mail.carry, mail.withdraw)

        audit.declare_verbs(NoticeVerb)
        audit.declare_fields(
            made_for=_("リンクの相手"),
            purpose=_("リンクの用途"),
            notices=_("通知の数"),
            tries=_("試した回数"),
        )
        audit.declare_values(
            notices=lambda value: _("%(n)s通") % {"n": value}, tries=lambda value: _("%(n)s回") % {"n": value}
        )
