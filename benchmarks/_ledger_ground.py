"""Wards, plans, metrics and millions of entries for `ledger.py`, made by the database itself from plain arithmetic.

Entries lie in the order in which they were posted: five years, day after day, all wards mixed. Of 50 lines one was corrected
(reversed and posted anew). A year's figure is counted in one to twelve places (body and district), as in a ward: most at
one body, some at many. While filling, the checks of foreign keys rest; all indexes and triggers work.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module

from django.db import connection, transaction

ACTIONS = 224
FIGURES = 300
METRICS = 400
FIRST_YEAR = 2021
_SLOTS = 2048
_LINES_AT_ONCE = 50_000
_PER_CORRECTION = 50
_ROOM = 52 * 10_000


@dataclass(frozen=True)
class Size:
    """How much there is to be."""

    entries: int
    wards: int
    years: int

    @property
    def lines(self) -> int:
        """How many lines give that many entries: each 50th is posted, reversed and posted anew."""
        return self.entries * _PER_CORRECTION // (_PER_CORRECTION + 2)


@dataclass(frozen=True)
class Place:
    """Where one thing is counted: an action's metric at one body and in one district."""

    item: int
    metric: int
    body: int | None
    district: int | None


@dataclass(frozen=True)
class Ground:
    """`places` and `items` by ward and fiscal year."""

    wards: list
    places: dict[tuple[int, int], list[Place]]
    items: dict[tuple[int, int], list[int]]


def lay_ground(size: Size) -> Ground:
    """Wards with bodies and districts, a plan of 224 actions each year, 400 metrics, and where each is counted."""
    from kusei.ledger.models import Metric
    from kusei.plans.models import Item, Plan
    from kusei.wards.models import Body, District, Ward

    dice = random.Random(4)
    wards = [Ward.objects.create(key=f"bench{n}", name=f"測定{n}区") for n in range(size.wards)]
    declared = list(Metric.objects.filter(ward=None))
    general = [metric.pk for metric in declared if metric.adding != "rate"]
    own_number = max(6, (METRICS - len(declared)) // size.wards)
    places: dict[tuple[int, int], list[Place]] = {}
    items: dict[tuple[int, int], list[int]] = {}
    for number, ward in enumerate(wards):
        bodies = [Body.objects.create(ward=ward, name=f"団体{n}", folded=f"団体{n}").pk for n in range(20)]
        districts = [
            District.objects.create(ward=ward, name=f"地区{n}", folded=f"地区{n}", position=n).pk
            for n in range(12)
        ]
        own = [
            Metric.objects.create(ward=ward, key=f"m{n}", name=f"数{n}", unit="件", **_adding(n)).pk
            for n in range(own_number - 1)
        ]
        Metric.objects.create(
            ward=ward, key="rate", name="割合", unit="%", adding="rate", numerator_id=own[0], denominator_id=own[1]
        )  # fmt: skip
        for year in range(FIRST_YEAR, FIRST_YEAR + size.years):
            plan = Plan.objects.create(ward=ward, fiscal_year=year, kind="action_plan")
            salt = (number * 100 + year) * 1000
            made = Item.objects.bulk_create(
                Item(ward=ward, plan=plan, public_id=uuid.UUID(int=salt + n)) for n in range(ACTIONS)
            )
            items[ward.pk, year] = [item.pk for item in made]
            places[ward.pk, year] = _places(dice, items[ward.pk, year], general, own, bodies, districts)
    return Ground(wards, places, items)


def _adding(number: int) -> dict[str, str]:
    if number % 8 == 6:
        return {"adding": "last"}
    return {"adding": "distinct", "scope": "item"} if number % 8 == 7 else {}


def _places(
    dice: random.Random,
    items: list[int],
    general: list[int],
    own: list[int],
    bodies: list[int],
    districts: list[int],
) -> list[Place]:
    """300 figures: every action has one, some two or more; half of the figures are of the general metrics, of which a few
    (回, 人) are on most pages. Half are counted in one place, a third in two to four, the rest in all districts."""
    figures: dict[tuple[int, int], None] = {}
    weights = [1 / (n + 1) for n in range(len(general))]
    figures.update({(items[0], metric): None for metric in own[:2]})  # one action has a rate
    order = items[1:] + dice.choices(items, k=4 * FIGURES)
    for item in order:
        metric = dice.choices(general, weights)[0] if dice.random() < 0.5 else dice.choice(own)
        figures[item, metric] = None
        if len(figures) == FIGURES:
            break
    places = []
    for item, metric in figures:
        body = dice.choice(bodies)
        chance = dice.random()
        if chance < 0.5:
            places.append(Place(item, metric, body if chance < 0.45 else None, None))
        elif chance < 0.8:
            places += [Place(item, metric, each, None) for each in dice.sample(bodies, dice.randint(2, 4))]
        else:
            places += [Place(item, metric, body, district) for district in districts]
    return places


def prepare(size: Size, ground: Ground) -> None:
    """The two tables from which lines are told: the days, and which place a line of a ward's year belongs to."""
    dice = random.Random(5)
    first = date(FIRST_YEAR, 4, 1)
    days = (date(FIRST_YEAR + size.years, 4, 1) - first).days
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_day (n integer PRIMARY KEY, happened_on date, fiscal_year integer, posted_at "
            + ("timestamptz)" if connection.vendor == "postgresql" else "datetime)")
        )
        cursor.executemany(
            "INSERT INTO bench_day VALUES (%s, %s, %s, %s)",
            [
                (n, day.isoformat(), day.year - (day.month < 4), f"{day + timedelta(30)} 03:00:00")
                for n, day in ((n, first + timedelta(n)) for n in range(days))
            ],
        )
        cursor.execute(
            "CREATE TABLE bench_place (ward_n integer, fiscal_year integer, slot integer, ward_id bigint, item_id bigint,"
            " metric_id bigint, body_id bigint, district_id bigint, PRIMARY KEY (ward_n, fiscal_year, slot))"
        )
        for (ward, year), places in ground.places.items():
            number = next(n for n, each in enumerate(ground.wards) if each.pk == ward)
            chosen = (places + dice.choices(places, k=_SLOTS))[:_SLOTS]
            dice.shuffle(chosen)
            cursor.executemany(
                "INSERT INTO bench_place VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    (number, year, slot, ward, place.item, place.metric, place.body, place.district)
                    for slot, place in enumerate(chosen)
                ],
            )
        cursor.execute("ANALYZE")


