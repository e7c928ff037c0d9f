"""The printed lines of a flattened table, and what can be learnt from the document itself: names of bodies, widths, habits."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kusei.documents.reading.attributes import is_body
from kusei.documents.reading.columns import Heading, Role, header_words
from kusei.documents.reading.model import Line
from kusei.documents.reading.normalise import clean

BULLETS = "・○◯〇●◎◆◇■□▶►▷▪◦➢✓"
_STRONG_END = re.compile(
    r"(?:課|室|局|係|(?<![内外全本一各細大])部|署|センター|プラザ|拠点|担当|事務所|チーム|協議会|委員会|警察|消防|役所|役場|本部|支所|公社|財団|機構|庁|省|教育委員会|保育園|幼稚園)"
    r"(?:\([^)]{1,12}\))?(?:等|ほか|など)?$"
)
_NOT_A_NAME = re.compile(
    r"[をがはへ。、「」『』:;!?※/0-9]|にお|及び|した|する|ます|など(?!$)|^[・()]|^(?:各|全|同)"
)
_PARTICLE = re.compile(
    r"^(?:[がはをにでとのへやも、,・/／等)）」』]|及び|から|より|まで|による|向け|など|だより|主催|職員|内|側|会議|エリア|毎|ごと)"
)
_OPEN = "(「『【〔[<"
_CLOSE = ")」』】〕]>"


def width(text: str) -> int:
    """How wide a text stands in print: a full-width character counts two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def indent(text: str) -> int:
    """The width of the blanks at the beginning."""
    return width(text[: len(text) - len(text.lstrip())])


@dataclass(slots=True)
class Printed:
    """One line that holds text. `gap` counts the blank lines above it; `first` says that it opens a page."""

    line: Line
    text: str
    gap: int
    first: bool = False
    headings: list[Heading] = field(default_factory=list)

    @property
    def bullet(self) -> bool:
        return is_bullet(self.text)

    @property
    def width(self) -> int:
        return width(self.line.text.strip())


def is_bullet(text: str) -> bool:
    """Whether a text begins with a bullet of a list."""
    return len(text) > 1 and text[0] in BULLETS and text[1] not in "、。)"


def printed_lines(lines: Iterable[Line]) -> list[Printed]:
    """Lines with text, each with the room above it (blank lines, missing numbers or, on a page, free height)."""
    found: list[Printed] = []
    last: Line | None = None
    blanks = 0
    feed = False
    for line in lines:
        feed = feed or "\f" in line.text
        text = clean(line.text.replace("\f", " "))
        if not text:
            blanks += 1
            continue
        turned = last is not None and line.page != last.page
        gap = blanks
        if last is not None and not turned:
            gap = max(gap, line.number - last.number - 1)
            if line.box and last.box:
                height = max(line.box[3] - line.box[1], 1.0)
                gap = max(gap, int((line.box[1] - last.box[3]) / height + 0.3))
        found.append(
            Printed(line, text, max(gap, 0), last is None or turned or feed, header_words(line.text))
        )
        last, blanks, feed = line, 0, False
    _mark_page_starts(found)
    return found


def _mark_page_starts(found: list[Printed]) -> None:
    """A heading row opens a page. Where page breaks left a blank before headings, a bullet with such a blank opens one too."""
    bullets = [p for p in found if p.bullet]
    odd = [p for p in bullets if p.line.text.startswith(" ") and not p.line.text.startswith("  ")]
    heads = [p for p in found if p.headings]
    breaks_show = len(odd) * 5 < len(bullets) and heads and all(p.line.text[:1] == " " for p in heads)
    odd_ones = {id(printed) for printed in odd}
    for printed in found:
        if printed.headings or (breaks_show and id(printed) in odd_ones):
            printed.first = True


