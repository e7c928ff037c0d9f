"""Addresses of districts and readings, under the ward's settings."""

from django.urls import URLPattern, path

from kusei.office.views import districts, readings

_DISTRICT = "<slug:key>/settings/districts/<int:district_id>/"
_READING = "<slug:key>/settings/readings/<int:reading_id>/"

addresses: list[URLPattern] = [
    path("<slug:key>/settings/districts/", districts.districts, name="districts"),
    path(_DISTRICT, districts.district, name="district"),
    path(f"{_DISTRICT}rename/", districts.rename, name="rename_district"),
    path(f"{_DISTRICT}move/", districts.move, name="move_district"),
    path(f"{_DISTRICT}end/", districts.end, name="end_district"),
    path(f"{_DISTRICT}remove/", districts.remove, name="remove_district"),
    path("<slug:key>/settings/readings/", readings.readings, name="readings"),
    path("<slug:key>/settings/readings/add/", readings.add, name="add_reading"),
    path("<slug:key>/settings/readings/sheet/", readings.sheet, name="readings_sheet"),
    path("<slug:key>/settings/readings/take-in/", readings.take_in, name="take_in_readings"),
    path(f"{_READING}change/", readings.change, name="change_reading"),
    path(f"{_READING}remove/", readings.remove, name="remove_reading"),
]
