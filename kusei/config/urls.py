"""Addresses: the residents' portal at the root and, in other languages, under /en/ and so on; Django's own admin."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("manage/", admin.site.urls),
    *i18n_patterns(path("", include("kusei.portal.urls")), prefix_default_language=False),
]
