from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "kusei.documents"

    def ready(self) -> None:
        from kusei.documents.enums import DocumentVerb
        from kusei.documents.operations import uploading
        from kusei.jobs import registry
        from kusei.wards import audit

        audit.declare_verbs(DocumentVerb)
        audit.declare_fields(
            fiscal_year=_("年度"),
            part=_("分冊"),
            title=_("題名"),
            problem=_("読み取れない理由"),
        )
        registry.register(uploading.WORK, do=uploading.read_kept, given_up=uploading.reading_given_up)
