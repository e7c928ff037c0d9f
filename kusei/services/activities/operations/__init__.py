"""Every change to activities, sessions and applications.

Locks are taken in this order everywhere, several of one kind by their numbers, so that two who change the same things wait for each
other instead of blocking each other (tests/test_lock_order.py): the activity, its intakes (`holding.held`) or terms of visits, bodies of
the ward (`wards.operations.hold_lines`), groups that are visited, their requests (`visits.keeping`), the record of a meeting, sessions (`calling_off.held_session`),
people who are sent (`sending.hold_person`); then what hangs on these and is changed by nobody else: applications, seats, presence,
assignments; last the plan's item (`recounting.hold_item`) and the ledger, of which one operation posts all it can at once. Rallies have
locks of their own (the rally, its station, a card, a day), and so have questionnaires (before the session).
"""

from kusei.services.activities.errors import (
    ActivityError,
    ChangedMeanwhile,
    MayBeKnown,
    NoSuchCode,
    NotDrawable,
    NotFitting,
    NotOpen,
    SeatGone,
    TooFewSeats,
    TooOften,
)
from kusei.services.activities.operations.answering import (
    Given,
    answers_of,
    change_answers,
    count_answers,
    put_of,
    takes_changes,
)
from kusei.services.activities.operations.applying import (
    Applied,
    Contact,
    apply_for,
    cancel_seats,
    expire_offers,
    leave_offer,
    seen_by_applicant,
    take_offer,
)
from kusei.services.activities.operations.asking import (
    Wording,
    add_question,
    change_question,
    is_answered,
    move_question,
    remove_question,
)
from kusei.services.activities.operations.assigning import (
    accept_assignment,
    answer_by_link,
    ask_envoy,
    decline_assignment,
    need_nobody,
    need_people,
    open_assignment,
    release_assignment,
    told_by_telephone,
)
from kusei.services.activities.operations.calling_off import (
    call_off_activity,
    call_off_session,
    move_session,
)
from kusei.services.activities.operations.changing import change_application, closed_because, version_of
from kusei.services.activities.operations.copying import NewIntake, set_up
from kusei.services.activities.operations.counting import count_at_door, count_session
from kusei.services.activities.operations.dispatch_records import record_going, set_along
from kusei.services.activities.operations.dispatch_requests import request_dispatch
from kusei.services.activities.operations.door import (
    count_walk_ins,
    heads_at_door,
    let_in,
    mark_from_paper,
    mark_presence,
)
from kusei.services.activities.operations.drawing import draw_lots, seal_draw
from kusei.services.activities.operations.envoy_retention import forget_envoys
from kusei.services.activities.operations.envoys import (
    EnvoyWords,
    Known,
    Row,
    add_envoy,
    change_envoy,
    end_envoy,
    see_envoys,
    take_in_envoys,
)
from kusei.services.activities.operations.finding import find_applications
from kusei.services.activities.operations.inviting import invite_due
from kusei.services.activities.operations.judging import Someone
from kusei.services.activities.operations.languages import set_languages, translate_activity
from kusei.services.activities.operations.places import add_at_places
from kusei.services.activities.operations.prizes import give_prize, take_back_prize
from kusei.services.activities.operations.publishing import (
    change_window,
    publish_at,
    publish_due,
    unpublish_activity,
)
from kusei.services.activities.operations.question_languages import QuestionWords, translate_questions
from kusei.services.activities.operations.rallies import (
    RallyRules,
    Stop,
    add_station,
    change_station,
    end_rally,
    reopen_rally,
    rotate_code,
    set_up_rally,
)
from kusei.services.activities.operations.rally_days import close_days, count_paper
from kusei.services.activities.operations.reminding import change_reminders, remind
from kusei.services.activities.operations.removing import kept_because, remove_activity
from kusei.services.activities.operations.reopening import reopen_activity, reopen_session
from kusei.services.activities.operations.retention import forget_applicants
from kusei.services.activities.operations.seeing import (
    Applicant,
    own_applicant,
    see_applicants,
    see_at_door,
    see_one,
    see_some,
)
from kusei.services.activities.operations.sessions import change_sessions, remove_session
from kusei.services.activities.operations.setting_up import (
    Details,
    When,
    add_activity,
    add_intake,
    add_sessions,
    change_activity,
    change_capacity,
    mark_template,
    publish_activity,
)
from kusei.services.activities.operations.stamping import (
    Stamped,
    card_of,
    collect_stamp,
    forget_cards,
    stage_of,
    start_card,
)
from kusei.services.activities.operations.surveys import (
    ANSWERED_FOR,
    count_due,
    forget_texts,
    publish_survey,
    remove_paper,
    reply_to,
    see_texts,
    set_up_survey,
    start_survey,
    texts_of,
    type_papers,
)
from kusei.services.activities.operations.taking_back import stays_because, take_back_session
from kusei.services.activities.operations.telephoning import mark_telephoned
from kusei.services.activities.operations.telling import Told

