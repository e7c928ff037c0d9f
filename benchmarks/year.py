"""How long it takes to freeze a year of 100, 300 and 1,000 actions and to write its workbook, with how many queries; and to
remind forty people of 300 actions.

    python benchmarks/year.py [--actions 100 300 1000] [--rounds 5] [--postgres] [--keep FOLDER]

Freezing is what a planner does with a year: approving every answer (its live figures turn into words and stay) and publishing,
with the search index that residents find it by. Each is done in every round and rolled back; the median counts. Then it is done for good, everything that lives on is changed
(entries, a body's name, a metric's definition, an answer, a target), and the workbook has to be the same bytes, here and in a
process of its own. Makes a database of its own and removes it. 1 where a year takes more than the bars, queries grow, time
grows faster than the actions (by half), or a byte differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from tests.wide_year import WideYear

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")

FREEZE_BAR, WORKBOOK_BAR = 1.0, 0.7
"""Seconds at 300 actions: a tenth of what the nearest open peer takes."""
LINEAR_BAR = 1.5
INDEX = "search index"
"""The one part whose queries grow: it is written in batches of 400 (`search.operations`), so that no statement is huge."""
WARDS = {100: "横浜市都筑区", 300: "横浜市港北区", 1000: "横浜市鶴見区"}


@dataclass
class Measured:
    """The median of the rounds in seconds, that of this process's own processor time, and the queries of one round."""

    seconds: float
    processor: float
    queries: int


def measure(work: Callable[[], Any], rounds: int, *, undo: bool = False) -> Measured:
    """Time and count; with `undo` each round is rolled back, so that the next finds what this one found."""
    from django.db import connection, transaction

    times, own, queries = [], [], 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    for _round in range(rounds):
        queries = 0
        with transaction.atomic(), connection.execute_wrapper(count):
            begun, spent = time.perf_counter(), time.process_time()
            work()
            times.append(time.perf_counter() - begun)
            own.append(time.process_time() - spent)
            transaction.set_rollback(undo)
    return Measured(statistics.median(times), statistics.median(own), queries)


def measure_year(actions: int, rounds: int, folder: Path) -> tuple[dict[str, Measured], list[str]]:
    """All of one year; what went wrong besides."""
    from django.utils import timezone

    from kusei.results import operations as results
    from kusei.results.queries.years import published_year, year_so_far
    from kusei.results.year_workbook import write_year
    from kusei.search import operations as search
    from tests.wide_year import wide_year

    year = wide_year(WARDS.get(actions, "横浜市青葉区"), actions)
    shown = year.shown()
    found = {
        "live workbook": measure(lambda: write_year(year_so_far(year.collection, at=timezone.now())), rounds),
        "approve all": measure(
            lambda: results.approve_answers(answers=shown, actor=year.planner), rounds, undo=True
        ),
    }
    assert results.approve_answers(answers=shown, actor=year.planner) == []
    with patch("kusei.results.operations.publishing.search.rebuild"):  # measured by itself
        found["publish"] = measure(
            lambda: results.publish_results(collection=year.collection, actor=year.planner), rounds, undo=True
        )
    version = results.publish_results(collection=year.collection, actor=year.planner)
    found[INDEX] = measure(lambda: search.rebuild(ward=year.ward, kinds=["action"]), rounds)
    found["frozen workbook"] = measure(lambda: write_year(published_year(version)), rounds)
    before = write_year(published_year(version))
    (folder / f"year-{actions}.xlsx").write_bytes(before)
    change_what_lives(year)
    wrong = []
    if write_year(published_year(version)) != before:
        wrong.append(f"{actions} actions: the frozen workbook changed")
    if (there := written_elsewhere(year)) != hashlib.sha256(before).hexdigest():
        wrong.append(f"{actions} actions: another process wrote another workbook: {there}")
    return found, wrong


def change_what_lives(year: WideYear) -> None:
    """Everything that a frozen year must not follow."""
    from kusei.ledger.models import Metric
    from kusei.ledger.operations.posting import post
    from kusei.ledger.rules import Line
    from kusei.ledger.sources import Source
    from kusei.results.models import Answer, Target
    from kusei.wards.models import Body

    first = year.collection.answers.first()
    assert first is not None
    times = Metric.objects.get(ward=None, key="times")
    lines = [Line("late", times.pk, first.item_id, 77, _last_day(year.plan.fiscal_year))]
    post(ward=year.ward, source=Source("bench.late", year.ward.pk), lines=lines, actor=None)
    Metric.objects.filter(pk=times.pk).update(definition="あとで書き直した説明")
    for body in year.bodies:
        Body.objects.filter(pk=body.pk).update(name=f"新{body.name}")
    Answer.objects.filter(pk=first.pk).update(final_text="あとで直した文", outcome="cancelled")
    Target.objects.filter(ward=year.ward).update(quantity=1)


