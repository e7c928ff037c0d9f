"""`kusei forms` and the watched folder: what is taken, refused in words, left alone, and survives a killed worker."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kusei.config import cli, inbox
from kusei.config.inbox import Inbox
from kusei.files.models import StoredFile
from kusei.jobs.running import Regular, work_until
from kusei.ledger.models import Entry, ReturnedForm
from kusei.ledger.tests.ground import Ground
from kusei.office.queries.ledger_forms import form_file, form_rows
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import rights_of

pytestmark = pytest.mark.slow

WARD = "みらい区"


def form(ground: Ground, number: int) -> bytes:
    body = ground.cast.promotion
    rows = form_rows(rights_of(ground.cast.planner), ground.cast.ward, 2026, body)
    book = load_workbook(io.BytesIO(form_file(ground.cast.ward, 2026, body, rows)))
    book.worksheets[0]["E5"] = number
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def folder(ground: Ground, tmp_path: Path) -> Path:
    """The ward's subfolder, as a first look makes it."""
    Inbox(tmp_path).look()
    return tmp_path / ground.cast.ward.key


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def looks(folder: Path, times: int = 2) -> None:
    one = Inbox(folder.parent)
    for _time in range(times):
        one.look()


def test_the_command_takes_forms_in_and_posts_nothing(
    ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    good.write_bytes(form(ground, 3))
    bad.write_bytes(b"PK broken")
    assert cli.main(["forms", WARD, str(good), str(bad), "--as", ground.cast.clerk.username]) == 1
    told = capsys.readouterr()
    assert "預かりました（地域振興課、2026年度）" in told.out
    assert "b.xlsx: " in told.err
    kept = ReturnedForm.objects.get()
    assert (kept.way, kept.arrived_by, kept.state) == ("command", ground.cast.clerk, "waiting")
    assert Entry.objects.count() == 0
    assert cli.main(["forms", WARD, str(good)]) == 0
    assert "同じ中身" in capsys.readouterr().out
    assert cli.main(["forms", WARD, str(tmp_path / "none.xlsx")]) == 2
    assert "開けません" in capsys.readouterr().err


def test_another_bodys_form_is_refused_to_a_clerk_in_words(
    ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(form(ground, 3))
    assert cli.main(["forms", WARD, str(path), "--as", ground.cast.other_clerk.username]) == 1
    assert "担当ではない" in capsys.readouterr().err
    assert ReturnedForm.objects.count() == 0


def test_a_form_in_the_folder_is_taken_at_the_second_look(ground: Ground, folder: Path) -> None:
    (folder / "6月.xlsx").write_bytes(form(ground, 3))
    looks(folder, 1)
    assert ReturnedForm.objects.count() == 0
    looks(folder)
    kept = ReturnedForm.objects.get()
    assert (kept.way, kept.file.name) == ("folder", "6月.xlsx")
    assert names(folder) == ["done/6月.xlsx"]
    assert Entry.objects.count() == 0
    (folder / "6月.xlsx").write_bytes(form(ground, 4))
    looks(folder)
    assert names(folder) == ["done/6月-2.xlsx", "done/6月.xlsx"]


def test_what_is_refused_lies_beside_its_reason(ground: Ground, folder: Path) -> None:
    (folder / "a.xlsx").write_bytes(b"PK broken")
    (folder / "b.xlsx").write_bytes(form(ground, 3).replace(b"PK", b"PK", 1))
    (folder / "c.csv").write_text("1,2,3")
    looks(folder)
    assert names(folder) == [
        "done/b.xlsx", "refused/a.xlsx", "refused/a.xlsx.txt", "refused/c.csv", "refused/c.csv.txt",
    ]  # fmt: skip
    assert "壊れて" in (folder / "refused/a.xlsx.txt").read_text(encoding="utf-8")


def test_a_name_as_long_as_may_be_is_dealt_with_once(ground: Ground, folder: Path) -> None:
    long = f"{'実' * 83}.xlsx"
    for _twice in range(2):
        (folder / long).write_bytes(b"PK broken")
        looks(folder)
    assert names(folder) == [
        f"refused/{'実' * 60}{end}" for end in ("-2.xlsx", "-2.xlsx.txt", ".xlsx", ".xlsx.txt")
    ]
    assert long in (folder / f"refused/{'実' * 60}.xlsx.txt").read_text(encoding="utf-8")


def test_a_form_of_another_ward_is_refused(ground: Ground, folder: Path) -> None:
    other = folder.parent / ground.cast.other_ward.key
    (other / "a.xlsx").write_bytes(form(ground, 3))
    looks(folder)
    assert names(other) == ["refused/a.xlsx", "refused/a.xlsx.txt"]
    assert "ほかの区の様式" in (other / "refused/a.xlsx.txt").read_text(encoding="utf-8")


def test_what_is_still_written_and_what_programs_leave_is_left_alone(ground: Ground, folder: Path) -> None:
    content, one = form(ground, 3), Inbox(folder.parent)
    (folder / "~$a.xlsx").write_bytes(b"lock")
    (folder / ".hidden").write_bytes(b"x")
    (folder / "b.xlsx.part").write_bytes(content[:100])
    (folder / "link.xlsx").symlink_to(folder / "b.xlsx.part")
    for end in (1000, 2000, len(content)):
        (folder / "a.xlsx").write_bytes(content[:end])
        one.look()
    assert (folder / "a.xlsx").exists()
    one.look()
    assert names(folder) == [".hidden", "b.xlsx.part", "done/a.xlsx", "link.xlsx", "~$a.xlsx"]


class Killed(BaseException):
    """What a killed process does, as far as one process can show it: nothing after it runs."""


@pytest.mark.parametrize("step", ["before keeping", "after keeping", "before moving"])
def test_a_worker_killed_in_the_middle_of_many_files_loses_nothing_and_doubles_nothing(
    ground: Ground, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for number in range(1, 4):
        (folder / f"{number}.xlsx").write_bytes(form(ground, number))
    real_take, real_move, calls = inbox.take, os.replace, []

    def dies(*arguments, **words):
        calls.append(arguments)
        if len(calls) == 2 and step == "before keeping":
            raise Killed
        done = real_take(*arguments, **words)
        if len(calls) == 2 and step == "after keeping":
            raise Killed
        return done

    def dies_moving(*arguments):
        if step == "before moving" and len(calls) == 2:
            raise Killed
        return real_move(*arguments)

    monkeypatch.setattr(inbox, "take", dies)
    monkeypatch.setattr(inbox.os, "replace", dies_moving)
    with pytest.raises(Killed):
        looks(folder)
    monkeypatch.undo()
    assert ReturnedForm.objects.count() in {1, 2}
    looks(folder)  # the next worker
    assert names(folder) == ["done/1.xlsx", "done/2.xlsx", "done/3.xlsx"]
    kept = list(ReturnedForm.objects.order_by("file__name").values_list("file__name", flat=True))
    assert kept == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert StoredFile.objects.count() == 3
    assert AuditEntry.objects.filter(verb="ledger.receive_form").count() == 3


def test_one_file_that_makes_the_house_stumble_does_not_keep_the_others_waiting(
    ground: Ground, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 3):
        (folder / f"{number}.xlsx").write_bytes(form(ground, number))
    real_take = inbox.take

    def stumbles(path: Path, **words):
        if path.name == "1.xlsx":
            raise RuntimeError("the database is away")
        return real_take(path, **words)

    monkeypatch.setattr(inbox, "take", stumbles)
    looks(folder)
    assert names(folder) == ["1.xlsx", "done/2.xlsx"]


def test_a_worker_looks_regularly_and_outlives_a_look_that_breaks_off(db: None, monkeypatch) -> None:
    seen: list[str] = []

    def breaks_off() -> None:
        seen.append("broken")
        raise RuntimeError

    monkeypatch.setattr("kusei.jobs.running.close_old_connections", lambda: None)
    monkeypatch.setattr("kusei.jobs.running._REST_SECONDS", 0.0)
    beside = [Regular(0.0, breaks_off), Regular(3600.0, lambda: seen.append("hourly"))]
    turns = iter([False, False, False, False, True, True])
    work_until(lambda: next(turns), beside)
    assert seen == ["broken", "hourly", "broken"]
