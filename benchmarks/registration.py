"""How many applications a second are taken in while places run out, as a ratio to a bare view that inserts one row.

    python benchmarks/registration.py [--rounds 7] [--clients 16] [--requests 200] [--seats 50] [--sqlite | --postgres]

A race: so many forms at once, each for a family of one to three who come all or not at all, for fewer seats than people. Sent
over HTTP to Kusei as `kusei serve` runs it, with two processes; measured from the first byte sent to the last answer, each answer
after the commit, with the mail that confirms it queued. In turn with it, as many forms to a bare view in the same processes,
behind the same middleware, that reads the form and inserts one row; and to one that also checks the form as applying does, which says
how much of the difference is the form and Django, not the rules. On SQLite and on PostgreSQL (a cluster of its own that
waits for the disk as one in use does). Afterwards every round is looked at: nothing oversold, no family split, turns without a gap,
one mail for each. The bars: half of the floor, on both; and 165 a second on PostgreSQL.

Then the calendar page of a ward with 3 sessions and with 5,000 in the year: the same number of queries.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FLOOR_BAR, SPEED_BAR = 0.5, 165
_SECRET = "b" * 32
_PROCESSES, _START_SECONDS = 2, 60
_PORT = "BENCHMARK_PORT"
"""Where the site listens: another server on the same port would answer in turns with it."""


def port() -> int:
    """The port of this run, free when it began."""
    if _PORT not in os.environ:
        with socket.socket() as asking:
            asking.bind(("127.0.0.1", 0))
            os.environ[_PORT] = str(asking.getsockname()[1])
    return int(os.environ[_PORT])


class Site:
    """Kusei with a database of its own, served by two processes."""

    def __init__(self, folder: Path, database: str) -> None:
        self.environment = {
            **os.environ, "KUSEI_DATA": str(folder), "DATABASE_URL": database, "KUSEI_DEBUG": "0",
            "KUSEI_MAIL_URL": "smtp://localhost", "PYTHONPATH": str(ROOT), _PORT: str(port()),
        }  # fmt: skip
        self._server: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> str:
        """A command of this program in a process of its own, on the site's database; what it prints."""
        command = [sys.executable, str(Path(__file__).resolve()), *words]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout

    def start(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "serve"], env=self.environment, cwd=ROOT
        )
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port(), timeout=5)
                connection.request("GET", "/")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("The site does not answer.")

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()


class Client(threading.Thread):
    """One visitor's line: sends its forms one after the other, from an address of its own."""

    def __init__(self, address: str, forms: Sequence[tuple[str, bytes]], together: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._forms = forms
        self._together = together
        self.answers: list[int] = []
        self.seconds: list[float] = []

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port(), timeout=60, source_address=(self._address, 0))
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={_SECRET}"}
        self._together.wait()
        for address, body in self._forms:
            begun = time.perf_counter()
            line.request("POST", address, body, headers)
            answer = line.getresponse()
            answer.read()
            self.seconds.append(time.perf_counter() - begun)
            self.answers.append(answer.status)


def race(turn: int, forms: Sequence[tuple[str, bytes]], clients: int, wanted: int) -> tuple[float, float]:
    """Send all of them at once: (answers a second, the slowest twentieth's seconds)."""
    together = threading.Barrier(clients + 1)
    lines = [
        Client(f"127.1.{turn}.{number + 1}", forms[number::clients], together) for number in range(clients)
    ]
    for line in lines:
        line.start()
    together.wait()
    begun = time.perf_counter()
    for line in lines:
        line.join()
    seconds = time.perf_counter() - begun
    others = {answer for line in lines for answer in line.answers} - {wanted}
    if others:
        raise SystemExit(f"answered {others} and not {wanted}")
    waits = sorted(each for line in lines for each in line.seconds)
    return len(waits) / seconds, waits[int(len(waits) * 0.95)]


def form_of(number: int) -> dict[str, str]:
    """Families of one, two and three in turn."""
    people = {f"name-{place}": f"見本 {number} の{place}" for place in range(number % 3 + 1)}
    kana = {f"kana-{place}": "みほん" for place in range(number % 3 + 1)}
    return {
        **people, **kana, "mail": f"family{number}@example.jp", "telephone": "", "together": "1", "website": "",
        "ticket": str(uuid4()), "step": "send", "csrfmiddlewaretoken": _SECRET,
    }  # fmt: skip


