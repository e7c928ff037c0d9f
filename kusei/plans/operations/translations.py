"""Translating items: one at a time, or a whole sheet that comes back from translators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans.enums import PlanStatus, PlanVerb, TranslationLanguage
from kusei.plans.errors import PlanError
from kusei.plans.models import Item, ItemText, ItemTranslation
from kusei.plans.permissions import may_translate
from kusei.plans.rules import source_hash
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


class NotTranslatable(PlanError):
    """A language that nobody offers, no title, or an item that this ward has not published."""


class SheetRefused(PlanError):
    """Some rows of a sheet cannot be taken, so none was. `problems` has one line for each cell."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(
            _("%(count)s か所に直すところがあるため、取り込みませんでした。") % {"count": len(problems)}
        )
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """One row of a sheet: `line` is its number there, the Japanese is what the translator saw."""

    line: int
    public_id: str
    japanese_title: str
    japanese_text: str
    title: str
    text: str


@transaction.atomic
def translate_item(
    *,
    ward: Ward,
    item: Item,
    language: str,
    title: str,
    text: str = "",
    actor: Person,
    translated_from: tuple[str, str] | None = None,
) -> ItemTranslation:
    """Record what `item` is called and says in `language`; an earlier translation is replaced.

    `translated_from` is the Japanese title and text that was translated; without it, what the newest published version
    says. Raises NotTranslatable, NotAllowed.
    """
    permissions.require(may_translate(permissions.rights_of(actor), ward))
    title, text = title.strip(), text.strip()
    if language not in TranslationLanguage.values:
        raise NotTranslatable(
            _("「%(language)s」には翻訳できません。使える言語: %(languages)s")
            % {"language": language, "languages": "、".join(TranslationLanguage.values)}
        )
    if not title:
        raise NotTranslatable(_("訳した題名を入れてください。"))
    source = (
        ItemText.objects.filter(ward=ward, item=item, version__status=PlanStatus.PUBLISHED)
        .order_by("-version__number")
        .first()
    )
    if source is None:
        raise NotTranslatable(_("この区が公開した項目ではありません。"))
    made_from = translated_from or (source.programme or source.title, source.text)
    before = ItemTranslation.objects.filter(item=item, language=language).first()
    translation, _is_new = ItemTranslation.objects.update_or_create(
        item=item,
        language=language,
        defaults={
            "ward": ward,
            "title": title,
            "text": text,
            "source_hash": source_hash(*made_from),
            "made_by": actor,
            "made_at": timezone.now(),
        },
    )
    audit.record(
        ward=ward,
        actor=actor,
        verb=PlanVerb.TRANSLATED,
        target=item,
        label=made_from[0],
        changes={
            "language": (None, language),
            "title": (before.title if before else None, title),
            "text": (before.text if before else None, text),
        },
    )
    return translation


@transaction.atomic
def import_translations(
    *, ward: Ward, language: str, rows: Sequence[TranslationRow], actor: Person
) -> tuple[int, int]:
    """Take in a translators' sheet, all of it or nothing; returns how many translations changed and how many did not.

    Rows without a translation are left as they are. A row whose Japanese has changed since the sheet was written is
    taken too: the translation then counts as older than its source. Raises SheetRefused, NotTranslatable, NotAllowed.
    """
    if language not in TranslationLanguage.values:
        raise NotTranslatable(
            _("「%(language)s」には翻訳できません。使える言語: %(languages)s")
            % {"language": language, "languages": "、".join(TranslationLanguage.values)}
        )
    published = Item.objects.filter(ward=ward, texts__version__status=PlanStatus.PUBLISHED).distinct()
    items = {item.public_id: item for item in published}
    known = {
        each.item_id: (each.title, each.text, each.source_hash)
        for each in ItemTranslation.objects.filter(ward=ward, language=language)
    }
    problems: list[str] = []
    wanted: dict[UUID, TranslationRow] = {}
    for row in rows:
        public_id = _uuid(row.public_id)
        if public_id is None or public_id not in items:
            problems.append(
                _("%(line)s行目の「項目ID」: %(id)s はこの区の項目ではありません。")
                % {"line": row.line, "id": row.public_id or _("（空）")}
            )
        elif public_id in wanted:
            problems.append(
                _("%(line)s行目の「項目ID」: %(first)s行目と同じ項目です。どちらかを消してください。")
                % {"line": row.line, "first": wanted[public_id].line}
            )
        else:
            wanted[public_id] = row
        if row.text.strip() and not row.title.strip():
            problems.append(
                _("%(line)s行目の「訳した題名」: 説明だけが訳されています。題名も訳してください。")
                % {"line": row.line}
            )
    if problems:
        raise SheetRefused(problems)
    changed = unchanged = 0
    for public_id, row in wanted.items():
        if not row.title.strip():
            continue
        item, made_from = items[public_id], (row.japanese_title, row.japanese_text)
        if known.get(item.pk) == (row.title.strip(), row.text.strip(), source_hash(*made_from)):
            unchanged += 1
            continue
        translate_item(
            ward=ward,
            item=item,
            language=language,
            title=row.title,
            text=row.text,
            actor=actor,
            translated_from=made_from,
        )
        changed += 1
    return changed, unchanged


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
