"""`kusei forms`: filled forms in Excel are taken in, each on its own; nothing is posted before somebody has looked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kusei.documents.commands.acting import acting_person
from kusei.ledger import operations as ledger
from kusei.ledger.enums import FormState, FormWay
from kusei.ledger.errors import LedgerError
from kusei.office.queries.ledger_forms import actions_of
from kusei.press.workbooks import MOST_BYTES, WorkbookRefused
from kusei.wards import operations as wards
from kusei.wards.models import Person, Ward
from kusei.wards.permissions import NotAllowed


class NotTaken(Exception):
    """Why a file was not taken in, in words."""


def run(options: argparse.Namespace) -> int:
    """Take the files in; 1 where one was refused, 2 where one could not be opened. Whoever may hand in forms of the ward."""
    ward, actor = wards.find_ward(options.ward), acting_person(options.username)
    worst = 0
    for name in options.files:
        path = Path(name)
        try:
            received = take(path, ward=ward, way=FormWay.COMMAND, actor=actor)
        except NotTaken as error:
            sys.stderr.write(f"{path}: {error}\n")
            worst = max(worst, 1)
        except OSError as error:
            sys.stderr.write(f"{path}: 開けません（{error.strerror}）。\n")
            worst = 2
        else:
            sys.stdout.write(f"{path}: {said(received)}\n")
    return worst


def take(path: Path, *, ward: Ward, way: FormWay, actor: Person) -> ledger.Received:
    """Take one file in. Raises NotTaken, and OSError where it cannot be read."""
    if path.stat().st_size > MOST_BYTES:  # not even read
        raise NotTaken(f"ファイルが大きすぎます。{MOST_BYTES // 1024 // 1024}MBまでにしてください。")
    try:
        return ledger.receive_form(
            ward=ward,
            name=path.name,
            content=path.read_bytes(),
            way=way,
            actor=actor,
            actions_of=lambda year: actions_of(ward, year),
        )
    except (LedgerError, WorkbookRefused, NotAllowed) as error:
        raise NotTaken(str(error)) from error


def said(received: ledger.Received) -> str:
    """What became of a file that was taken, in words."""
    whose = f"{received.form.body.name}、{received.form.fiscal_year}年度"
    if received.is_new:
        return f"預かりました（{whose}）。事務室の「実績」→「Excelの様式」で確かめてから記録してください。"
    if received.form.state == FormState.POSTED:
        return f"前に届いたものと同じ中身で、もう記録してあります（{whose}）。"
    return f"前に届いたものと同じ中身です（{whose}）。"
