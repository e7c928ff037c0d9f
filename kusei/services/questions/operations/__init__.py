"""Every change to residents' questions and to requests to bodies."""

from kusei.services.questions.errors import (
    ChangedMeanwhile,
    LooksPersonal,
    NotFitting,
    QuestionError,
    RequestClosed,
)
from kusei.services.questions.operations.bodies import hand_over_everything
from kusei.services.questions.operations.contacts import (
    Contact,
    forget_contact,
    purge_contacts,
    see_contact,
)
from kusei.services.questions.operations.questions import (
    answer_question,
    hand_over_question,
    publish_question,
    receive_question,
    settle_question,
    withdraw_question,
)
from kusei.services.questions.operations.requests import (
    Asked,
    answer_by_link,
    ask_body,
    note_request_answer,
    open_request,
    renew_request,
    withdraw_request,
)

__all__ = [
    "Asked",
    "ChangedMeanwhile",
    "Contact",
    "LooksPersonal",
    "NotFitting",
    "QuestionError",
    "RequestClosed",
    "answer_by_link",
    "answer_question",
    "ask_body",
    "forget_contact",
    "hand_over_everything",
    "hand_over_question",
    "note_request_answer",
    "open_request",
    "publish_question",
    "purge_contacts",
    "receive_question",
    "renew_request",
    "see_contact",
    "settle_question",
    "withdraw_question",
    "withdraw_request",
]
