"""Mails that did not go out are tried again, ever later; none goes out twice because a process died."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from kusei.jobs.models import Job
from kusei.jobs.running import work_off
from kusei.notices import operations as notices
from kusei.notices import rules
from kusei.notices.enums import NoticeState
from kusei.notices.models import Notice
from kusei.notices.queries import mail_line, mails_of, open_mails
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.get_default_timezone())


class Server(EmailBackend):
    """A mail server that does what the test says, once for each try."""

    on_open: Exception | None = None
    on_send: Exception | None = None
    takes_before_it_breaks = False

    def open(self) -> bool:
        if Server.on_open:
            raise Server.on_open
        return True

    def send_messages(self, messages: list) -> int:  # type: ignore[type-arg]
        if Server.takes_before_it_breaks or not Server.on_send:
            super().send_messages(messages)
        if Server.on_send:
            raise Server.on_send
        return len(messages)


@pytest.fixture
def server(settings: object, monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    for name in ("on_open", "on_send"):
        monkeypatch.setattr(Server, name, None)
    monkeypatch.setattr(Server, "takes_before_it_breaks", False)
    settings.EMAIL_BACKEND = f"{Server.__module__}.{Server.__qualname__}"  # type: ignore[attr-defined]
    return Server


@pytest.fixture
def send(cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[..., Notice]:
    def now(**words: str) -> Notice:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            made = notices.send_notice(
                ward=cast.ward, to="taro@example.jp", subject="お知らせ", text="本文", **words
            )
        made.refresh_from_db()
        return made

    return now


def pass_time() -> int:
    """Let every job's time come, and work."""
    Job.objects.filter(status="waiting").update(not_before=timezone.now() - timedelta(seconds=1))
    return work_off()


def state(notice: Notice) -> NoticeState:
    notice.refresh_from_db()
    return mail_line(notice, now=timezone.now()).state


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [(1, 1), (2, 5), (3, 30), (4, 120), (5, 360), (6, 1440), (7, 1440), (8, None), (0, None)],
)
def test_each_pause_is_longer_and_there_is_a_last(tries: int, minutes: int | None) -> None:
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert rules.next_try(tries, NOW) == expected


@pytest.mark.parametrize(
    ("address", "shown"),
    [("taro@example.jp", "t…@example.jp"), ("a@b@c.jp", "a…@c.jp"), ("x", "…"), ("@c.jp", "…@c.jp")],
)
def test_an_address_is_told_from_others_and_not_written_out(address: str, shown: str) -> None:
    assert rules.masked(address) == shown