def fill(size: Size, begin: int, end: int) -> None:
    """Lines `begin` to `end` with their corrections, in transactions of 50,000. From the second call on the entries' numbers
    leave room for what was posted meanwhile."""
    for start in range(begin, end, _LINES_AT_ONCE):
        stop = min(end, start + _LINES_AT_ONCE)
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in _lines_and_corrections(size, start, stop, _ROOM if begin else 0):
                cursor.execute(statement)


def relax() -> None:
    """While filling: no checks of foreign keys, and on SQLite nothing waits for the disk. Ended by a new connection."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -1500000"):
                cursor.execute(f"PRAGMA {pragma}")


def settle() -> None:
    """Production's settings again, and what a running database does by and by: statistics, visibility."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('ledger_entry', 'id'), max(id)) FROM ledger_entry"
            )
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 4000")
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


_COLUMNS = (
    "id, ward_id, metric_id, item_id, body_id, district_id, fiscal_year, happened_on, quantity, source_kind, source_id,"
    " slot, turn, reverses_id, is_late, posted_at, posted_by_id"
)


def _identity(line: str, room: int) -> str:
    """Entry numbers leave room for two more after each 50th line."""
    return f"({line} + 2 * (({line} + {_PER_CORRECTION - 1}) / {_PER_CORRECTION}) + {room + 1})"


