"""`kusei activities`: what a ward's activities are and how they stand; and drawn lots, worked out again from what is public."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from django.utils import timezone

from kusei.documents.commands.acting import acting_person
from kusei.office.queries.activities import activities_for
from kusei.services.activities.models import Activity
from kusei.services.activities.queries import activity_page
from kusei.services.activities.queries.verifying import Verdict, verify_draws
from kusei.wards import operations as wards
from kusei.wards import permissions


def run(options: argparse.Namespace) -> int:
    """List what one's bodies run (the operator: all), or check every draw: 1 where one does not come out as it stands."""
    ward = wards.find_ward(options.ward)
    if options.act == "list":
        rights = permissions.rights_of(acting_person(options.username))
        rows = [_row(each) for each in activities_for(ward, rights)]
        _say(rows, [_line(row) for row in rows] or ["講座・催しはまだありません。"], as_json=options.json)
        return 0
    verdicts = verify_draws(ward)
    told = [_told(each) for each in verdicts] or ["抽選したものはまだありません。"]
    _say([_checked(each) for each in verdicts], told, as_json=options.json)
    return 0 if all(each.is_right for each in verdicts) else 1


def _row(activity: Activity) -> dict[str, Any]:
    """How one stands, as a file would say it: days as YYYY-MM-DD, moments with their offset."""
    _free, intakes = activity_page(activity)
    dates = [
        timezone.localdate(each).isoformat()
        for each in activity.sessions.order_by("starts_at").values_list("starts_at", flat=True)
    ]
    return {
        "id": str(activity.public_id),
        "title": activity.title,
        "state": activity.state,
        "state_label": str(activity.get_state_display()),
        "host": activity.host.name,
        "publish_at": timezone.localtime(activity.publish_at).isoformat() if activity.publish_at else None,
        "first_on": dates[0] if dates else None,
        "last_on": dates[-1] if dates else None,
        "sessions": len(dates),
        "capacity": sum(stands.capacity for stands, _sessions in intakes),
        "taken": sum(stands.capacity - stands.free for stands, _sessions in intakes),
        "waiting": sum(stands.waiting for stands, _sessions in intakes),
    }


def _line(row: dict[str, Any]) -> str:
    days = f"{row['first_on']}～{row['last_on']}" if row["first_on"] else "日時なし"
    seats = f"{row['taken']}/{row['capacity']}人 待ち{row['waiting']}人" if row["capacity"] else "申込み不要"
    return f"{row['state_label']}\t{row['title']}\t{row['host']}\t{days}\t{row['sessions']}回\t{seats}"


def _checked(verdict: Verdict) -> dict[str, Any]:
    draw = verdict.draw
    return {
        "id": str(draw.intake.activity.public_id),
        "title": draw.intake.activity.title,
        "numbers": draw.numbers,
        "commitment": draw.commitment,
        "seed_source": draw.seed_source,
        "seed": draw.seed,
        "is_sealed": verdict.is_sealed,
        "is_in_order": verdict.is_in_order,
        "went_to_the_end": list(verdict.late),
    }


def _told(verdict: Verdict) -> str:
    words = "合っています"
    if not verdict.is_sealed:
        words = "違います: 確定したときのしるしが、番号の一覧と合いません"
    elif not verdict.is_in_order:
        words = "違います: 順番が、公開した数から計算したものと合いません"
    elif verdict.late:
        words += f"（後から順番が最後になった受付番号 {'、'.join(map(str, verdict.late))}）"
    return f"{verdict.draw.intake.activity.title}\t{len(verdict.draw.numbers)}件\t{words}"


def _say(rows: list[dict[str, Any]], lines: list[str], *, as_json: bool) -> None:
    text = json.dumps(rows, ensure_ascii=False, indent=2) if as_json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
