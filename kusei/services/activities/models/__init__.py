"""Activities with their sessions, and the applications for them."""

from kusei.services.activities.models.activities import Activity, Intake, Quota, Session
from kusei.services.activities.models.applications import Application, Draw, Seat
from kusei.services.activities.models.asking import AnswerSheet, Question, QuestionTranslation
from kusei.services.activities.models.dispatch import Along, Assignment, Envoy, Need
from kusei.services.activities.models.languages import ActivityLanguage, ActivityTranslation
from kusei.services.activities.models.meetings import (
    AgendaPoint,
    Attendance,
    Decision,
    Member,
    Minutes,
    MinutesComment,
    Paper,
)
from kusei.services.activities.models.presence import Presence, SealedCount
from kusei.services.activities.models.rallies import Card, DayCount, Rally, RallyDay, Stamp, Station
from kusei.services.activities.models.surveys import Reply, Survey, SurveyLink
from kusei.services.activities.models.tellings import Telling
from kusei.services.activities.models.visits import VisitDate, VisitGroup, VisitLine, VisitRequest, VisitTerms

__all__ = [
    "Activity",
    "ActivityLanguage",
    "ActivityTranslation",
    "AgendaPoint",
    "Along",
    "AnswerSheet",
    "Application",
    "Assignment",
    "Attendance",
    "Card",
    "DayCount",
    "Decision",
    "Draw",
    "Envoy",
    "Intake",
    "Member",
    "Minutes",
    "MinutesComment",
    "Need",
    "Paper",
    "Presence",
    "Question",
    "QuestionTranslation",
    "Quota",
    "Rally",
    "RallyDay",
    "Reply",
    "SealedCount",
    "Seat",
    "Session",
    "Stamp",
    "Station",
    "Survey",
    "SurveyLink",
    "Telling",
    "VisitDate",
    "VisitGroup",
    "VisitLine",
    "VisitRequest",
    "VisitTerms",
]
