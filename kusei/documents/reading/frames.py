"""The row of chapters a document is set in (はじめに, 基本的な考え方, 主要な施策, むすびに): headings of parts, no items."""

from __future__ import annotations

import itertools
import re
from itertools import pairwise

from kusei.documents.reading import sections
from kusei.documents.reading.markers import kanji_value
from kusei.documents.reading.units import Unit

_STYLES = {"part", "chapter", "section", "roman", "item_no", "digit", "digit."}
_OWN_ITEMS = {sections.ORGANISATION, sections.STANCE, sections.GOAL}


def find_frame(units: list[Unit], title: set[int]) -> dict[int, sections.Section]:
    """The parts of the document by the id of the unit that heads each; {} where the first row is one of items.

    The first numbered row of a document is its frame when it goes through the document without starting again, one chapter
    holds all the headings, and the words of another one tell that it is a part (はじめに, 推進体制). That chapter's heading is
    no item then, and the text of the others is background. `title` holds the ids of the units of the document's title.
    """
    return _boxes(units) | _chapters(units, title)


_COUNTED = re.compile(r"(?P<count>[二三四五六七八2-8])つの[^。、]{2,12}")


def _boxes(units: list[Unit]) -> dict[int, sections.Section]:
    """三つのまなざし before just three unmarked headings and the first numbered one: boxes that hold for all work."""
    found: dict[int, sections.Section] = {}
    for at, unit in enumerate(units):
        match = _COUNTED.fullmatch(unit.text) if unit.role == "heading" else None
        if match is None or sections.section_of(unit.text, unit.first.raw) is not None:
            continue
        count = int(match["count"]) if match["count"].isdigit() else kanji_value(match["count"])
        run = list(itertools.takewhile(lambda one: not _is_numbered(one), units[at + 1 : at + 1 + 8 * count]))
        ended = at + 1 + len(run) < len(units)
        if ended and len(run) >= 2 * count and sum(one.role == "heading" for one in run) == count:
            found[id(unit)] = sections.Section(sections.STANCE)
    return found


def _is_numbered(unit: Unit) -> bool:
    return unit.marker is not None and unit.marker.ordinal is not None


def _chapters(units: list[Unit], title: set[int]) -> dict[int, sections.Section]:
    row = _first_row(units, title)
    if len(row) < 2:
        return {}
    opened = {at: sections.section_of(units[at].first.text, units[at].first.raw) for at in row}
    ends = [*row[1:], len(units)]
    holding = [
        at
        for at, end in zip(row, ends, strict=True)
        if not ((name := opened[at]) and name.name in _OWN_ITEMS)
        and any(_is_heading_of_item(unit) for unit in units[at + 1 : end])
    ]
    if len(holding) != 1:
        return {}
    main = holding[0]
    told = [at for at in row if opened[at] is not None]
    known = opened[main] is not None
    others = [at for at in told if at != main]
    if not others or (main == row[0] and not known):
        return {}
    end = ends[row.index(main)]
    if sum(_is_heading_of_item(unit) for unit in units[main + 1 : end]) < 3:
        return {}
    frame: dict[int, sections.Section] = {}
    for at in row:
        section = opened[at]
        if at == main:
            if section is None or section.name == sections.BACKGROUND:
                frame[id(units[at])] = sections.Section(sections.NEUTRAL)
        elif section is None and len(units[at].text) <= 40:
            frame[id(units[at])] = sections.Section(sections.BACKGROUND)
    return frame


def _first_row(units: list[Unit], title: set[int]) -> list[int]:
    """Where the members of the first numbered row stand; [] where it starts again."""
    numbered = [
        (at, unit.marker)
        for at, unit in enumerate(units)
        if id(unit) not in title and unit.marker is not None and unit.marker.ordinal is not None
    ]
    if not numbered or numbered[0][1].style not in _STYLES:
        return []
    signature = numbered[0][1].signature
    row = [(at, marker.ordinal or 0) for at, marker in numbered if marker.signature == signature]
    if row[0][1] != 1 or any(after != before + 1 for (_, before), (_, after) in pairwise(row)):
        return []
    return [at for at, _ in row]


def _is_heading_of_item(unit: Unit) -> bool:
    return (
        unit.role == "marked"
        and unit.marker is not None
        and not unit.marker.is_bullet
        and sections.section_of(unit.first.text, unit.first.raw) is None
    )
