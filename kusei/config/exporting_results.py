"""`kusei export-results`: a year's results as a workbook: a published version as it was frozen, or what is collected so far."""

from __future__ import annotations

import argparse

from django.utils import timezone

from kusei.config.exporting import Made, NothingToExport, published_version, put_out
from kusei.plans.models import Plan
from kusei.plans.operations.drafts import plan_label
from kusei.results.models import Collection
from kusei.results.queries.years import published_year, year_so_far
from kusei.results.year_workbook import file_name, write_year


def run(options: argparse.Namespace) -> int:
    """Write the file; 1 where there is nothing, 2 where the file cannot be written. Whoever may see all answers."""
    return put_out(options, _made)


def _made(plan: Plan, options: argparse.Namespace) -> Made:
    if options.live:
        collection = Collection.objects.filter(plan=plan).first()
        if collection is None:
            raise NothingToExport(
                f"{plan_label(plan)}: 取りまとめが始まっていません。公開した版を書き出すには、--live を外してください。"
            )
        book = year_so_far(collection, at=timezone.now())
    else:
        version = published_version(
            plan, options.version, otherwise="取りまとめの途中を書き出すには、--live を付けてください。"
        )
        book = published_year(version)
    return Made(write_year(book), file_name(book), f"{len(book.lines)}件の取組")
