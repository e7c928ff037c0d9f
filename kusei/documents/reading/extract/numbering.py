"""Word's automatic numbers and bullets, as they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# Symbol fonts put their bullets in the private use area; these are what readers see there.
_SYMBOLS = {
    0xF06C: "●", 0xF06D: "○", 0xF06E: "■", 0xF06F: "□", 0xF0A7: "■", 0xF0A8: "□", 0xF075: "◆", 0xF076: "❖", 0xF0B7: "・",
    0xF0D8: "➢", 0xF0FC: "✓", 0xF0FE: "☑", 0xF09F: "・", 0xF0A1: "○", 0xF0E0: "→", 0xF0E8: "⇒", 0xF0B2: "◇",
}  # fmt: skip
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_KANJI = "〇一二三四五六七八九"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(slots=True)
class Level:
    """One level of a list: how its numbers look and where they start."""

    kind: str = "decimal"
    pattern: str = ""
    start: int = 1
    suffix: str = "tab"


@dataclass(slots=True)
class Numbering:
    """The lists of one document; `marker` counts on as its paragraphs go by."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    def marker(self, list_id: str, depth: int) -> str:
        """The marker that Word prints before the next paragraph at this level, with its gap; "" for none."""
        levels = self.levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counters = self.counters.setdefault(self.abstract_of.get(list_id, list_id), {})
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [number for number in counters if number > depth]:
            del counters[deeper]
        if level.kind == "none" and "%" in level.pattern:
            return ""
        if level.kind == "bullet":
            text = "".join(
                _SYMBOLS.get(ord(c), "・" if "\ue000" <= c <= "\uf8ff" else c) for c in level.pattern
            )
        else:
            text = re.sub(
                r"%([1-9])", lambda match: self._number(levels, counters, int(match[1]) - 1), level.pattern
            )
        gap = "" if level.suffix == "nothing" or not text or text in "・●○■□◆◇➢✓☑❖→⇒" else " "
        return text + gap

    def _number(self, levels: dict[int, Level], counters: dict[int, int], depth: int) -> str:
        level = levels.get(depth, Level())
        return printed_number(counters.get(depth, level.start), level.kind)


def read_numbering(xml: bytes | None, parser: etree.XMLParser) -> Numbering:
    """The lists of word/numbering.xml; none where there is no such part."""
    numbering = Numbering()
    if not xml:
        return numbering
    root = etree.fromstring(xml, parser)
    abstract = {
        element.get(f"{W}abstractNumId"): {
            int(level.get(f"{W}ilvl", "0")): _level(level) for level in element.iter(f"{W}lvl")
        }
        for element in root.iter(f"{W}abstractNum")
    }
    for number in root.iter(f"{W}num"):
        list_id = number.get(f"{W}numId")
        reference = number.find(f"{W}abstractNumId")
        if list_id is None or reference is None:
            continue
        base = reference.get(f"{W}val")
        levels = dict(abstract.get(base, {}))
        restarts = False
        for override in number.iter(f"{W}lvlOverride"):
            depth = int(override.get(f"{W}ilvl", "0"))
            own = override.find(f"{W}lvl")
            levels[depth] = _level(own) if own is not None else levels.get(depth, Level())
            start = override.find(f"{W}startOverride")
            if start is not None:
                restarts = True
                old = levels[depth]
                levels[depth] = Level(old.kind, old.pattern, _int(start.get(f"{W}val"), 1), old.suffix)
        numbering.levels[list_id] = levels
        # Lists that share a definition count on together unless one states its own start.
        numbering.abstract_of[list_id] = list_id if restarts else f"abstract {base}"
    return numbering


def _level(element: etree._Element) -> Level:
    def value(name: str, default: str) -> str:
        child = element.find(f"{W}{name}")
        return default if child is None else child.get(f"{W}val", default)

    return Level(
        value("numFmt", "decimal"), value("lvlText", ""), _int(value("start", "1"), 1), value("suff", "tab")
    )


def _int(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


def printed_number(number: int, kind: str) -> str:
    """`number` in one of Word's number formats; an unknown format prints plain digits."""
    if kind in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if kind.startswith("decimalEnclosed"):
        if kind == "decimalEnclosedParen" and 1 <= number <= 20:
            return chr(0x2474 + number - 1)
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind in ("aiueo", "aiueoFullWidth") and 1 <= number <= len(_AIUEO):
        return _AIUEO[number - 1]
    if kind in ("iroha", "irohaFullWidth") and 1 <= number <= len(_IROHA):
        return _IROHA[number - 1]
    if kind in ("upperRoman", "lowerRoman") and 1 <= number < 4000:
        roman = _roman(number)
        return roman if kind == "upperRoman" else roman.lower()
    if kind in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((65 if kind == "upperLetter" else 97) + number - 1)
    if kind in (
        "japaneseCounting",
        "ideographDigital",
        "chineseCounting",
        "japaneseDigitalTenThousand",
        "chineseCountingThousand",
    ):
        return _kanji(number)
    return str(number)


def _roman(number: int) -> str:
    result = ""
    for value, letters in _ROMAN:
        while number >= value:
            result += letters
            number -= value
    return result


def _kanji(number: int) -> str:
    if not 0 < number < 100:
        return "".join(_KANJI[int(digit)] for digit in str(max(number, 0)))
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _KANJI[tens]) + "十" if tens else "") + (_KANJI[ones] if ones else "")
