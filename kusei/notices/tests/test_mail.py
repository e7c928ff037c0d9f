"""Notices: sent after the change is sure, kept when that fails, sent again, and their addresses forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from kusei.notices import operations as notices
from kusei.notices.models import Notice
from kusei.notices.queries import waiting_notices
from kusei.notices.sealing import CannotUnseal, seal, unseal
from kusei.notices.throttle import forget_attempts, is_allowed, is_spent
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

ADDRESS = "taro@example.jp"


class Broken(BaseEmailBackend):
    """A mail server that nobody answers at."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError(f"no, not to {ADDRESS}")


BROKEN = f"{Broken.__module__}.{Broken.__qualname__}"


def send(cast: Cast, run_on_commit: object) -> Notice:
    with run_on_commit(execute=True):  # type: ignore[operator]
        return notices.send_notice(ward=cast.ward, to=ADDRESS, subject="回答\nです", text="お答えします。")


def test_a_notice_goes_out_and_its_text_is_dropped(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    notice = send(cast, django_capture_on_commit_callbacks)
    notice.refresh_from_db()
    assert (notice.sent_at is not None, notice.text_sealed, notice.tries) == (True, "", 1)
    sent = mail.outbox[0]
    assert (sent.to, sent.subject, sent.body) == ([ADDRESS], "回答 です", "お答えします。")


def test_nothing_goes_out_when_the_change_is_undone(cast: Cast) -> None:
    with transaction.atomic():
        notices.send_notice(ward=cast.ward, to=ADDRESS, subject="s", text="t")
        transaction.set_rollback(True)
    assert (Notice.objects.count(), mail.outbox) == (0, [])


def test_a_failure_is_kept_and_sent_again(
    cast: Cast, settings: object, django_capture_on_commit_callbacks: object
) -> None:
    good = settings.EMAIL_BACKEND  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = BROKEN  # type: ignore[attr-defined]
    notice = send(cast, django_capture_on_commit_callbacks)
    notice.refresh_from_db()
    assert (notice.sent_at, notice.tries) == (None, 1)
    assert "メールサーバーに送れませんでした" in notice.failed
    assert ADDRESS not in str(Notice.objects.values().get())
    assert [each.subject for each in waiting_notices()] == ["回答 です"]
    assert notices.send_waiting(actor=cast.operator) == (0, 1)

    settings.EMAIL_BACKEND = good  # type: ignore[attr-defined]
    assert notices.send_waiting(actor=cast.operator) == (1, 0)
    assert notices.send_waiting(actor=cast.operator) == (0, 0)
    assert [each.to for each in mail.outbox] == [[ADDRESS]]


def test_mail_that_is_not_set_up_is_said_and_printed_nowhere(
    cast: Cast,
    settings: object,
    capsys: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: object,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"  # type: ignore[attr-defined]
    notice = send(cast, django_capture_on_commit_callbacks)
    notice.refresh_from_db()
    assert "KUSEI_MAIL_URL" in notice.failed
    assert ADDRESS not in "".join(capsys.readouterr())


@pytest.mark.parametrize(("days", "forgotten"), [(89, 0), (90, 1), (91, 1)])
def test_addresses_are_forgotten_after_90_days(cast: Cast, days: int, forgotten: int) -> None:
    notice = notices.send_notice(ward=cast.ward, to=ADDRESS, subject="s", text="t")
    made = notice.made_at
    assert notices.forget_addresses(actor=cast.operator, now=made + timedelta(days=days)) == forgotten
    notice.refresh_from_db()
    assert (notice.to_sealed == "") == bool(forgotten)
    lines = AuditEntry.objects.filter(verb="notices.forget_addresses", ward=cast.ward)
    assert [each.changes for each in lines] == [{"notices": [None, 1]}] * forgotten
    assert notices.forget_addresses(actor=cast.operator, now=made + timedelta(days=days)) == 0


@pytest.mark.parametrize("who", ["planner", "administrator", "clerk"])
def test_only_whoever_runs_the_machine_keeps_notices(cast: Cast, who: str) -> None:
    notices.send_notice(ward=cast.ward, to=ADDRESS, subject="s", text="t")
    with pytest.raises(NotAllowed):
        notices.send_waiting(actor=getattr(cast, who))
    with pytest.raises(NotAllowed):
        notices.forget_addresses(actor=getattr(cast, who), now=timezone.now() + timedelta(days=999))
    assert Notice.objects.exclude(to_sealed="").count() == 1


def test_what_is_sealed_opens_with_the_key_and_for_its_purpose_only(settings: object) -> None:
    sealed = seal({"name": "山田"}, purpose="a")
    assert "山田" not in sealed
    assert unseal(sealed, purpose="a") == {"name": "山田"}
    with pytest.raises(CannotUnseal):
        unseal(sealed, purpose="b")
    before = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another-key-of-the-tests"  # type: ignore[attr-defined]
    with pytest.raises(CannotUnseal):
        unseal(sealed, purpose="a")
    settings.SECRET_KEY_FALLBACKS = [before]  # type: ignore[attr-defined]
    assert unseal(sealed, purpose="a") == {"name": "山田"}


@pytest.mark.django_db
def test_tries_are_counted_by_address_and_matter() -> None:
    words = {"limit": 3, "seconds": 86_400 * 365}
    assert [is_allowed("t", "10.0.0.1", **words) for _ in range(4)] == [True, True, True, False]
    assert is_spent("t", "10.0.0.1", **words)
    assert is_allowed("t", "10.0.0.2", **words)
    assert is_allowed("u", "10.0.0.1", **words)
    assert forget_attempts() == 0
    assert forget_attempts(now=timezone.now() + timedelta(days=366)) == 3
    assert not is_spent("t", "10.0.0.1", **words)
