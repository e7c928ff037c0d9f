"""Furigana on a finished page: <ruby> around the kanji of its text, everything else as it was, byte for byte."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from kusei.japanese.furigana import WordList, annotate

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# Where text is no text on the page, where <ruby> may not stand, and what has its readings already.
_LEFT_ALONE = frozenset(
    [
        "head",
        "script",
        "style",
        "title",
        "textarea",
        "option",
        "select",
        "svg",
        "math",
        "ruby",
        "template",
        "code",
    ]
)
_OPEN = "<ruby>"
_READING = '<rp>(</rp><rt aria-hidden="true">'
_CLOSE = "</rt><rp>)</rp></ruby>"


def with_furigana(html: str, words: WordList | None = None) -> str:
    """`html` with a reading above the kanji of every text that is Japanese by its nearest `lang`.

    Left alone: attributes, forms' options and text areas, drawings, and everything under `data-no-ruby`. Readings are
    hidden from screen readers, which know how to read kanji and would say every word twice.
    """
    writer = _RubyWriter(words)
    writer.feed(html)
    writer.close()
    return "".join(writer.out)


class _RubyWriter(HTMLParser):
    """Copies what it reads; only text is changed. `open` holds the open elements with whether their text gets ruby."""

    def __init__(self, words: WordList | None) -> None:
        super().__init__(convert_charrefs=False)
        self.words = words
        self.out: list[str] = []
        self.open: list[tuple[str, bool, bool]] = [("", True, True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")
        if tag in _VOID:
            return
        _tag, is_japanese, may_change = self.open[-1]
        for name, value in attrs:
            if name == "lang":
                is_japanese = (value or "").lower().split("-")[0] == "ja"
            elif name == "data-no-ruby":
                may_change = False
        self.open.append((tag, is_japanese, may_change and tag not in _LEFT_ALONE))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                break

    def handle_data(self, data: str) -> None:
        _tag, is_japanese, may_change = self.open[-1]
        if not (is_japanese and may_change):
            self.out.append(data)
            return
        pieces = annotate(data, self.words)
        if all(piece.reading is None for piece in pieces):
            self.out.append(data)
            return
        self.out.append(
            "<span>"
        )  # one box for one text: in a flex container each <ruby> would be a box of its own
        for piece in pieces:
            if piece.reading is None:
                self.out.append(piece.surface)
            else:
                self.out += (_OPEN, piece.surface, _READING, escape(piece.reading), _CLOSE)
        self.out.append("</span>")

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.out.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.out.append(f"<![{data}]>")
