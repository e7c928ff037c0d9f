"""Every change to councils' members and to the records of their meetings."""

from kusei.services.activities.operations.meetings.attending import (
    Came,
    Other,
    note_answer,
    places_of,
    record_attendance,
    repost_meetings,
)
from kusei.services.activities.operations.meetings.deciding import finish_decision, reopen_decision
from kusei.services.activities.operations.meetings.members import (
    MemberWords,
    add_member,
    change_member,
    end_member,
    forget_attendees,
    see_attendees,
    see_members,
)
from kusei.services.activities.operations.meetings.papers import add_paper, remove_paper
from kusei.services.activities.operations.meetings.rounds import (
    answer_by_link,
    comment_by_link,
    invite,
    note_comment,
    open_invitation,
    send_round,
    settle_comment,
)
from kusei.services.activities.operations.meetings.writing import (
    Decided,
    Point,
    Written,
    finish_minutes,
    link_next,
    open_minutes,
    plan_next,
    reopen_minutes,
    write_minutes,
)

__all__ = [
    "Came",
    "Decided",
    "MemberWords",
    "Other",
    "Point",
    "Written",
    "add_member",
    "add_paper",
    "answer_by_link",
    "change_member",
    "comment_by_link",
    "end_member",
    "finish_decision",
    "finish_minutes",
    "forget_attendees",
    "invite",
    "link_next",
    "note_answer",
    "note_comment",
    "open_invitation",
    "open_minutes",
    "places_of",
    "plan_next",
    "record_attendance",
    "remove_paper",
    "reopen_decision",
    "reopen_minutes",
    "repost_meetings",
    "see_attendees",
    "see_members",
    "send_round",
    "settle_comment",
    "write_minutes",
]