__all__ = [
    "ANSWERED_FOR",
    "ActivityError",
    "Applicant",
    "Applied",
    "ChangedMeanwhile",
    "Contact",
    "Details",
    "EnvoyWords",
    "Given",
    "Known",
    "MayBeKnown",
    "NewIntake",
    "NoSuchCode",
    "NotDrawable",
    "NotFitting",
    "NotOpen",
    "QuestionWords",
    "RallyRules",
    "Row",
    "SeatGone",
    "Someone",
    "Stamped",
    "Stop",
    "Told",
    "TooFewSeats",
    "TooOften",
    "When",
    "Wording",
    "accept_assignment",
    "add_activity",
    "add_at_places",
    "add_envoy",
    "add_intake",
    "add_question",
    "add_sessions",
    "add_station",
    "answer_by_link",
    "answers_of",
    "apply_for",
    "ask_envoy",
    "call_off_activity",
    "call_off_session",
    "cancel_seats",
    "card_of",
    "change_activity",
    "change_answers",
    "change_application",
    "change_capacity",
    "change_envoy",
    "change_question",
    "change_reminders",
    "change_sessions",
    "change_station",
    "change_window",
    "close_days",
    "closed_because",
    "collect_stamp",
    "count_answers",
    "count_at_door",
    "count_due",
    "count_paper",
    "count_session",
    "count_walk_ins",
    "decline_assignment",
    "draw_lots",
    "end_envoy",
    "end_rally",
    "expire_offers",
    "find_applications",
    "forget_applicants",
    "forget_cards",
    "forget_envoys",
    "forget_texts",
    "give_prize",
    "heads_at_door",
    "invite_due",
    "is_answered",
    "kept_because",
    "leave_offer",
    "let_in",
    "mark_from_paper",
    "mark_presence",
    "mark_telephoned",
    "mark_template",
    "move_question",
    "move_session",
    "need_nobody",
    "need_people",
    "open_assignment",
    "own_applicant",
    "publish_activity",
    "publish_at",
    "publish_due",
    "publish_survey",
    "put_of",
    "record_going",
    "release_assignment",
    "remind",
    "remove_activity",
    "remove_paper",
    "remove_question",
    "remove_session",
    "reopen_activity",
    "reopen_rally",
    "reopen_session",
    "reply_to",
    "request_dispatch",
    "rotate_code",
    "seal_draw",
    "see_applicants",
    "see_at_door",
    "see_envoys",
    "see_one",
    "see_some",
    "see_texts",
    "seen_by_applicant",
    "set_along",
    "set_languages",
    "set_up",
    "set_up_rally",
    "set_up_survey",
    "stage_of",
    "start_card",
    "start_survey",
    "stays_because",
    "take_back_prize",
    "take_back_session",
    "take_in_envoys",
    "take_offer",
    "takes_changes",
    "texts_of",
    "told_by_telephone",
    "translate_activity",
    "translate_questions",
    "type_papers",
    "unpublish_activity",
    "version_of",
]
