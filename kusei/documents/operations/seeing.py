"""What a person does while mending a document beside its source: looks at items, drops lost text in, tells bodies apart,
corrects printed results, sends it to another plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.documents.enums import DocumentStatus, DocumentVerb
from kusei.documents.models import SourceDocument
from kusei.documents.operations.accepting import printed_of
from kusei.documents.reading.figures import read_figures
from kusei.documents.reading.outcome import outcome_of
from kusei.documents.targets import DocumentError, NotMendable, Target, target_of
from kusei.ledger import operations as ledger
from kusei.plans import operations as plans
from kusei.plans.drafting import Row, Tree, kinds_under
from kusei.plans.enums import ItemKind, PlanStatus
from kusei.plans.models import Item, ItemAmount, Plan, PlanVersion
from kusei.plans.operations.drafts import Edited, next_number
from kusei.plans.permissions import may_plan
from kusei.plans.queries.drafts import tree_of
from kusei.results import operations as results
from kusei.results.enums import Outcome
from kusei.results.operations import PrintedResult
from kusei.wards import audit, permissions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person

TITLE, TEXT, BULLET, CHILD = "title", "text", "bullet", "child"
WAYS_TO_PLACE = (TEXT, TITLE, BULLET, CHILD)


class NotPlaceable(DocumentError):
    """A lost text that cannot go there."""


@transaction.atomic
def look_at(*, document: SourceDocument, items: Iterable[int], actor: Person, seen: bool = True) -> None:
    """Note that somebody compared these items with the source; or take the note back. Raises NotMendable, NotAllowed."""
    locked, version = _being_mended(document, actor)
    wanted = set(version.texts.filter(item_id__in=list(items)).values_list("item_id", flat=True))
    marks = set(locked.settled.get("items", []))
    _mark(document, locked, items=sorted(marks | wanted if seen else marks - wanted))


@transaction.atomic
def place_text(*, document: SourceDocument, number: int, item: int, way: str, actor: Person) -> Edited:
    """Put a text that found no place into an item (`way`: as its title, at the end of its text, as a planned bullet, or as
    a new item under it) and tick it off. Raises NotPlaceable, NotMendable, DraftingError, NotAllowed."""
    locked, version = _being_mended(document, actor)
    pieces = locked.draft.get("unplaced") or []
    if number not in range(len(pieces)) or way not in WAYS_TO_PLACE:
        raise NotPlaceable(_("置く文と置き方を選んでください。"))
    if number in locked.settled.get("unplaced", []):
        raise NotPlaceable(
            _("この文は、もう済みになっています。もう一度置くときは、先に済みを取り消してください。")
        )
    piece = pieces[number]
    said = piece["text"].strip()
    tree = tree_of(version)
    row = tree.row(item)
    if way == CHILD:
        edited = plans.add_item(version=version, row=_row_of(piece, tree, row), under=item, actor=actor)
    else:
        changes: dict[str, Any] = {
            TITLE: {"title": said},
            TEXT: {"text": "\n".join(part for part in (row.text, said) if part)},
            BULLET: {"plan_bullets": (*row.plan_bullets, said)},
        }[way]
        edited = plans.edit_item(
            version=version, item=item, revision=row.revision, changes=changes, actor=actor
        )
    marks = {*locked.settled.get("unplaced", []), number}
    seen = {*locked.settled.get("items", []), item}
    _mark(document, locked, unplaced=sorted(marks), items=sorted(seen))
    return edited


@transaction.atomic
def join_items(*, document: SourceDocument, item: int, into: int, actor: Person) -> Edited:
    """Let an item go into another, its printed result too: what both printed as done stands there from now on.
    Raises what `plans.merge_items` raises."""
    locked, version = _being_mended(document, actor)
    edited = plans.merge_items(version=version, item=item, into=into, actor=actor)
    joined = [pair for pair in locked.settled.get("joined", []) if pair[0] != item]
    _mark(document, locked, joined=[*joined, [item, into]])
    return edited


@transaction.atomic
def reword_result(*, document: SourceDocument, item: int, was: str, text: str, actor: Person) -> bool:
    """Correct what was read as an item's result (`was` is what the person saw); figures and outcome are told anew.
    False where nothing changed. Raises ResultChanged, NotMendable, NotAllowed."""
    locked, version = _being_mended(document, actor)
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    was = was.replace("\r\n", "\n").strip()
    now = {each.item_id: each for each in results_in_import(locked, version)}
    shown = now[item].text.strip() if item in now else ""
    if text == shown:
        return False
    title = version.texts.filter(item_id=item).values_list("title", flat=True).first()
    if title is None:
        raise NotMendable(_("この項目はもうありません。ほかの人が外したか、まとめたのかもしれません。"))
    if was != shown:
        raise results.ResultChanged(
            _(
                "この実施結果は、開いているあいだにほかの人が直しました。いまの内容を見て、直し直してください。"
            )
        )
    joined = [pair for pair in locked.settled.get("joined", []) if pair[1] != item]
    _mark(document, locked, joined=joined, items=sorted({*locked.settled.get("items", []), item}))
    old = now.get(item)
    results.write_result(
        version=version,
        result=_told(item, text, old.page if old else None, old.line if old else None),
        label=title,
        before=shown,
        actor=actor,
    )
    return True


@transaction.atomic
def same_body(*, document: SourceDocument, body: Body, into: Body, actor: Person) -> None:
    """A body that came with this document is one that was known: its spelling becomes an alias.
    Raises NotMendable, NotOneBody, NotAllowed."""
    locked, _version = _being_mended(document, actor)
    if body.pk not in locked.new_bodies:
        raise NotMendable(_("この実施主体は、もう確かめられています。"))
    wards.hand_over_people(body=body, into=into, actor=actor)
    key = body.pk
    moved = plans.merge_body(duplicate=body, into=into, actor=actor)
    ledger.follow_succession(into.ward, moved)
    locked.new_bodies = [each for each in locked.new_bodies if each != key]
    locked.save(update_fields=["new_bodies"])
    document.new_bodies = locked.new_bodies


@transaction.atomic
def keep_body(*, document: SourceDocument, body_id: int, actor: Person) -> None:
    """A body that came with this document is really a new one."""
    locked, _version = _being_mended(document, actor)
    if body_id in locked.new_bodies:
        _mark(document, locked, bodies=sorted({*locked.settled.get("bodies", []), body_id}))


@transaction.atomic
def retarget(
    *,
    document: SourceDocument,
    fiscal_year: int,
    kind: str,
    part: str,
    title: str,
    actor: Person,
) -> Target:
    """Let a document that is being mended become another plan: year, kind, part or title. With another year its amounts go
    to that year, and steps taken before can no longer be undone. Raises YearUnknown, KindUnknown, NotMendable, NotAllowed."""
    _locked, version = _being_mended(document, actor)
    target = target_of(
        document.draft, ward=document.ward.name, fiscal_year=fiscal_year, kind=kind, part=part, title=title
    )
    old = version.plan
    before = (old.fiscal_year, old.kind, old.part, version.title)
    if before == (target.fiscal_year, target.kind, target.part, target.title):
        return target
    shift = target.fiscal_year - old.fiscal_year
    plan, _is_new = Plan.objects.get_or_create(
        ward=document.ward, fiscal_year=target.fiscal_year, kind=target.kind, part=target.part
    )
    if plan.pk != old.pk:
        items = list(version.texts.values_list("item_id", flat=True))
        PlanVersion.objects.filter(pk=version.pk).update(plan=plan, number=next_number(plan))
        # Items merged away or removed while mending have no text any more, but their steps can bring them back.
        stray = {int(key) for step in version.steps.all() for key in step.before["rows"]}
        Item.objects.filter(pk__in={*items, *stray}, plan=old).update(plan=plan)
    PlanVersion.objects.filter(pk=version.pk).update(title=target.title, edited_at=timezone.now())
    if shift:
        _shift_money(version, shift)
        version.steps.all().delete()
    if plan.pk != old.pk and not old.versions.exists() and not old.items.exists():
        old.delete()
    audit.record(
        ward=document.ward,
        actor=actor,
        verb=DocumentVerb.RETARGETED,
        target=document,
        label=document.title or document.file.name,
        changes={
            "fiscal_year": (before[0], target.fiscal_year),
            "kind": (before[1], target.kind),
            "part": (before[2], target.part),
            "title": (before[3], target.title),
        },
    )
    document.version = PlanVersion.objects.select_related("plan").get(pk=version.pk)
    return target


def results_in_import(document: SourceDocument, version: PlanVersion) -> list[PrintedResult]:
    """What an import prints as done, for the items that stand in it now: an item that others went into has theirs, too."""
    return printed_of(document, version, set(version.texts.values_list("item_id", flat=True)))


def _told(item: int, text: str, page: int | None, line: int | None) -> PrintedResult:
    outcome, reason = outcome_of(text) if text else (Outcome.UNKNOWN.value, "")
    figures = (
        results.storable_figure(each.value, each.unit or "", each.label) for each in read_figures(text)
    )
    return PrintedResult(
        item_id=item,
        text=text,
        outcome=outcome if outcome in Outcome.values else Outcome.UNKNOWN.value,
        reason=reason,
        figures=tuple(each for each in figures if each is not None),
        page=page,
        line=line,
    )


def _being_mended(document: SourceDocument, actor: Person) -> tuple[SourceDocument, PlanVersion]:
    """The document's row, locked, with its version. Raises NotMendable, NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), document.ward))
    locked = SourceDocument.objects.select_for_update().get(pk=document.pk)
    version = (
        PlanVersion.objects.filter(pk=locked.version_id or 0, status=PlanStatus.IMPORT)
        .select_related("plan", "ward")
        .first()
    )
    if locked.status != DocumentStatus.DRAFT or version is None:
        raise NotMendable(_("この文書は取り込みの途中ではありません。取り込みの一覧から開き直してください。"))
    return locked, version


