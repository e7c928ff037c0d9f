"""People who can be sent in the invented sample ward, a request that waits and one that is done. Nobody of them exists."""

from __future__ import annotations

from datetime import date, timedelta

from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import AskedBy, EnvoyRole
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Activity, Envoy, Need
from kusei.services.activities.operations import Details, EnvoyWords, Known, When
from kusei.services.activities.sample_ground import action, at, working_day
from kusei.wards.models import Body, Person, Ward

_HOST = "福祉保健課"
_PEOPLE = (
    ("見本 ラン", "みほん らん", ("ベトナム語",), "月・水の午前"),
    ("見本 明華", "みほん めいか", ("中国語", "ベトナム語"), ""),
    ("見本 アナ", "みほん あな", ("ポルトガル語", "スペイン語"), "土日祝"),
)


def add_dispatch(ward: Ward, actor: Person) -> None:
    """Interpreters who come along: a register of three, one who went on the last working day, one who is asked for the next week."""
    body = Body.objects.get(ward=ward, name=_HOST)
    for name, kana, languages, cannot in _PEOPLE:
        activities.add_envoy(
            body=body,
            words=EnvoyWords(
                Known(name, kana, telephone="000-0000-0000"), (EnvoyRole.INTERPRETER.value,), languages, ("子育て", "健診"),
                cannot=cannot, fee_yen=3000, fee_per="hour", pays_expenses=True,
            ),
            actor=actor,
        )  # fmt: skip
    activity = activities.add_activity(
        ward=ward, item=action(ward, "外国語の通訳の派遣"), host=body, details=Details(ActivityKind.DISPATCH, "外国語の通訳の派遣", contact=f"{_HOST}（見本）"), actor=actor
    )  # fmt: skip
    done = _request(activity, working_day(-1), "乳幼児健診のあとの相談への同席", actor)
    went = activities.ask_envoy(need=done, envoy=_numbered(body, 1), way=AskedBy.TELEPHONE, actor=actor)
    activities.record_going(
        assignment=went,
        went=True,
        minutes=90,
        fee_yen=4500,
        expenses_yen=620,
        revision=went.revision,
        actor=actor,
    )
    waiting = _request(activity, working_day(6), "保育所の入所の手続きへの同行", actor)
    activities.ask_envoy(need=waiting, envoy=_numbered(body, 2), way=AskedBy.TELEPHONE, actor=actor)
    _request(activity, working_day(9), "学校の面談への同席", actor)


def _numbered(body: Body, number: int) -> Envoy:
    return Envoy.objects.get(body=body, number=number)


def _request(activity: Activity, day: date, purpose: str, actor: Person) -> Need:
    begin = at(day, 14)
    return activities.request_dispatch(
        activity=activity, when=When(begin, begin + timedelta(hours=1.5), "こもれび区役所 3階"), role=EnvoyRole.INTERPRETER,
        language="ベトナム語", purpose=purpose, actor=actor,
    )  # fmt: skip
