"""Every change to activities, sessions and applications."""

from kusei.services.activities.errors import (
    ActivityError,
    ChangedMeanwhile,
    NotDrawable,
    NotFitting,
    NotOpen,
    SeatGone,
    TooFewSeats,
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
    Someone,
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
from kusei.services.activities.operations.copying import NewIntake, set_up
from kusei.services.activities.operations.counting import count_session
from kusei.services.activities.operations.dispatch_records import record_going, set_along
from kusei.services.activities.operations.dispatch_requests import request_dispatch
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
from kusei.services.activities.operations.publishing import (
    change_window,
    publish_at,
    publish_due,
    unpublish_activity,
)
from kusei.services.activities.operations.reminding import change_reminders, remind
from kusei.services.activities.operations.reopening import reopen_activity, reopen_session
from kusei.services.activities.operations.retention import forget_applicants
from kusei.services.activities.operations.seeing import Applicant, see_applicants, see_some
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
from kusei.services.activities.operations.telephoning import mark_telephoned
from kusei.services.activities.operations.telling import Told

__all__ = [
    "ActivityError",
    "Applicant",
    "Applied",
    "ChangedMeanwhile",
    "Contact",
    "Details",
    "EnvoyWords",
    "Given",
    "Known",
    "NewIntake",
    "NotDrawable",
    "NotFitting",
    "NotOpen",
    "Row",
    "SeatGone",
    "Someone",
    "Told",
    "TooFewSeats",
    "When",
    "Wording",
    "accept_assignment",
    "add_activity",
    "add_envoy",
    "add_intake",
    "add_question",
    "add_sessions",
    "answer_by_link",
    "answers_of",
    "apply_for",
    "ask_envoy",
    "call_off_activity",
    "call_off_session",
    "cancel_seats",
    "change_activity",
    "change_answers",
    "change_capacity",
    "change_envoy",
    "change_question",
    "change_reminders",
    "change_sessions",
    "change_window",
    "count_answers",
    "count_session",
    "decline_assignment",
    "draw_lots",
    "end_envoy",
    "expire_offers",
    "forget_applicants",
    "forget_envoys",
    "is_answered",
    "leave_offer",
    "mark_telephoned",
    "mark_template",
    "move_question",
    "move_session",
    "need_nobody",
    "need_people",
    "open_assignment",
    "publish_activity",
    "publish_at",
    "publish_due",
    "put_of",
    "record_going",
    "release_assignment",
    "remind",
    "remove_question",
    "remove_session",
    "reopen_activity",
    "reopen_session",
    "request_dispatch",
    "seal_draw",
    "see_applicants",
    "see_envoys",
    "see_some",
    "seen_by_applicant",
    "set_along",
    "set_up",
    "take_in_envoys",
    "take_offer",
    "takes_changes",
    "told_by_telephone",
    "unpublish_activity",
]
