"""Step 2 of reading: folded text, and wrapped lines made whole again."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.japanese.folding import fold, squeeze


def clean(text: str) -> str:
    """One printed line as the draft holds it: folded, blanks squeezed and trimmed."""
    return squeeze(fold(text))


def unwrap(lines: Iterable[str]) -> str:
    """Wrapped lines as one string. A blank goes in only between two ASCII words (`Happy` / `Town`)."""
    whole = ""
    for line in lines:
        piece = clean(line)
        if not piece:
            continue
        if whole and _is_word(whole[-1]) and _is_word(piece[0]):
            whole += " "
        whole += piece
    return whole


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalpha()
