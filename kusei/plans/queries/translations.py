"""Items in other languages: what is translated, and whether the Japanese text has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kusei.plans.models import ItemTranslation
from kusei.plans.queries.trees import Node, trees_of
from kusei.plans.queries.versions import in_force, published_versions
from kusei.plans.rules import source_hash
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class Translation:
    """What an item is called and says in another language."""

    item_id: int
    language: str
    title: str
    text: str
    source_hash: str
    made_at: datetime

    def is_of(self, node: Node) -> bool:
        """Whether it was made from what this version says; otherwise it is older than its source."""
        return self.source_hash == source_hash(node.name, node.text)


@dataclass(frozen=True, slots=True)
class TranslatedItem:
    """An item in force with the names of what it stands under, and its translation if there is one."""

    node: Node
    path: tuple[str, ...]
    translation: Translation | None


def translations_of(
    ward: Ward, language: str, *, item_ids: Iterable[int] | None = None
) -> dict[int, Translation]:
    """By item id, the translations into one language, of the items given or of all of the ward."""
    rows = ItemTranslation.objects.filter(ward=ward, language=language)
    if item_ids is not None:
        rows = rows.filter(item_id__in=list(item_ids))
    return {
        row[0]: Translation(*row)
        for row in rows.values_list("item_id", "language", "title", "text", "source_hash", "made_at")
    }


def items_to_translate(ward: Ward, language: str) -> list[TranslatedItem]:
    """Every item in force, plan by plan in printed order; four queries for the trees whatever their size."""
    known = translations_of(ward, language)
    versions = in_force(published_versions(ward))
    trees = trees_of(version.version_id for version in versions)
    found: list[TranslatedItem] = []
    for version in versions:
        above = (version.title or version.kind_label,)
        found.extend(_with_paths(trees[version.version_id], above, known))
    return found


def _with_paths(
    nodes: Iterable[Node], above: tuple[str, ...], known: dict[int, Translation]
) -> list[TranslatedItem]:
    found = []
    for node in nodes:
        found.append(TranslatedItem(node, above, known.get(node.item_id)))
        found.extend(_with_paths(node.children, (*above, node.name), known))
    return found
