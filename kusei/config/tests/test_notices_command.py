"""`kusei notices`: listing, sending again, deleting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from kusei.config import cli
from kusei.notices import operations as notices
from kusei.notices.models import Notice
from tests.cast import Cast


def test_waiting_notices_are_listed_sent_and_forgotten(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = notices.send_notice(ward=cast.ward, to="taro@example.jp", subject="お知らせ", text="x")
    assert cli.main(["notices"]) == 0
    said = capsys.readouterr().out
    assert "お知らせ" in said
    assert "taro@example.jp" not in said
    assert cli.main(["notices", "--send"]) == 0
    assert [each.to for each in mail.outbox] == [["taro@example.jp"]]
    Notice.objects.filter(pk=notice.pk).update(made_at=notice.made_at - timedelta(days=91))
    assert cli.main(["notices", "--purge"]) == 0
    assert "通知の宛先 1件" in capsys.readouterr().out
    assert Notice.objects.get().to_sealed == ""
    assert cli.main(["notices"]) == 0
    assert "送れていない通知はありません" in capsys.readouterr().out


def test_a_planner_may_not(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    notices.send_notice(ward=cast.ward, to="taro@example.jp", subject="s", text="x")
    assert cli.main(["notices", "--send", "--as", cast.planner.username]) == 1
    assert "操作者" in capsys.readouterr().err
    assert mail.outbox == []
