"""The lines of a flattened table as pages of rows, group cells and merged owners, in the order of print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kusei.documents.reading.flat_lines import Facts, Printed, chunks, indent, width
from kusei.documents.reading.flat_parts import FlatPage, Group, Merged, Row, Text
from kusei.documents.reading.model import Line

_NUMBER_ALONE = re.compile(r"^[(第]?(\d{1,2}|[IVX]{1,4})[).]?$")
_NUMBER_AHEAD = re.compile(
    r"^(\d{1,2}(?:[.)]\s*|\s+|(?=[^\d年月日時分人名回件校:%/-]))|[IVX]{1,4}[.)\s]\s*)(?=[^\d\s.,:%/-])(.+)$"
)
_NUMBER_PAREN = re.compile(r"^(\(\d{1,2}\))\s*(?=[^\d\s])(.+)$")
_LONGEST_CELL = 40
_SHORT_TAIL = 6  # half-width columns
_NOTE = re.compile(r"^(?:※|注\d|注[:)]|\(注|\*\d)")
_PAST = re.compile(
    r"(?:した|された|できた|なかった|行った|図った|努めた|ている|てい|である|中止|実施|開催)[。.)]?$"
)
_POLITE = re.compile(r"(?:ます|ません|しょう)[。.]?$")


def read_pages(found: Sequence[Printed], facts: Facts) -> list[FlatPage]:
    """Every page with its elements. Heading rows are left out."""
    pages: list[FlatPage] = []
    start = 0
    for i in [*(i for i, printed in enumerate(found) if printed.first and i), len(found)]:
        body = [printed for printed in found[start:i] if not printed.headings]
        start = i
        if body:
            pages.append(_PageReader(body, facts).read())
    return [page for page in pages if page.elements or page.loose]


class _PageReader:
    """Walks over the lines of one page. `state` names the cell that is open: plan, result, owner, group, merged, label, note."""

    def __init__(self, found: list[Printed], facts: Facts) -> None:
        self.found = found
        self.facts = facts
        self.page = FlatPage()
        self.state = ""
        self.row: Row | None = None
        self.group: Group | None = None
        self.waiting: list[tuple[str, Line]] = []
        self.name: Text | None = None

    def read(self) -> FlatPage:
        for i, printed in enumerate(self.found):
            self._line(i, printed)
        if self.waiting:
            self._merged(self.waiting, gap=9)
        return self.page

    # --- which cell does a line belong to -------------------------------------------------------------------------

    def _line(self, i: int, printed: Printed) -> None:
        text = printed.text
        owners = self.facts.owners_of_line(text)
        if self.row is not None and self.facts.is_indicator(text):
            self.row.notes.add(text, printed.line)
        elif self.facts.has_names and self._names_row(i, printed):
            self.name = Text()
            self.name.add(text, printed.line)
            self.row, self.state = None, "name"
        elif owners:
            self._owners([(name, printed.line) for name in owners], printed.gap, heads=self._heads_row(i))
        elif printed.bullet and printed.text[0] in self.facts.heading_marks and self.facts.has_groups:
            self._open_group(printed.text[1:].strip(), printed.line)
        elif printed.bullet:
            self._bullet(i, printed)
        elif self._owner_then_bullet(printed):
            return
        elif self._opens_label(i, printed):
            self._label(i, printed)
        elif (
            self.state in {"owner", "merged"} and printed.gap == 0 and (glued := self.facts.glued_owner(text))
        ):
            self._owners([(glued[0], printed.line)], 0, heads=False)
            self._open_group(glued[1], printed.line)
        else:
            self._plain(i, printed)

    def _names_row(self, i: int, printed: Printed) -> bool:
        """Whether a line is the name of the row whose planned lines follow at once."""
        after = self.found[i + 1] if i + 1 < len(self.found) else None
        return (
            not printed.bullet
            and not _NUMBER_PAREN.match(printed.text)
            and not printed.text.endswith("。")
            and (printed.gap > 0 or self.state in {"", "label", "group"})
            and after is not None
            and after.bullet
            and after.gap == 0
        )

    def _heads_row(self, i: int) -> bool:
        """Whether bodies stand right above a planned line, with the column of bodies left of the plans."""
        if not (self.facts.owner_first and self.facts.gapped):
            return False
        at = i + 1
        while (
            at < len(self.found) and not self.found[at].gap and self.facts.owners_of_line(self.found[at].text)
        ):
            at += 1
        return at < len(self.found) and self.found[at].bullet and not self.found[at].gap

    def _owner_then_bullet(self, printed: Printed) -> bool:
        """`みどり保全課 ・下草刈り`: the column of bodies stands left of the plans."""
        pieces = chunks(printed.text)
        for at, piece in enumerate(pieces):
            if at and piece[0] in "・○●◆■" and all(part in self.facts.bodies for part in pieces[:at]):
                self.waiting = [(name, printed.line) for name in pieces[:at]]
                self._new_row(" ".join(pieces[at:]), printed.line)
                return True
        return False

    def _bullet(self, i: int, printed: Printed) -> None:
        if self._is_result_bullet(i, printed):
            text, owners = self.facts.split_owners(printed.text)
            assert self.row
            self.row.result.add(text, printed.line)
            self.state = "result"
            self._inline_owners(owners, printed.line, after_result=True)
        elif self.state == "plan" and self.row and printed.gap == 0:
            self._plan_line(printed.text, printed.line)
        else:
            self._new_row(printed.text, printed.line)

    def _is_result_bullet(self, i: int, printed: Printed) -> bool:
        if self.row is None or self.state not in {"plan", "result", "owner"} or not self.facts.has_result:
            return False
        split = len(chunks(printed.text)) > 1
        wide = printed.width > self.facts.plan_width + 4 and not split
        if self.state == "owner":
            return wide and not self.row.result.pieces
        if self.state == "plan":
            return printed.gap > 0 and wide
        if printed.gap:
            return wide
        if self.facts.gapped:
            return not (split and self.row.result.last.endswith("。") and not wide)
        return not split and (wide or bool(_PAST.search(printed.text) and printed.text.endswith("。")))

    def _opens_label(self, i: int, printed: Printed) -> bool:
        if not self.facts.has_groups:
            return False
        if self.facts.has_names and _NUMBER_PAREN.match(printed.text):
            return printed.width <= self.facts.narrow and not printed.text.endswith("。")
        after = self.found[i + 1] if i + 1 < len(self.found) else None
        in_text = self.state in {"result", "plan"} and printed.gap == 0
        if _NUMBER_ALONE.match(printed.text):
            fits = (
                after is not None
                and after.gap <= 1
                and not after.bullet
                and width(after.text) <= self.facts.narrow
            )
            return fits and not (in_text and self.facts.gapped)
        match = _NUMBER_AHEAD.match(printed.text)
        if not match or in_text or printed.text.endswith("。") or printed.width > self.facts.narrow:
            return False
        if (
            self.row is not None
            and not self.row.result.pieces
            and self.facts.has_result
            and self.state in {"plan", "owner"}
        ):
            return False
        return printed.gap > 0 or self.state in {"", "owner", "merged", "group", "label"}

    # --- rows -----------------------------------------------------------------------------------------------------

    def _new_row(self, text: str, line: Line) -> None:
        self.row = Row(name=self.name)
        self.name = None
        if self.waiting:
            self.row.owners, self.row.closed = self.waiting, True
            self.waiting = []
        self.page.elements.append(self.row)
        self.group = None
        self._plan_line(text, line)

    def _plan_line(self, text: str, line: Line) -> None:
        """A line with a bullet: plan alone, or plan and result, or plan, result and owners (in the order of the columns)."""
        assert self.row
        text, owners = self.facts.split_owners(text)
        rest = text[1:].strip()
        pieces = chunks(rest)
        plan, result = rest, ""
        for at, piece in enumerate(pieces):
            if at and piece in self.facts.bodies:  # owners stand between plan and result
                plan, owners = " ".join(pieces[:at]), [piece, *owners]
                result = " ".join(pieces[at + 1 :])
                break
        else:
            if len(pieces) > 1 and self.facts.has_result and 3 <= width(pieces[0]) <= self.facts.plan_width:
                plan, result = pieces[0], rest[len(pieces[0]) :].strip()
        cell = Text()
        cell.add(plan, line)
        self.row.plans.append(cell)
        self.state = "plan"
        if result:
            self.row.result.add(result, line)
            self.state = "result"
        self._inline_owners(owners, line, after_result=bool(result))

    def _inline_owners(self, owners: list[str], line: Line, *, after_result: bool) -> None:
        if owners and self.row:
            self.row.owners += [(name, line) for name in owners]
            self.row.closed = after_result
            self.row.short = not after_result
            if after_result:
                self.state = "owner"

    def _plain(self, i: int, printed: Printed) -> None:
        if self._continues_label(i, printed):
            assert self.group
            self.group.text.add(printed.text, printed.line)
            return
        if self._splits_last_plan(printed):
            return
        if self.state in {"plan", "result", "owner"} and self.row:
            cell = self._cell_of_row(i, printed)
            if cell == "plan":
                text, owners = self.facts.split_owners(printed.text)
                self.row.plans[-1].add(text, printed.line)
                self._inline_owners(owners, printed.line, after_result=False)
                return
            if cell == "result":
                text, owners = self.facts.split_owners(printed.text)
                self.row.result.add(text, printed.line)
                self.state = "result"
                self._inline_owners(owners, printed.line, after_result=True)
                return
        self._outside(i, printed)

    def _splits_last_plan(self, printed: Printed) -> bool:
        """`催 四十二の事業所から…`: the last characters of a planned line stand beside the beginning of its result."""
        pieces = chunks(printed.text)
        if (
            self.state != "plan"
            or self.row is None
            or printed.gap
            or len(pieces) < 2
            or not self.facts.has_result
        ):
            return False
        if (
            width(pieces[0]) > _SHORT_TAIL
            or self.row.result.pieces
            or len(chunks(self.row.plans[-1].last)) > 1
        ):
            return False
        self.row.plans[-1].add(pieces[0], printed.line)
        text, owners = self.facts.split_owners(printed.text[len(pieces[0]) :].strip())
        self.row.result.add(text, printed.line)
        self.state = "result"
        self._inline_owners(owners, printed.line, after_result=True)
        return True

    def _cell_of_row(self, i: int, printed: Printed) -> str:
        """plan, result or "" (no cell of the open row) for a line without a bullet."""
        assert self.row
        done = bool(self.row.result.pieces)
        if self.state == "plan" and printed.gap == 0 and self._continues_plan(i, printed):
            return "plan"
        if not self.facts.has_result:
            return (
                "result"
                if self.state == "plan" and printed.gap == 0 and printed.width > self.facts.narrow
                else ""
            )
        if done and printed.gap and self.facts.owner_first and self.facts.gapped:
            return ""
        block = list(self._block(i))
        narrow = all(p.width <= self.facts.narrow for p in block)
        if self.state == "result" and printed.gap == 0:
            if self.facts.gapped or not narrow:
                return "result"
            ended = (
                self.row.result.last.endswith(("。", ")"))
                and width(self.row.result.last) < self.facts.result_width - 6
            )
            return "" if ended and _POLITE.search(block[-1].text) else "result"
        sentence = narrow and bool(_POLITE.search(block[-1].text)) and self.facts.has_groups
        if not done:
            return "" if sentence and self._has_later_result(i + len(block)) else "result"
        if _NOTE.match(printed.text) or narrow or self.state == "owner":
            return ""
        return "result"

    def _continues_plan(self, i: int, printed: Printed) -> bool:
        assert self.row
        before = self.row.plans[-1].last
        if printed.width > self.facts.plan_width + 2:
            return False
        deep = indent(printed.line.text)
        full = width(before) >= self.facts.plan_width - 8
        if deep >= 2 or (deep and (full or printed.text[0] in "(〈<")):
            return True
        if before.count("(") > before.count(")") and ")" in printed.text[:12]:
            return True
        # Not indented: the plan goes on if its line is full and another text, the result, follows before owner or bullet.
        rest = list(self._block(i))
        after = self.found[i + len(rest)] if i + len(rest) < len(self.found) else None
        return (
            full
            and self.facts.gapped
            and after is not None
            and after.gap > 0
            and not after.bullet
            and not self.facts.owners_of_line(after.text)
            and not after.first
            and not self._is_group_block(i + len(rest))
        )

    def _has_later_result(self, i: int) -> bool:
        """Whether before the next bullet another text follows that may be the result."""
        for at in range(i, len(self.found)):
            printed = self.found[at]
            if printed.bullet:
                return False
            if not self.facts.owners_of_line(printed.text) and not _NUMBER_ALONE.match(printed.text):
                return printed.width > self.facts.narrow or not self._is_group_block(at)
        return False

    def _is_group_block(self, i: int) -> bool:
        block = list(self._block(i))
        return all(p.width <= self.facts.narrow for p in block) and bool(_POLITE.search(block[-1].text))

    def _block(self, i: int) -> Iterator[Printed]:
        """The lines from here to the next blank line, bullet or owner (a cell has no more than some forty)."""
        yield self.found[i]
        for at in range(i + 1, min(i + _LONGEST_CELL, len(self.found))):
            printed = self.found[at]
            if (
                printed.gap
                or printed.bullet
                or self.facts.owners_of_line(printed.text)
                or _NUMBER_ALONE.match(printed.text)
            ):
                return
            yield printed

    # --- group cells, merged owners, notes ------------------------------------------------------------------------

    def _label(self, i: int, printed: Printed) -> None:
        self.group = Group(number_line=printed.line)
        self.page.elements.append(self.group)
        alone = _NUMBER_ALONE.match(printed.text)
        ahead = _NUMBER_AHEAD.match(printed.text) or _NUMBER_PAREN.match(printed.text)
        number = ahead[1].strip() if ahead else ""
        self.group.number = alone[1] if alone else number if number[:1] == "(" else number.rstrip(".) ")
        if not alone and ahead:
            self.group.text.add(ahead[2], printed.line)
        self.state = "label"
        self.row = None

    def _continues_label(self, i: int, printed: Printed) -> bool:
        """The lines of a label, and one short rest of it after a blank line (its last line was full)."""
        if self.state != "label" or self.group is None or printed.width > self.facts.narrow:
            return False
        pieces = [piece for piece, _ in self.group.text.pieces]
        if _NOTE.match(printed.text):
            return False
        if printed.gap == 0 or not pieces:
            return not _POLITE.search(printed.text)
        widest = max(width(piece) for piece in pieces)
        block = list(self._block(i))
        short = len(block) <= 2 and all(p.width <= widest + 2 and not p.text.endswith("。") for p in block)
        return printed.gap == 1 and short and width(pieces[-1]) >= widest - 3

    def _outside(self, i: int, printed: Printed) -> None:
        """A line outside of any row: a group's sentence, a note, or text that no rule places."""
        text = printed.text
        if self.state == "note" and printed.gap == 0:
            self.page.loose[-1].add(text, printed.line)
        elif self.state == "group" and self.group and self._continues_group(printed):
            self.group.text.add(text, printed.line)
        elif (
            _NOTE.match(text)
            or not self.facts.has_groups
            or printed.gap > 2
            or (printed.width > self.facts.narrow and self.row is None)
        ):
            note = Text()
            note.add(text, printed.line)
            self.page.loose.append(note)
            self.state, self.row = "note", None
        else:
            self._open_group(text, printed.line)

    def _continues_group(self, printed: Printed) -> bool:
        assert self.group
        open_ended = not self.group.text.last.endswith("。")
        return open_ended and printed.gap <= 1 and (printed.gap == 0 or printed.text.endswith("。"))

    def _open_group(self, text: str, line: Line) -> None:
        self.group = Group()
        self.group.text.add(text, line)
        self.page.elements.append(self.group)
        self.state, self.row = "group", None

    def _owners(self, owners: list[tuple[str, Line]], gap: int, *, heads: bool) -> None:
        row = self.row
        if heads:
            self.waiting += owners
            self.row = None
            return
        if row is None or self.state not in {"plan", "result", "owner"}:
            if self.facts.owner_first and self.state not in {"merged", "group", "label"}:
                self.waiting += owners
            else:
                self._merged(owners, gap)
            return
        repeated = any(name in row.names for name, _ in owners)
        if repeated or (row.closed and gap > 0) or (self.state == "owner" and gap > 1):
            if self.facts.owner_first and row.result.pieces:
                self.waiting += owners
            else:
                self._merged(owners, gap=9)
            return
        if self.facts.owner_first and row.owners and row.result.pieces:
            self.waiting += owners
            return
        row.owners += owners
        self.state = "owner"

    def _merged(self, owners: Iterable[tuple[str, Line]], gap: int) -> None:
        owners = list(owners)
        last = self.page.elements[-1] if self.page.elements else None
        joins = (
            self.state == "merged"
            and isinstance(last, Merged)
            and gap <= 1
            and not any(name in last.names for name, _ in owners)
        )
        if joins and isinstance(last, Merged):
            if gap:
                last.parts.append(owners)
            else:
                last.parts[-1] += owners
        else:
            self.page.elements.append(Merged([owners]))
        self.state, self.row = "merged", None
