"""Bytes → text: which of the encodings of Japanese documents was it?"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from kusei.documents.reading.extract.guards import unknown_format
from kusei.documents.reading.model import Warning

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8（BOM 付き）"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 LE（BOM 付き）"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 BE（BOM 付き）"),
)
_GUESSES = (
    ("cp932", "Shift_JIS"),
    ("euc_jp", "EUC-JP"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
)
_SAMPLE_BYTES = 200_000
_MOST_BROKEN = 0.05
_LEAST_PLAUSIBLE = 0.7

# What Japanese documents are made of. Half-width kana and rare kanji are left out: they are what wrong guesses yield.
_USUAL = re.compile(r"[\n\r\t -~ぁ-ゖァ-ヺー、。・「」（）！-～　-〟○●◎◆◇■□▲△★☆※→⇒①-⑳Ⅰ-Ⅻ一-龠々〇]")
_COMMON = re.compile(r"[\n\r -~ぁ-ゖァ-ヺー、。・（）０-９　]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_LINE_END = re.compile(r"\r\n|\n|\r")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


@dataclass(slots=True)
class Decoded:
    """Text as it stands in the file, with notes on how it was found."""

    text: str
    warnings: list[Warning] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Physical lines, the first being line 1: CR, LF and CRLF alike end one; form feeds and other controls are gone."""
        lines = [_UNPRINTED.sub("", line) for line in _LINE_END.split(self.text)]
        if lines and not lines[-1]:
            lines.pop()
        return lines


def decode(data: bytes) -> Decoded:
    """The text of `data`; anything but plain UTF-8 is told in a warning. Raises ReadingError if it is no text."""
    decoded = _decode_marked(data) or _decode_plain(data) or _decode_guessed(data)
    controls = len(_CONTROLS.findall(decoded.text[:_SAMPLE_BYTES]))
    if controls > 8 and controls > len(decoded.text[:_SAMPLE_BYTES]) * 0.02:
        raise unknown_format()
    if "\r" in decoded.text and "\n" not in decoded.text:
        decoded.warnings.append(
            Warning("newline_cr", "改行が CR だけのファイルでした。行に分けて読みました。")
        )
    return decoded


def _decode_marked(data: bytes) -> Decoded | None:
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return Decoded(text, [_note("encoding_marked", name), *_broken(text)])
    return None


def _decode_plain(data: bytes) -> Decoded | None:
    if b"\x1b$" in data or b"\x1b(" in data:
        text = data.decode("iso2022_jp_ext", errors="replace")
        if "\x1b" not in text:
            return Decoded(text, [_note("encoding_guessed", "ISO-2022-JP（JIS）"), *_broken(text)])
    if data.count(b"\0") > len(data) // 100:
        return None  # UTF-16 without a mark is also valid UTF-8 where all is ASCII
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    foreign = sum(1 for character in text if ord(character) > 127)
    if text.count("\ufffd") <= max(2, foreign * _MOST_BROKEN) and _plausibility(text) > _LEAST_PLAUSIBLE:
        return Decoded(text, _broken(text))
    return None


def _decode_guessed(data: bytes) -> Decoded:
    sample = data[:_SAMPLE_BYTES]
    scored = [
        (_plausibility(sample.decode(encoding, errors="replace")), encoding, name)
        for encoding, name in _GUESSES
    ]
    score, encoding, name = max(scored, key=lambda guess: guess[0])
    if score < _LEAST_PLAUSIBLE:
        raise unknown_format()
    text = data.decode(encoding, errors="replace")
    return Decoded(text, [_note("encoding_guessed", name), *_broken(text)])


def _plausibility(text: str) -> float:
    """How much of `text` looks like a Japanese document: 1.0 at best, below 0 for noise."""
    if not text:
        return 0.0
    usual = len(_USUAL.findall(text))
    bad = len(_CONTROLS.findall(text)) + text.count("\ufffd") + sum("\ue000" <= c <= "\uf8ff" for c in text)
    common = len(_COMMON.findall(text))
    return (usual - 3 * bad) / len(text) + 0.1 * common / len(text)


def _note(code: str, name: str) -> Warning:
    return Warning(code, f"文字コードは {name} でした。UTF-8 に直して読みました。")


def _broken(text: str) -> list[Warning]:
    count = text.count("\ufffd")
    if not count:
        return []
    return [Warning("broken_characters", f"読めない文字が {count} 個ありました（� と表示します）。")]
