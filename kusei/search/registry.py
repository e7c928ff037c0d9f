"""Where searchable texts come from: each room registers what it publishes; search knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kusei.wards.models import Ward


@dataclass(frozen=True)
class SearchDocument:
    """One thing that can be found: an item, a page of a document, a body.

    `kind` and `target_id` name it for ever; indexing it again replaces what was there. Give long documents page by page
    or section by section: hits then lead to the place. Only what is published may be given.
    """

    ward_id: int
    kind: str
    target_id: int
    title: str
    body: str
    url: str
    fiscal_year: int | None = None
    facets: dict[str, Any] = field(default_factory=dict)


# A source yields everything of its kind that may be found: of one ward, or of all where ward is None.
Source = Callable[["Ward | None"], Iterable[SearchDocument]]

_sources: dict[str, Source] = {}


def register_source(kind: str, source: Source) -> None:
    """Make `source` the origin of all entries of `kind`; called from a room's AppConfig.ready()."""
    _sources[kind] = source


def registered_sources() -> dict[str, Source]:
    """Kind → source, in the order in which they were registered."""
    return dict(_sources)
