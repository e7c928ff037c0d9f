"""The office's addresses. Every view states who may open it (`wards.access`)."""

from django.urls import URLPattern, path

from kusei.office.views import home, trail

app_name = "office"
urlpatterns: list[URLPattern] = [
    path("", home.wards, name="wards"),
    path("<slug:key>/", home.work, name="work"),
    path("<slug:key>/trail/", trail.search, name="trail"),
]
