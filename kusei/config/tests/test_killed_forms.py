"""`kusei forms` on a folder of forms, killed between two and in the middle of one: run again, each is there once."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from openpyxl import load_workbook

from kusei.config import cli
from kusei.files.models import StoredFile
from kusei.ledger.enums import LedgerVerb
from kusei.ledger.models import Entry, ReturnedForm
from kusei.ledger.tests.ground import Ground
from kusei.ledger.tests.killed import kill_in_the_middle
from kusei.office.queries.ledger_forms import form_file, form_rows
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import rights_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FORMS = 5
_processes = multiprocessing.get_context("fork")


@pytest.fixture
def folder(ground: Ground, tmp_path: Path) -> Path:
    """Five forms of one body, each with another number."""
    body = ground.cast.promotion
    rows = form_rows(rights_of(ground.cast.planner), ground.cast.ward, 2026, body)
    empty = form_file(ground.cast.ward, 2026, body, rows)
    for number in range(1, FORMS + 1):
        book = load_workbook(io.BytesIO(empty))
        book.worksheets[0]["E5"] = number
        out = io.BytesIO()
        book.save(out)
        (tmp_path / f"{number}.xlsx").write_bytes(out.getvalue())
    return tmp_path


def command(ground: Ground, folder: Path) -> list[str]:
    files = [str(path) for path in sorted(folder.iterdir())]
    return ["forms", ground.cast.ward.name, *files, "--as", ground.cast.clerk.username]


def run_telling(arguments: list[str], out: int) -> None:
    """The command in a process of its own; what it says goes into a pipe, line by line."""
    sys.stdout = os.fdopen(out, "w", buffering=1)
    sys.exit(cli.main(arguments))


def every_form_is_there_once(ground: Ground, folder: Path) -> None:
    assert cli.main(command(ground, folder)) == 0
    for _twice in range(2):
        names = ReturnedForm.objects.order_by("file__name").values_list("file__name", flat=True)
        assert list(names) == [f"{number}.xlsx" for number in range(1, FORMS + 1)]
        assert StoredFile.objects.count() == FORMS
        assert AuditEntry.objects.filter(verb=LedgerVerb.FORM_RECEIVED).count() == FORMS
        assert cli.main(command(ground, folder)) == 0
    for form in ReturnedForm.objects.select_related("file"):
        with form.file.content.open("rb") as kept:
            assert kept.read() == (folder / form.file.name).read_bytes()
    assert Entry.objects.count() == 0  # nothing is posted before somebody has looked


def test_killed_after_two_of_five(ground: Ground, folder: Path) -> None:
    arguments = command(ground, folder)
    connections.close_all()
    reading, writing = os.pipe()
    process = _processes.Process(target=run_telling, args=(arguments, writing), daemon=True)
    process.start()
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        lines = [told.readline() for _each in range(2)]
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
    process.join(90)
    assert process.exitcode == -signal.SIGKILL
    assert ["預かりました" in line for line in lines] == [True, True]
    assert ReturnedForm.objects.count() >= 2
    every_form_is_there_once(ground, folder)


@pytest.mark.parametrize("statement", ['INSERT INTO "files_storedfile"', 'INSERT INTO "ledger_returnedform"'])
def test_killed_in_the_middle_of_the_third(ground: Ground, folder: Path, statement: str) -> None:
    kill_in_the_middle(partial(cli.main, command(ground, folder)), statement=statement, nth=3)
    assert ReturnedForm.objects.count() == 2
    every_form_is_there_once(ground, folder)
