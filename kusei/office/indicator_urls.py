"""The addresses of what follows results: indicators and targets, reviews, next year's draft, an item through the years."""

from django.urls import URLPattern, path

from kusei.office.views import indicators, item_years, reviews, rolling

_INDICATOR = "<slug:key>/indicators/<int:indicator_id>/"
_ITEM = "<slug:key>/items/<int:item_id>/"

addresses: list[URLPattern] = [
    path("<slug:key>/indicators/", indicators.indicators, name="indicators"),
    path(_INDICATOR, indicators.indicator, name="indicator"),
    path(f"{_INDICATOR}breakdown.csv", indicators.indicator_file, name="indicator_file"),
    path(f"{_INDICATOR}change/", indicators.change, name="change_indicator"),
    path(f"{_INDICATOR}targets/", indicators.targets, name="targets"),
    path(f"{_INDICATOR}end/", indicators.end, name="end_indicator"),
    path(f"{_ITEM}indicators/add/", indicators.add, name="add_indicator"),
    path(_ITEM, item_years.item_years, name="item_years"),
    path(f"{_ITEM}review/", reviews.review, name="item_review"),
    path("<slug:key>/reviews/", reviews.reviews, name="reviews"),
    path("<slug:key>/plans/<int:plan_id>/next-year/", rolling.next_year, name="next_year"),
]
