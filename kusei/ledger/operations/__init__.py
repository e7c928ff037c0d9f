"""Every change of the ledger."""

from kusei.ledger.operations.books import close_books, reopen_books
from kusei.ledger.operations.forms import (
    Actions,
    Received,
    dismiss_form,
    post_form,
    receive_form,
    stale_check,
)
from kusei.ledger.operations.keeping import follow_succession, rebuild_sums
from kusei.ledger.operations.metrics import add_metric, end_metric, reword_metric
from kusei.ledger.operations.posting import Posted, post, post_records
from kusei.ledger.operations.reconciling import follow_record
from kusei.ledger.operations.reports import CellChange, Proof, Sheet, save_report, save_sheets
from kusei.ledger.operations.sharing import (
    EntrySet,
    SeenFrom,
    forget_sets,
    move_set,
    part_figure,
    share_figure,
)

__all__ = [
    "Actions",
    "CellChange",
    "EntrySet",
    "Posted",
    "Proof",
    "Received",
    "SeenFrom",
    "Sheet",
    "add_metric",
    "close_books",
    "dismiss_form",
    "end_metric",
    "follow_record",
    "follow_succession",
    "forget_sets",
    "move_set",
    "part_figure",
    "post",
    "post_form",
    "post_records",
    "rebuild_sums",
    "receive_form",
    "reopen_books",
    "reword_metric",
    "save_report",
    "save_sheets",
    "share_figure",
    "stale_check",
]
