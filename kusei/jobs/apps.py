from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kusei.jobs"
