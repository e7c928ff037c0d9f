"""Columns (コラム) whose heading is printed below their text."""

from __future__ import annotations

import re

from kusei.documents.reading import sections
from kusei.documents.reading.units import Unit

NOISE = re.compile(
    r"マスコット|キャラクター|イメージ図?$|写真|^(?:主な取組|取組|事業名?|事業概要|内容|担当|項目|区分|備考)$|の様子$|^(?:図|表|写真)\s?\d*|事\s*業\s*項\s*目"
)
"""Words of captions and of table heads: lines with them are no headings."""


def with_column_bodies(units: list[Unit]) -> list[Unit]:
    """A column's heading may be printed below its text: then the text is moved behind it."""
    result: list[Unit] = []
    for index, unit in enumerate(units):
        opened = (
            sections.section_of(unit.text, unit.first.raw) if unit.role in {"heading", "marked"} else None
        )
        if opened is None or opened.name != sections.COLUMN or _has_body(units[index + 1 : index + 7]):
            result.append(unit)
            continue
        start = len(result)
        while start > 0 and _may_be_column_text(result[start - 1]):
            start -= 1
        if any(one.role == "prose" or one.text.startswith("《") for one in result[start:]):
            result.insert(start, unit)
        else:
            result.append(unit)
    return result


def _has_body(following: list[Unit]) -> bool:
    content = 0
    for unit in following[:6]:
        if unit.role == "marked" and unit.marker and not unit.marker.is_bullet and content == 0:
            return False
        content += len(unit.text) if unit.role in {"prose", "marked"} else 0
    return content >= 20


def _may_be_column_text(unit: Unit) -> bool:
    if unit.role in {"remark", "attributes", "table"} or (
        unit.marker is not None and not unit.marker.style.startswith("digit")
    ):
        return False
    return not NOISE.search(unit.text)
