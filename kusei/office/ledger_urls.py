"""The addresses of the ledger: figures, reports by hand, and what is counted."""

from django.urls import URLPattern, path

from kusei.office.views import (
    ledger,
    ledger_books,
    ledger_forms,
    ledger_metrics,
    ledger_months,
    ledger_reports,
    ledger_sharing,
    printed_figures,
    spending,
)

_SHEET = "<slug:key>/figures/months/<int:year>/<int:body_id>/"
_REPORT = "<slug:key>/figures/reports/<int:report_id>/"

addresses: list[URLPattern] = [
    path("<slug:key>/figures/", ledger.figures, name="figures"),
    path("<slug:key>/figures/list.<str:form>", ledger.figures_file, name="figures_file"),
    path("<slug:key>/figures/<int:year>/<int:item_id>/<int:metric_id>/", ledger.figure, name="figure"),
    path(
        "<slug:key>/figures/<int:year>/<int:item_id>/<int:metric_id>/share/",
        ledger_sharing.share,
        name="share_figure",
    ),
    path(
        "<slug:key>/figures/<int:year>/<int:item_id>/<int:metric_id>/breakdown.csv",
        ledger.figure_file,
        name="figure_file",
    ),
    path("<slug:key>/figures/months/", ledger_months.choose, name="months"),
    path("<slug:key>/figures/spending/<int:year>/", spending.spending, name="spending"),
    path("<slug:key>/figures/printed/", printed_figures.sources, name="printed_sources"),
    path("<slug:key>/figures/printed/<int:version_id>/", printed_figures.printed, name="printed_figures"),
    path(_SHEET, ledger_months.months, name="month_form"),
    path(f"{_SHEET}<int:item_id>/", ledger_months.sessions, name="session_form"),
    path(f"{_SHEET}form.xlsx", ledger_forms.blank, name="form_file"),
    path("<slug:key>/figures/forms/", ledger_forms.forms, name="forms"),
    path("<slug:key>/figures/forms/send/", ledger_forms.send, name="send_forms"),
    path("<slug:key>/figures/forms/<int:form_id>/", ledger_forms.form, name="form"),
    path("<slug:key>/figures/forms/<int:form_id>/original/", ledger_forms.original, name="form_original"),
    path(_REPORT, ledger_reports.report, name="report"),
    path(f"{_REPORT}proofs/<int:evidence_id>/", ledger_reports.proof_file, name="proof_file"),
    path("<slug:key>/settings/metrics/", ledger_metrics.metrics, name="metrics"),
    path("<slug:key>/settings/metrics/<int:metric_id>/", ledger_metrics.metric, name="metric"),
    path("<slug:key>/settings/books/", ledger_books.books, name="books"),
    path("<slug:key>/settings/books/<int:year>/", ledger_books.year_books, name="year_books"),
    path("<slug:key>/settings/reconcile/", ledger_books.reconcile, name="reconcile"),
]
