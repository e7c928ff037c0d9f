from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "kusei.results"

    def ready(self) -> None:
        from kusei.results.enums import ResultVerb
        from kusei.wards import audit

        audit.declare_verbs(ResultVerb)
        audit.declare_fields(result=_("実施した取組結果"))
