"""Paper: leaflets, posters, forms and lists as PDF, set by Typst from the templates in `press/typst/`.

What people wrote goes into a template as data and never into its source, so nothing in it is read as markup. Fonts come with the
packages noto-cjk-sans-jp-regular and -bold; nothing is asked of the system or the network. PDFs are tagged and state their language and title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

_KEPT = 50
"""Leaflets of about 50 KB each."""
_TEMPLATES = Path(__file__).parent / "typst"
_FONTS = [str(Path(str(each.FONT_PATH)).parent) for each in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]
_TYPST = version("typst")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_GAIJI = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
GETA = "〓"
"""What printers set for a character that they have no type for."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a leaflet: 対象, 区内にお住まいの方."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A leaflet or poster. `qr` is an SVG; `titles` are its name in other languages, by the language's code; `whens` are days with their places, `more_whens` how many were left out."""

    ward: str
    kind: str
    title: str
    text: tuple[str, ...]
    whens: tuple[Fact, ...]
    more_whens: int
    facts: tuple[Fact, ...]
    marks: tuple[str, ...]
    contact: str
    host: str
    qr: str
    address: str
    applies: bool
    accent: str
    called_off: str = ""
    titles: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryForm:
    """申込書: what people fill in by hand. `number` is what staff key in; `people` how many rows there are. In another language (its
    code as Typst has it) `words` stand beside the labels and in place of the sentences, by the names that the template has for them, and
    `name` and `asked` beside the title and the questions."""

    ward: str
    title: str
    number: str
    whens: tuple[Fact, ...]
    more_whens: int
    until: str
    people: int
    asks_age: bool
    quotas: tuple[str, ...]
    questions: tuple[str, ...]
    contact: str
    host: str
    qr: str
    accent: str
    language: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """名簿: one row a person, (number, kana, name, age, quota), and a box to tick for each day."""

    title: str
    course: str
    days: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str, str], ...]
    has_ages: bool
    has_quotas: bool
    printed: str
    accent: str


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """One page of A4 to hand out; the last ones are kept, since many read the same."""
    return _leaflet_set(leaflet)


@lru_cache(maxsize=_KEPT)
def _leaflet_set(leaflet: Leaflet) -> bytes:
    return _set("leaflet", asdict(leaflet))


def leaflet_mark(leaflet: Leaflet) -> str:
    """Another one whenever another leaflet would come out: for the question whether a reader has it already."""
    made_by = _setting(_TEMPLATES, _TYPST)
    return sha256(made_by + repr(leaflet).encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=1)
def _setting(templates: Path, typst_version: str) -> bytes:
    """Names the templates, which read each other, and the Typst that sets them."""
    read = [each.read_bytes() for each in sorted(templates.glob("*.typ"))]
    return sha256(b"\0".join([typst_version.encode(), *read])).digest()


def poster_pdf(leaflet: Leaflet) -> bytes:
    """One page of A4 to read from three metres."""
    return _set("poster", asdict(leaflet))


def entry_form_pdf(form: EntryForm) -> bytes:
    """One page of A4 to fill in by hand."""
    return _set("entry_form", asdict(form))


def roster_pdf(roster: Roster) -> bytes:
    """As many pages of A4 as there are people, upright, or lying where there are many days."""
    return _set("roster", asdict(roster))


def for_paper(text: str) -> str:
    """What can be set: characters of one's own (外字) as 〓, without what steers machines."""
    return _GAIJI.sub(GETA, _UNPRINTABLE.sub("", text))


def _set(template: str, values: Mapping[str, Any]) -> bytes:
    return bytes(
        typst.compile(
            str(_TEMPLATES / f"{template}.typ"),
            root=str(_TEMPLATES),
            font_paths=_FONTS,
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_clean(values), ensure_ascii=False)},
            format="pdf",
        )
    )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return for_paper(value)
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    return value