def _mark(document: SourceDocument, locked: SourceDocument, **marks: Sequence[Any]) -> None:
    locked.settled = {**locked.settled, **marks}
    locked.save(update_fields=["settled"])
    document.settled = locked.settled


def _row_of(piece: dict[str, Any], tree: Tree, above: Row) -> Row:
    """A new item that says what the piece says and stands where the piece stood."""
    siblings = tree.children(above.item)
    kind = siblings[-1].kind if siblings else kinds_under(above.kind)[0]
    page, line = piece.get("page"), piece.get("line")
    place = {"field": "title", "page": page, "line": line, "end_line": line, "box": None, "cell": None}
    return Row(
        item=-1,
        parent=above.item,
        kind=kind if kind in ItemKind.values else ItemKind.ACTION.value,
        title=piece["text"].strip(),
        page=page,
        line=line,
        places=(place,) if line else (),
    )


def _shift_money(version: PlanVersion, years: int) -> None:
    """Amounts are of the plan's year and the one before; with another plan year they move along."""
    amounts = list(ItemAmount.objects.filter(text__version=version))
    ItemAmount.objects.filter(pk__in=[each.pk for each in amounts]).delete()
    for each in amounts:
        each.pk = None
        each._state.adding = True
        each.fiscal_year += years
    ItemAmount.objects.bulk_create(amounts, batch_size=500)
