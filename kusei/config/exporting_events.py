"""`kusei export-events`: what residents see of activities as open data, in the form of イベント一覧."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.press.csv_files import csv_text
from kusei.services.activities.events_csv import events_table
from kusei.services.activities.models import Activity
from kusei.services.activities.queries.finding import Asked, lines_of, sessions_found
from kusei.wards import operations as wards


def run(options: argparse.Namespace) -> int:
    """Write the file; 1 for a year that is none, 2 where the file cannot be written. Whoever may work on activities."""
    ward = wards.find_ward(options.ward)
    now = timezone.now()
    if options.year is None:
        found = sessions_found(ward, Asked(), now=now).filter(ends_at__gt=now)
    else:
        year = parse_fiscal_year(options.year)
        if year is None:
            sys.stderr.write(
                f"年度「{options.year}」がわかりません。--year 2026 か --year 令和8年度 のように指定してください。\n"
            )
            return 1
        found = sessions_found(ward, Asked(begin=date(year, 4, 1), end=date(year + 1, 4, 1)), now=now)

    def url_of(activity: Activity) -> str:
        return settings.KUSEI_SITE_URL + reverse("portal:activity", args=[ward.key, activity.public_id])

    lines = lines_of(
        found.select_related("activity__host", "district", "intake").prefetch_related("activity__languages"),
        now=now,
    )
    table = events_table(ward, lines, url_of=url_of, edition=options.edition)
    content = csv_text(table.heading, table.rows).encode()
    if options.output == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    path = Path(options.output or f"{ward.code or ward.key}_event.csv")
    try:
        path.write_bytes(content)
    except OSError as error:
        sys.stderr.write(f"{error.filename}: 書き出せません（{error.strerror}）。\n")
        return 2
    sys.stdout.write(f"{path}: {len(table.rows)}回\n")
    return 0