def compare(name: str, site: Site, arguments: argparse.Namespace) -> bool:
    """Race and floor in turn; whether both bars are kept."""
    addresses = json.loads(site.run("prepare", str(arguments.rounds + 1), str(arguments.seats)))
    site.start()
    ours, floors, read, waits = [], [], [], []
    try:
        for turn, address in enumerate(addresses):
            forms = [urlencode(form_of(number)).encode() for number in range(arguments.requests)]
            floor, _slow = race(turn, [("/bare/", each) for each in forms], arguments.clients, 200)
            alone, _slow = race(turn, [(f"/bare{address}", each) for each in forms], arguments.clients, 302)
            speed, slow = race(turn, [(address, each) for each in forms], arguments.clients, 302)
            if turn:  # the first round only warms up
                ours.append(speed)
                read.append(alone / floor)
                floors.append(floor)
                waits.append(slow)
    finally:
        site.stop()
    found = site.run("look", str(arguments.requests))
    ratios = [speed / floor for speed, floor in zip(ours, floors, strict=True)]
    ratio, speed = statistics.median(ratios), statistics.median(ours)
    print(
        f"{name:<12}{speed:>8.0f}/s  floor {statistics.median(floors):>6.0f}/s  ratio {ratio:.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f}; the form alone {statistics.median(read):.2f})  p95 {statistics.median(waits) * 1000:.0f} ms  {found.strip()}"
    )
    return ratio >= FLOOR_BAR and (name == "SQLite" or speed >= SPEED_BAR)


def prepare(rounds: int, seats: int) -> None:
    """A ward with an open intake for each round; prints their addresses."""
    from datetime import timedelta

    from django.core.management import call_command
    from django.db import connection
    from django.urls import reverse
    from django.utils import timezone

    from benchmarks._registration_site import TABLE
    from kusei.services.activities import operations as activities
    from kusei.services.activities.enums import ActivityKind
    from kusei.services.activities.operations import Details, When

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        key = "bigserial" if connection.vendor == "postgresql" else "integer"
        cursor.execute(f"CREATE TABLE {TABLE} (id {key} PRIMARY KEY, ticket varchar(40), name text)")
    ward, planner, item, host = ground("競争区")
    now, addresses = timezone.now(), []
    for turn in range(rounds):
        activity = activities.add_activity(
            ward=ward,
            item=item,
            host=host,
            details=Details(ActivityKind.COURSE, f"第{turn}回"),
            actor=planner,
        )
        intake = activities.add_intake(
            activity=activity, quotas={"": seats}, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9),
            actor=planner,
        )  # fmt: skip
        begin = now + timedelta(days=20)
        activities.add_sessions(
            activity=activity,
            whens=[When(begin, begin + timedelta(hours=2), "会場")],
            intake=intake,
            actor=planner,
        )
        activities.publish_activity(activity=activity, actor=planner)
        addresses.append(reverse("portal:apply", args=[ward.key, activity.public_id, intake.pk]))
    print(json.dumps(addresses))


def ground(name: str) -> tuple[Any, Any, Any, Any]:
    """(ward, planner, an action of its published plan, a body)."""
    from kusei.plans.models import ItemText
    from kusei.wards import operations as wards
    from kusei.wards.enums import Role
    from kusei.wards.models import Body
    from tests.wide_plan import publish_wide_plan

    operator = wards.account_without_login("bench")
    ward = wards.find_or_add_ward(name, actor=operator, is_sample=True)[0]
    planner = wards.add_person(ward=ward, username=f"planner-{ward.pk}", last_name="企画", actor=operator)
    wards.grant_role(ward=ward, person=planner, role=Role.PLANNER, actor=operator)
    wards.add_body(ward, "地域振興課", actor=operator)
    plan = publish_wide_plan(ward, planner, actions=1, owners=("地域振興課",))
    item = ItemText.objects.filter(version=plan.published, kind="action").select_related("item")[0].item
    return ward, planner, item, Body.objects.get(ward=ward, name="地域振興課")