@dataclass(slots=True)
class Facts:
    """What the document shows about itself. Widths are in half-width columns."""

    bodies: set[str]
    plan_width: int
    result_width: int
    gapped: bool
    headings: list[Heading]
    heading_marks: str = ""
    """Bullets that head a group of rows (○ over ・)."""

    @property
    def roles(self) -> list[Role]:
        """The meanings of the columns, from left to right."""
        return [heading.role for heading in self.headings]

    @property
    def has_result(self) -> bool:
        return Role.RESULT in self.roles or not self.roles

    @property
    def has_groups(self) -> bool:
        return not self.roles or any(role in {Role.FOCUS, Role.MEASURE, Role.MATTER} for role in self.roles)

    @property
    def has_names(self) -> bool:
        """Whether rows have a name of their own, left of what is planned."""
        names = [i for i, role in enumerate(self.roles) if role is Role.PROJECT]
        return bool(names) and Role.PLAN in self.roles[names[0] :]

    def is_indicator(self, text: str) -> bool:
        """Whether a line is the cell of an indicator, printed with its heading (KPI 利用者数 目標 20人)."""
        return any(
            heading.role in {Role.INDICATOR, Role.TARGET, Role.ACTUAL} and text.startswith(heading.text + " ")
            for heading in self.headings
        )

    @property
    def owner_first(self) -> bool:
        """Whether the column of bodies stands left of the plans."""
        names = [i for i, role in enumerate(self.roles) if role in {Role.PLAN, Role.PROJECT}]
        return Role.OWNER in self.roles and bool(names) and self.roles.index(Role.OWNER) < names[0]

    @property
    def narrow(self) -> int:
        """Nothing wider stands in a group column."""
        return max(24, int(self.result_width * 0.56))

    def owners_of_line(self, text: str) -> list[str]:
        """The bodies of a line that holds nothing else; [] for any other line."""
        pieces = [piece for piece in re.split(r"[、,，/／\s]+", text) if piece]
        return pieces if pieces and all(piece in self.bodies for piece in pieces) else []

    def split_owners(self, text: str) -> tuple[str, list[str]]:
        """A line without the bodies printed at its end, and these bodies."""
        owners: list[str] = []
        while " " in text:
            rest, _, last = text.rpartition(" ")
            names = [name for name in re.split(r"[、,，/／]", last) if name]
            if not names or not all(name in self.bodies for name in names):
                break
            owners[:0] = names
            text = rest.strip()
        return text, owners

    def glued_owner(self, text: str) -> tuple[str, str] | None:
        """A body at the beginning of a line that goes on with other text, no particle between."""
        for body in sorted(self.bodies, key=len, reverse=True):
            if text.startswith(body) and len(text) > len(body) + 3 and not _PARTICLE.match(text[len(body) :]):
                return body, text[len(body) :].strip()
        return None


def learn(found: Sequence[Printed]) -> Facts:
    """Read the facts off the lines of a flattened table."""
    headings = next((p.headings for p in found if p.headings), [])
    plain = [p for p in found if not p.headings]
    wrapped = [
        p.width
        for p, after in pairwise(plain)
        if p.bullet
        and not after.bullet
        and after.gap == 0
        and indent(after.line.text) >= 2
        and " " not in p.text
    ]
    plan_width = _high(wrapped, 0.95) + 2 if wrapped else 48
    widths = sorted(p.width for p in plain if not p.bullet and p.width > 12)
    result_width = _high(widths, 0.9) if widths else 60
    bullets = [p for p in plain if p.bullet and not p.first]
    gapped = bool(bullets) and sum(p.gap > 0 for p in bullets) * 2 > len(bullets)
    bodies = _bodies(plain)
    if gapped and headings and headings[-1].role is Role.OWNER:
        bodies |= _block_ends(plain, bodies)
    facts = Facts(bodies, min(plan_width, 70), result_width, gapped, headings, _heading_marks(plain))
    if facts.owner_first:
        facts.gapped = gapped or _gapped_by_owners(plain, facts)
    return facts


def _block_ends(plain: Sequence[Printed], bodies: set[str]) -> set[str]:
    """Names at the end of the blocks that blank lines part, where blocks mostly end with bodies: `福祉課 / 若者の居場所`."""
    blocks: list[list[Printed]] = []
    for printed in plain:
        if printed.gap or printed.first or not blocks:
            blocks.append([])
        blocks[-1].append(printed)
    rows = [block for block in blocks if block[0].bullet and len(block) > 1]
    ends = [block for block in rows if block[-1].text in bodies]
    if len(rows) < 3 or len(ends) * 10 < len(rows) * 5:
        return set()
    found: set[str] = set()
    for block in rows:
        run: list[str] = []
        for printed in reversed(block[1:]):
            if (
                printed.bullet
                or len(printed.text) > 14
                or not re.fullmatch(r"[^。、\s0-9をがはへ]+", printed.text)
            ):
                break
            run.insert(0, printed.text)
        before = block[len(block) - len(run) - 1].text
        if (
            run
            and (run[0] in bodies or is_body(run[0]))
            and (before.endswith("。") or len(run) < len(block) - 1)
        ):
            found.update(run)
    return found


