"""`kusei export-plan`: a version or the draft of a plan as a workbook, a table or JSON; the columns of the office's Excel."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.office.queries.outlines import vocabulary_of
from kusei.plans import operations as plans
from kusei.plans.draft_sheet import HEADINGS
from kusei.plans.draft_workbook import cells_of, write_workbook
from kusei.plans.enums import PlanStatus
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.queries.drafts import open_draft_of, public_ids_of, tree_of
from kusei.press.csv_files import csv_text
from kusei.wards import operations as wards
from kusei.wards.models import Ward
from kusei.wards.queries import bodies_of


class NothingToExport(Exception):
    """Why there is nothing, in words."""


def run(options: argparse.Namespace) -> int:
    """Write the file; 1 where there is no such plan, 2 where the file cannot be written. Whoever may see the ward's drafts."""
    return put_out(options, _made)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, the name it bears where nobody gave one, and a line about it."""

    content: bytes
    name: str
    told: str


def put_out(options: argparse.Namespace, make: Callable[[Plan, argparse.Namespace], Made]) -> int:
    """Make a file of the plan that the options name and write it where they say; the exit code."""
    try:
        made = make(_plan(wards.find_ward(options.ward), options), options)
        if options.output == "-":
            sys.stdout.buffer.write(made.content)
            sys.stdout.buffer.flush()
            return 0
        path = Path(options.output or made.name)
        path.write_bytes(made.content)
    except (wards.WardError, NothingToExport) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: 書き出せません（{error.strerror}）。\n")
        return 2
    sys.stdout.write(f"{path}: {made.told}\n")
    return 0


def _plan(ward: Ward, options: argparse.Namespace) -> Plan:
    year = parse_fiscal_year(options.year)
    if year is None:
        raise NothingToExport(
            f"年度「{options.year}」がわかりません。--year 2021 か --year 令和3年度 のように指定してください。"
        )
    plan = plans.find_plan(ward, fiscal_year=year, kind=options.kind, part=options.part)
    if plan is None:
        known = "、".join(plan_label(each) for each in ward.plans.order_by("fiscal_year", "kind", "part"))
        raise NothingToExport(
            f"{ward.full_name}にその計画はありません。あるもの: {known}"
            if known
            else f"{ward.full_name}には計画がありません。"
        )
    return plan


def published_version(plan: Plan, number: int | None, *, otherwise: str) -> PlanVersion:
    """The version of that number, or the one in force. Raises NothingToExport; `otherwise` is what to do where nothing is
    published."""
    published = plan.versions.filter(status=PlanStatus.PUBLISHED)
    if number is None:
        found = plans.version_in_force(plan)
        missing = f"まだ公開されていません。{otherwise}"
    else:
        found = published.filter(number=number).first()
        said = "、".join(str(each.number) for each in published.order_by("number")) or "なし"
        missing = f"第{number}版は公開されていません。公開した版: {said}"
    if found is None:
        raise NothingToExport(f"{plan_label(plan)}: {missing}")
    return found


def _made(plan: Plan, options: argparse.Namespace) -> Made:
    if options.draft:
        draft = open_draft_of(plan)
        if draft is None:
            raise NothingToExport(
                f"{plan_label(plan)}: 下書きはありません。公開中の版を書き出すには、--draft を外してください。"
            )
        version = draft
    else:
        version = published_version(
            plan, options.version, otherwise="下書きを書き出すには、--draft を付けてください。"
        )
    return Made(
        _FORMATS[options.format](version),
        _name(version, options.format),
        f"{_named(version)}、{version.texts.count()}項目",
    )


def _cells(version: PlanVersion) -> list[dict[str, str]]:
    tree, words, ids = tree_of(version), vocabulary_of(version), public_ids_of(version)
    return [cells_of(row, tree, words, ids) for row in tree.rows]


def _workbook(version: PlanVersion) -> bytes:
    return write_workbook(
        tree_of(version),
        vocabulary_of(version),
        public_ids_of(version),
        version=version.pk,
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
