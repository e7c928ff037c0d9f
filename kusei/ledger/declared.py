"""The metrics that code declares: they mean the same in every ward, so wards can be compared by them.

A room declares its own from its AppConfig (`declare`); after every migration the database is told (`sync`). A declared
metric is never taken back: entries stand on it. The words may be made clearer, unit and way of adding may not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from kusei.ledger.enums import Adding


@dataclass(frozen=True, slots=True)
class Declared:
    """What code says of a metric; the fields are those of `Metric`."""

    key: str
    name: str
    unit: str
    definition: str
    adding: str = Adding.SUM
    decimals: int = 0
    scope: str = ""
    numerator: str = ""
    denominator: str = ""


_declared: dict[str, Declared] = {}

GENERAL = (
    Declared("times", gettext_noop("開催・実施の回数"), "回", gettext_noop("行った回数。中止した回は数えない。")),
    Declared("people", gettext_noop("参加者"), "人", gettext_noop("一回ごとに数えた人の合計。同じ人が二回来れば二人。")),
    Declared("attendances", gettext_noop("延べ参加者"), "延べ人", gettext_noop("すべての回の参加者の合計。")),
    Declared("households", gettext_noop("世帯"), "世帯", gettext_noop("対象になった世帯の合計。")),
    Declared("couples", gettext_noop("組"), "組", gettext_noop("親子などを一組と数えた合計。")),
    Declared("groups", gettext_noop("団体"), "団体", gettext_noop("対象になった団体の合計。")),
    Declared("places", gettext_noop("か所"), "か所", gettext_noop("行った場所の合計。")),
    Declared("schools", gettext_noop("学校"), "校", gettext_noop("対象になった学校の合計。")),
    Declared("cases", gettext_noop("件数"), "件", gettext_noop("受け付けた、または行ったものの件数。")),
    Declared("sheets", gettext_noop("枚数"), "枚", gettext_noop("作った、または配った枚数。")),
    Declared("copies", gettext_noop("部数"), "部", gettext_noop("作った、または配った部数。")),
    Declared("installations", gettext_noop("設置した数"), "基", gettext_noop("設置した設備の数。")),
    Declared("metres", gettext_noop("長さ"), "m", gettext_noop("整備した長さ。"), decimals=1),
    Declared("hours", gettext_noop("時間"), "時間", gettext_noop("行った時間の合計。"), decimals=1),
    Declared("money", gettext_noop("金額"), "円", gettext_noop("支払った、または交付した金額。")),
    Declared("spending", gettext_noop("執行額"), "円", gettext_noop("予算から実際に使った金額。決算で確定した額に直す。")),
    Declared("members", gettext_noop("登録者"), "人", gettext_noop("その時点で登録している人。"), adding=Adding.LAST),
    Declared("percentage", gettext_noop("割合（公表値）"), "%", gettext_noop("調査などで公表された割合。"), adding=Adding.LAST, decimals=1),
)  # fmt: skip
"""What paper reports and old years are counted in, whatever service they come from."""


def declare(*metrics: Declared) -> None:
    """Called by a room's AppConfig. Raises ValueError where two rooms declare one key in different words."""
    for metric in metrics:
        if _declared.setdefault(metric.key, metric) != metric:
            raise ValueError(f"metric {metric.key} is declared twice")


def every_declared() -> tuple[Declared, ...]:
    """What all rooms declare, as they did."""
    return tuple(_declared.values())


def sync(**_unused: Any) -> None:
    """Write what code declares into the database; rates after what they divide. Called after every migration."""
    from kusei.ledger.models import Metric

    if Metric._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before this room
    ordered = sorted(_declared.values(), key=lambda each: each.adding == Adding.RATE)
    for position, each in enumerate(ordered, start=1):
        parts = {
            field: Metric.objects.get(ward=None, key=key)
            for field, key in (("numerator", each.numerator), ("denominator", each.denominator))
            if key
        }
        Metric.objects.update_or_create(
            ward=None,
            key=each.key,
            defaults={"name": each.name, "definition": each.definition, "position": position},
            create_defaults={
                "name": each.name,
                "definition": each.definition,
                "position": position,
                "unit": each.unit,
                "adding": each.adding,
                "decimals": each.decimals,
                "scope": each.scope,
                **parts,
            },
        )
