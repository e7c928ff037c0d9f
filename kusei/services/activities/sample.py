"""Activities of the invented sample ward: some to come, counted from the day on which the sample is built."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from kusei.plans.models import Item, ItemText
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
from kusei.services.activities.sample_meeting import add_meeting
from kusei.services.activities.sample_rally import add_rally
from kusei.services.activities.sample_visits import add_visits
from kusei.wards.models import Body, District, Person, Ward

_NAMES = ("見本 花子", "見本 一郎", "見本 さくら", "見本 健太", "見本 みどり", "見本 太郎")


def add_activities(ward: Ward, actor: Person) -> None:
    """A course with a waiting list, lots for a walk, a fair without applications, a consultation online."""
    baby = _activity(
        ward, "こども家庭支援課", actor,
        Details(
            ActivityKind.COURSE, "赤ちゃん教室", "0歳の子と保護者が集まり、遊びながら子育ての話をします。", "0歳の子と保護者",
            min_age=0, reach="living_or_working", bring="母子手帳、バスタオル", contact="こども家庭支援課（見本）", is_step_free=True,
        ),
    )  # fmt: skip
    activities.set_languages(
        activity=baby, languages={"en": "helped", "zh": "helped"}, revision=baby.revision, actor=actor
    )
    baby.refresh_from_db()
    activities.translate_activity(
        activity=baby, language="en", revision=baby.revision, actor=actor,
        words={
            "title": "Baby class", "text": "Babies under one year and their parents meet, play and talk about raising children.",
            "audience": "Babies under one year with a parent", "bring": "Maternity record book, bath towel",
        },
    )  # fmt: skip
    baby.refresh_from_db()
    activities.mark_template(activity=baby, template="ward", actor=actor)
    course = _intake(baby, {"": 5}, actor, name="北台会場")
    _ask(course, actor)
    _sessions(baby, "北台地区センター", actor, first=12, every=7, count=4, intake=course)
    for number, name in enumerate(_NAMES):
        activities.apply_for(
            intake=course, ticket=uuid4(), people=[Someone(name, age=30)], contact=Contact(telephone="000-0000-0000"),
            answers=_answers(course, number),
        )  # fmt: skip
    walk = _activity(
        ward, "福祉保健課", actor,
        Details(ActivityKind.WALK, "川べりウォーキング", "保健師と一緒に4キロを歩きます。", "どなたでも", fee_yen=100, fee_note="保険料"),
    )  # fmt: skip
    _sessions(
        walk, "こもれび中央駅前", actor, first=25, every=7, count=1,
        intake=_intake(walk, {"": 20}, actor, way=Way.LOTTERY),
    )  # fmt: skip
    fair = _activity(
        ward, "総務課", actor,
        Details(ActivityKind.EVENT, "ぼうさいフェア", "消火や救護を体験できます。雨のときも行います。", has_sign_language=True),
    )  # fmt: skip
    activities.start_survey(
        survey=activities.set_up_survey(activity=fair, actor=actor), is_open=True, actor=actor
    )
    _sessions(fair, "南浜公園", actor, first=18, every=7, count=1)
    talk = _activity(
        ward, "こもれび区社会福祉協議会", actor,
        Details(ActivityKind.CONSULTATION, "介護のなんでも相談", "家からも相談できます。一組30分です。", has_childcare=True),
    )  # fmt: skip
    _sessions(
        talk, "", actor, first=9, every=14, count=3, online="https://example.jp/sample-room",
        intake=_intake(talk, {"": 6}, actor),
    )  # fmt: skip
    add_rally(ward, _item(ward, "総務課"), actor)
    add_open_door(ward, _item(ward, "地域振興課"), actor)
    add_visits(ward, _item(ward, "総務課"), actor)
    add_meeting(ward, _item(ward, "総務課"), actor)


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


def _activity(ward: Ward, host: str, actor: Person, details: Details) -> Activity:
    return activities.add_activity(
        ward=ward,
        item=_item(ward, host),
        host=Body.objects.get(ward=ward, name=host),
        details=details,
        actor=actor,
    )


def _item(ward: Ward, host: str) -> Item:
    """An action of the newest plan for which the body is responsible."""
    texts = ItemText.objects.filter(ward=ward, kind="action").order_by(
        "-version__plan__fiscal_year", "-version__number", "position"
    )
    own = texts.filter(owners__body__name=host).first()
    found = own or texts[0]
    return found.item


def _intake(
    activity: Activity, quotas: dict[str, int], actor: Person, *, name: str = "", way: Way = Way.FIRST_COME
) -> Intake:
    now = timezone.now()
    return activities.add_intake(
        activity=activity, quotas=quotas, opens_at=now - timedelta(days=3), closes_at=now + timedelta(days=8),
        way=way, name=name, actor=actor,
    )  # fmt: skip


def _sessions(
    activity: Activity,
    place: str,
    actor: Person,
    *,
    first: int,
    every: int,
    count: int,
    intake: Intake | None = None,
    online: str = "",
) -> None:
    today = timezone.localdate()
    days = [today + timedelta(days=first + every * number) for number in range(count)]
    begin = [timezone.make_aware(datetime.combine(day, time(10))) for day in days]
    activities.add_sessions(
        activity=activity,
        whens=[
            When(each, each + timedelta(hours=1.5), place, District.objects.filter(ward=activity.ward).first(), online)
            for each in begin
        ],
        intake=intake,
        actor=actor,
    )  # fmt: skip
    activities.publish_activity(activity=activity, actor=actor)
