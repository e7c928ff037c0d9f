"""Flattened tables that kept the order of their cells: blank lines part them, numbers head groups, bullets open rows.

Where every cell from the first to the last fits (group, then plan, result and bodies in the order of the columns), nothing has to be
weighed: what is printed says what stands under what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kusei.documents.reading.attributes import is_body
from kusei.documents.reading.columns import Heading, Role
from kusei.documents.reading.flat_lines import Facts, Printed
from kusei.documents.reading.flat_parts import Row, Text
from kusei.documents.reading.markers import Marker, find_marker

_LEAST_ROWS = 3
_LONGEST_NAME = 30
"""A line of names of bodies has no more characters."""
_NO_MARK = frozenset({"latin", "dot", "arrow", "hyphen", "sub"})


@dataclass(slots=True)
class NumberedGroup:
    """A group cell: its marker and title, and under how many others it stands."""

    marker: Marker
    text: Text
    depth: int


@dataclass(slots=True)
class Ordered:
    """The column headings, the groups and rows below them in order of print, and the lines that are neither."""

    headings: list[Heading]
    loose: list[Printed]
    cells: list[NumberedGroup | Row] = field(default_factory=list)


def in_order(found: Sequence[Printed], facts: Facts) -> Ordered | None:
    """The table, if each of its cells is where the headings say; None where one is not."""
    first = next((i for i, p in enumerate(found) if p.bullet or (not p.headings and _group_mark(p))), None)
    heads = [i for i, p in enumerate(found[:first]) if len(p.headings) >= 3]
    if first is None or not heads:
        return None
    read = Ordered(found[heads[-1]].headings, list(found[: heads[-1]]))
    tail = _columns(read.headings)
    if not tail:
        return None
    same = found[heads[-1]].text
    read.loose += [p for p in found[heads[-1] :] if p.text == same]
    blocks = _blocks([p for p in found[heads[-1] + 1 :] if p.text != same])
    groups = _Groups()
    row: Row | None = None
    for block in blocks:
        head = block[0]
        if _group_mark(head) is not None and not _ends(block):
            group = groups.open(block)
            if group is None:
                return None
            read.cells.append(group)
            row = None
            continue
        role = _role_of(block, facts)
        if role is None:
            return None
        if row is None or tail.index(role) <= max(tail.index(one) for one in _filled(row)):
            row = Row()
            read.cells.append(row)
        _fill(row, role, block)
    return read if _is_whole(read, tail) else None


def _columns(headings: Sequence[Heading]) -> list[Role]:
    """Plan, result and bodies in the order of their columns; [] where one is missing."""
    roles = [heading.role for heading in headings]
    plan = next((role for role in (Role.PLAN, Role.MATTER, Role.PROJECT) if role in roles), None)
    if plan is None or Role.RESULT not in roles or Role.OWNER not in roles:
        return []
    at = {Role.PLAN: len(roles) - 1 - roles[::-1].index(plan)}
    at |= {role: roles.index(role) for role in (Role.RESULT, Role.OWNER)}
    return sorted(at, key=lambda role: at[role])


def _blocks(lines: Sequence[Printed]) -> list[list[Printed]]:
    """What blank lines part: the cells."""
    blocks: list[list[Printed]] = []
    for printed in lines:
        if printed.gap or printed.first or not blocks:
            blocks.append([])
        blocks[-1].append(printed)
    return blocks


def _group_mark(printed: Printed) -> Marker | None:
    """The marker of a line that may be a group cell's."""
    marker = None if printed.bullet else find_marker(printed.line.text)
    if marker is None or marker.style in _NO_MARK or marker.ordinal is None or not marker.rest:
        return None
    return marker


def _ends(block: Sequence[Printed]) -> bool:
    return len(block) > 3 or block[-1].text.endswith(("。", "、"))


class _Groups:
    """Group cells count on: each number is the next of its row, or the first below a cell of another."""

    def __init__(self) -> None:
        self.open_ones: list[tuple[str, int]] = []

    def open(self, block: Sequence[Printed]) -> NumberedGroup | None:
        marker = _group_mark(block[0])
        assert marker is not None
        assert marker.ordinal is not None
        depth = next((i for i, (mark, _) in enumerate(self.open_ones) if mark == marker.signature), None)
        if depth is None:
            if marker.ordinal != 1:
                return None
            depth = len(self.open_ones)
        elif marker.ordinal != self.open_ones[depth][1] + 1:
            return None
        self.open_ones[depth:] = [(marker.signature, marker.ordinal)]
        text = Text([(marker.rest, block[0].line), *((p.text, p.line) for p in block[1:])])
        return NumberedGroup(marker, text, depth)


def _role_of(block: Sequence[Printed], facts: Facts) -> Role | None:
    """What a cell says that is no group's: bullets are plans, sentences results, short names bodies."""
    if block[0].bullet:
        return Role.PLAN
    if any(printed.bullet for printed in block):
        return None
    if block[-1].text.endswith("。") or block[-1].text in {"-", "ー"}:
        return Role.RESULT
    if any(len(p.text) > _LONGEST_NAME or set(p.text) & set("。:") for p in block):
        return None
    named = any(facts.owners_of_line(p.text) or is_body(p.text) for p in block)
    return Role.OWNER if named else None


def _filled(row: Row) -> list[Role]:
    found = [Role.PLAN] if row.plans else []
    found += [Role.RESULT] if row.result.pieces else []
    return found + ([Role.OWNER] if row.owners else [])


def _fill(row: Row, role: Role, block: Sequence[Printed]) -> None:
    for printed in block:
        if role is Role.RESULT:
            row.result.add(printed.text, printed.line)
        elif role is Role.OWNER:
            row.owners += [(name, printed.line) for name in printed.text.replace("、", " ").split()]
        elif printed.bullet:
            row.plans.append(Text([(printed.text[1:].strip(), printed.line)]))
        else:
            row.plans[-1].add(printed.text, printed.line)


def _is_whole(read: Ordered, tail: Sequence[Role]) -> bool:
    """Whether there are groups of rows, each row has a plan, and nearly all have every cell."""
    rows = [cell for cell in read.cells if isinstance(cell, Row)]
    if len(rows) < _LEAST_ROWS or not isinstance(read.cells[0], NumberedGroup):
        return False
    full = sum(len(_filled(row)) == len(tail) for row in rows)
    return all(row.plans for row in rows) and full * 10 >= len(rows) * 9