def _lines_and_corrections(size: Size, start: int, stop: int, room: int) -> list[str]:
    days = (date(FIRST_YEAR + size.years, 4, 1) - date(FIRST_YEAR, 4, 1)).days
    if connection.vendor == "postgresql":
        series = f"SELECT k::bigint AS k FROM generate_series({start}, {stop - 1}) AS s(k)"
        greatest = "greatest"
    else:
        series = (
            f"WITH RECURSIVE s(k) AS (VALUES ({start}) UNION ALL SELECT k + 1 FROM s WHERE k < {stop - 1}) "
            "SELECT k FROM s"
        )
        greatest = "max"
    first, last = (_identity(str(line), room) for line in (start, stop - 1))
    again = f"FROM ledger_entry WHERE id BETWEEN {first} AND {last} AND (id - 1) %% {_PER_CORRECTION + 2} = 0 AND turn = 0"
    same = "ward_id, metric_id, item_id, body_id, district_id, fiscal_year, happened_on"
    source = "source_kind, source_id, slot"
    return [
        statement.replace("%%", "%")
        for statement in (
            f"INSERT INTO ledger_entry ({_COLUMNS}) SELECT {_identity('line.k', room)}, place.ward_id, place.metric_id, place.item_id,"
            " place.body_id, place.district_id, place.fiscal_year, day.happened_on, 1 + (line.k * 31 / 7) %% 40,"
            f" 'bench', line.k / 4, CAST(line.k %% 4 AS varchar(60)), 0, NULL, {_false()}, day.posted_at, NULL"
            " FROM (SELECT k, (k * 1103515245 + 12345) / 65536 AS a, k * 2654435761 %% 4294967296 AS b,"
            f" {greatest}(0, k * {days} / {size.lines} - (k * 69069 / 1024) %% 30) AS n FROM ({series}) AS numbers) AS line"
            " JOIN bench_day AS day ON day.n = line.n"
            f" JOIN bench_place AS place ON place.ward_n = line.a %% {size.wards} AND place.fiscal_year = day.fiscal_year"
            f" AND place.slot = line.b / {2**32 // _SLOTS}",
            f"INSERT INTO ledger_entry ({_COLUMNS}) SELECT id + 1, {same}, -quantity, {source}, turn, id, is_late, posted_at,"
            f" NULL {again} AND reverses_id IS NULL",
            f"INSERT INTO ledger_entry ({_COLUMNS}) SELECT id + 2, {same}, quantity + 1, {source}, 1, NULL, is_late, posted_at,"
            f" NULL {again} AND reverses_id IS NULL",
        )
    ]


def _false() -> str:
    return "false" if connection.vendor == "postgresql" else "0"


def keep_all_sums(ground: Ground) -> None:
    """All kept sums anew by the database itself; `verify` in ledger.py holds them against `rebuild_sums`."""
    figures = import_module("kusei.ledger.migrations.0005_figures_kept")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_keptsum")
        cursor.execute("DELETE FROM ledger_figuresum")
    for ward, year in ground.places:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _sums_of(f"ward_id = {ward} AND fiscal_year = {year}"):
                cursor.execute(statement)
    with connection.schema_editor() as editor:
        figures.fill(None, editor)


def _sums_of(scope: str) -> tuple[str, str]:
    month = (
        "CAST(date_trunc('month', happened_on) AS date)"
        if connection.vendor == "postgresql"
        else "substr(happened_on, 1, 7) || '-01'"
    )
    place = "ward_id, fiscal_year, metric_id, item_id, body_id, district_id"
    key = (
        "ward_id, fiscal_year, metric_id, item_id, COALESCE(body_id, 0) AS body_key,"
        f" COALESCE(district_id, 0) AS district_key, {month} AS month"
    )
    names = ("ward_id", "fiscal_year", "metric_id", "item_id", "body_key", "district_key", "month")
    same = " AND ".join(f"newest.{name} = ledger_keptsum.{name}" for name in names)
    return (
        f"INSERT INTO ledger_keptsum ({', '.join(names)}, quantity, entries) SELECT {key}, SUM(quantity),"
        f" COUNT(*) - 2 * COUNT(reverses_id) FROM ledger_entry WHERE {scope} GROUP BY {place}, {month}",
        "UPDATE ledger_keptsum SET last_on = newest.happened_on, last_quantity = newest.quantity FROM ("
        f"SELECT {key}, happened_on, quantity, ROW_NUMBER() OVER (PARTITION BY {place}, {month}"
        f" ORDER BY happened_on DESC, id DESC) AS place FROM ledger_entry AS entry WHERE {scope}"
        " AND metric_id IN (SELECT id FROM ledger_metric WHERE adding = 'last') AND reverses_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM ledger_entry AS back WHERE back.reverses_id = entry.id)"
        f") AS newest WHERE newest.place = 1 AND {same}",
    )
