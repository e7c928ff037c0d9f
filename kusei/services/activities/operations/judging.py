"""Who may come in: when an intake takes applications, and for whom it is. For operations of this room, under its lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kusei.services.activities.eligibility import Rule, Why
from kusei.services.activities.enums import ActivityState, Reach, Way
from kusei.services.activities.errors import NotFitting, NotOpen
from kusei.services.activities.models import Activity, Intake, Quota
from kusei.services.activities.operations.answering import Given
from kusei.services.activities.operations.holding import is_idle

_NAME_AT_MOST = 80


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who would come, and in which quota. `age` in whole years where the activity asks for it."""

    name: str
    kana: str = ""
    age: int | None = None
    quota: int = 0


def require_open(intake: Intake, moment: datetime, first: datetime | None, *, by_staff: bool) -> None:
    """Whether people may be taken in now; `first` is when the first session begins. For operations of this room. Raises NotOpen."""
    if intake.is_called_off or intake.activity.state != ActivityState.PUBLISHED:
        raise NotOpen(_("この講座・催しは、いま申込みを受け付けていません。"))
    if moment < intake.opens_at and not by_staff:
        raise NotOpen(_("申込みはまだ始まっていません。"))
    if first is not None and first <= moment:
        raise NotOpen(_("もう始まっているため、申込みは終わりました。"))
    if first is None and is_idle(intake):
        raise NotOpen(_("この募集の回は全部中止になったため、申込みを受け付けていません。"))
    is_over = moment >= intake.closes_at
    if is_over and not by_staff:
        raise NotOpen(_("申込みの期間は終わりました。"))
    if is_over and intake.way == Way.LOTTERY and is_undrawn(intake):
        raise NotOpen(_("抽選の前なので、いまは受け付けられません。抽選のあとで、空いた席に申し込めます。"))


def is_undrawn(intake: Intake) -> bool:
    """Whether its lots are still to be drawn, where it has any."""
    draw = getattr(intake, "draw", None)
    return draw is None or draw.drawn_at is None


def quota_of(person: Someone, quotas: Sequence[Quota]) -> Quota:
    """In which quota a person wants a seat. For operations of this room. Raises NotFitting."""
    if not person.quota and len(quotas) == 1:
        return quotas[0]
    found = next((each for each in quotas if each.pk == person.quota), None)
    if found is None:
        raise NotFitting(_("%(name)sさんの枠を選んでください。") % {"name": person.name})
    return found


def checked_people(intake: Intake, people: Sequence[Someone]) -> Sequence[Someone]:
    """The people of an application, as far as they may be written so. For operations of this room. Raises NotFitting."""
    if not people:
        raise NotFitting(_("参加する人を一人は書いてください。"))
    if len(people) > intake.most_people:
        raise NotFitting(
            _("一度に申し込めるのは%(most)d人までです。分けて申し込むか、電話で相談してください。")
            % {"most": intake.most_people}
        )
    for each in people:
        if not each.name.strip():
            raise NotFitting(_("参加する人の名前を書いてください。"))
        if len(each.name) > _NAME_AT_MOST or len(each.kana) > _NAME_AT_MOST:
            raise NotFitting(
                _("名前が長すぎます。%(most)d文字までで書いてください。") % {"most": _NAME_AT_MOST}
            )
    return people


def outside_of(intake: Intake, people: Sequence[Someone], given: Given, *, by_staff: bool) -> str:
    """Why somebody of an application is not among those for whom the activity is, as people read it; empty where all are."""
    activity = intake.activity
    rule = Rule(activity.reach, activity.min_age, activity.max_age)
    for each in people:
        if why := rule.of_age(each.age, may_be_unknown=by_staff):
            return age_refused(activity, each.name, why)
    return reach_refused(activity.reach) if rule.of_belonging(given.belongs, may_be_unknown=by_staff) else ""


def age_refused(activity: Activity, name: str, why: Why) -> str:
    """What whoever is too young or too old, or did not say, is told."""
    if why is Why.AGE_UNKNOWN:
        return _("%(name)sさんの年齢を書いてください。") % {"name": name}
    ages = ages_said(activity.min_age, activity.max_age)
    return _("%(name)sさんは、対象の年齢（%(ages)s）ではありません。") % {"name": name, "ages": ages}


def reach_refused(reach: str) -> str:
    """What whoever is outside of the ward is told."""
    if reach == Reach.LIVING:
        return _("区内に住んでいる人のための講座・催しです。当てはまるときは、印を付けてください。当てはまらないときは、問い合わせ先に相談してください。")  # fmt: skip
    return _("区内に住んでいる、働いている、または通学している人のための講座・催しです。当てはまるときは、印を付けてください。当てはまらないときは、問い合わせ先に相談してください。")  # fmt: skip


def ages_said(low: int | None, high: int | None) -> str:
    """0歳から3歳まで."""
    parts = [_("%(age)d歳から") % {"age": low}] if low is not None else []
    parts += [_("%(age)d歳まで") % {"age": high}] if high is not None else []
    return "".join(parts)


def too_often() -> str:
    """What whoever sends without end is told."""
    return _("この回線から続けて送られた数が多いため、いまは送れません。1時間ほどたってから送るか、電話で申し込んでください。")  # fmt: skip
