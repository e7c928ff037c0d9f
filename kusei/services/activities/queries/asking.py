"""The questions that an organiser asks."""

from __future__ import annotations

from kusei.services.activities.models import Activity, Intake, Question


def asked_now(intake: Intake) -> list[Question]:
    """What is asked of those who apply, in its order."""
    return list(Question.objects.filter(intake=intake, removed_at=None).order_by("position", "pk"))


def ever_asked(intake: Intake) -> list[Question]:
    """What is asked, then what was asked before and has answers."""
    found = list(intake.questions.all())
    return [each for each in found if each.removed_at is None] + [each for each in found if each.removed_at]


def has_questions(intake: Intake) -> bool:
    """Whether anything is asked."""
    return intake.questions.filter(removed_at=None).exists()


def intakes_asking(activity: Activity) -> list[Intake]:
    """The intakes of an activity that ask something of those who apply."""
    found = activity.intakes.filter(questions__isnull=False, questions__removed_at=None)
    return list(found.select_related("activity").order_by("pk").distinct())
