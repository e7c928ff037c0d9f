"""Activities of the invented sample ward, counted from the day on which the sample is built: last year's, held, and to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind, QuestionKind, Way
from kusei.services.activities.models import Activity, Intake
from kusei.services.activities.operations import (
    Contact,
    Details,
    Given,
    QuestionWords,
    Someone,
    When,
    Wording,
)
from kusei.services.activities.sample_door import add_open_door
from kusei.services.activities.sample_fair import add_fair
from kusei.services.activities.sample_ground import action, at, weekly, working_day
from kusei.services.activities.sample_last_year import add_last_year
from kusei.services.activities.sample_meeting import add_meeting
from kusei.services.activities.sample_rally import add_rally
from kusei.services.activities.sample_visits import add_visits
from kusei.services.activities.series import Rhythm
from kusei.wards.models import Body, District, Person, Ward

_NAMES = ("見本 花子", "見本 一郎", "見本 さくら", "見本 健太", "見本 みどり", "見本 太郎")


def add_activities(ward: Ward, actor: Person) -> None:
    """Last year's baby classes; a course with a waiting list, lots to draw for a walk, a fair without applications, a consultation online."""
    add_last_year(ward, actor)
    baby = _activity(
        ward, "こども家庭支援課", "子育てサロン", actor,
        Details(
            ActivityKind.COURSE, "離乳食教室", "栄養士と一緒に、離乳食の始め方と進め方を学びます。試食もあります。", "0歳の子と保護者",
            reach="living_or_working", bring="母子手帳、バスタオル", contact="こども家庭支援課（見本）", is_step_free=True,
        ),
    )  # fmt: skip
    activities.set_languages(
        activity=baby, languages={"en": "helped", "zh": "helped"}, revision=baby.revision, actor=actor
    )
    baby.refresh_from_db()
    activities.translate_activity(
        activity=baby, language="en", revision=baby.revision, actor=actor,
        words={
            "title": "First foods for babies", "text": "With a dietitian, learn how to begin and go on with baby food. You can taste it.",
            "audience": "Babies under one year with a parent", "bring": "Maternity record book, bath towel",
        },
    )  # fmt: skip
    baby.refresh_from_db()
    activities.mark_template(activity=baby, template="ward", actor=actor)
    course = _intake(baby, {"": 5}, actor, name="北台会場")
    _ask(course, actor)
    _sessions(baby, "北台地区センター", weekly(12, 4), actor, intake=course)
    for number, name in enumerate(_NAMES):
        activities.apply_for(
            intake=course, ticket=uuid4(), people=[Someone(name, age=30)], contact=Contact(telephone="000-0000-0000"),
            answers=_answers(course, number),
        )  # fmt: skip
    walk = _activity(
        ward, "福祉保健課", "ウォーキング教室", actor,
        Details(ActivityKind.WALK, "川べりウォーキング", "保健師と一緒に4キロを歩きます。", "どなたでも", fee_yen=100, fee_note="保険料"),
    )  # fmt: skip
    lots = _intake(walk, {"": 4}, actor, way=Way.LOTTERY)
    _sessions(walk, "こもれび中央駅前", [working_day(25)], actor, intake=lots)
    for name in _NAMES:
        activities.apply_for(
            intake=lots, ticket=uuid4(), people=[Someone(name)], contact=Contact(telephone="000-0000-0000")
        )
    add_fair(ward, actor)
    talk = _activity(
        ward, "こもれび区社会福祉協議会", "もの忘れ相談", actor,
        Details(ActivityKind.CONSULTATION, "介護のなんでも相談", "家からも相談できます。一組30分です。", has_childcare=True),
    )  # fmt: skip
    _sessions(
        talk, "", weekly(9, 3, Rhythm.FORTNIGHTLY), actor, online="https://example.jp/sample-room",
        intake=_intake(talk, {"": 6}, actor),
    )  # fmt: skip
    add_rally(ward, action(ward, "ウォーキング教室"), actor)
    add_open_door(ward, action(ward, "ウォーキング教室"), actor)
    add_visits(ward, action(ward, "地区の防災訓練"), actor)
    add_meeting(ward, action(ward, "施設ネットワーク会議"), actor)


def _ask(intake: Intake, actor: Person) -> None:
    """Two questions of the organiser, also in English: one to choose, one in words."""
    for wording in (
        Wording(QuestionKind.ONE, "ベビーカーで来ますか", "置き場を用意するためです。", choices=("はい", "いいえ"), is_required=True),
        Wording(QuestionKind.SHORT, "聞いてみたいことがあれば書いてください"),
    ):  # fmt: skip
        activities.add_question(owner=intake, wording=wording, actor=actor)
    pram, words = intake.questions.order_by("position")
    activities.translate_questions(
        owner=intake, language="en", actor=actor,
        words={
            pram.pk: QuestionWords("Will you come with a pram?", "So that we have a place for it.", ("Yes", "No"), pram.revision),
            words.pk: QuestionWords("Is there anything you would like to ask us?", revision=words.revision),
        },
    )  # fmt: skip


def _answers(intake: Intake, number: int) -> Given:
    pram, words = intake.questions.order_by("position")
    return Given({pram.pk: number % 2, words.pk: "夜なかなか寝ません" if number == 1 else None}, belongs=True)


def _activity(ward: Ward, host: str, serves: str, actor: Person, details: Details) -> Activity:
    return activities.add_activity(
        ward=ward,
        item=action(ward, serves),
        host=Body.objects.get(ward=ward, name=host),
        details=details,
        actor=actor,
    )


def _intake(
    activity: Activity, quotas: dict[str, int], actor: Person, *, name: str = "", way: Way = Way.FIRST_COME
) -> Intake:
    return activities.add_intake(
        activity=activity, quotas=quotas, opens_at=at(working_day(-3), 9), closes_at=at(working_day(8), 17),
        way=way, name=name, actor=actor,
    )  # fmt: skip


def _sessions(
    activity: Activity,
    place: str,
    days: Iterable[date],
    actor: Person,
    *,
    intake: Intake | None = None,
    online: str = "",
) -> None:
    activities.add_sessions(
        activity=activity,
        whens=[
            When(at(day), at(day, 11, 30), place, District.objects.filter(ward=activity.ward).first(), online) for day in days
        ],
        intake=intake,
        actor=actor,
    )  # fmt: skip
    activities.publish_activity(activity=activity, actor=actor)
