"""Asking people to come, their answers, what becomes of them when a session moves, and what the ledger hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.models import Entry
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.notices.errors import LinkNotUsable
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import AskedBy, EnvoyRole
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, Assignment, Envoy, Need, Session
from kusei.services.activities.operations import Details, EnvoyWords, Known, Row, When
from kusei.services.activities.operations.envoy_retention import KEEP_YEARS
from kusei.services.activities.tests.dispatch_ground import ask, complaints, envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import activity_of, in_days
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

pytestmark = pytest.mark.slow


@pytest.fixture
def mails(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST = "mail.example.jp"
    return mail.outbox


def said(ground: Ground) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, quantity in Entry.objects.filter(ward=ground.cast.ward).values_list("metric__key", "quantity"):
        sums[key] = sums.get(key, 0) + quantity
    return {key: total for key, total in sums.items() if total}


def differences(ground: Ground) -> list[object]:
    return list(discrepancies(ground.cast.ward, fiscal_year_of(timezone.localdate())))


def token_in(text: str) -> str:
    return text.split("/answer/")[1].split("/")[0]


def state(assignment: Assignment) -> str:
    return Assignment.objects.get(pk=assignment.pk).state


def test_nobody_is_asked_for_two_places_at_one_time(ground: Ground) -> None:
    envoy = envoy_of(ground)
    need, other = need_of(ground, session_in(ground, 5)), need_of(ground, session_in(ground, 5.05))
    first = ask(ground, need, envoy)
    assert ask(ground, need, envoy).pk == first.pk, "asked twice, it is one request"
    with pytest.raises(NotFitting, match="同じ時間に、ほかの派遣"):
        ask(ground, other, envoy)
    activities.decline_assignment(assignment=first, actor=ground.cast.clerk)
    activities.decline_assignment(assignment=first, actor=ground.cast.clerk)
    activities.accept_assignment(assignment=ask(ground, other, envoy), actor=ground.cast.clerk)
    with pytest.raises(NotFitting, match="いまは「断り」"):
        activities.accept_assignment(assignment=first, actor=ground.cast.clerk)
    assert complaints() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"roles": ("lecturer",)}, "「通訳・同行（ベトナム語）」として登録していない"),
        ({"languages": ("中国語",)}, "登録していない"),
        ({"cannot": "毎日"}, "行けない日時"),
        ({"active_until": timezone.localdate()}, "登録が終わって"),
    ],
)
def test_who_cannot_come_is_not_asked(ground: Ground, words, told: str) -> None:
    need = need_of(ground, session_in(ground, 5))
    with pytest.raises(NotFitting, match=told):
        ask(ground, need, envoy_of(ground, **words))


def test_the_first_yes_fills_the_need_and_the_others_hear_of_it(
    ground: Ground, mails, django_capture_on_commit_callbacks
) -> None:
    need = need_of(ground, session_in(ground, 5), purpose="区役所の窓口への同行")
    with django_capture_on_commit_callbacks(execute=True):
        made = [
            ask(ground, need, envoy_of(ground, name, mail=f"{place}@example.jp"), AskedBy.MAIL)
            for place, name in enumerate(("見本 一", "見本 二"))
        ] + [ask(ground, need, envoy_of(ground, "見本 三"))]
    assert [each.to for each in mails] == [["0@example.jp"], ["1@example.jp"]]
    assert "区役所の窓口への同行" in mails[0].body
    with django_capture_on_commit_callbacks(execute=True):
        activities.answer_by_link(token_in(mails[1].body), is_coming=True)
    assert [state(each) for each in made] == ["released", "accepted", "released"]
    assert [each.subject.split()[0] for each in mails[2:]] == [
        "派遣が決まりました",
        "派遣はほかの方に決まりました",
    ]
    assert Assignment.objects.get(to_telephone=True).pk == made[2].pk, "who has no mail is telephoned"
    with pytest.raises(NotFitting, match="依頼の取消"):
        activities.answer_by_link(token_in(mails[0].body), is_coming=True)
    with pytest.raises(NotFitting, match="人数がそろって"):
        ask(ground, need, envoy_of(ground, "見本 四"))


def test_a_yes_is_taken_back_by_the_same_link_and_a_no_closes_it(
    ground: Ground, mails, django_capture_on_commit_callbacks
) -> None:
    need = need_of(ground, session_in(ground, 5))
    with django_capture_on_commit_callbacks(execute=True):
        assignment = ask(ground, need, envoy_of(ground, mail="a@example.jp"), AskedBy.MAIL)
    token = token_in(mails[0].body)
    activities.answer_by_link(token, is_coming=True)
    activities.answer_by_link(token, is_coming=True)
    assert state(assignment) == "accepted"
    with pytest.raises(NotFitting, match="始まる時刻"):
        activities.answer_by_link(token, is_coming=False, now=in_days(5.01))
    activities.answer_by_link(token, is_coming=False)
    assert state(assignment) == "withdrawn"
    with pytest.raises(LinkNotUsable, match="もう回答"):
        activities.answer_by_link(token, is_coming=True)
    assert "見本" not in str(
        list(AuditEntry.objects.values_list("target_label", "actor_name", "changes", "reason"))
    )


def test_a_partner_asks_the_people_of_its_own_register_by_mail(
    ground: Ground, mails, django_capture_on_commit_callbacks
) -> None:
    council, partner = ground.cast.council, ground.cast.partner
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=council, details=Details(ActivityKind.COURSE, "体操"), actor=partner
    )  # fmt: skip
    session = activities.add_sessions(
        activity=activity, whens=[When(in_days(5), in_days(5.1))], actor=partner
    )[0]
    need = activities.need_people(session=session, role=EnvoyRole.INTERPRETER, count=1, actor=partner)
    envoy = envoy_of(ground, body=council, mail="a@example.jp")
    with django_capture_on_commit_callbacks(execute=True):
        activities.ask_envoy(need=need, envoy=envoy, way=AskedBy.MAIL, actor=partner)
    activities.answer_by_link(token_in(mails[0].body), is_coming=True)
    assert Assignment.objects.get().state == "accepted"


def test_a_session_that_moves_is_asked_for_again_and_one_that_is_called_off_is_told(
    ground: Ground, mails, django_capture_on_commit_callbacks
) -> None:
    session, busy = session_in(ground, 5), session_in(ground, 9)
    need = need_of(ground, session, 2)
    stays, leaves = envoy_of(ground, mail="a@example.jp"), envoy_of(ground, "見本 二")
    made = [ask(ground, need, stays), ask(ground, need, leaves)]
    for each in made:
        activities.accept_assignment(assignment=each, actor=ground.cast.clerk)
    ask(ground, need_of(ground, busy), leaves)
    with django_capture_on_commit_callbacks(execute=True):
        activities.move_session(
            session=session, starts_at=in_days(9), ends_at=in_days(9.05), place="公会堂", online_url="", reason="会場の都合",
            revision=1, actor=ground.cast.clerk,
        )  # fmt: skip
    assert [state(each) for each in made] == ["asked", "released"]
    assert "会場の都合" in mails[-1].body
    activities.answer_by_link(token_in(mails[-1].body), is_coming=True)
    with django_capture_on_commit_callbacks(execute=True):
        activities.call_off_session(session=session, reason="大雨", revision=2, actor=ground.cast.clerk)
    assert state(made[0]) == "released"
    assert mails[-1].subject.startswith("派遣の中止のお知らせ")
    assert Assignment.objects.filter(to_telephone=True).count() == 1
    activities.told_by_telephone(assignment=made[1], actor=ground.cast.clerk)
    assert not Assignment.objects.filter(to_telephone=True).exists()
    assert complaints() == []


def test_calling_everything_off_tells_those_who_were_asked(ground: Ground) -> None:
    activity = activity_of(ground)
    made = ask(ground, need_of(ground, activity.sessions.get()), envoy_of(ground))
    activities.call_off_activity(activity=activity, reason="感染症", actor=ground.cast.clerk)
    assert state(made) == "released"


def test_who_went_stands_in_the_ledger_and_a_correction_too(ground: Ground) -> None:
    session = session_in(ground, -0.1)
    made = ask(ground, need_of(ground, session), envoy_of(ground))
    record = {"assignment": made, "went": True, "minutes": 90, "fee_yen": 4500, "expenses_yen": 620, "actor": ground.cast.clerk}  # fmt: skip
    done = activities.record_going(**record, revision=1)
    counted = {"times": 1, "dispatches": 1, "people_sent": 1, "minutes_sent": 90, "yen_sent": 5120}
    assert said(ground) == counted
    activities.record_going(**record, revision=1)
    assert said(ground) == counted, "a double click counts once"
    with pytest.raises(ChangedMeanwhile):
        activities.record_going(**record | {"minutes": 60}, revision=1)
    activities.record_going(**record | {"minutes": 60, "fee_yen": 3000}, revision=done.revision)
    activities.set_along(
        session=session, role=EnvoyRole.LECTURER, who="市立病院 看護師", count=2, actor=ground.cast.clerk
    )
    assert said(ground) == counted | {"minutes_sent": 60, "yen_sent": 3620, "people_along": 2}
    assert differences(ground) == []
    done.refresh_from_db()
    activities.record_going(assignment=made, went=False, revision=done.revision, actor=ground.cast.clerk)
    activities.set_along(
        session=session, role=EnvoyRole.LECTURER, who="市立病院 看護師", count=0, actor=ground.cast.clerk
    )
    assert said(ground) == {"times": 1}
    assert differences(ground) == []


def test_who_came_along_counts_once_the_session_was_held(ground: Ground) -> None:
    session = session_in(ground, -0.1)
    activities.set_along(session=session, role=EnvoyRole.VOLUNTEER, who="", count=3, actor=ground.cast.clerk)
    assert said(ground) == {}
    activities.count_session(session=session, heads=20, revision=1, actor=ground.cast.clerk)
    assert said(ground) == {"times": 1, "attendances": 20, "people_along": 3}
    assert differences(ground) == []


def test_nothing_is_recorded_before_the_day(ground: Ground) -> None:
    made = ask(ground, need_of(ground, session_in(ground, 5)), envoy_of(ground))
    with pytest.raises(NotFitting, match="まだ先の回"):
        activities.record_going(assignment=made, went=True, minutes=60, revision=1, actor=ground.cast.clerk)


def test_a_dispatch_is_a_session_of_its_own_that_nobody_outside_sees(ground: Ground) -> None:
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.DISPATCH, "通訳の派遣"), actor=ground.cast.clerk,
    )  # fmt: skip
    when = When(in_days(3), in_days(3) + timedelta(hours=1), "保健センター")
    words = {"activity": activity, "when": when, "role": EnvoyRole.INTERPRETER, "language": "ベトナム語", "actor": ground.cast.clerk}  # fmt: skip
    with pytest.raises(NotFitting, match="用件"):
        activities.request_dispatch(**words, purpose=" ")
    need = activities.request_dispatch(**words, purpose="健診の同行")
    assert activities.request_dispatch(**words, purpose="健診の同行").pk == need.pk
    assert (Need.objects.count(), Session.objects.count()) == (1, 1)
    with pytest.raises(NotFitting, match="住民のページには出しません"):
        activities.publish_activity(activity=activity, actor=ground.cast.clerk)
    published = activity_of(ground)
    with pytest.raises(NotFitting, match="公開したものは"):
        activities.change_activity(
            activity=published, details=Details(ActivityKind.DISPATCH, "x"), revision=published.revision, actor=ground.cast.clerk
        )  # fmt: skip
    with pytest.raises(NotFitting, match="種類が「派遣」"):
        activities.request_dispatch(**words | {"activity": published}, purpose="健診")


def test_only_members_of_the_body_see_and_ask_its_people(ground: Ground) -> None:
    envoy = envoy_of(ground)
    assert "見本" not in envoy.sealed
    need = need_of(ground, session_in(ground, 5))
    for name in ("planner", "other_clerk", "partner", "resident", "stranger"):
        who = getattr(ground.cast, name)
        with pytest.raises(NotAllowed):
            activities.see_envoys(envoys=[envoy], body=ground.cast.promotion, actor=who)
        with pytest.raises(NotAllowed):
            activities.ask_envoy(need=need, envoy=envoy, way=AskedBy.TELEPHONE, actor=who)
    with pytest.raises(NotAllowed):
        activities.see_envoys(envoys=[envoy], body=ground.cast.promotion, actor=ground.cast.operator)
    known = activities.see_envoys(envoys=[envoy], body=ground.cast.promotion, actor=ground.cast.colleague)
    assert known[envoy.pk].name == "見本 さち"
    look = AuditEntry.objects.filter(verb="activities.see_envoys").get()
    assert (look.actor, look.changes) == (ground.cast.colleague, {"envoys": [None, 1]})


def test_nobody_is_added_while_somebody_in_the_register_cannot_be_read(ground: Ground, settings) -> None:
    envoy_of(ground, "見本 さち")
    settings.SECRET_KEY = "another one, longer than thirty-two characters"
    rows = [Row(EnvoyWords(Known("見本 さち"), ("lecturer",)))]
    with pytest.raises(NotFitting, match="登録番号1の人は、封じた鍵"):
        activities.take_in_envoys(body=ground.cast.promotion, rows=rows, actor=ground.cast.clerk)
    with pytest.raises(NotFitting, match="登録番号1の人は、封じた鍵"):
        envoy_of(ground, "見本 さち")
    assert Envoy.objects.count() == 1
    assert envoy_of(ground, "見本 さち", body=ground.cast.council).number == 1, "another body's register"


def test_a_table_is_taken_in_whole_or_not_at_all(ground: Ground) -> None:
    old = envoy_of(ground)
    body, clerk = ground.cast.promotion, ground.cast.clerk
    new = Row(EnvoyWords(Known("見本 新"), ("lecturer",)))
    moved = Row(
        EnvoyWords(Known("見本 さち", telephone="０４５（１１１）２２２２"), ("interpreter",)),
        number=1,
        revision=1,
    )
    with pytest.raises(NotFitting, match="役割を"):
        activities.take_in_envoys(body=body, rows=[new, Row(EnvoyWords(Known("見本 悪"), ()))], actor=clerk)
    assert Envoy.objects.count() == 1
    assert activities.take_in_envoys(body=body, rows=[new, moved], actor=clerk) == (1, 1)
    with pytest.raises(NotFitting, match="もう登録"):
        activities.take_in_envoys(body=body, rows=[new], actor=clerk)
    with pytest.raises(ChangedMeanwhile):
        activities.take_in_envoys(body=body, rows=[moved], actor=clerk)
    old.refresh_from_db()
    with pytest.raises(NotFitting, match="「たまに」が読めません"):
        activities.change_envoy(
            envoy=old, words=EnvoyWords(Known("見本"), ("lecturer",), cannot="月、たまに"), revision=old.revision, actor=clerk
        )  # fmt: skip


def test_when_somebody_cannot_come_stands_in_no_trail(ground: Ground) -> None:
    envoy = envoy_of(ground)
    words = EnvoyWords(Known("見本 さち"), ("lecturer",), cannot="月の午前", themes=("転んだ時の話",))
    activities.change_envoy(envoy=envoy, words=words, revision=envoy.revision, actor=ground.cast.clerk)
    trail = str(list(AuditEntry.objects.filter(ward=ground.cast.ward).values_list("changes", "target_label")))
    assert "lecturer" in trail
    assert "月の午前" not in trail
    assert "転んだ" not in trail


def test_contacts_go_years_after_the_last_assignment_and_counts_stay(ground: Ground) -> None:
    envoy, unused = envoy_of(ground), envoy_of(ground, "見本 二")
    session = session_in(ground, -0.1)
    made = ask(ground, need_of(ground, session), envoy)
    activities.record_going(
        assignment=made, went=True, minutes=60, note="田中さん宅", revision=1, actor=ground.cast.clerk
    )
    before = said(ground)
    operator = ground.cast.operator
    years = timedelta(days=366 * KEEP_YEARS)
    assert activities.forget_envoys(actor=operator, now=timezone.now() + years - timedelta(days=30)) == 0
    Envoy.objects.filter(pk=unused.pk).update(active_until=timezone.localdate() + timedelta(days=400))
    assert activities.forget_envoys(actor=operator, now=timezone.now() + years) == 1
    envoy.refresh_from_db()
    made.refresh_from_db()
    assert (envoy.sealed, made.note, made.minutes) == ("", "", 60)
    assert said(ground) == before
    with pytest.raises(NotAllowed):
        activities.forget_envoys(actor=ground.cast.planner)


def test_needs_are_not_lowered_below_what_is_promised(ground: Ground) -> None:
    session = session_in(ground, 5)
    need = need_of(ground, session, 2)
    for name in ("見本 一", "見本 二"):
        activities.accept_assignment(
            assignment=ask(ground, need, envoy_of(ground, name)), actor=ground.cast.clerk
        )
    with pytest.raises(NotFitting, match="もっと多くの人"):
        need_of(ground, session, 1)
    with pytest.raises(NotFitting, match="もう頼んだ人"):
        activities.need_nobody(need=need, actor=ground.cast.clerk)
    activities.need_nobody(
        need=need_of(ground, session, role=EnvoyRole.CHILDCARE, language=""), actor=ground.cast.clerk
    )
    assert Need.objects.count() == 1
    assert Activity.objects.count() == 1
