"""Every change to visiting lectures and to the requests for them, by the office and by the groups."""

from kusei.services.activities.operations.taking_back import take_back_session
from kusei.services.activities.operations.visits.arranging import (
    ask_back,
    change_visit,
    decide_visit,
    decline_visit,
    hold_visit,
    note_withdrawn,
    propose_dates,
    reopen_visit,
    take_on,
)
from kusei.services.activities.operations.visits.asking import (
    VisitAsked,
    VisitContact,
    VisitMade,
    answer_dates,
    ask_for_visit,
    withdraw_visit,
    write_to_office,
)
from kusei.services.activities.operations.visits.grouping import set_body, tell_apart, to_same_group
from kusei.services.activities.operations.visits.retention import forget_visits
from kusei.services.activities.operations.visits.seeing import SeenVisit, see_visit, seen_by_group
from kusei.services.activities.operations.visits.setting import set_terms, terms_of

__all__ = [
    "SeenVisit",
    "VisitAsked",
    "VisitContact",
    "VisitMade",
    "answer_dates",
    "ask_back",
    "ask_for_visit",
    "change_visit",
    "decide_visit",
    "decline_visit",
    "forget_visits",
    "hold_visit",
    "note_withdrawn",
    "propose_dates",
    "reopen_visit",
    "see_visit",
    "seen_by_group",
    "set_body",
    "set_terms",
    "take_back_session",
    "take_on",
    "tell_apart",
    "terms_of",
    "to_same_group",
    "withdraw_visit",
    "write_to_office",
]
