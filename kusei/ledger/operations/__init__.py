"""Every change of the ledger."""

from kusei.ledger.operations.books import close_books, reopen_books
from kusei.ledger.operations.keeping import rebuild_sums
from kusei.ledger.operations.metrics import add_metric, end_metric, reword_metric
from kusei.ledger.operations.posting import Posted, post, post_records
from kusei.ledger.operations.reports import CellChange, Proof, Sheet, save_report, save_sheets

__all__ = [
    "CellChange",
    "Posted",
    "Proof",
    "Sheet",
    "add_metric",
    "close_books",
    "end_metric",
    "post",
    "post_records",
    "rebuild_sums",
    "reopen_books",
    "reword_metric",
    "save_report",
    "save_sheets",
]
