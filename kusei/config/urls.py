"""Addresses: the residents' portal at the root, Django's own admin for accounts and bodies."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("manage/", admin.site.urls),
    path("", include("kusei.portal.urls")),
]
