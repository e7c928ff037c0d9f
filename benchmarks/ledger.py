"""How fast the ledger answers and takes in, over ten million entries, as ratios to the best hand-written SQL.

    python benchmarks/ledger.py [--postgres] [--entries 10000000] [--wards 18] [--years 5] [--rounds 15]

Makes a database of its own and removes it: an SQLite file, a test database beside the one in DATABASE_URL, or with --postgres
a PostgreSQL cluster of its own. The ledger is asked for a ward-year's results page (224 actions, about 300 figures), from the
entries and from the kept sums, and for a twelve-month chart; the hand-written SQL over the raw entries gets indexes made for it
alone, which Kusei's queries do not see, and has to give the same figures. Compared at the query function, data in hand.
Posting goes through `post_records` with the first tenth of the entries stored and with all, with and without kept sums.
For a smaller run keep some 110,000 entries a ward-year: --entries 330000 --wards 3 --years 1.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks._ledger_ground import Ground, Size

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")

RAW_BAR = 1.5
KEPT_BAR = 10
FLAT_BAR = 1.3
BATCHES = 9
RECORDS_A_BATCH = 250
LINES_A_RECORD = 4


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def rows_of(statement: str) -> list[tuple[Any, ...]]:
    """What a statement gives."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


class ByHand:
    """The best hand-written SQL for one ward, over the raw entries: three statements, an index for each."""

    def __init__(self, ward: int, year: int, metric: int) -> None:
        from django.db import connection

        scope = f"ward_id = {ward} AND fiscal_year = {year}"
        month = (
            "extract(month FROM happened_on)"
            if connection.vendor == "postgresql"
            else "substr(happened_on, 6, 2)"
        )
        self._ward = ward
        self.last = ""
        self.sums = (
            "SELECT item_id, metric_id, SUM(quantity), COUNT(*) - 2 * COUNT(reverses_id) FROM ledger_entry"
            f" WHERE {scope} GROUP BY item_id, metric_id"
        )
        of_last = (
            f"{scope} AND metric_id IN (SELECT id FROM ledger_metric WHERE adding = 'last' AND (ward_id IS NULL OR"
            f" ward_id = {ward}))"
        )
        place = "item_id, metric_id, body_id, district_id"
        newest = (
            "SELECT item_id, metric_id, SUM(quantity) FROM (SELECT item_id, metric_id, {quantity}, ROW_NUMBER() OVER"
            f" (PARTITION BY {place} ORDER BY happened_on DESC, {{number}} DESC) AS place FROM ledger_entry AS entry"
            f" WHERE {of_last} {{rest}}) AS newest WHERE place = 1 GROUP BY item_id, metric_id"
        )
        standing = "AND reverses_id IS NULL AND {}"
        number = "COALESCE(reverses_id, id)"
        self._ways_to_last = [
            newest.format(quantity="quantity", number="id", rest=standing.format(test))
            for test in (
                "NOT EXISTS (SELECT 1 FROM ledger_entry AS back WHERE back.reverses_id = entry.id)",
                f"id NOT IN (SELECT reverses_id FROM ledger_entry WHERE {of_last} AND reverses_id IS NOT NULL)",
            )
        ] + [
            newest.format(
                quantity="MAX(quantity) AS quantity",
                number=number,
                rest=f"GROUP BY {place}, happened_on, {number} HAVING COUNT(*) = 1",
            )
        ]
        self.chart = (
            f"SELECT {month}, SUM(quantity), COUNT(*) - 2 * COUNT(reverses_id) FROM ledger_entry"
            f" WHERE {scope} AND metric_id = {metric} GROUP BY 1"
        )

    def page(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The figures of the page (without the one rate): (quantity, entries) by item and metric."""
        found = {
            (item, metric): (int(quantity), entries) for item, metric, quantity, entries in rows_of(self.sums)
        }
        for item, metric, quantity in rows_of(self.last):
            found[item, metric] = (int(quantity), found[item, metric][1])
        return found

    def months(self) -> dict[int, tuple[int, int]]:
        """(quantity, entries) by month."""
        return {int(month): (int(quantity), entries) for month, quantity, entries in rows_of(self.chart)}

    def choose(self) -> None:
        """Take the quickest way to last values with the indexes that there are."""
        times = {
            way: min(milliseconds(partial(rows_of, way)) for _ in range(3)) for way in self._ways_to_last
        }
        print(
            f"three ways to last values, by hand: {', '.join(f'{ms:.1f}' for ms in times.values())} ms; the quickest counts"
        )
        self.last = min(times, key=times.__getitem__)

    @contextmanager
    def indexes(self) -> Iterator[None]:
        """Over this one ward's entries, which is quicker to make, but with all columns; gone afterwards."""
        from django.db import connection

        columns = {
            "bench_sums": "fiscal_year, item_id, metric_id, quantity, reverses_id",
            "bench_last": "fiscal_year, metric_id, item_id, body_id, district_id, happened_on, id, quantity, reverses_id",
            "bench_chart": "fiscal_year, metric_id, happened_on, quantity, reverses_id",
        }
        with connection.cursor() as cursor:
            for name, fields in columns.items():
                cursor.execute(
                    f"CREATE INDEX {name} ON ledger_entry (ward_id, {fields}) WHERE ward_id = {self._ward}"
                )
            cursor.execute(
                "VACUUM ANALYZE ledger_entry" if connection.vendor == "postgresql" else "ANALYZE ledger_entry"
            )
        yield
        with connection.cursor() as cursor:
            for name in columns:
                cursor.execute(f"DROP INDEX {name}")


def measure_queries(ground: Ground, rounds: int) -> None:
    """The results page from entries and from kept sums, and two charts, against the hand-written SQL."""
    from kusei.ledger.models import Entry, Metric
    from kusei.ledger.queries.figures import by_month, figures_from_entries, year_figures

    ward, year = ground.wards[0], max(year for _ward, year in ground.places)
    items = ground.items[ward.pk, year]
    often = _most_used(ward.pk, year)
    metric = Metric.objects.get(pk=often)
    hand = ByHand(ward.pk, year, often)
    ours: dict[str, Callable[[], Any]] = {
        "page from entries": partial(figures_from_entries, ward, year),
        "page from kept sums": partial(year_figures, ward, year),
        "chart of a metric": partial(by_month, ward, year, metric, items=None),
        "chart, 224 actions named": partial(by_month, ward, year, metric, items=items),
    }
    theirs: dict[str, Callable[[], Any]] = {"page by hand": hand.page, "chart by hand": hand.months}
    taken: dict[str, list[float]] = {name: [] for name in ours}
    by_hand: dict[str, list[float]] = {name: [] for name in theirs}
    for own_indexes in (False, True, False):
        with hand.indexes() if own_indexes else nullcontext():
            hand.choose()
            for (
                name,
                work,
            ) in theirs.items():  # by hand with Kusei's indexes and with its own: the better median counts
                work()
                by_hand[name].append(statistics.median(milliseconds(work) for _ in range(rounds)))
            page, months = hand.page(), hand.months()
            for name, work in ours.items() if not own_indexes else ():
                work()
                taken[name] += [milliseconds(work) for _ in range(rounds)]
    middle = {name: statistics.median(each) for name, each in taken.items()}
    middle |= {name: min(each) for name, each in by_hand.items()}
    number = Entry.objects.filter(ward=ward, fiscal_year=year).count()
    charted = Entry.objects.filter(ward=ward, fiscal_year=year, metric=metric).count()
    print(
        f"a ward-year: {number} entries, {len(page)} figures of {len(items)} actions; the chart: {charted} entries"
    )
    _same(ours, page, months, metric)
    for name, bar, other in (
        ("page from entries", RAW_BAR, "page by hand"),
        ("page from kept sums", KEPT_BAR, "page by hand"),
        ("chart of a metric", KEPT_BAR, "chart by hand"),
        ("chart, 224 actions named", KEPT_BAR, "chart by hand"),
    ):
        ratio = middle[name] / middle[other]
        told = (
            f"{ratio:.2f} times (bar: {bar})"
            if bar == RAW_BAR
            else f"{1 / ratio:.1f} times faster (bar: {bar})"
        )
        print(f"{name:>24}: {middle[name]:8.2f} ms, by hand {middle[other]:8.2f} ms: {told}")


def _most_used(ward: int, year: int) -> int:
    """The metric of most entries among those that add up."""
    return rows_of(
        f"SELECT metric_id FROM ledger_entry WHERE ward_id = {ward} AND fiscal_year = {year} AND metric_id IN"
        " (SELECT id FROM ledger_metric WHERE adding = 'sum') GROUP BY metric_id ORDER BY COUNT(*) DESC LIMIT 1"
    )[0][0]


def _same(ours: dict[str, Callable[[], Any]], page: dict, months: dict, metric: Any) -> None:
    from kusei.ledger.models import Metric

    rates = set(Metric.objects.filter(adding="rate").values_list("pk", flat=True))
    for name in ("page from entries", "page from kept sums"):
        figures = {
            key: (each.quantity, each.entries) for key, each in ours[name]().items() if key[1] not in rates
        }
        assert figures == {key: each for key, each in page.items() if each[1]}, name
    chart = {month.month: (each.quantity, each.entries) for month, each in ours["chart of a metric"]()}
    assert chart == months, metric


def post_batches(ground: Ground, dice: random.Random, *, kept: bool, start: int, day: date) -> list[float]:
    """The time of each batch of 250 records with four lines each, into one ward; without `kept` into another."""
    from kusei.ledger.operations.posting import post_records
    from kusei.ledger.rules import Line
    from kusei.ledger.sources import Source

    ward = ground.wards[1 if kept else 2]
    places = ground.places[ward.pk, day.year - (day.month < 4)]
    times = []
    for batch in range(BATCHES):
        records = []
        for record in range(RECORDS_A_BATCH):
            at = [dice.choice(places) for _line in range(LINES_A_RECORD)]
            lines = [
                Line(str(n), place.metric, place.item, dice.randint(1, 40), day.replace(day=dice.randint(1, 20)), place.body, place.district)
                for n, place in enumerate(at)
            ]  # fmt: skip
            records.append((Source("bench.new", start + batch * RECORDS_A_BATCH + record), lines))
        leave_out = nullcontext() if kept else patch("kusei.ledger.operations.posting.keep_sums")
        with leave_out:
            times.append(milliseconds(partial(post_records, ward=ward, records=records, actor=None)))
    return times


def measure_posting(ground: Ground, start: int, day: date) -> dict[bool, tuple[float, float]]:
    """The median time of a batch and that of the quickest quarter, with kept sums and without, in turn."""
    dice = random.Random(start)
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(6):
        kept = turn % 2 == 0
        begin = start + turn * BATCHES * RECORDS_A_BATCH
        times[kept] += post_batches(ground, dice, kept=kept, start=begin, day=day)
    entries = RECORDS_A_BATCH * LINES_A_RECORD
    told = {
        kept: (statistics.median(each), statistics.quantiles(each, n=4)[0]) for kept, each in times.items()
    }
    for kept, words in ((True, "with"), (False, "without")):
        print(
            f"posting {entries} entries of {RECORDS_A_BATCH} records {words} kept sums: median {told[kept][0]:.0f} ms"
            f" ({entries / told[kept][0] * 1000:.0f} entries/s), the quickest quarter {told[kept][1]:.0f} ms"
        )
    return told


def tell_disk() -> None:
    """How much the tables and their indexes take."""
    from django.db import connection

    if connection.vendor == "postgresql":
        sizes = rows_of(
            "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relname LIKE 'ledger_%' OR relname LIKE 'entry_%' OR relname LIKE 'figure_%' OR"
            " relname LIKE '%_kept_once'"
        )
    else:
        sizes = rows_of(
            "SELECT name, SUM(pgsize) FROM dbstat WHERE name LIKE '%ledger%' OR name LIKE 'entry%' OR name LIKE 'figure%' OR name LIKE '%_kept_once' GROUP BY name"
        )
    told = [
        f"{name} {size / 2**20:.0f}"
        for name, size in sorted(sizes, key=lambda each: -each[1])
        if size > 2**20
    ]
    kept, figures = (
        rows_of(f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("ledger_keptsum", "ledger_figuresum")
    )
    print(f"on disk, MB: {', '.join(told)}; {kept} kept sums, {figures} kept figures")


def verify(ground: Ground) -> None:
    """The sums that the database kept for us are those that `rebuild_sums` works out, in one ward-year."""
    from kusei.ledger.models import FigureSum, KeptSum
    from kusei.ledger.operations import rebuild_sums

    ward, year = ground.wards[0], min(year for _ward, year in ground.places)

    def sums() -> set[tuple]:
        return {
            (model, *(value for name, value in row.items() if name != "id"))
            for model in (KeptSum, FigureSum)
            for row in model.objects.filter(ward=ward, fiscal_year=year).values()
        }

    before = sums()
    taken = milliseconds(partial(rebuild_sums, ward=ward, fiscal_year=year))
    assert before == sums(), "kept sums"
    print(f"kept sums of a ward-year verified: {len(before)} rows, rebuilt in {taken / 1000:.1f} s")


def run(size: Size, rounds: int) -> None:
    """Fill to a tenth, post; fill up, post, ask."""
    from django.db import connection

    from benchmarks import _ledger_ground as making

    ground = making.lay_ground(size)
    making.prepare(size, ground)
    tenth = size.lines // 500 * 50
    begun = time.perf_counter()
    posted = {}
    for begin, end in ((0, tenth), (tenth, size.lines // 50 * 50)):
        making.relax()
        making.fill(size, begin, end)
        making.keep_all_sums(ground)
        making.settle()
        number, newest = rows_of("SELECT COUNT(*), MAX(happened_on) FROM ledger_entry")[0]
        print(
            f"{connection.vendor}: {number} entries after {time.perf_counter() - begun:.0f} s, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        day = date.fromisoformat(newest) if isinstance(newest, str) else newest
        posted[begin] = measure_posting(ground, 10**9 + (10**6 if begin else 0), day)
    for kept, words in ((True, "with"), (False, "without")):
        middle, quick = (full / few for full, few in zip(posted[tenth][kept], posted[0][kept], strict=True))
        print(
            f"all entries stored / a tenth, {words} kept sums: {middle:.2f}, the quickest quarter {quick:.2f} (bar: {FLAT_BAR})"
        )
    making.settle()
    tell_disk()
    measure_queries(ground, rounds)
    verify(ground)
    print(f"load {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Set up Django and a database of its own, measure, remove it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL cluster of its own")
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--wards", type=int, default=18, help="at least 3")
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=15)
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
        from django.db import connection

        from benchmarks._ledger_ground import Size

        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":  # a file, as in real life
            folder = tempfile.mkdtemp(prefix="kusei-bench-")
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            run(Size(arguments.entries, arguments.wards, arguments.years), arguments.rounds)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
