"""How much faster a search is than reading every text: ratio of a LIKE scan to a search over the same entries, in one run.

    python benchmarks/search.py [--entries 20000] [--rounds 5]

Makes a database of its own (a test database beside the one in DATABASE_URL, or SQLite) and removes it. Figures of two
machines do not compare; the ratios do. A search counts, ranks, and marks 20 hits; the scan counts and fetches 20 rows.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kusei.wards.models import Ward

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
# Frequent, usual, rare, several parts, an inflected verb, one single entry.
QUERIES = ["地域", "防災", RARE, "子育て 相談", "区民支援", "取り組む", "案件99"]


def texts(number: int) -> Iterator[tuple[str, str]]:
    """Titles and bodies of about 450 characters, the same in every run."""
    dice = random.Random(7)
    for position in range(number):
        title = f"{dice.choice(THEMES)}の{dice.choice(DOINGS)} 案件{position}"
        subjects = dice.sample(THEMES, 3) + FREQUENT[: dice.randint(0, 3)]
        sentences = [
            f"{dice.choice(subjects)}について{dice.choice(DOINGS)}{dice.choice(ENDINGS)}" for _ in range(24)
        ]
        if dice.random() < 0.01:
            sentences.append(f"{RARE}を養成します。")
        yield title, "".join(sentences)


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """Median of `rounds` runs in milliseconds, after one that warms up."""
    work()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def scan(query: str, ward: Ward) -> None:
    """The same question without an index: both texts of every entry are read."""
    from django.db.models import Q

    from kusei.search.models import SearchEntry

    found = SearchEntry.objects.filter(ward=ward)
    for part in query.split():
        found = found.filter(Q(title__contains=part) | Q(body__contains=part))
    found.count()
    list(found.order_by("-fiscal_year", "-id").only("title", "body")[:20])


def measure(entries: int, rounds: int) -> None:
    """Fill the index, time every query both ways, print the table."""
    from django.db import connection

    from kusei.search.operations import index_entries
    from kusei.search.queries import search
    from kusei.search.registry import SearchDocument
    from kusei.wards.models import Ward

    ward = Ward.objects.create(key="bench", name="測定区")
    begun = time.perf_counter()
    index_entries(
        SearchDocument(
            ward_id=ward.pk,
            kind="item",
            target_id=number,
            title=title,
            body=body,
            url=f"/{number}/",
            fiscal_year=2019 + number % 4,
        )
        for number, (title, body) in enumerate(texts(entries))
    )
    taken = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {entries} entries indexed in {taken:.1f} s ({entries / taken:.0f} a second)")
    print(f"{'hits':>8} {'search ms':>10} {'scan ms':>9} {'scan/search':>12}  query")
    for query in QUERIES:
        by_index = median_ms(partial(search, query, ward=ward), rounds)
        by_scan = median_ms(partial(scan, query, ward), rounds)
        total = search(query, ward=ward).total
        print(f"{total:>8} {by_index:>10.1f} {by_scan:>9.1f} {by_scan / by_index:>12.1f}  {query}")


def main() -> None:
    """Set up Django and a database of its own, measure, remove it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(arguments.entries, arguments.rounds)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
