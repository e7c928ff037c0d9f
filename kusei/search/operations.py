"""Writing the index. It is derived from what other rooms hold, so its changes have neither an actor nor an audit line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import transaction

from kusei.japanese.tokens import TOKENS_VERSION
from kusei.search.index import full_text_index
from kusei.search.models import SearchEntry
from kusei.search.places import terms_and_places
from kusei.search.registry import SearchDocument, registered_sources
from kusei.search.terms import characters
from kusei.wards.models import Ward

logger = logging.getLogger(__name__)

# What one entry can hold of a body. Above it the index of PostgreSQL (1 MB a row) could overflow.
BODY_LIMIT = 200_000
_BATCH = 400
_UNSTORABLE = str.maketrans(dict.fromkeys([0, *range(0xD800, 0xE000)], " "))
_REPLACED = [
    "ward",
    "fiscal_year",
    "token_version",
    "title",
    "url",
    "facets",
    "tokens_title",
    "characters_title",
    "body",
    "tokens_body",
    "characters_body",
    "places_title",
    "places_body",
]

Progress = Callable[[str, int], None]


def index_entries(documents: Iterable[SearchDocument]) -> int:
    """Write `documents` into the index, each in place of what stood there under its kind and target; returns how many.

    Reads them in batches, one transaction each. A body beyond BODY_LIMIT characters is cut there, with a warning in the log.
    """
    written = 0
    for batch in _batches(documents):
        _write(batch)
        written += len(batch)
    return written


def remove_entries(kind: str, ids: Iterable[int]) -> int:
    """Take the entries of these targets out of the index; returns how many were there."""
    removed = 0
    remaining = iter(ids)
    while batch := list(islice(remaining, _BATCH)):
        removed += SearchEntry.objects.filter(kind=kind, target_id__in=batch).delete()[0]
    return removed


def rebuild(
    *, ward: Ward | None = None, kinds: Iterable[str] | None = None, progress: Progress | None = None
) -> dict[str, int]:
    """Index anew everything that the registered sources give, and remove what they no longer give.

    `ward` and `kinds` narrow it. `progress(kind, written)` is called after every batch. The site can be searched meanwhile.
    Returns how many entries each kind has now. Raises KeyError for a kind without a source.
    """
    sources = registered_sources()
    wanted = list(sources) if kinds is None else list(kinds)
    counts: dict[str, int] = {}
    for kind in wanted:
        kept: set[int] = set()
        for batch in _batches(sources[kind](ward)):
            _write(batch)
            kept.update(document.target_id for document in batch)
            if progress is not None:
                progress(kind, len(kept))
        known = SearchEntry.objects.filter(kind=kind, **({"ward": ward} if ward else {}))
        remove_entries(kind, set(known.values_list("target_id", flat=True)) - kept)
        counts[kind] = len(kept)
    if kinds is None and ward is None:
        SearchEntry.objects.exclude(kind__in=wanted).delete()
    return counts


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, _BATCH)):
        # One statement may write a row only once: the last one given for a target counts.
        yield list({(document.kind, document.target_id): document for document in batch}.values())


def _write(documents: list[SearchDocument]) -> None:
    entries = [_entry(document) for document in documents]
    with transaction.atomic():
        saved = SearchEntry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["kind", "target_id"],
            update_fields=_REPLACED,
        )
        full_text_index().write_vectors(saved)


def _entry(document: SearchDocument) -> SearchEntry:
    title, body = document.title.translate(_UNSTORABLE), document.body.translate(_UNSTORABLE)
    if len(body) > BODY_LIMIT:
        logger.warning(
            "search: %s %s is cut to %s of %s characters; index it by page or section",
            document.kind,
            document.target_id,
            BODY_LIMIT,
            len(body),
        )
        body = body[:BODY_LIMIT]
    tokens_title, places_title = terms_and_places(title)
    tokens_body, places_body = terms_and_places(body)
    return SearchEntry(
        ward_id=document.ward_id,
        kind=document.kind,
        target_id=document.target_id,
        fiscal_year=document.fiscal_year,
        token_version=TOKENS_VERSION,
        title=title,
        url=document.url,
        facets=document.facets,
        tokens_title=tokens_title,
        characters_title=characters(title),
        body=body,
        tokens_body=tokens_body,
        characters_body=characters(body),
        places_title=places_title,
        places_body=places_body,
    )
