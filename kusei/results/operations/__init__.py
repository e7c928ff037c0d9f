"""Every change to results: what documents printed, and what bodies answer."""

from kusei.results.operations.answers import (
    add_file,
    approve_answers,
    contribute,
    remove_file,
    return_answers,
    submit_answer,
    take_back,
    write_answer,
)
from kusei.results.operations.collecting import (
    change_lead,
    move_due,
    open_collection,
    remind,
    take_in_new_actions,
)
from kusei.results.operations.printed import (
    PrintedFigure,
    PrintedResult,
    ResultChanged,
    carry_results,
    printed_results,
    record_printed_results,
    result_texts,
    results_of,
    storable_figure,
    write_result,
)
from kusei.results.operations.publishing import publish_results

__all__ = [
    "PrintedFigure",
    "PrintedResult",
    "ResultChanged",
    "add_file",
    "approve_answers",
    "carry_results",
    "change_lead",
    "contribute",
    "move_due",
    "open_collection",
    "printed_results",
    "publish_results",
    "record_printed_results",
    "remind",
    "remove_file",
    "result_texts",
    "results_of",
    "return_answers",
    "storable_figure",
    "submit_answer",
    "take_back",
    "take_in_new_actions",
    "write_answer",
    "write_result",
]
