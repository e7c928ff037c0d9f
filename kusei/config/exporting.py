"""`kusei export-plan`: a version or the draft of a plan as a workbook, a table or JSON; the columns of the office's Excel."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.office.queries.outlines import vocabulary_of
from kusei.plans import operations as plans
from kusei.plans.draft_sheet import HEADINGS
from kusei.plans.draft_workbook import cells_of, write_workbook
from kusei.plans.enums import PlanStatus
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.queries.drafts import open_draft_of, public_ids_of, tree_of
from kusei.press.csv_files import csv_text
from kusei.wards import operations as wards
from kusei.wards.models import Ward
from kusei.wards.queries import bodies_of


class _NothingToExport(Exception):
    """Why there is nothing, in words."""


def run(options: argparse.Namespace) -> int:
    """Write the file; 1 where there is no such plan, 2 where the file cannot be written. Whoever may see the ward's drafts."""
    try:
        version = _version(wards.find_ward(options.ward), options)
        content = _FORMATS[options.format](version)
        if options.output == "-":
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return 0
        path = Path(options.output or _name(version, options.format))
        path.write_bytes(content)
    except (wards.WardError, _NothingToExport) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: 書き出せません（{error.strerror}）。\n")
        return 2
    sys.stdout.write(f"{path}: {_named(version)}、{version.texts.count()}項目\n")
    return 0


def _version(ward: Ward, options: argparse.Namespace) -> PlanVersion:
    year = parse_fiscal_year(options.year)
    if year is None:
        raise _NothingToExport(
            f"年度「{options.year}」がわかりません。--year 2021 か --year 令和3年度 のように指定してください。"
        )
    plan = plans.find_plan(ward, fiscal_year=year, kind=options.kind, part=options.part)
    if plan is None:
        known = "、".join(plan_label(each) for each in ward.plans.order_by("fiscal_year", "kind", "part"))
        raise _NothingToExport(
            f"{ward.full_name}にその計画はありません。あるもの: {known}"
            if known
            else f"{ward.full_name}には計画がありません。"
        )
    if options.draft:
        found = open_draft_of(plan)
        missing = "下書きはありません。公開中の版を書き出すには、--draft を外してください。"
    elif options.version is not None:
        found = plan.versions.filter(status=PlanStatus.PUBLISHED, number=options.version).first()
        numbers = plan.versions.filter(status=PlanStatus.PUBLISHED).order_by("number")
        said = "、".join(str(each.number) for each in numbers) or "なし"
        missing = f"第{options.version}版は公開されていません。公開した版: {said}"
    else:
        found = plans.version_in_force(plan)
        missing = "まだ公開されていません。下書きを書き出すには、--draft を付けてください。"
    if found is None:
        raise _NothingToExport(f"{plan_label(plan)}: {missing}")
    return found


def _cells(version: PlanVersion) -> list[dict[str, str]]:
    tree, words, ids = tree_of(version), vocabulary_of(version), public_ids_of(version)
    return [cells_of(row, tree, words, ids) for row in tree.rows]


def _workbook(version: PlanVersion) -> bytes:
    return write_workbook(
        tree_of(version),
        vocabulary_of(version),
        public_ids_of(version),
        title=_named(version),
        bodies=[body.name for body in bodies_of(version.ward)],
    )


def _csv(version: PlanVersion) -> bytes:
    rows = ([cells[column] for column in HEADINGS] for cells in _cells(version))
    return csv_text([str(name) for name in HEADINGS.values()], rows).encode("utf-8")


def _json(version: PlanVersion) -> bytes:
    plan = version.plan
    whole: dict[str, Any] = {
        "ward": version.ward.full_name,
        "ward_code": version.ward.code,
        "fiscal_year": plan.fiscal_year,
        "kind": plan.kind,
        "part": plan.part,
        "title": version.title,
        "version": version.number,
        "status": version.status,
        "published_at": version.published_at.isoformat() if version.published_at else None,
        "columns": {column: str(name) for column, name in HEADINGS.items()},
        "items": _cells(version),
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


_FORMATS = {"xlsx": _workbook, "csv": _csv, "json": _json}


def _named(version: PlanVersion) -> str:
    state = f"第{version.number}版" if version.status == PlanStatus.PUBLISHED else "下書き"
    return f"{version.ward.full_name} {plan_label(version.plan)} {state}"


def _name(version: PlanVersion, suffix: str) -> str:
    return f"{_named(version)}.{suffix}".replace(" ", "_").replace("/", "／")
