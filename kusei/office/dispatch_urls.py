"""The addresses of 派遣: the people of a session, requests, registers and yearly sheets."""

from django.urls import URLPattern, path

from kusei.office.views import dispatch, dispatch_years, envoys

_DISPATCH = "<slug:key>/dispatch/"
_PEOPLE = f"{_DISPATCH}people/"

addresses: list[URLPattern] = [
    path(
        "<slug:key>/activities/<int:activity_id>/sessions/<int:session_id>/people/",
        dispatch.people,
        name="session_people",
    ),
    path(_DISPATCH, dispatch.overview, name="dispatch"),
    path(f"{_DISPATCH}new/", dispatch.new, name="new_dispatch"),
    path(f"{_DISPATCH}years/", dispatch_years.years, name="dispatch_years"),
    path(f"{_DISPATCH}years/file/", dispatch_years.year_file, name="dispatch_year_file"),
    path(_PEOPLE, envoys.envoys, name="envoys"),
    path(f"{_PEOPLE}new/", envoys.new, name="new_envoy"),
    path(f"{_PEOPLE}table/", envoys.table, name="envoy_table"),
    path(f"{_PEOPLE}file/", envoys.file, name="envoy_file"),
    path(f"{_PEOPLE}<int:envoy_id>/", envoys.envoy, name="envoy"),
    path(f"{_PEOPLE}<int:envoy_id>/<int:fiscal_year>/", dispatch_years.person_year, name="envoy_year"),
]
