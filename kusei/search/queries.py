"""Searching: what residents type → entries, with the words marked and counts by year and kind."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from kusei.japanese.tokens import TOKENS_VERSION
from kusei.search.index import full_text_index
from kusei.search.models import SearchEntry
from kusei.search.scope import Match, Scope
from kusei.search.snippets import Finder, Piece, marked, snippet
from kusei.search.terms import Query, character_places, characters, understand, word_places
from kusei.wards.models import Ward

WORDS = "words"
CHARACTERS = "characters"

MOST_MATCHES = 2000
"""Of what a query finds, so many of the newest are counted and ordered; pages say so where there are more."""
COMPARED = 300
"""Up to so many matches are compared by how well they fit; among more, title and age decide."""

_NOT_SHOWN = ("tokens_title", "tokens_body", "characters_title", "characters_body")


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
    return _search(text, scope, limit=limit, offset=offset)


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
    keys = None if wards is None else tuple(ward.pk for ward in wards)
    return _search(text, Scope(keys, _tuple(kinds), fiscal_year), limit=limit, offset=offset)


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


def _search(text: str, scope: Scope, *, limit: int, offset: int) -> SearchResult:
    query = understand(text)
    if not query.phrases or scope.wards == ():
        return SearchResult(query.text)
    limit, offset = max(limit, 0), max(offset, 0)
    phrases = query.with_terms
    if phrases:
        index = full_text_index()
        look = partial(index.newest_matches, phrases)
        if everywhere := look(replace(scope, kinds=None, fiscal_year=None), most=MOST_MATCHES + 1):
            find = partial(word_places, phrases=phrases)
            fitness = partial(index.fitness, phrases)
            return _result(query, WORDS, everywhere, look, scope, fitness, find, limit, offset)
    needles = [needle for phrase in query.phrases if (needle := characters(phrase.typed))]
    if not needles:
        return SearchResult(query.text, how=CHARACTERS)
    look = partial(_character_matches, needles)
    everywhere = look(replace(scope, kinds=None, fiscal_year=None), most=MOST_MATCHES + 1)
    find = partial(character_places, needles=needles)
    return _result(query, CHARACTERS, everywhere, look, scope, None, find, limit, offset)


def _result(
    query: Query,
    how: str,
    everywhere: list[Match],
    look: Callable[..., list[Match]],
    scope: Scope,
    fitness: Callable[[list[int]], dict[int, float]] | None,
    find: Finder,
    limit: int,
    offset: int,
) -> SearchResult:
    is_capped = len(everywhere) > MOST_MATCHES
    matches = everywhere[:MOST_MATCHES]
    years: Counter[int | None] = Counter()
    kinds: Counter[str] = Counter()
    for match in matches:
        if scope.kinds is None or match.kind in scope.kinds:
            years[match.fiscal_year] += 1
        if scope.fiscal_year is None or match.fiscal_year == scope.fiscal_year:
            kinds[match.kind] += 1
    if scope.kinds is not None or scope.fiscal_year is not None:
        chosen = look(scope, most=MOST_MATCHES + 1) if is_capped else _narrowed(matches, scope)
        is_capped = len(chosen) > MOST_MATCHES
        matches = chosen[:MOST_MATCHES]
    ids = _ranked(matches, fitness, offset + limit)[offset:] if limit else []
    found = SearchEntry.objects.select_related("ward__parent").defer(*_NOT_SHOWN).in_bulk(ids)
    return SearchResult(
        query.text,
        len(matches),
        [
            SearchHit(entry, marked(entry.title, find), snippet(entry.body, find))
            for entry in (found[key] for key in ids if key in found)
        ],
        how,
        sorted(years.items(), key=lambda year: -(year[0] or 0)),
        sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0])),
        is_capped,
    )


def _narrowed(matches: list[Match], scope: Scope) -> list[Match]:
    return [
        match
        for match in matches
        if (scope.kinds is None or match.kind in scope.kinds)
        and (scope.fiscal_year is None or match.fiscal_year == scope.fiscal_year)
    ]


def _ranked(
    matches: list[Match], fitness: Callable[[list[int]], dict[int, float]] | None, wanted: int
) -> list[int]:
    """The best `wanted` ids: most phrases in the title first; then, where not too many were found to compare, those that
    fit best; then the newest."""
    fits: dict[int, float] = {}
    if fitness is not None and 0 < len(matches) <= COMPARED:
        fits = fitness([match.id for match in matches])

    def order(match: Match) -> tuple[float, ...]:
        return (-match.in_title, -fits.get(match.id, 0.0), -(match.fiscal_year or 0), -match.id)

    return [match.id for match in heapq.nsmallest(wanted, matches, key=order)]


def _holding(needles: list[str], scope: Scope) -> QuerySet[SearchEntry]:
    entries = SearchEntry.objects.filter(**scope.lookups())
    for needle in needles:
        entries = entries.filter(Q(characters_title__contains=needle) | Q(characters_body__contains=needle))
    return entries


def _character_matches(needles: list[str], scope: Scope, *, most: int) -> list[Match]:
    in_title: list[Case] = [
        Case(When(characters_title__contains=needle, then=1), default=0, output_field=IntegerField())
        for needle in needles
    ]
    entries = _holding(needles, scope).annotate(in_title=sum(in_title, start=Value(0)))
    rows = entries.order_by("-id").values_list("id", "fiscal_year", "kind", "in_title")
    return [Match(*row) for row in rows[:most]]


def _tuple(kinds: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if kinds is None else tuple(kinds)
