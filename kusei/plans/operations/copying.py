"""A version's whole tree copied into another by the database itself: the same few statements for ten items and for a thousand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Model

from kusei.plans.models import ItemAmount, ItemOwner, ItemText, PlanVersion

_OWN = {"id", "version_id", "parent_id", "revision"}


def copy_tree(*, older: PlanVersion, newer: PlanVersion) -> None:
    """Every item of `older` with its text, place, owners, amounts and tags into `newer`, which has none yet; each begins at
    its first revision. Called in the transaction that made `newer`."""
    texts = ItemText._meta.db_table
    same = _columns(ItemText, _OWN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {texts} (version_id, parent_id, revision, {same}) SELECT {newer.pk:d}, NULL, 1, {same}"
            f" FROM {texts} WHERE version_id = {older.pk:d} ORDER BY position"
        )
        cursor.execute(
            f"UPDATE {texts} SET parent_id = (SELECT mine.id FROM {texts} AS theirs"
            f" JOIN {texts} AS above ON above.id = theirs.parent_id"
            f" JOIN {texts} AS mine ON mine.version_id = {newer.pk:d} AND mine.item_id = above.item_id"
            f" WHERE theirs.version_id = {older.pk:d} AND theirs.item_id = {texts}.item_id)"
            f" WHERE version_id = {newer.pk:d}"
        )
        tags = ItemText.tags.through
        for model, link in ((ItemOwner, "text_id"), (ItemAmount, "text_id"), (tags, "itemtext_id")):
            table, others = model._meta.db_table, _columns(model, {"id", link})
            cursor.execute(
                f"INSERT INTO {table} ({link}, {others}) SELECT mine.id, {_of('part', others)} FROM {table} AS part"
                f" JOIN {texts} AS theirs ON theirs.id = part.{link} AND theirs.version_id = {older.pk:d}"
                f" JOIN {texts} AS mine ON mine.version_id = {newer.pk:d} AND mine.item_id = theirs.item_id ORDER BY part.id"
            )


def _columns(model: type[Model], without: Iterable[str]) -> str:
    names = (field.column or "" for field in model._meta.concrete_fields)
    return ", ".join(connection.ops.quote_name(name) for name in names if name not in set(without))


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))
