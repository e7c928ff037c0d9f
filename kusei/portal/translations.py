"""What a page shows of an item in the reader's language: its translation, or the Japanese original, marked as such."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from kusei.plans.queries import Node, Translation, translations_of
from kusei.press.languages import JAPANESE, current
from kusei.wards.models import Ward


class Translations:
    """The translations of a ward's items into the language that is spoken; asked for once, when first needed."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward

    @cached_property
    def _known(self) -> Mapping[int, Translation]:
        language = current()
        return {} if language is JAPANESE else translations_of(self._ward, language.code)

    def of(self, node: Node) -> Translation | None:
        """The translation of one item, be it older than its source or not."""
        return self._known.get(node.item_id)
