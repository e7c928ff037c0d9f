"""What is counted, what was done, whether the books are open, and what people report by hand."""

from kusei.ledger.models.books import Books
from kusei.ledger.models.entries import Entry, FigureSum, KeptSum
from kusei.ledger.models.forms import ReturnedForm
from kusei.ledger.models.metrics import Metric
from kusei.ledger.models.reports import Evidence, Report, ReportCell
from kusei.ledger.models.shared import SharedFigure, SharedIn

__all__ = [
    "Books",
    "Entry",
    "Evidence",
    "FigureSum",
    "KeptSum",
    "Metric",
    "Report",
    "ReportCell",
    "ReturnedForm",
    "SharedFigure",
    "SharedIn",
]