def _gapped_by_owners(plain: Sequence[Printed], facts: Facts) -> bool:
    """Whether rows that begin with their bodies have blank lines between them."""
    heads: list[Printed] = []
    run: Printed | None = None
    for printed in plain:
        if facts.owners_of_line(printed.text):
            run = printed if run is None or printed.gap else run
            continue
        if run is not None and printed.bullet and not printed.gap and not run.first:
            heads.append(run)
        run = None
    return len(heads) >= 2 and sum(p.gap > 0 for p in heads) * 2 > len(heads)


def _heading_marks(plain: Sequence[Printed]) -> str:
    """Bullets that mostly stand right above a line with another, more frequent bullet: they head groups of rows."""
    marks = Counter(p.text[0] for p in plain if p.bullet)
    if len(marks) < 2:
        return ""
    over: Counter[str] = Counter()
    for printed, below in pairwise(plain):
        if (
            printed.bullet
            and below.bullet
            and marks[below.text[0]] > marks[printed.text[0]]
            and len(chunks(printed.text)) == 1
        ):
            over[printed.text[0]] += 1
    return "".join(mark for mark, count in over.items() if count >= 2 and count * 10 >= marks[mark] * 6)


def _high(values: Sequence[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _bodies(plain: Sequence[Printed]) -> set[str]:
    """Names that stand alone on a line and read like a body: at once with a strong ending, else where they recur or stand by one."""
    counts: Counter[str] = Counter()
    places: dict[str, list[int]] = {}
    for i, printed in enumerate(plain):
        pieces = [piece for piece in re.split(r"[、,，/／\s]+", printed.text) if piece]
        if printed.bullet or not pieces or printed.text.endswith(("。", "、")):
            continue
        if len(pieces) > 1 and not all(_may_be_name(piece) for piece in pieces):
            pieces = pieces[-1:] if " " in printed.text else []
            pieces = [piece for piece in pieces if _STRONG_END.search(piece) and len(piece) <= 12]
        for piece in pieces:
            if _may_be_name(piece):
                counts[piece] += 1
                places.setdefault(piece, []).append(i)
    strong = {name for name in counts if _STRONG_END.search(name)}
    beside = {
        name
        for name, where in places.items()
        if name not in strong
        and is_body(name)
        and any(
            0 <= j < len(plain) and plain[max(i, j)].gap <= 1 and plain[j].text in strong
            for i in where
            for j in (i - 1, i + 1)
        )
    }
    closing = {
        name
        for name, where in places.items()
        if len(name) <= 12
        and is_body(name)
        and any(
            i > 0
            and plain[i].gap == 0
            and plain[i - 1].text.endswith("。")
            and (
                i + 1 == len(plain)
                or plain[i + 1].gap > 0
                or plain[i + 1].line.number != plain[i].line.number + 1
            )
            for i in where
        )
    }
    often = {name for name, count in counts.items() if count >= 2 and is_body(name)}
    tails = Counter(printed.text.rpartition(" ")[2] for printed in plain if " " in printed.text)
    inline = {name for name, count in tails.items() if count >= 2 and _may_be_name(name) and is_body(name)}
    middle = {
        piece
        for printed in plain
        if printed.bullet
        for piece in chunks(printed.text)[1:-1]
        if len(piece) <= 14 and _may_be_name(piece) and _STRONG_END.search(piece)
    }
    return strong | beside | closing | often | inline | middle


def _may_be_name(text: str) -> bool:
    if re.fullmatch(r"[^。、「」:0-9]{2,10}(?:の|を\w{1,4})会", text):
        return True  # 消費者の会, 川を守る会
    return (
        2 <= len(text) <= 22
        and not _NOT_A_NAME.search(text)
        and (bool(_STRONG_END.search(text)) or is_body(text))
    )


def chunks(text: str) -> list[str]:
    """The parts of a line that blanks divide; a blank in brackets or between ASCII words and numbers divides nothing."""
    found: list[str] = []
    part = ""
    depth = 0
    for i, character in enumerate(text):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        if (
            character == " "
            and depth == 0
            and not (_ascii(text[i - 1]) and i + 1 < len(text) and _ascii(text[i + 1]))
        ):
            found.append(part)
            part = ""
        else:
            part += character
    found.append(part)
    return [piece for piece in found if piece]


def _ascii(character: str) -> bool:
    return character.isascii() and character.isalnum()
