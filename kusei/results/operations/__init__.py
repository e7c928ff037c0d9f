"""Every change to results: what documents printed, and what bodies answer."""

from kusei.results.operations.answers import (
    add_file,
    contribute,
    remove_file,
    return_answers,
    submit_answer,
    take_back,
    write_answer,
)
from kusei.results.operations.approving import approve_answers, renew_figures
from kusei.results.operations.bodies import hand_over_answers
from kusei.results.operations.collecting import (
    change_lead,
    move_due,
    open_collection,
    remind,
    take_in_new_actions,
)
from kusei.results.operations.figures import Taking, leave_figures, take_figures
from kusei.results.operations.indicators import add_indicator, change_indicator, end_indicator, set_target
from kusei.results.operations.links import (
    AnswerLink,
    ByLink,
    PartWritten,
    Written,
    answer_by_link,
    has_arrived,
    make_answer_link,
    open_answer_link,
    revoke_answer_link,
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
from kusei.results.operations.printed_answers import TakenOver, begin_with_printed, take_over_printed
from kusei.results.operations.publishing import publish_results
from kusei.results.operations.returned import TakenIn, take_in_form
from kusei.results.operations.reviews import RolledOver, courses_of, roll_plan_over, write_review
from kusei.results.operations.sentences import keep_sentence, remove_sentence
from kusei.results.operations.sharing import part_printed, share_printed
from kusei.results.operations.typed import CountAs, count_typed, forget_typed, keep_typed, replace_typed

__all__ = [
    "AnswerLink",
    "ByLink",
    "CountAs",
    "PartWritten",
    "PrintedFigure",
    "PrintedResult",
    "ResultChanged",
    "RolledOver",
    "TakenIn",
    "TakenOver",
    "Taking",
    "Written",
    "add_file",
    "add_indicator",
    "answer_by_link",
    "approve_answers",
    "begin_with_printed",
    "carry_results",
    "change_indicator",
    "change_lead",
    "contribute",
    "count_typed",
    "courses_of",
    "end_indicator",
    "forget_typed",
    "hand_over_answers",
    "has_arrived",
    "keep_sentence",
    "keep_typed",
    "leave_figures",
    "make_answer_link",
    "move_due",
    "open_answer_link",
    "open_collection",
    "part_printed",
    "printed_results",
    "publish_results",
    "record_printed_results",
    "remind",
    "remove_file",
    "remove_sentence",
    "renew_figures",
    "replace_typed",
    "result_texts",
    "results_of",
    "return_answers",
    "revoke_answer_link",
    "roll_plan_over",
    "set_target",
    "share_printed",
    "storable_figure",
    "submit_answer",
    "take_back",
    "take_figures",
    "take_in_form",
    "take_in_new_actions",
    "take_over_printed",
    "write_answer",
    "write_result",
    "write_review",
]
