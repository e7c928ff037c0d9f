"""The addresses of a ward's items, bodies and tags, for pages that lead to hundreds of them."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.urls import reverse

_ANY = UUID(int=0)


class Addresses:
    """Made for one page, in the language that is spoken: looks an address up once, not once for each link."""

    def __init__(self, key: str, fiscal_year: int | None) -> None:
        self._key = key
        self._fiscal_year = fiscal_year
        self._known: dict[tuple[str, object], str] = {}

    def of_item(self, public_id: UUID) -> str:
        """The page of an item."""
        before, after = self._around_item
        return f"{before}{public_id}{after}"

    def of_figure(self, public_id: UUID, slug: str) -> str:
        """The page of a published figure of an item."""
        return f"{self.of_item(public_id)}figures/{slug}/"

    def of_body(self, body_id: int) -> str:
        """The page of a body in the year shown."""
        return self._of_year("portal:body", body_id)

    def of_tag(self, name: str) -> str:
        """The page of a tag in the year shown."""
        return self._of_year("portal:tag", name)

    @cached_property
    def _around_item(self) -> tuple[str, str]:
        before, after = reverse("portal:item", args=[self._key, _ANY]).split(str(_ANY))
        return before, after

    def _of_year(self, view: str, which: object) -> str:
        found = self._known.get((view, which))
        if found is None:
            found = reverse(view, args=[self._key, self._fiscal_year, which])
            self._known[view, which] = found
        return found
