"""What documents printed as done, and what the responsible bodies answer year by year."""

from kusei.results.models.collecting import Answer, AnswerFile, Collection, Contribution, Reminder
from kusei.results.models.figures import TakenFigure
from kusei.results.models.indicators import Indicator, Target
from kusei.results.models.printed import ReportedFigure, ReportedResult
from kusei.results.models.reviews import Review
from kusei.results.models.sentences import SentenceForm
from kusei.results.models.typed import TypedFigure
from kusei.results.models.years import YearRecord

__all__ = [
    "Answer",
    "AnswerFile",
    "Collection",
    "Contribution",
    "Indicator",
    "Reminder",
    "ReportedFigure",
    "ReportedResult",
    "Review",
    "SentenceForm",
    "TakenFigure",
    "Target",
    "TypedFigure",
    "YearRecord",
]
