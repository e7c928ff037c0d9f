"""What lately changed: every published version with what it says otherwise than the one before it, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kusei.plans.enums import AmountBasis, ItemKind
from kusei.plans.queries import PublishedVersion
from kusei.plans.queries.entries import StoredEntry, VersionChanges, changes_between
from kusei.plans.rules import Change, Entry, Money
from kusei.portal.queries.frame import Frame
from kusei.portal.told_changes import FieldChange, result_fields, result_news
from kusei.press import formats
from kusei.results.queries import (
    Result,
    answering_bodies,
    changes_of,
    is_answer,
    is_told,
    results_by_version,
)

_LABELS: dict[str, str | Promise] = {
    "kind": gettext_lazy("種類"),
    "number": gettext_lazy("番号"),
    "title": gettext_lazy("題名"),
    "text": gettext_lazy("説明"),
    "programme": gettext_lazy("事業名"),
    "budget_source": gettext_lazy("予算の区分"),
    "plan_bullets": gettext_lazy("実施計画"),
    "tags": gettext_lazy("しるし"),
    "owners": gettext_lazy("担当"),
    "money": gettext_lazy("金額"),
    "parent": gettext_lazy("置き場所"),
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that came, went or changed; `fields` only where it changed, `answered_by` the body whose answer its result is."""

    public_id: UUID
    kind_label: str
    name: str
    where: str
    fields: tuple[FieldChange, ...] = ()
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class VersionNews:
    """One published version and what is new in it. `older` is None for the first of a plan."""

    version: PublishedVersion
    older: PublishedVersion | None
    newest: PublishedVersion
    item_count: int
    added: tuple[ItemChange, ...] = ()
    changed: tuple[ItemChange, ...] = ()
    gone: tuple[ItemChange, ...] = ()
    order_differs: bool = False
    told: tuple[ItemChange, ...] = ()
    """Items whose result is told for the first time: news, no correction."""
    corrected: int = 0
    """How many results are told otherwise than before; they are among `changed`."""

    @property
    def is_correction(self) -> bool:
        return self.older is not None

    @property
    def only_tells_results(self) -> bool:
        """Whether the version brings results to a plan that it leaves as it was."""
        return bool(self.told) and not (self.added or self.changed or self.gone or self.order_differs)

    @property
    def name(self) -> str:
        """Its title, or what it is: 令和3年度 予算."""
        return plan_name(self.version)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.gone or self.order_differs or self.told)

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        if self.older is None:
            return _("新しく公開しました（%(count)s項目）。") % {"count": formats.whole(self.item_count)}
        return "".join(filter(None, (self._items_sentence, self._results_sentence)))

    @property
    def _results_sentence(self) -> str:
        told, corrected = len(self.told), self.corrected
        return "".join(
            words % {"count": formats.whole(count)}
            for words, count in (
                (ngettext("取組の結果を%(count)s件、新しく公開しました。", "取組の結果を%(count)s件、新しく公開しました。", told), told),
                (ngettext("公開していた結果を%(count)s件訂正しました。", "公開していた結果を%(count)s件訂正しました。", corrected), corrected),
            )
            if count
        )  # fmt: skip

    @property
    def _items_sentence(self) -> str:
        parts = [
            words % {"count": formats.whole(len(items))}
            for words, items in (
                (ngettext("%(count)s項目が加わり", "%(count)s項目が加わり", len(self.added)), self.added),
                (ngettext("%(count)s項目が変わり", "%(count)s項目が変わり", len(self.changed)), self.changed),
                (ngettext("%(count)s項目がなくなり", "%(count)s項目がなくなり", len(self.gone)), self.gone),
            )
            if items
        ]
        if not parts:
            if self.told:
                return ""
            if self.order_differs:
                return _("並び順を改めました。項目の内容は変わっていません。")
            return _("計画の項目は変わっていません。題名や文書の扱いだけを改めました。")
        return _("%(parts)sました。") % {"parts": _("、").join(parts)}


def plan_name(version: PublishedVersion) -> str:
    """A version's title, or what it is where it prints none: 令和3年度 予算."""
    return version.title or " ".join(
        filter(None, (formats.wareki(version.fiscal_year), version.kind_label, version.part))
    )


def recent_versions(frame: Frame) -> list[PublishedVersion]:
    """Every published version of the ward, newest first."""
    return sorted(frame.versions, key=lambda each: (each.published_at, each.version_id), reverse=True)


def news_of(frame: Frame, versions: Iterable[PublishedVersion]) -> list[VersionNews]:
    """What each of these versions changed against the one before it; a constant number of queries."""
    before = {
        newer.version_id: older for newer, older in pairwise(frame.versions) if newer.plan_id == older.plan_id
    }
    return compared(frame, [(version, before.get(version.version_id)) for version in versions])


