"""Every read of results."""

from kusei.results.queries.printed import (
    Facet,
    Figure,
    Result,
    ResultFilter,
    ResultRow,
    body_facets,
    filtered,
    focus_facets,
    outcome_facets,
    result_rows,
    results_by_version,
    results_of,
)

__all__ = [
    "Facet",
    "Figure",
    "Result",
    "ResultFilter",
    "ResultRow",
    "body_facets",
    "filtered",
    "focus_facets",
    "outcome_facets",
    "result_rows",
    "results_by_version",
    "results_of",
]
