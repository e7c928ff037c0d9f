"""A fair of the invented sample ward: held at one place, to come at another, with what people wrote about it on paper."""

from __future__ import annotations

from uuid import uuid4

from kusei.services.activities import operations as activities
from kusei.services.activities.asking import Value
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Survey
from kusei.services.activities.operations import Details, When
from kusei.services.activities.sample_ground import action, at, sunday
from kusei.services.activities.survey_enums import StandardQuestion
from kusei.wards.models import Body, District, Person, Ward

_PAPERS = (
    (5, 5, True, "消火器を初めて使えました。"), (5, 4, True, ""), (4, 5, True, ""), (4, 4, True, "説明の声が聞き取りにくかったです。"),
    (5, 5, True, ""), (3, 3, False, ""), (5, 4, True, "子どもも楽しめました。"), (4, 4, None, ""), (2, 3, False, ""), (5, 5, True, ""),
)  # fmt: skip
"""Satisfied (1 to 5), clear (1 to 5), again, and in words."""


def add_fair(ward: Ward, actor: Person) -> None:
    """Nobody applies; men, women and children are counted, and ten questionnaires came back."""
    fair = activities.add_activity(
        ward=ward, item=action(ward, "地区の防災訓練"), host=Body.objects.get(ward=ward, name="総務課"), actor=actor,
        details=Details(
            ActivityKind.EVENT, "ぼうさいフェア", "消火や救護を体験できます。雨のときも行います。", contact="総務課（見本）",
            has_sign_language=True,
        ),
    )  # fmt: skip
    survey = activities.set_up_survey(activity=fair, actor=actor)
    activities.start_survey(survey=survey, is_open=True, actor=actor)
    held, _to_come = activities.add_sessions(
        activity=fair, actor=actor,
        whens=[
            When(at(day), at(day, 15), place, District.objects.get(ward=ward, name=name))
            for day, place, name in (
                (sunday(-20), "北台小学校 校庭", "北台"), (sunday(18), "南浜公園", "南浜"),
            )
        ],
    )  # fmt: skip
    activities.publish_activity(activity=fair, actor=actor)
    activities.count_session(
        session=held, heads=214, men=78, women=81, children=55, revision=held.revision, actor=actor
    )
    activities.type_papers(survey=survey, session=held, papers=_papers(survey), ticket=uuid4(), actor=actor)
    activities.publish_survey(survey=survey, is_public=True, actor=actor)


def _papers(survey: Survey) -> list[dict[int, Value]]:
    asked = dict(survey.questions.values_list("standard", "pk"))
    order = [asked[each.value] for each in StandardQuestion]
    return [
        {
            question: value
            for question, value in zip(order, each, strict=True)
            if value is not None and value != ""
        }
        for each in _PAPERS
    ]
