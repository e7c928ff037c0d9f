"""Which entries hold which of several words: for pages that look for a fixed list and say which word was found."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.search.models import SearchEntry
from kusei.search.terms import term_text
from kusei.wards.models import Ward


def words_found(
    ward: Ward, words: Iterable[str], *, kinds: Iterable[str], fiscal_year: int
) -> dict[int, dict[str, bool]]:
    """By target, the words that its entry holds, each with whether it stands in the title. One query.

    Words are compared as search compares them: 見守る is 見守り, こども is 子供.
    """
    wanted = {word: terms for word in words if (terms := term_text(word))}
    rows = SearchEntry.objects.filter(ward=ward, kind__in=list(kinds), fiscal_year=fiscal_year)
    found: dict[int, dict[str, bool]] = {}
    for target, title, body in rows.order_by().values_list("target_id", "tokens_title", "tokens_body"):
        held = {word: terms in title for word, terms in wanted.items() if terms in title or terms in body}
        if held:
            found[target] = held
    return found
