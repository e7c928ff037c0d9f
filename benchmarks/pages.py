"""How long a page with 300 actions takes, as a ratio to a bare view that fetches the same rows, and whether the number of
queries stays the same with 1 action and 300.

    python benchmarks/pages.py [--actions 300] [--rounds 15] [--profile "office: review"]

The bare view asks one `values_list` query per table that the page reads, and renders one flat template (a loop over the
rows of each table, every value escaped) that is padded to as many bytes as the page. Both go through the same middleware
with the same log-in, in turn; the time of each is its median. The bar: at most 3 times. Makes a database of its own (a
test database beside the one in DATABASE_URL, or an SQLite file) and removes it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.test import Client

    from tests.wide_plan import WidePlan

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")

BAR = 3
_FLAT = """<!doctype html><html lang="ja"><body>{% for rows in tables %}<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}{{ padding|safe }}</body></html>"""
_TEXT = (
    *("id", "item_id", "parent_id", "position", "depth", "kind", "number", "title", "text", "programme"),
    *("budget_source", "plan_bullets", "source_page", "source_line", "places", "revision", "review", "review_note"),
)  # fmt: skip


class BareView:
    """The page's rows without the page: what the database and the template engine take in any case."""

    access = "public"

    def __init__(self, versions: list[int], *, with_results: bool) -> None:
        from django.template import engines

        self._versions = versions
        self._with_results = with_results
        self._template = engines["django"].from_string(_FLAT)
        self.padding = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from django.http import HttpResponse

        return HttpResponse(
            self._template.render({"tables": self._tables(), "padding": self.padding}, request)
        )

    def _tables(self) -> list[list[tuple[Any, ...]]]:
        from kusei.plans.models import Item, ItemAmount, ItemOwner, ItemText
        from kusei.results.models import ReportedFigure, ReportedResult

        of_text = {"text__version__in": self._versions}
        tables = [
            ItemText.objects.filter(version__in=self._versions).values_list(*_TEXT),
            Item.objects.filter(texts__version__in=self._versions).distinct().values_list("id", "public_id"),
            ItemOwner.objects.filter(**of_text).values_list(
                "text_id", "body_id", "printed_name", "body__name"
            ),
            ItemText.tags.through.objects.filter(itemtext__version__in=self._versions).values_list(
                "itemtext_id", "tag__name"
            ),
            ItemAmount.objects.filter(**of_text).values_list(
                "text_id", "fiscal_year", "basis", "source", "amount_yen", "printed", "printed_unit"
            ),
        ]
        if self._with_results:
            tables += [
                ReportedResult.objects.filter(version__in=self._versions).values_list(
                    "id", "item_id", "text", "outcome", "outcome_reason"
                ),
                ReportedFigure.objects.filter(result__version__in=self._versions).values_list(
                    "result_id", "value", "unit", "label"
                ),
            ]
        return [list(rows) for rows in tables]


def _answer(client: Client, address: str) -> bytes:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return bytes(answer.content)


def _milliseconds(client: Client, address: str) -> float:
    begun = time.perf_counter()
    _answer(client, address)
    return (time.perf_counter() - begun) * 1000


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _answer(client, address)
    with CaptureQueriesContext(connection) as queries:
        _answer(client, address)
    return len(queries)


def _made(key: str, actions: int) -> tuple[WidePlan, Client]:
    from django.test import Client

    from kusei.wards import operations as wards
    from kusei.wards.enums import Role
    from tests.wide_plan import publish_wide_plan

    operator = wards.account_without_login("bench")
    # A sample ward: its planner needs no second factor to be set up first.
    ward = wards.find_or_add_ward(key, actor=operator, is_sample=True)[0]
    planner = wards.add_person(ward=ward, username=f"planner-{key}", last_name="企画", actor=operator)
    wards.grant_role(ward=ward, person=planner, role=Role.PLANNER, actor=operator)
    bodies = tuple(f"{name}課" for name in ("地域振興", "福祉保健", "総務", "区政推進", "土木", "税務"))
    for name in bodies:
        wards.add_body(ward, name, actor=operator)
    client = Client()
    client.force_login(planner)
    return publish_wide_plan(ward, planner, actions=actions, owners=bodies), client


def measure(actions: int, rounds: int, profiled: str) -> bool:
    """Print the table; whether every page keeps the bar."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import override_settings
    from django.urls import path

    from kusei.config import urls

    settings.ALLOWED_HOSTS = ["testserver"]
    (one, one_client), (many, client) = _made("一行区", 1), _made("広域区", actions)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    published = BareView([many.published.pk], with_results=True)
    both = BareView([many.published.pk, many.draft.pk], with_results=False)
    draft = BareView([many.draft.pk], with_results=False)
    bare = {
        "portal: plan": published,
        "portal: results": published,
        "portal: summary": published,
        "office: outline": draft,
        "office: review": both,
    }
    module = ModuleType("bare_urls")
    module.urlpatterns = [  # type: ignore[attr-defined]
        *(path(f"bare/{place}/", view) for place, view in enumerate(bare.values())),
        *urls.urlpatterns,
    ]
    pages = many.residents_pages | many.office_pages
    alone = one.residents_pages | one.office_pages
    print(f"{connection.vendor}, {actions} actions, {rounds} rounds, medians")
    print(f"{'page':<18}{'queries 1/300':>15}{'kB':>7}{'page ms':>9}{'bare ms':>9}{'ratio':>7}")
    kept = True
    with override_settings(ROOT_URLCONF=module):
        for place, (name, address) in enumerate(pages.items()):
            view, bare_address = bare[name], f"/bare/{place}/"
            view.padding = ""
            size = len(_answer(client, address))
            view.padding = "x" * max(0, size - len(_answer(client, bare_address)))
            if name == profiled:
                _profile(client, address)
            ours, theirs = [], []
            for _ in range(rounds):
                theirs.append(_milliseconds(client, bare_address))
                ours.append(_milliseconds(client, address))
            ratio = statistics.median(ours) / statistics.median(theirs)
            few, number = _queries(one_client, alone[name]), _queries(client, address)
            kept = kept and ratio <= BAR and few == number
            print(
                f"{name:<18}{f'{few}/{number}':>15}{size / 1000:>7.0f}{statistics.median(ours):>9.1f}"
                f"{statistics.median(theirs):>9.1f}{ratio:>7.2f}"
            )
    return kept


def _profile(client: Client, address: str) -> None:
    import cProfile
    import pstats

    profile = cProfile.Profile()
    profile.enable()
    for _ in range(5):
        _answer(client, address)
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    pstats.Stats(profile).sort_stats("tottime").print_stats(30)


def main() -> int:
    """Set up Django and a database of its own, measure, remove it; 1 where a page is slower than the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--actions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--profile", default="", metavar="PAGE", help="print where this page's time goes")
    arguments = parser.parse_args()

    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True  # a test client would list all static files first
    name = connection.settings_dict["NAME"]
    folder = tempfile.mkdtemp(prefix="kusei-bench-")
    if connection.vendor == "sqlite":  # a file, as in real life
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return 0 if measure(arguments.actions, arguments.rounds, arguments.profile) else 1
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