def compared(
    frame: Frame, pairs: Iterable[tuple[PublishedVersion, PublishedVersion | None]]
) -> list[VersionNews]:
    """Versions with what they say otherwise than others of their plan; a constant number of queries."""
    wanted = list(pairs)
    with_older = [pair for pair in wanted if pair[1] is not None]
    results = results_by_version({each.version_id for pair in with_older for each in pair if each})
    newest = {version.plan_id: version for version in frame.versions if version.is_in_force}
    answers = {item_id for told in results.values() for item_id, each in told.items() if is_answer(each)}
    bodies = answering_bodies(answers) if answers else {}
    return [
        _news(changes, newest[changes.version.plan_id], results, bodies)
        for changes in changes_between(wanted)
    ]


def _news(
    changes: VersionChanges,
    newest: PublishedVersion,
    results: dict[int, dict[int, Result]],
    bodies: Mapping[int, str],
) -> VersionNews:
    found = changes.differences
    count = len(changes.entries)
    if changes.older is None:
        return VersionNews(changes.version, None, newest, count)
    new, old = changes.entries, changes.older_entries
    fields = {new[each.new.index].item_id: _fields(each, old, new) for each in found.changed}
    before, after = results[changes.older.version_id], results[changes.version.version_id]
    kept = {each.item_id for each in old} & {each.item_id for each in new}
    corrections = {item_id: told for item_id in kept if (told := _corrected(before, after, item_id))}
    for item_id, more in corrections.items():
        fields[item_id] = (*fields.get(item_id, ()), *more)
    news = {
        item_id: result_news(after[item_id])
        for item_id in kept
        if is_told(after.get(item_id)) and not is_told(before.get(item_id))
    }
    who = {
        item_id: bodies.get(item_id, "") for item_id in {*corrections, *news} if is_answer(after.get(item_id))
    }
    return VersionNews(
        version=changes.version,
        older=changes.older,
        newest=newest,
        item_count=count,
        added=tuple(_item(new[each.index], new) for each in found.added),
        changed=tuple(
            _item(stored, new, fields[stored.item_id], who.get(stored.item_id, ""))
            for stored in new
            if fields.get(stored.item_id)
        ),
        gone=tuple(_item(old[each.index], old) for each in found.removed),
        order_differs=found.order_differs,
        told=tuple(
            _item(stored, new, news[stored.item_id], who.get(stored.item_id, ""))
            for stored in new
            if stored.item_id in news
        ),
        corrected=len(corrections),
    )


def _item(
    stored: StoredEntry,
    tree: tuple[StoredEntry, ...],
    fields: tuple[FieldChange, ...] = (),
    answered_by: str = "",
) -> ItemChange:
    entry = stored.entry
    return ItemChange(
        public_id=stored.public_id,
        kind_label=str(ItemKind(entry.kind).label),
        name=entry.programme or entry.title,
        where=_above(entry, tree),
        fields=fields,
        answered_by=answered_by,
    )


def _above(entry: Entry, tree: tuple[StoredEntry, ...]) -> str:
    return tree[entry.parent].entry.title if entry.parent is not None else ""


def _fields(
    change: Change, old: tuple[StoredEntry, ...], new: tuple[StoredEntry, ...]
) -> tuple[FieldChange, ...]:
    def told(field: str) -> FieldChange:
        if field == "parent":
            return FieldChange(str(_LABELS[field]), _place(change.old, old), _place(change.new, new))
        write = _WRITTEN.get(field, lambda entry: str(getattr(entry, field)))
        return FieldChange(str(_LABELS[field]), write(change.old), write(change.new))

    return tuple(told(field) for field in change.fields)


def _place(entry: Entry, tree: tuple[StoredEntry, ...]) -> str:
    above = _above(entry, tree)
    return _("「%(title)s」の下") % {"title": above} if above else _("いちばん上")


def _money(entry: Entry) -> str:
    return _("、").join(_amount(each) for each in entry.money)


def _amount(money: Money) -> str:
    amount = (
        formats.thousand_yen(money.yen)
        if money.yen is not None
        else _("%(printed)s（単位の記載なし）") % {"printed": money.printed}
    )
    year = formats.wareki(money.fiscal_year)
    if money.basis == AmountBasis.PREVIOUS:
        return _("前年度（%(year)s）%(amount)s") % {"year": year, "amount": amount}
    return f"{year} {amount}"


_WRITTEN: dict[str, Callable[[Entry], str]] = {
    "kind": lambda entry: str(ItemKind(entry.kind).label),
    "plan_bullets": lambda entry: "\n".join(entry.plan_bullets),
    "tags": lambda entry: _("、").join(sorted(entry.tags)),
    "owners": lambda entry: _("、").join(entry.owners),
    "money": _money,
}


def _corrected(before: dict[int, Result], after: dict[int, Result], item_id: int) -> tuple[FieldChange, ...]:
    """What is told otherwise of an item that both versions have; one that came or went brings or takes its result."""
    return result_fields(changes_of(before.get(item_id), after.get(item_id)))
