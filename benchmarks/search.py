"""How fast the office's search is over 100,000 items, as a ratio to the database's own search for the newest 20.

    python benchmarks/search.py [--entries 100000] [--rounds 3] [--scan]

Makes a database of its own (a test database beside the one in DATABASE_URL, or an SQLite file) and removes it. The mix is
the 200 queries of search_queries.txt, a fifth of them words found in over a fifth of the items. The office's search counts,
ranks, marks the words in 20 hits, and looks through drafts, comments, papers and bodies, with the rights of a planner. The
bare query is what a page by hand would ask the database's own search: the newest 20 that the person may see, with what is
shown of them; it does nothing else. "bare, 2000" is the bare query with as many rows as the office's search looks at, and
"bare, ids" the ids alone, whoever may see them; both are asked once. Each is asked in turn; a query's time is the median of its rounds. Figures of two machines do not compare; the ratios do. With --scan, a few queries are compared with reading every text, too.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kusei.plans.models import Item, PlanVersion
    from kusei.wards.models import Person, Ward

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")

FREQUENT = ["地域", "区民", "支援"]
THEMES = [
    f"{place}{theme}"
    for place in ["", "地区", "区内", "駅前", "水辺"]
    for theme in [
        *[
            "防災",
            "子育て",
            "高齢者",
            "見守り",
            "相談",
            "予約",
            "健康",
            "公園",
            "商店街",
            "農業",
            "文化",
            "国際交流",
        ],
        *[
            "交通安全",
            "防犯",
            "花壇",
            "緑道",
            "道路",
            "学校",
            "図書館",
            "ごみ",
            "河川",
            "住宅",
            "若者",
            "音楽",
            "統計",
        ],
        *[
            "窓口",
            "広報",
            "税",
            "選挙",
            "戸籍",
            "食品衛生",
            "動物",
            "体操",
            "読書",
            "祭り",
            "市場",
            "観光",
            "空き家",
        ],
    ]
]
DOINGS = [
    "推進",
    "充実",
    "講座の開催",
    "周知",
    "連携の強化",
    "参加の促進",
    "計画の見直し",
    "案内",
    "担い手の育成",
]
ENDINGS = ["に取り組みます。", "を進めます。", "を実施しました。", "に備えます。", "の場を設けます。"]
RARE = "認知症サポーター"
SCANNED = ["地域", "防災", RARE, "子育て 相談", "区民支援", "取り組む", "案件99"]
"""Frequent, usual, rare, several parts, two words side by side, an inflected verb, one single entry."""
QUERY_FILE = Path(__file__).with_name("search_queries.txt")


def texts(number: int, sentences: int = 8) -> Iterator[tuple[str, str]]:
    """Titles and bodies of about 150 characters, as an item of a plan has, the same in every run."""
    dice = random.Random(7)
    for position in range(number):
        title = f"{dice.choice(THEMES)}の{dice.choice(DOINGS)} 案件{position}"
        subjects = dice.sample(THEMES, 3) + FREQUENT[: dice.randint(0, 3)]
        body = [
            f"{dice.choice(subjects)}について{dice.choice(DOINGS)}{dice.choice(ENDINGS)}"
            for _ in range(sentences)
        ]
        if dice.random() < 0.01:
            body.append(f"{RARE}を養成します。")
        yield title, "".join(body)


def bare_search(query: str, ward: Ward, limit: int = 20) -> list[tuple]:
    """The database's own search and nothing else: the newest that hold the words, of a ward whose office the person may
    enter, with what a page shows. No count, no marks, no order but the newest first."""
    key, entries = _own_search()
    if (
        key == "f.rowid"
    ):  # without CROSS JOIN, SQLite may walk the ward and ask the index about each of its entries
        entries = f"{entries} CROSS JOIN search_searchentry e ON e.id = f.rowid"
    return _asked(
        f"SELECT e.id, e.title, e.url, e.fiscal_year, e.body FROM {entries} WHERE {_MATCH[key]} AND e.ward_id = %s "
        f"ORDER BY {key} DESC LIMIT {limit}",
        query,
        ward.pk,
    )


def bare_ids(query: str) -> list[tuple]:
    """The ids of the newest 20 that hold the words, whoever may see them: less than any page can do with."""
    key, entries = _own_search()
    return _asked(f"SELECT {key} FROM {entries} WHERE {_MATCH[key]} ORDER BY {key} DESC LIMIT 20", query)


def found_everywhere(query: str) -> int:
    """How many items hold the words, whoever may see them."""
    key, entries = _own_search()
    return _asked(f"SELECT count(*) FROM {entries} WHERE {_MATCH[key]}", query)[0][0]


_MATCH = {"e.id": "e.vector @@ %s::tsquery", "f.rowid": "f.search_fulltext MATCH %s"}


def _own_search() -> tuple[str, str]:
    """The key of what is found, and the table that the database's own search is asked of."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return "e.id", "search_searchentry e"
    return "f.rowid", "search_fulltext f"


