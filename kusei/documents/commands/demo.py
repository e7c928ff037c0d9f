"""`kusei demo`: makes a demo begin anew."""

from __future__ import annotations

import argparse
import sys

from django.utils import timezone

from kusei.documents.sample.demo import DemoRefused, next_reset, reset_demo
from kusei.documents.sample.logins import read_logins


def run(options: argparse.Namespace) -> int:
    """Reset (at once, or only if due), and say when the next time is; 1 where it was refused."""
    if options.reset:
        try:
            done = reset_demo(if_due=options.if_due)
        except DemoRefused as refusal:
            print(refusal, file=sys.stderr)
            return 1
        if options.if_due and not done:
            return 0
        print(
            "サンプルを最初の状態に戻しました。" if done else "ほかのプロセスが、いま戻しているところです。"
        )
        for login in read_logins():
            print(f"  {login.role}: {login.username} / {login.password}")
    print(f"次に戻すのは {timezone.localtime(next_reset(timezone.now())):%Y-%m-%d %H:%M} です。")
    return 0
