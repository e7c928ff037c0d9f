from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kusei.documents"

    def ready(self) -> None:
        from kusei.documents.enums import DocumentVerb
        from kusei.wards import audit

        audit.declare_verbs(DocumentVerb)
