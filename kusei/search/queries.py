"""Searching: what residents type → entries, with the words marked and counts by year and kind."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext as _

from kusei.japanese.tokens import TOKENS_VERSION
from kusei.search.index import full_text_index
from kusei.search.models import SearchEntry
from kusei.search.places import phrase_places
from kusei.search.scope import Match, Scope
from kusei.search.snippets import Piece, looked_up, marked, snippet
from kusei.search.terms import Phrase, Query, character_places, characters, understand, word_places
from kusei.wards.models import Ward

WORDS = "words"
CHARACTERS = "characters"

MOST_MATCHES = 2000
"""Of what a query finds, so many of the newest are counted and ordered; pages say so where there are more."""
COMPARED = 300
"""Up to so many matches are compared by how well they fit; among more, title and age decide."""

_NOT_SHOWN = {"characters_title", "characters_body"}

Look = Callable[..., list[Match]]


@dataclass(frozen=True)
class SearchHit:
    """One entry that was found; `title` and `snippet` are its texts in pieces (text, is_hit)."""

    entry: SearchEntry
    title: list[Piece]
    snippet: list[Piece]


@dataclass(frozen=True)
class SearchResult:
    """What was found. `query` is the query as understood (folded, capped); `total` counts all hits, not those of this page.
    Where there are more than MOST_MATCHES, `is_capped` is true, and all counts are of the newest so many.

    `years` and `kinds` count the hits under each choice, as if that one filter were not set: they are what a page offers
    beside the hits. Years run from the newest; None (no year) comes last.
    """

    query: str
    total: int = 0
    hits: list[SearchHit] = field(default_factory=list)
    how: str = WORDS
    years: list[tuple[int | None, int]] = field(default_factory=list)
    kinds: list[tuple[str, int]] = field(default_factory=list)
    is_capped: bool = False

    @property
    def how_label(self) -> str:
        """How the hits were found, for people."""
        return _("文字の一致") if self.how == CHARACTERS else _("言葉の一致")


def search(
    text: str,
    *,
    ward: Ward,
    kinds: Iterable[str] | None = None,
    fiscal_year: int | None = None,
    limit: int = 20,
    offset: int = 0,
) -> SearchResult:
    """Entries of one ward that hold every blank-separated part of `text`, titles first.

    Found by words (見守る = 見守り, こども = 子供, ＩＣＴ = ict); where no entry of the ward holds the words, by characters (`how`).
    An empty query finds nothing.
    """
    scope = Scope((ward.pk,), _tuple(kinds), fiscal_year)
    return _search(text, scope, [ward], limit=limit, offset=offset)


def search_all_wards(
    text: str,
    *,
    wards: Iterable[Ward] | None = None,
    kinds: Iterable[str] | None = None,
    fiscal_year: int | None = None,
    limit: int = 20,
    offset: int = 0,
) -> SearchResult:
    """The same over several wards: those given, or every one. Its entries come with their ward."""
    known = None if wards is None else list(wards)
    keys = None if known is None else tuple(ward.pk for ward in known)
    return _search(text, Scope(keys, _tuple(kinds), fiscal_year), known or [], limit=limit, offset=offset)


def suggest(prefix: str, ward: Ward, *, limit: int = 8) -> list[str]:
    """Titles of the ward that begin with what was typed, then titles that contain it; each once, short ones first."""
    typed = characters(understand(prefix).text)
    if not typed:
        return []
    titles = (
        SearchEntry.objects.filter(ward=ward, characters_title__contains=typed)
        .values("title")
        .annotate(
            later=Case(
                When(characters_title__startswith=typed, then=0), default=1, output_field=IntegerField()
            )
        )
        .order_by("later", "characters_title", "title")
    )
    return list(dict.fromkeys(row["title"] for row in titles[: limit * 4]))[:limit]


def is_index_outdated() -> bool:
    """Whether entries were made by an older reading of words and `rebuild` is due."""
    return SearchEntry.objects.exclude(token_version=TOKENS_VERSION).exists()


def _search(text: str, scope: Scope, wards: Iterable[Ward], *, limit: int, offset: int) -> SearchResult:
    query = understand(text)
    if not query.phrases or scope.wards == ():
        return SearchResult(query.text)
    limit, offset = max(limit, 0), max(offset, 0)
    index = full_text_index()
    widest = replace(scope, kinds=None, fiscal_year=None)
    if phrases := query.with_terms:
        look: Look = partial(index.newest_matches, phrases)
        if everywhere := look(widest, most=MOST_MATCHES + 1):
            found = _found(everywhere, look, scope)
            fitness = partial(index.fitness, phrases)
            hits = _hits(
                _ranked(found.matches, fitness, offset, limit), wards, partial(_word_hit, phrases=phrases)
            )
            return _result(query, WORDS, found, hits)
    needles = [needle for phrase in query.phrases if (needle := characters(phrase.typed))]
    if not needles:
        return SearchResult(query.text, how=CHARACTERS)
    look = partial(index.newest_with_characters, needles)
    found = _found(look(widest, most=MOST_MATCHES + 1), look, scope)
    hits = _hits(_ranked(found.matches, None, offset, limit), wards, partial(_character_hit, needles=needles))
    return _result(query, CHARACTERS, found, hits)


@dataclass(frozen=True)
class _Found:
    """The newest matches that the scope leaves, and the counts beside them."""

    matches: list[Match]
    is_capped: bool
    years: Counter[int | None]
    kinds: Counter[str]


def _found(everywhere: list[Match], look: Look, scope: Scope) -> _Found:
    is_capped = len(everywhere) > MOST_MATCHES
    matches = everywhere[:MOST_MATCHES]
    years: Counter[int | None] = Counter()
    kinds: Counter[str] = Counter()
    for (year, kind), count in Counter([(year, kind) for _key, year, kind, _in_title in matches]).items():
        if scope.kinds is None or kind in scope.kinds:
            years[year] += count
        if scope.fiscal_year is None or year == scope.fiscal_year:
            kinds[kind] += count
    if scope.kinds is not None or scope.fiscal_year is not None:
        chosen = look(scope, most=MOST_MATCHES + 1) if is_capped else _narrowed(matches, scope)
        is_capped = len(chosen) > MOST_MATCHES
        matches = chosen[:MOST_MATCHES]
    return _Found(matches, is_capped, years, kinds)


def _result(query: Query, how: str, found: _Found, hits: list[SearchHit]) -> SearchResult:
    return SearchResult(
        query.text,
        len(found.matches),
        hits,
        how,
        sorted(found.years.items(), key=lambda year: -(year[0] or 0)),
        sorted(found.kinds.items(), key=lambda kind: (-kind[1], kind[0])),
        found.is_capped,
    )


def _hits(
    ids: list[int], wards: Iterable[Ward], shown: Callable[[SearchEntry], SearchHit]
) -> list[SearchHit]:
    """The entries as they are shown, each with its ward: one of those given, or read."""
    if not ids:
        return []
    entries = {entry.pk: entry for entry in _read(ids)}
    known = {ward.pk: ward for ward in wards}
    if unknown := {entry.ward_id for entry in entries.values()} - known.keys():
        known |= Ward.objects.select_related("parent").in_bulk(unknown)
    for entry in entries.values():
        entry.ward = known[entry.ward_id]
    return [shown(entries[key]) for key in ids if key in entries]


def _read(ids: list[int]) -> list[SearchEntry]:
    """The entries of these ids. Plain SQL, asked once: Django takes longer to write it than a database takes to answer it, and
    asks it twice where it is to make objects of it."""
    fields = [each for each in SearchEntry._meta.concrete_fields if each.attname not in _NOT_SHOWN]
    names = [each.attname for each in fields]
    facets = names.index("facets")
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"SELECT {', '.join(names)} FROM search_searchentry WHERE id IN ({marks})", ids)
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        row[facets] = json.loads(row[facets])
    return [SearchEntry.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]


def _word_hit(entry: SearchEntry, phrases: list[Phrase]) -> SearchHit:
    find = partial(word_places, phrases=phrases)
    if entry.places_title is None:  # indexed before places were
        title = find(entry.title)
    else:
        title = phrase_places(entry.tokens_title, entry.places_title, phrases)
    if entry.places_body is None:
        body = looked_up(entry.body, find)
    else:
        body = phrase_places(entry.tokens_body, entry.places_body, phrases)
    return SearchHit(entry, marked(entry.title, title), snippet(entry.body, body))


def _character_hit(entry: SearchEntry, needles: list[str]) -> SearchHit:
    find = partial(character_places, needles=needles)
    return SearchHit(
        entry, marked(entry.title, find(entry.title)), snippet(entry.body, looked_up(entry.body, find))
    )


def _narrowed(matches: list[Match], scope: Scope) -> list[Match]:
    return [
        match
        for match in matches
        if (scope.kinds is None or match.kind in scope.kinds)
        and (scope.fiscal_year is None or match.fiscal_year == scope.fiscal_year)
    ]


def _ranked(
    matches: list[Match], fitness: Callable[[list[int]], dict[int, float]] | None, offset: int, limit: int
) -> list[int]:
    """The ids of one page, best first: most phrases in the title; then, where not too many were found to compare, those that
    fit best; then the newest."""
    if not limit:
        return []
    fits: dict[int, float] = {}
    if fitness is not None and 0 < len(matches) <= COMPARED:
        fits = fitness([match.id for match in matches])
    best = heapq.nlargest(
        offset + limit,
        [(in_title, fits.get(key, 0.0), year or 0, key) for key, year, _kind, in_title in matches],
    )
    return [key for *_order, key in best[offset:]]


def _tuple(kinds: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if kinds is None else tuple(kinds)
