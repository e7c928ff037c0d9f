"""A draft that was made by mistake is taken away; what anybody outside saw or what was counted stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import EnvoyRole
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, Intake, Question, Session
from kusei.services.activities.operations import When, Wording
from kusei.services.activities.tests.ground import activity_of, in_days, intake_of
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

pytestmark = pytest.mark.slow


def test_a_draft_goes_with_everything_that_hangs_on_it_and_the_trail_keeps_that_it_was(
    ground: Ground,
) -> None:
    intake = intake_of(ground, {"大人": 3, "保育": 2}, published=False)
    clerk, activity = ground.cast.clerk, intake.activity
    activities.add_question(
        owner=intake, wording=Wording(QuestionKind.SHORT, "アレルギーはありますか"), actor=clerk
    )
    activities.mark_template(activity=activity, template="ward", actor=clerk)
    like = activities.add_activity(
        ward=activity.ward, item=activity.item, host=activity.host, copied_from=activity, actor=clerk,
        details=activities.Details(activity.kind, "写し"),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        activities.remove_activity(activity=activity, revision=1, actor=ground.cast.other_clerk)
    with pytest.raises(ChangedMeanwhile):
        activities.remove_activity(activity=activity, revision=9, actor=clerk)
    activities.remove_activity(activity=activity, revision=1, actor=clerk)
    assert list(Activity.objects.all()) == [like]
    assert not any(each.objects.exists() for each in (Intake, Session, Question))
    like.refresh_from_db()
    assert like.copied_from is None
    entry = AuditEntry.objects.filter(verb="activities.remove").get()
    assert (entry.target_label, entry.changes) == ("赤ちゃん教室", {"sessions": [4, None]})
    with pytest.raises(ChangedMeanwhile, match="もう消して"):
        activities.remove_activity(activity=Activity(pk=activity.pk, ward=like.ward, host=like.host), revision=1, actor=clerk)  # fmt: skip


def _publish(ground: Ground, activity: Activity) -> None:
    activities.publish_activity(activity=activity, actor=ground.cast.clerk)


def _publish_and_take_back(ground: Ground, activity: Activity) -> None:
    _publish(ground, activity)
    activities.unpublish_activity(activity=activity, actor=ground.cast.clerk)


def _call_off(ground: Ground, activity: Activity) -> None:
    _publish(ground, activity)
    activities.call_off_activity(activity=activity, reason="大雨のため", actor=ground.cast.clerk)


def _hold(ground: Ground, activity: Activity) -> Session:
    session = activities.add_sessions(
        activity=activity, whens=[When(in_days(-0.1), in_days(0.1))], actor=ground.cast.clerk
    )[0]
    return activities.count_session(session=session, heads=3, revision=1, actor=ground.cast.clerk)


def _hold_and_take_back(ground: Ground, activity: Activity) -> None:
    session = _hold(ground, activity)
    activities.take_back_session(session=session, revision=session.revision, actor=ground.cast.clerk)


def _need_somebody(ground: Ground, activity: Activity) -> None:
    session = activity.sessions.get()
    activities.need_people(session=session, role=EnvoyRole.INTERPRETER, count=1, actor=ground.cast.clerk)


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (_publish, "公開中"),
        (_publish_and_take_back, "一度公開した"),
        (_call_off, "中止した記録"),
        (_hold, "行った回"),
        (_hold_and_take_back, "実績に数えた"),
        (_need_somebody, "頼んだ人"),
    ],
)
def test_what_was_seen_or_recorded_stays_and_says_why(
    ground: Ground, happened: Callable[[Ground, Activity], object], said: str
) -> None:
    activity = activity_of(ground, published=False)
    happened(ground, activity)
    activity.refresh_from_db()
    with pytest.raises(NotFitting, match=said):
        activities.remove_activity(activity=activity, revision=activity.revision, actor=ground.cast.clerk)
    assert Activity.objects.filter(pk=activity.pk).exists()
