"""送ったメール: what administrators see of it, and sending again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.notices import operations as notices
from kusei.notices.models import Notice
from kusei.notices.sealing import seal
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def _mail(cast: Cast, **state: object) -> Notice:
    made = notices.send_notice(ward=cast.ward, to="taro@example.jp", subject="お知らせ", text="本文")
    Notice.objects.filter(pk=made.pk).update(**state)
    return made


def test_each_state_is_told_in_words_and_no_address_is_written_out(cast: Cast) -> None:
    now = timezone.now()
    _mail(cast, sent_at=now, text_sealed="", next_try_at=None, tries=1)
    _mail(cast, next_try_at=now + timedelta(minutes=5), tries=2, failed="メールサーバーに送れませんでした。")
    _mail(cast, next_try_at=None, begun_at=now - timedelta(hours=1), tries=1)
    _mail(cast, next_try_at=None, tries=8)
    page = signed_in(cast.administrator).get(f"/office/{cast.ward.key}/settings/mails/").content.decode()
    for words in (
        "送った",
        "あとでもう一度送る",
        "届いたか分からない",
        "送れていない",
        "2回",
        "8回",
        "t…@example.jp",
    ):
        assert words in page, words
    assert "taro@" not in page
    assert page.count("いま送る") == 3


def test_the_list_can_be_narrowed_and_is_the_wards_own(cast: Cast) -> None:
    _mail(cast, sent_at=timezone.now(), text_sealed="", next_try_at=None, tries=1)
    client = signed_in(cast.administrator)
    address = f"/office/{cast.ward.key}/settings/mails/"
    assert "送れていないメールはありません" in client.get(address, {"state": "open"}).content.decode()
    wards.grant_role(
        ward=cast.other_ward, person=cast.administrator, role=Role.ADMINISTRATOR, actor=cast.operator
    )
    there = client.get(f"/office/{cast.other_ward.key}/settings/mails/").content.decode()
    assert "まだ何も送っていません" in there


@pytest.mark.django_db(transaction=True)
def test_one_is_sent_again_and_its_outcome_told(cast: Cast) -> None:
    waiting = Notice.objects.create(
        ward=cast.ward, to_sealed=_sealed("to"), text_sealed=_sealed("text"), subject="招待", tries=8
    )
    client = signed_in(cast.administrator)
    answer = client.post(f"/office/{cast.ward.key}/settings/mails/{waiting.pk}/send/", follow=True)
    assert "「招待」を送りました" in answer.content.decode()
    assert [each.to for each in mail.outbox] == [["taro@example.jp"]]
    again = client.post(f"/office/{cast.ward.key}/settings/mails/{waiting.pk}/send/", follow=True)
    assert "もう送ったか" in again.content.decode()
    assert len(mail.outbox) == 1


def _sealed(field: str) -> str:
    return seal("taro@example.jp" if field == "to" else "本文", purpose=f"notices.{field}")


def test_another_wards_mail_is_not_found(cast: Cast) -> None:
    other = notices.send_notice(ward=cast.other_ward, to="a@example.jp", subject="s", text="t")
    answer = signed_in(cast.administrator).post(f"/office/{cast.ward.key}/settings/mails/{other.pk}/send/")
    assert answer.status_code == 404


def test_where_no_mail_is_set_up_the_page_says_what_to_do(cast: Cast, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"  # type: ignore[attr-defined]
    page = signed_in(cast.administrator).get(f"/office/{cast.ward.key}/settings/mails/").content.decode()
    assert "KUSEI_MAIL_URL" in page


def test_more_mails_take_no_more_queries(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            _mail(cast)
        client.get(f"/office/{cast.ward.key}/settings/mails/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/office/{cast.ward.key}/settings/mails/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
