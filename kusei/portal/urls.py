"""The residents' addresses."""

from django.urls import URLPattern, path

from kusei.portal.views import (
    activities,
    activity_answers,
    activity_calendar,
    activity_dispatch,
    activity_door,
    activity_list,
    activity_preview,
    activity_rally,
    answers,
    budget,
    changes,
    compare,
    display,
    districts,
    documents,
    doors,
    figure,
    item,
    life,
    plan,
    questions,
    result_links,
    results,
    search,
    site,
    sitemap,
    summary,
    year,
    year_files,
)
from kusei.wards.access import public

app_name = "portal"
_PLAN = "w/<slug:key>/<int:fiscal_year>/plans/<slug:kind>/"
_VERSION = "v/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("", site.home, name="home"),
    path("search/", search.all_search, name="search"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("display/", display.display, name="display"),
    path("answer/thanks/", answers.thanks, name="answer_thanks"),
    path("answer/thanks/results/", result_links.thanks, name="answer_results_thanks"),
    path("answer/thanks/dispatch/", activity_dispatch.thanks, name="answer_dispatch_thanks"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("answer/<str:token>/results/", result_links.answer, name="answer_results"),
    path("answer/<str:token>/dispatch/", activity_dispatch.dispatch, name="answer_dispatch"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap_index"),
    path("sitemap-site.xml", sitemap.site_pages, name="sitemap_site"),
    path("w/<slug:key>/sitemap.xml", sitemap.ward, name="sitemap"),
    path("w/<slug:key>/", year.ward, name="ward"),
    path("w/<slug:key>/search/", search.ward_search, name="ward_search"),
    path("w/<slug:key>/ask/", questions.ask, name="ask"),
    path("w/<slug:key>/ask/thanks/", questions.thanks, name="ask_thanks"),
    path("w/<slug:key>/activities/", activity_list.activity_list, name="activities"),
    path("w/<slug:key>/activities/calendar/", activity_calendar.calendar, name="activity_calendar"),
    path("w/<slug:key>/activities/<uuid:public_id>/", activities.activity, name="activity"),
    path(
        "w/<slug:key>/activities/<uuid:public_id>/preview/", activity_preview.preview, name="activity_preview"
    ),
    path("w/<slug:key>/activities/<uuid:public_id>/apply/<int:intake_id>/", activities.apply, name="apply"),
    path("w/<slug:key>/activities/<uuid:public_id>/rally/", activity_rally.rally, name="rally"),
    path("w/<slug:key>/activities/<uuid:public_id>/stamp/<str:code>/", activity_rally.stamp, name="stamp"),
    path("w/<slug:key>/cards/<str:number>/", activity_rally.card, name="rally_card"),
    path("w/<slug:key>/door/<str:code>/", activity_door.door, name="door"),
    path("w/<slug:key>/applications/<str:token>/", activities.application, name="application"),
    path(
        "w/<slug:key>/applications/<str:token>/answers/", activity_answers.answers, name="application_answers"
    ),
    path(
        "w/<slug:key>/applications/<str:token>/change/",
        activities.change_application,
        name="change_application",
    ),
    path("w/<slug:key>/documents/", documents.documents, name="documents"),
    path("w/<slug:key>/documents/<int:document_id>/", documents.document, name="document"),
    path("w/<slug:key>/documents/<int:document_id>/original/", documents.original, name="original"),
    path("w/<slug:key>/items/<uuid:public_id>/", item.item, name="item"),
    path("w/<slug:key>/items/<uuid:public_id>/figures/<slug:slug>/", figure.figure, name="figure"),
    path(
        "w/<slug:key>/items/<uuid:public_id>/figures/<slug:slug>.<slug:form>",
        figure.figure_file,
        name="figure_file",
    ),
    path("w/<slug:key>/items/<uuid:public_id>/life/", life.life, name="life"),
    path("w/<slug:key>/<int:fiscal_year>/", year.year, name="year"),
    path("w/<slug:key>/<int:fiscal_year>/themes/", year.themes, name="themes"),
    path("w/<slug:key>/<int:fiscal_year>/bodies/", year.bodies, name="bodies"),
    path("w/<slug:key>/<int:fiscal_year>/bodies/<int:body_id>/", year.body, name="body"),
    path("w/<slug:key>/<int:fiscal_year>/tags/", year.tags, name="tags"),
    path("w/<slug:key>/<int:fiscal_year>/tags/<path:name>/", year.tag, name="tag"),
    path("w/<slug:key>/<int:fiscal_year>/budget/", budget.budget, name="budget"),
    path("w/<slug:key>/<int:fiscal_year>/results/", results.results, name="results"),
    path("w/<slug:key>/<int:fiscal_year>/results/summary/", summary.summary, name="results_summary"),
    path("w/<slug:key>/<int:fiscal_year>/results.csv", results.results_csv, name="results_csv"),
    path("w/<slug:key>/<int:fiscal_year>/situations/", doors.situations, name="situations"),
    path("w/<slug:key>/<int:fiscal_year>/situations/<slug:name>/", doors.situation, name="situation"),
    path("w/<slug:key>/<int:fiscal_year>/districts/", districts.districts, name="districts"),
    path("w/<slug:key>/<int:fiscal_year>/districts/<int:district_id>/", districts.district, name="district"),
    path("w/<slug:key>/compare/", compare.compare, name="compare"),
    path("w/<slug:key>/compare.csv", compare.compare_csv, name="compare_csv"),
    path("w/<slug:key>/changes/", changes.changes, name="changes"),
    path("w/<slug:key>/changes.atom", changes.feed, name="changes_feed"),
    path(_PLAN, plan.plan, name="plan"),
    path(f"{_PLAN}{_VERSION}", plan.plan, name="version"),
    path(f"{_PLAN}{_VERSION}changes/", changes.version_changes, name="version_changes"),
    path(f"{_PLAN}{_VERSION}results.xlsx", year_files.year_file, name="version_results"),
    path(f"{_PLAN}<path:part>/{_VERSION}results.xlsx", year_files.year_file, name="version_results_part"),
    path(f"{_PLAN}<path:part>/{_VERSION}", plan.plan, name="version_part"),
    path(f"{_PLAN}<path:part>/{_VERSION}changes/", changes.version_changes, name="version_changes_part"),
    path(f"{_PLAN}<path:part>/", plan.plan, name="plan_part"),
]

for _page in urlpatterns:  # what the portal shows is for everyone, but for the preview of a draft
    if _page.callback is not activity_preview.preview:
        public(_page.callback)
