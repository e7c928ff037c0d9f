"""Addresses: the residents' portal at the root and, in other languages, under /en/ and so on; the office; log-in."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from kusei.office.views import account, guides
from kusei.portal.views import theme

urlpatterns = [
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/directory/", include("allauth.socialaccount.urls")),
    path("account/oidc/<str:provider_id>/login/", account.directory_log_in, name="directory_log_in"),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("account/", include("allauth.account.urls")),
    path("w/<slug:key>/theme.css", theme.stylesheet, name="ward_theme"),
    re_path("^guide/(?P<role>administrator|planner|staff|partner)/$", guides.guide, name="guide"),
    path("office/", include("kusei.office.urls")),
    *i18n_patterns(path("", include("kusei.portal.urls")), prefix_default_language=False),
]

handler400 = "kusei.office.views.errors.bad_request"
handler404 = "kusei.office.views.errors.not_found"
handler500 = "kusei.office.views.errors.server_error"
