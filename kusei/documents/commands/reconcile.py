"""`kusei reconcile`: whether the ledger and the records behind it agree, and where they do not."""

from __future__ import annotations

import argparse

from kusei.documents.commands.console import complain, in_fiscal_year
from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.ledger import operations as ledger
from kusei.ledger.queries.entries import years_with_entries
from kusei.ledger.queries.reconciling import discrepancies
from kusei.wards import operations as wards
from kusei.wards.models import Ward
from kusei.wards.operations import WardError


def run(options: argparse.Namespace) -> int:
    """Print every difference, ward by ward and year by year; 1 where there is any, 2 for a year that is none."""
    year = parse_fiscal_year(options.year) if options.year else None
    if options.year and year is None:
        complain(f"年度「{options.year}」が読めません。例: 2021、令和3年度、R3")
        return 2
    try:
        chosen = [wards.find_ward(options.ward)] if options.ward else list(Ward.objects.order_by("pk"))
    except WardError as error:
        complain(str(error))
        return 1
    found = 0
    for ward in chosen:
        for fiscal_year in [year] if year else years_with_entries(ward):
            if options.rebuild_sums:
                ledger.rebuild_sums(ward=ward, fiscal_year=fiscal_year)
            for each in discrepancies(ward, fiscal_year):
                found += 1
                print(f"{ward.full_name} {in_fiscal_year(fiscal_year)} {each.message}")
    print(f"違いが{found}件あります。" if found else "実績ともとの記録は合っています。")
    return 1 if found else 0
