from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "kusei.portal"

    def ready(self) -> None:
        from kusei.portal.search_sources import register  # models are loaded only now

        register()
