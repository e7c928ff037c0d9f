"""A demo that begins anew: everything is emptied and the sample is built again, at fixed hours.

Only where nothing can be lost: every ward is a sample, or the database was made by an earlier reset and its wards are that
reset's own (a visitor who takes in a document makes a sample ward a real one).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.documents.sample.building import build_sample
from kusei.documents.sample.logins import ensure_logins
from kusei.files.models import StoredFile
from kusei.ledger import declared
from kusei.wards import append_only
from kusei.wards import operations as wards
from kusei.wards.enums import WardVerb
from kusei.wards.models import AuditEntry, Person, Ward

MARK = "demo"
"""An account that nobody can log in to: it says that the database is a demo's, and since when it stands as it does."""
NIGHTLY = 3
_LOCK = "kusei-demo-reset"
_LONGEST_SECONDS = 600
# Django's own lists of models: nobody's data, and made by migrations.
_KEPT = {"django_content_type", "auth_permission"}


class DemoRefused(Exception):
    """Why nothing was reset, in words."""


def last_reset() -> datetime | None:
    """When the demo was last made anew; None where this database has never been."""
    mark = Person.objects.filter(username=MARK, is_operator=True).first()
    return mark.date_joined if mark else None


def next_reset(now: datetime) -> datetime:
    """The first moment after `now` at which the demo begins anew: 3:00 each night, or every KUSEI_DEMO_HOURS counted from
    midnight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = settings.KUSEI_DEMO_HOURS
    if not hours:
        tonight = midnight.replace(hour=NIGHTLY)
        return tonight if tonight > now else tonight + timedelta(days=1)
    passed = int((now - midnight) / timedelta(hours=hours))
    return min(midnight + (passed + 1) * timedelta(hours=hours), midnight + timedelta(days=1))


def is_due(now: datetime) -> bool:
    """Whether a reset was to be since the last one. A database that was never reset is due at once."""
    last = last_reset()
    return last is None or next_reset(last) <= now


def real_wards() -> list[str]:
    """Wards that a reset would destroy for good."""
    real = Ward.objects.filter(is_sample=False)
    if last_reset() is not None:
        ours = AuditEntry.objects.filter(
            verb=WardVerb.WARD_ADDED, actor__username=wards.SAMPLE, actor__is_operator=True
        )
        real = real.exclude(pk__in=[int(key) for key in ours.values_list("target_id", flat=True)])
    return [ward.full_name for ward in real.select_related("parent")]


def reset_demo(*, if_due: bool = False) -> bool:
    """Empty everything and build the sample anew, in one transaction: visitors see the old or the new, never a half.
    Everybody is logged out; the passwords in the file of the sample's log-ins stay.

    False where it was not due, or another process is at it. Raises DemoRefused.
    """
    if not settings.KUSEI_DEMO:
        raise DemoRefused(_("お試しの設定（KUSEI_DEMO=1）になっていないため、何も消しませんでした。"))
    if not cache.add(_LOCK, "1", _LONGEST_SECONDS):
        return False
    try:
        if if_due and not is_due(timezone.now()):
            return False
        with transaction.atomic():
            if real := real_wards():
                raise DemoRefused(
                    _("サンプルでない区（%(wards)s）があるため、何も消しませんでした。お試しには、別のデータのフォルダーとデータベースを使ってください。")
                    % {"wards": "、".join(real[:5])}
                )  # fmt: skip
            kept = set(StoredFile.objects.values_list("content", flat=True))
            _empty()
            declared.sync()  # what code counts in, which the migrations wrote
            wards.account_without_login(MARK)
            built = build_sample()
            for ward in Ward.objects.filter(code="141160", is_sample=True):
                ensure_logins(ward)
            new = set(StoredFile.objects.values_list("content", flat=True))
            transaction.on_commit(lambda: _discard(kept - new))
        return bool(built.documents)
    finally:
        cache.delete(_LOCK)


class _Editor:
    """What `append_only` asks of a schema editor, inside our own transaction."""

    connection = connection

    def execute(self, statement: str, params: Any = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _empty() -> None:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
    editor = _Editor()
    for table in append_only.TABLES:
        append_only.allow_changes(editor, table)
    # The sequences go on: an address of yesterday's demo leads nowhere, not to something else.
    for statement in connection.ops.sql_flush(no_style(), sorted(tables), reset_sequences=False):
        editor.execute(statement)
    for table in append_only.TABLES:
        append_only.forbid_changes(editor, table)


def _discard(names: set[str]) -> None:
    storage = StoredFile._meta.get_field("content").storage
    for name in names:
        storage.delete(name)
