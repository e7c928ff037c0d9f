"""Searching: what residents type → entries, with the words marked and counts by year and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from kusei.japanese.tokens import TOKENS_VERSION
from kusei.search import scope as scopes
from kusei.search.index import full_text_index
from kusei.search.models import SearchEntry
from kusei.search.scope import Scope
from kusei.search.snippets import Finder, Piece, marked, snippet
from kusei.search.terms import Query, character_places, characters, understand, word_places
from kusei.wards.models import Ward

WORDS = "words"
CHARACTERS = "characters"

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

    `years` and `kinds` count the hits under each choice, as if that one filter were not set: they are what a page offers
    beside the hits. Years run from the newest; None (no year) comes last.
    """

    query: str
    total: int = 0
    hits: list[SearchHit] = field(default_factory=list)
    how: str = WORDS
    years: list[tuple[int | None, int]] = field(default_factory=list)
    kinds: list[tuple[str, int]] = field(default_factory=list)

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
    everywhere = replace(scope, kinds=None, fiscal_year=None)
    phrases = query.with_terms
    if phrases:
        index = full_text_index()
        counts = index.count_matches(phrases, everywhere)
        if counts:
            ids = index.matching_ids(phrases, scope, limit=limit, offset=offset) if limit else []
            return _result(query, WORDS, counts, scope, ids, partial(word_places, phrases=phrases))
    needles = [needle for phrase in query.phrases if (needle := characters(phrase.typed))]
    counts = _character_counts(needles, everywhere)
    ids = _character_ids(needles, scope, limit=limit, offset=offset) if counts and limit else []
    return _result(query, CHARACTERS, counts, scope, ids, partial(character_places, needles=needles))


def _result(
    query: Query, how: str, counts: list[scopes.Count], scope: Scope, ids: list[int], find: Finder
) -> SearchResult:
    total = 0
    years: Counter[int | None] = Counter()
    kinds: Counter[str] = Counter()
    for count in counts:
        in_year = scope.fiscal_year is None or count.fiscal_year == scope.fiscal_year
        in_kind = scope.kinds is None or count.kind in scope.kinds
        if in_year and in_kind:
            total += count.number
        if in_kind:
            years[count.fiscal_year] += count.number
        if in_year:
            kinds[count.kind] += count.number
    found = SearchEntry.objects.select_related("ward__parent").defer(*_NOT_SHOWN).in_bulk(ids)
    return SearchResult(
        query.text,
        total,
        [
            SearchHit(entry, marked(entry.title, find), snippet(entry.body, find))
            for entry in (found[key] for key in ids if key in found)
        ],
        how,
        sorted(years.items(), key=lambda year: -(year[0] or 0)),
        sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0])),
    )


def _holding(needles: list[str], scope: Scope) -> QuerySet[SearchEntry]:
    entries = SearchEntry.objects.filter(**scope.lookups())
    for needle in needles:
        entries = entries.filter(Q(characters_title__contains=needle) | Q(characters_body__contains=needle))
    return entries


def _character_counts(needles: list[str], scope: Scope) -> list[scopes.Count]:
    if not needles:
        return []
    rows = _holding(needles, scope).values_list("fiscal_year", "kind").annotate(number=Count("id"))
    return [scopes.Count(*row) for row in rows.order_by()]


def _character_ids(needles: list[str], scope: Scope, *, limit: int, offset: int) -> list[int]:
    in_title: list[Case] = [
        Case(When(characters_title__contains=needle, then=1), default=0, output_field=IntegerField())
        for needle in needles
    ]
    entries = _holding(needles, scope).annotate(in_title=sum(in_title, start=Value(0)))
    newest = entries.order_by("-in_title", F("fiscal_year").desc(nulls_last=True), "-id")
    return list(newest.values_list("id", flat=True)[offset : offset + limit])


def _tuple(kinds: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if kinds is None else tuple(kinds)