def test_a_mail_that_failed_goes_out_by_itself_later(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_open = ConnectionRefusedError("away")
    notice = send()
    assert (notice.tries, state(notice)) == (1, NoticeState.WAITING)
    assert notice.next_try_at is not None
    assert timedelta(seconds=50) < notice.next_try_at - timezone.now() < timedelta(seconds=70)
    pass_time()
    notice.refresh_from_db()
    assert notice.tries == 2
    assert timedelta(minutes=4) < notice.next_try_at - timezone.now() < timedelta(minutes=6)

    server.on_open = None
    pass_time()
    assert (state(notice), notice.tries, mail_line(notice, now=timezone.now()).failures) == (
        NoticeState.SENT,
        3,
        2,
    )
    assert len(mail.outbox) == 1
    assert pass_time() == 0


def test_after_the_last_try_a_person_decides(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_send = smtplib.SMTPResponseException(451, b"later")
    notice = send()
    for _ in range(12):
        pass_time()
    assert (state(notice), notice.tries) == (NoticeState.GIVEN_UP, len(rules.PAUSES) + 1)
    assert open_mails(cast.ward, now=timezone.now()) == 1
    assert open_mails(cast.other_ward, now=timezone.now()) == 0
    assert "メールサーバーに送れませんでした" in notice.failed


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_send = smtplib.SMTPRecipientsRefused({"taro@example.jp": (550, b"no such user")})
    notice = send()
    pass_time()
    assert (state(notice), notice.tries) == (NoticeState.GIVEN_UP, 1)
    assert "taro" not in notice.failed


def test_what_may_have_gone_out_is_not_sent_twice(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    """The server took the mail, and the connection broke before it said so."""
    server.on_send, server.takes_before_it_breaks = smtplib.SMTPServerDisconnected("gone"), True
    notice = send()
    server.on_send = None
    Notice.objects.filter(pk=notice.pk).update(begun_at=timezone.now() - timedelta(hours=1))
    pass_time()
    assert notices.send_waiting(actor=cast.operator) == (0, 0)
    assert (state(notice), len(mail.outbox)) == (NoticeState.UNSURE, 1)
    assert "届いたかどうか分かりません" in notice.failed


class Killed(BaseException):
    """The process ends here."""


def test_a_process_that_dies_between_sending_and_writing_it_down_sends_nothing_twice(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_send, server.takes_before_it_breaks = Killed(), True  # type: ignore[assignment]
    with pytest.raises(Killed):
        send()
    server.on_send = None
    Notice.objects.update(begun_at=timezone.now() - timedelta(hours=1))
    pass_time()
    notice = Notice.objects.get()
    assert (state(notice), notice.tries, len(mail.outbox)) == (NoticeState.UNSURE, 1, 1)


def test_a_process_that_dies_before_the_first_try_leaves_it_to_the_worker(
    cast: Cast, server: type[Server]
) -> None:
    """The change was committed; what comes after the commit never ran."""
    notice = notices.send_notice(ward=cast.ward, to="taro@example.jp", subject="s", text="t")
    assert work_off() == 0  # not before the request had its chance
    pass_time()
    assert (state(notice), len(mail.outbox)) == (NoticeState.SENT, 1)


def test_a_job_that_runs_twice_sends_once(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_open = ConnectionRefusedError("away")
    notice = send()
    server.on_open = None
    pass_time()
    Job.objects.update(status="waiting", attempts=0, ended_at=None)
    pass_time()
    assert (state(notice), len(mail.outbox)) == (NoticeState.SENT, 1)


def test_every_try_of_one_mail_bears_the_same_message_id(
    cast: Cast, server: type[Server], send: Callable[..., Notice], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:  # fmt: skip
    server.on_send, server.takes_before_it_breaks = smtplib.SMTPServerDisconnected("gone"), True
    notice = send()
    server.on_send = None
    Notice.objects.update(begun_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        notices.send_again(notice=notice, actor=cast.administrator)
    send()
    ids = [each.extra_headers["Message-ID"] for each in mail.outbox]
    assert (len(ids), ids[0] == ids[1], ids[1] == ids[2]) == (3, True, False)


def test_an_administrator_sends_again_and_the_trail_says_so(
    cast: Cast, server: type[Server], send: Callable[..., Notice], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:  # fmt: skip
    server.on_send = smtplib.SMTPRecipientsRefused({"taro@example.jp": (550, b"no")})
    notice = send()
    server.on_send = None
    for who in (cast.planner, cast.clerk, cast.stranger):
        with pytest.raises(NotAllowed):
            notices.send_again(notice=notice, actor=who)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        notices.send_again(notice=notice, actor=cast.administrator)
    assert (state(notice), notice.tries) == (NoticeState.SENT, 2)
    assert AuditEntry.objects.filter(verb="notices.send_again", actor=cast.administrator).count() == 1
    with pytest.raises(notices.NoticeNotSendable):
        notices.send_again(notice=notice, actor=cast.administrator)


def test_what_is_on_its_way_cannot_be_sent_again(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_send = smtplib.SMTPServerDisconnected("gone")
    notice = send()
    assert state(notice) is NoticeState.SENDING
    with pytest.raises(notices.NoticeNotSendable):
        notices.send_again(notice=notice, actor=cast.administrator)


def test_a_newer_mail_about_the_same_takes_the_place_of_one_that_waits(
    cast: Cast, server: type[Server], send: Callable[..., Notice]
) -> None:
    server.on_open = ConnectionRefusedError("away")
    first = send(subject_key="invitation:1")
    other = send(subject_key="invitation:2")
    second = send(subject_key="invitation:1")
    server.on_open = None
    pass_time()
    assert [state(each) for each in (first, other, second)] == [
        NoticeState.FORGOTTEN, NoticeState.SENT, NoticeState.SENT,
    ]  # fmt: skip
    assert len(mail.outbox) == 2


def test_what_is_open_is_found(cast: Cast, server: type[Server], send: Callable[..., Notice]) -> None:
    send()
    server.on_open = ConnectionRefusedError("away")
    waiting = send()
    assert list(mails_of(cast.ward, only_open=True)) == [waiting]
    assert mails_of(cast.ward).count() == 2
    assert mails_of(cast.other_ward).count() == 0