def _asked(sql: str, query: str, *parameters: object) -> list[tuple]:
    from django.db import connection

    from kusei.search.terms import understand

    phrases = understand(query).with_terms
    if connection.vendor == "postgresql":
        match = " & ".join(
            "(" + " <-> ".join(f"'{term}'" for term in phrase.terms) + ")" for phrase in phrases
        )
    else:
        match = " ".join(f'"{" ".join(phrase.terms)}"' for phrase in phrases)
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, *parameters])
        return cursor.fetchall()


def scan(query: str, ward: Ward) -> None:
    """The same question without an index: both texts of every entry are read."""
    from django.db.models import Q

    from kusei.search.models import SearchEntry

    found = SearchEntry.objects.filter(ward=ward)
    for part in query.split():
        found = found.filter(Q(title__contains=part) | Q(body__contains=part))
    found.count()
    list(found.order_by("-fiscal_year", "-id").only("title", "body")[:20])


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def fill(entries: int) -> tuple[Ward, Person]:
    """Two wards with `entries` published items between them (four in five in the first), and in the first an open draft
    of 300 items and 300 comments. Returns the first and its planner."""
    from django.db import connection
    from django.utils import timezone

    from kusei.plans.models import Comment, Item, ItemText, Plan, PlanVersion
    from kusei.search.operations import index_entries
    from kusei.search.registry import SearchDocument
    from kusei.wards.models import Person, RoleGrant, Ward

    wards = [Ward.objects.create(key=f"bench{n}", name=f"測定{n}区") for n in (1, 2)]
    planner = Person.objects.create(username="bench")
    RoleGrant.objects.create(
        ward=wards[0], person=planner, role="planner", starts_on="2020-04-01", granted_by=planner
    )
    versions = {}
    for ward in wards:
        for year in range(2019, 2023):
            plan = Plan.objects.create(ward=ward, fiscal_year=year, kind="budget")
            versions[ward.pk, year] = PlanVersion.objects.create(
                ward=ward, plan=plan, number=1, status="published", published_at=timezone.now(),
                published_by=planner,
            )  # fmt: skip

    def place(number: int) -> PlanVersion:
        return versions[wards[number % 5 == 4].pk, 2019 + number % 4]

    def texts_of(version_of: Callable[[int], PlanVersion], number: int) -> list[Item]:
        items = Item.objects.bulk_create(
            [
                Item(ward_id=version_of(n).ward_id, plan_id=version_of(n).plan_id, public_id=uuid.UUID(int=n + salt))
                for n in range(number)
            ],
            batch_size=2000,
        )  # fmt: skip
        ItemText.objects.bulk_create(
            (
                ItemText(
                    ward_id=item.ward_id, version=version_of(n), item=item, position=n, kind="project",
                    title=title, text=body,
                )
                for n, (item, (title, body)) in enumerate(zip(items, texts(number), strict=True))
            ),
            batch_size=2000,
        )  # fmt: skip
        return items

    begun = time.perf_counter()
    salt = 1
    texts_of(place, entries)
    salt = 10**9
    plan = Plan.objects.create(ward=wards[0], fiscal_year=2023, kind="budget")
    draft = PlanVersion.objects.create(ward=wards[0], plan=plan, number=1, status="draft")
    drafted = texts_of(lambda _number: draft, 300)
    Comment.objects.bulk_create(
        Comment(ward=wards[0], item=item, author=planner, text=body)
        for item, (_title, body) in zip(drafted, texts(300), strict=True)
    )
    index_entries(
        SearchDocument(
            ward_id=place(number).ward_id,
            kind="item",
            target_id=number,
            title=title,
            body=body,
            url=f"/{number}/",
            fiscal_year=2019 + number % 4,
        )
        for number, (title, body) in enumerate(texts(entries))
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Kusei asks other indexes; the bare query gets the one made for it. VACUUM as a server does on its own.
            cursor.execute("CREATE INDEX bench_vector ON search_searchentry USING gin (vector)")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {entries} items stored and indexed in {time.perf_counter() - begun:.0f} s")
    return wards[0], planner


def measure_mix(ward: Ward, planner: Person, rounds: int) -> None:
    """The fixed mix through the office's search and through the bare query, in turn; p50, p95, the slowest."""
    from kusei.office.queries.search import search_office
    from kusei.search.models import SearchEntry
    from kusei.wards.permissions import rights_of

    queries = QUERY_FILE.read_text(encoding="utf-8").split("\n")[:-1]
    rights = rights_of(planner)
    everything = SearchEntry.objects.count()
    holders = [found_everywhere(query) for query in queries]
    often = sum(number > everything / 5 for number in holders)
    print(f"{len(queries)} queries, {often} of them found in over 20 % of {everything} items")
    taken: dict[str, list[list[float]]] = {"office": [], "bare": [], "bare, 2000": [], "bare, ids": []}
    for query in queries:
        asked = partial(bare_search, query, ward)
        searched = partial(search_office, query, ward=ward, rights=rights)
        asked()  # warm
        searched()
        ours, bare = [], []
        for _ in range(rounds):
            bare.append(milliseconds(asked))
            ours.append(milliseconds(searched))
        taken["office"].append(ours)
        taken["bare"].append(bare)
        taken["bare, 2000"].append([milliseconds(partial(asked, limit=2001))])
        taken["bare, ids"].append([milliseconds(partial(bare_ids, query))])
    figures = {}
    for name, rows in taken.items():
        middles = [statistics.median(row) for row in rows]
        figures[name] = percentile(middles, 0.95)
        print(
            f"{name:>10}: p50 {percentile(middles, 0.5):7.1f} ms   p95 {figures[name]:7.1f} ms   slowest {max(middles):7.1f} ms"
        )
    load = " ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"p95 office / p95 bare: {figures['office'] / figures['bare']:.2f} (bar: 2), load {load}")
    slow = sorted(zip((statistics.median(row) for row in taken["office"]), queries, holders, strict=True))[
        -12:
    ]
    print("slowest: " + ", ".join(f"{query} ({number}) {ms:.0f} ms" for ms, query, number in reversed(slow)))


def measure_scan(ward: Ward, rounds: int) -> None:
    """A few queries against reading every text."""
    from kusei.search.queries import search

    print(f"{'hits':>8} {'search ms':>10} {'scan ms':>9} {'scan/search':>12}  query")
    for query in SCANNED:
        by_index = statistics.median(milliseconds(partial(search, query, ward=ward)) for _ in range(rounds))
        by_scan = statistics.median(milliseconds(partial(scan, query, ward)) for _ in range(rounds))
        total = search(query, ward=ward).total
        print(f"{total:>8} {by_index:>10.1f} {by_scan:>9.1f} {by_scan / by_index:>12.1f}  {query}")


def main() -> None:
    """Set up Django and a database of its own, measure, remove it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scan", action="store_true", help="compare with a LIKE scan, too")
    arguments = parser.parse_args()

    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":  # a file, as in real life
        folder = tempfile.mkdtemp(prefix="kusei-bench-")
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        ward, planner = fill(arguments.entries)
        measure_mix(ward, planner, arguments.rounds)
        if arguments.scan:
            measure_scan(ward, arguments.rounds)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        if connection.vendor == "sqlite":
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