def look(requests: int) -> None:
    """Whether every round came to what it should; prints it, raises SystemExit where not."""
    from kusei.jobs.models import Job
    from kusei.services.activities.models import Application, Intake, Seat
    from kusei.services.activities.operations.telling import CONFIRMING
    from kusei.services.activities.tests.ground import complaints

    for intake in Intake.objects.all():
        turns = list(Seat.objects.filter(intake=intake).order_by("turn").values_list("turn", flat=True))
        problems = complaints(intake)
        if Application.objects.filter(intake=intake).count() != requests or turns != list(
            range(1, len(turns) + 1)
        ):
            problems.append("an application or a turn is missing")
        if problems:
            raise SystemExit("\n".join(problems))
    mails, applications = Job.objects.filter(work=CONFIRMING).count(), Application.objects.count()
    if mails != applications:
        raise SystemExit(f"{mails} mails for {applications} applications")
    print(
        f"{applications} applications in {Intake.objects.count()} races: none oversold, no family split, {mails} mails queued"
    )


def calendar() -> None:
    """Queries and time of the calendar's page with 3 sessions in the year and with 5,000; raises SystemExit where it asks more often."""
    from datetime import timedelta

    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from kusei.services.activities import operations as activities
    from kusei.services.activities.enums import ActivityKind
    from kusei.services.activities.models import Session
    from kusei.services.activities.operations import Details, When

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    ward, planner, item, host = ground("暦の区")
    first = timezone.localtime().replace(day=1, hour=10, minute=0, second=0, microsecond=0)
    activity = activities.add_activity(
        ward=ward, item=item, host=host, details=Details(ActivityKind.COURSE, "見本の教室"), actor=planner
    )
    whens = [
        When(day, day + timedelta(hours=1), "会場")
        for day in (first + timedelta(days=number) for number in range(3))
    ]
    activities.add_sessions(activity=activity, whens=whens, actor=planner)
    activities.publish_activity(activity=activity, actor=planner)
    address, counts = reverse("portal:activity_calendar", args=[ward.key]), []
    for wanted in (3, 5_000):
        there = Session.objects.filter(ward=ward).count()
        Session.objects.bulk_create(
            Session(
                ward=ward, activity=activity, starts_at=day, ends_at=day + timedelta(hours=1), place="会場"
            )
            for day in (
                first + timedelta(hours=number * 365 * 24 // 5_000) for number in range(wanted - there)
            )
        )
        client, times = Client(headers={"host": "localhost"}), []
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        counts.append(len(queries))  # at once: the next request clears the log
        for _round in range(9):
            begun = time.perf_counter()
            client.get(address)
            times.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        print(
            f"calendar    {wanted:>6} sessions in the year: {counts[-1]} queries, {statistics.median(times) * 1000:.0f} ms"
        )
    if counts[0] != counts[1]:
        raise SystemExit("The calendar asks more often where there is more.")


def serve() -> None:
    """As `kusei serve` does, with two processes."""
    from granian import Granian
    from granian.constants import Interfaces

    from kusei.config.serving import THREADS

    Granian(
        "benchmarks._registration_site:application", address="127.0.0.1", port=port(), interface=Interfaces.WSGI,
        workers=_PROCESSES, blocking_threads=THREADS, backpressure=THREADS * 32, websockets=False, log_enabled=False,
    ).serve()  # fmt: skip


def main() -> int:
    """Measure; 1 where a bar is missed."""
    if len(sys.argv) > 1 and sys.argv[1] in {"prepare", "look", "calendar", "serve"}:
        if sys.argv[1] == "serve":
            serve()
            return 0
        import benchmarks._registration_site  # noqa: F401 - sets Django up

        {"prepare": prepare, "look": look, "calendar": calendar}[sys.argv[1]](*map(int, sys.argv[2:]))
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seats", type=int, default=50)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite alone")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL alone")
    arguments = parser.parse_args()
    from tools.postgres import find_server_programs, throwaway_cluster

    kept = True
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kusei-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "c").mkdir()
        print(Site(folder / "c", "").run("calendar"), end="")
        if not arguments.postgres:
            (folder / "s").mkdir()
            kept = compare("SQLite", Site(folder / "s", ""), arguments)
        if not arguments.sqlite:
            programs = find_server_programs()
            if programs is None:
                raise SystemExit("PostgreSQL is not installed.")
            (folder / "p").mkdir()
            database = stack.enter_context(throwaway_cluster(programs, durable=True))
            kept = compare("PostgreSQL", Site(folder / "p", database), arguments) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