def _last_day(fiscal_year: int) -> Any:
    from datetime import date

    return date(fiscal_year + 1, 3, 31)


def written_elsewhere(year: WideYear) -> str:
    """The digest of the workbook that `kusei export-results` writes in a process of its own, with other hashes."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        place, _slash, rest = url.rpartition("/")
        url = f"{place}/{name}{'?' + rest.partition('?')[2] if '?' in rest else ''}"
    command = [
        sys.executable, "-m", "kusei", "export-results", year.ward.full_name, "--year", str(year.plan.fiscal_year),
        "--kind", year.plan.kind, "--output", "-",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        env=os.environ | {"DATABASE_URL": url, "PYTHONHASHSEED": "7"},
    )
    return hashlib.sha256(done.stdout).hexdigest() if done.returncode == 0 else done.stderr.decode()[-300:]


def measure_reminders(rounds: int) -> tuple[Measured, Measured, list[str]]:
    """Forty people with 300 open actions: the first time and the second, as one transaction each and rolled back between."""
    from django.core import mail

    from kusei.results import operations as results
    from kusei.results.enums import AnswerState
    from kusei.results.models import Reminder
    from tests.wide_year import wide_year

    year = wide_year("横浜市栄区", 300, state=AnswerState.WAITING)

    def ask() -> int:
        return len(
            results.remind(collection=year.collection, actor=year.planner, site="https://ward.example.jp")
        )

    first = measure(ask, rounds, undo=True)
    begun = time.perf_counter()
    sent = ask()
    print(f"reminders, with handing 40 mails over: {time.perf_counter() - begun:.2f} s")
    second = measure(ask, rounds)
    again = ask()
    kept = Reminder.objects.filter(collection=year.collection)
    mails = [each.to for each in getattr(mail, "outbox", [])]
    wrong = []
    if (sent, again, kept.count(), len(mails), len({*map(tuple, mails)})) != (40, 0, 40, 40, 40):
        wrong.append(f"reminders: {sent} sent, {again} again, {kept.count()} kept, {len(mails)} mails")
    return first, second, wrong


def run(sizes: list[int], rounds: int, folder: Path) -> int:
    """Measure, print, judge."""
    from django.db import connection

    told, wrong = {}, []
    for actions in sizes:
        told[actions], mistakes = measure_year(actions, rounds, folder)
        wrong += mistakes
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f}")
    for name in told[sizes[0]]:
        cells = [
            f"{each.seconds * 1000:6.0f} ms ({each.processor * 1000:.0f} of its own) {each.queries:3} queries"
            for each in (told[n][name] for n in sizes)
        ]
        print(f"{name:>16}: " + "  ".join(cells))
        small, large = told[sizes[0]][name], told[sizes[-1]][name]
        growth = (large.processor / small.processor) / (sizes[-1] / sizes[0])
        print(
            f"{'':>16}  an action of {sizes[-1]} takes {growth:.2f} times one of {sizes[0]} (bar: {LINEAR_BAR})"
        )
        if growth > LINEAR_BAR:
            wrong.append(f"{name}: time grows faster than the actions")
        if large.queries > small.queries and name != INDEX:
            wrong.append(f"{name}: {small.queries} queries at {sizes[0]}, {large.queries} at {sizes[-1]}")
    if 300 in told:
        parts = [told[300][name] for name in ("approve all", "publish", INDEX, "frozen workbook")]
        for name, each, bar in (
            ("freezing 300 actions and writing their workbook", parts, FREEZE_BAR),
            ("a live workbook of 300 actions", [told[300]["live workbook"]], WORKBOOK_BAR),
        ):
            seconds = sum(part.seconds for part in each)
            print(
                f"{name}: {seconds:.2f} s, {sum(part.processor for part in each):.2f} s of its own (bar: {bar} s)"
            )
            if seconds > bar:
                wrong.append(f"{name}: over the bar")
    first, second, mistakes = measure_reminders(rounds)
    print(
        f"reminders, 300 actions, 40 people: {first.seconds * 1000:.0f} ms, {first.queries} queries;"
        f" again: {second.seconds * 1000:.0f} ms, {second.queries} queries"
    )
    wrong += mistakes
    print(f"load {os.getloadavg()[0]:.1f}")
    for each in wrong:
        print(f"WRONG: {each}")
    return 1 if wrong else 0


def main() -> int:
    """Set up Django and a database of its own, measure, remove it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--actions", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL cluster of its own")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the workbooks there")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        if arguments.postgres:
            from tools.postgres import find_server_programs, throwaway_cluster

            programs = find_server_programs()
            if programs is None:
                parser.error("PostgreSQL is not installed")
            os.environ["DATABASE_URL"] = stack.enter_context(throwaway_cluster(programs))
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection

        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        folder = Path(tempfile.mkdtemp(prefix="kusei-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":  # a file, as in real life
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            return run(sorted(arguments.actions), arguments.rounds, arguments.keep or folder)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
