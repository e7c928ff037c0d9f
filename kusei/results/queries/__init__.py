"""Every read of results."""

from kusei.results.queries.answered import AnsweredResult, answered_result, answering_bodies, is_answer
from kusei.results.queries.corrections import (
    Corrected,
    ResultChange,
    ResultCorrection,
    changes_of,
    corrections_in,
    corrections_of,
    is_told,
    same_figure,
)
from kusei.results.queries.filtering import (
    OUTCOME_GROUPS,
    SORTS,
    Facet,
    ResultFilter,
    body_facets,
    district_facets,
    filtered,
    focus_facets,
    measure_facets,
    ordered,
    outcome_facets,
)
from kusei.results.queries.item_years import PublishedYear, published_years
from kusei.results.queries.printed import (
    Figure,
    Result,
    ResultRow,
    result_rows,
    results_by_version,
    results_of,
)
from kusei.results.queries.trends import Point, Trend, trends_of

__all__ = [
    "OUTCOME_GROUPS",
    "SORTS",
    "AnsweredResult",
    "Corrected",
    "Facet",
    "Figure",
    "Point",
    "PublishedYear",
    "Result",
    "ResultChange",
    "ResultCorrection",
    "ResultFilter",
    "ResultRow",
    "Trend",
    "answered_result",
    "answering_bodies",
    "body_facets",
    "changes_of",
    "corrections_in",
    "corrections_of",
    "district_facets",
    "filtered",
    "focus_facets",
    "is_answer",
    "is_told",
    "measure_facets",
    "ordered",
    "outcome_facets",
    "published_years",
    "result_rows",
    "results_by_version",
    "results_of",
    "same_figure",
    "trends_of",
]
