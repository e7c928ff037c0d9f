"""`kusei translations`: a ward's items out to translators as CSV, and their work back in."""

from __future__ import annotations

import argparse
from pathlib import Path

from kusei.documents.commands.acting import acting_person
from kusei.documents.commands.console import KIND_NAMES, complain
from kusei.plans import operations as plans
from kusei.plans.operations import PlanError, TranslationRow
from kusei.plans.queries import TranslatedItem, items_to_translate
from kusei.plans.translation_sheet import SheetRow, UnreadableSheet, read_sheet, write_sheet
from kusei.wards import operations as wards
from kusei.wards.models import Ward
from kusei.wards.operations import WardError


def run(options: argparse.Namespace) -> int:
    """Write the sheet or take it in; 1 where nothing was taken in, 2 where the file cannot be read or written."""
    try:
        ward = wards.find_ward(options.ward)
        if options.export:
            return _export(ward, options.language, Path(options.export))
        return _import(ward, options)
    except (WardError, PlanError) as error:
        complain(str(error))
        for problem in getattr(error, "problems", []):
            complain(f"  {problem}")
        return 1
    except UnreadableSheet as error:
        complain(str(error))
        return 2
    except OSError as error:
        complain(f"{error.filename}: 開けません（{error.strerror}）。")
        return 2


def _export(ward: Ward, language: str, path: Path) -> int:
    items = items_to_translate(ward, language)
    rows = [_row(line, item) for line, item in enumerate(items, start=2)]
    path.write_text(write_sheet(rows), encoding="utf-8", newline="")
    counts = {state: sum(row.state == state for row in rows) for state in ("訳あり", "訳が古い", "未訳")}
    print(f"{path}: {len(rows)}項目（{'、'.join(f'{state} {count}' for state, count in counts.items())}）")
    return 0


def _row(line: int, item: TranslatedItem) -> SheetRow:
    node, translation = item.node, item.translation
    return SheetRow(
        line=line,
        public_id=str(node.public_id),
        path=" > ".join(item.path),
        kind=KIND_NAMES[node.kind],
        japanese_title=node.name,
        japanese_text=node.text,
        title=translation.title if translation else "",
        text=translation.text if translation else "",
        state="未訳" if translation is None else "訳あり" if translation.is_of(node) else "訳が古い",
    )


def _import(ward: Ward, options: argparse.Namespace) -> int:
    rows = [
        TranslationRow(row.line, row.public_id, row.japanese_title, row.japanese_text, row.title, row.text)
        for row in read_sheet(Path(options.take_in).read_bytes())
    ]
    changed, unchanged = plans.import_translations(
        ward=ward, language=options.language, rows=rows, actor=acting_person(options.username)
    )
    empty = len(rows) - changed - unchanged
    print(f"{changed}項目の訳を取り込みました（同じ内容 {unchanged}、訳の空いた行 {empty}）。")
    return 0
