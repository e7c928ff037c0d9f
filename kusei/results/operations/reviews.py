"""Judging an item after its year, and carrying the plan into next year's draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans import drafting
from kusei.plans import operations as plans
from kusei.plans.drafting import Owner, Tree
from kusei.plans.enums import LinkKind, LinkStatus, PlanStatus, PlanVerb
from kusei.plans.models import Item, Link, Plan, PlanVersion
from kusei.plans.operations.drafts import plan_label, start_version
from kusei.plans.operations.versions import version_in_force
from kusei.plans.operations.writing import change_draft
from kusei.plans.permissions import may_plan
from kusei.plans.queries import latest_nodes
from kusei.plans.queries.drafts import open_draft_of, tree_of
from kusei.results.enums import COURSES_WITH_REASON, Course, Grade, ResultVerb, Stage
from kusei.results.errors import NothingToRollOver, ReviewChanged, ReviewRefused
from kusei.results.models import Review
from kusei.results.operations.carrying import carry_indicators
from kusei.results.permissions import may_collect, may_keep_indicators
from kusei.results.queries.carrying import standing_among, taken_items
from kusei.results.queries.indicators import owners_of
from kusei.results.rolling import RollOver, roll_over
from kusei.wards import audit, permissions
from kusei.wards.models import Person
from kusei.wards.queries import bodies_acting_for

CRITERIA = ("necessity", "effectiveness", "efficiency", "fairness", "grade")


@transaction.atomic
def write_review(
    *, item: Item, stage: str, said: Mapping[str, str], revision: int, actor: Person
) -> Review | None:
    """Write a judgement: the division's by whoever is responsible for the item, the planner's by a planner.

    `said` has criteria, course and comment; `revision` is the one that was shown (0: none yet). One that says nothing at all
    takes back the judgement that stood (None), and is refused where none did. Raises ReviewRefused, ReviewChanged, NotAllowed.
    """
    ward = item.ward
    rights = permissions.rights_of(actor)
    if stage == Stage.PLANNER:
        permissions.require(may_collect(rights, ward))
    else:
        permissions.require(may_keep_indicators(rights, ward, owners_of(item)))
    values = {field: said.get(field, "") for field in (*CRITERIA, "course")}
    comment = said.get("comment", "").strip()
    if any(values[field] not in ("", *Grade.values) for field in CRITERIA) or values["course"] not in ("", *Course.values):  # fmt: skip
        raise ReviewRefused(_("評価と今後の方向は、一覧から選んでください。"))
    if values["course"] in COURSES_WITH_REASON and not comment:
        raise ReviewRefused(
            _("「%(course)s」にする理由を書いてください。") % {"course": Course(values["course"]).label}
        )
    before = Review.objects.select_for_update().filter(item=item, stage=stage).first()
    if (before.revision if before else 0) != revision:
        raise ReviewChanged(
            _("開いているあいだに、ほかの人がこの評価を書きました。今の評価を確かめてください。"), before
        )
    fields = {**values, "comment": comment, "written_at": timezone.now(), "written_by": actor}
    review = None
    if not any(values.values()) and not comment:
        if before is None:
            raise ReviewRefused(
                _("何も選ばれていません。評価か今後の方向を選ぶか、評価の理由を書いてください。")
            )
        before.delete()
    else:
        review = _written(item, stage, fields, revision)
    node = latest_nodes(ward, [item.pk]).get(item.pk)
    audit.record(
        ward=ward,
        actor=actor,
        verb=ResultVerb.REVIEWED,
        target=item,
        label=node.title if node else "",
        changes={
            field: (getattr(before, field, ""), fields[field]) for field in (*CRITERIA, "course", "comment")
        },
    )
    return review


def _written(item: Item, stage: str, fields: Mapping[str, Any], revision: int) -> Review:
    try:
        with transaction.atomic():
            review, _is_new = Review.objects.update_or_create(
                ward=item.ward, item=item, stage=stage, defaults={**fields, "revision": revision + 1}
            )
    except IntegrityError:  # two first judgements at once
        raise ReviewChanged(
            _("開いているあいだに、ほかの人がこの評価を書きました。今の評価を確かめてください。")
        ) from None
    return review


def courses_of(plan: Plan) -> dict[int, str]:
    """By item, what is to become of it: the planner's word, else the division's."""
    found: dict[int, str] = {}
    rows = Review.objects.filter(item__plan=plan).exclude(course="").values_list("item", "stage", "course")
    for item, stage, course in rows:
        if stage == Stage.PLANNER or item not in found:
            found[item] = course
    return found


@dataclass(frozen=True, slots=True)
class RolledOver:
    """Next year's draft (None where nothing of it had to be written), how many items and indicators were taken now, and what
    ended (last year's items)."""

    version: PlanVersion | None
    taken: int
    indicators: int
    ended: tuple[int, ...]


@transaction.atomic
def roll_plan_over(*, plan: Plan, actor: Person) -> RolledOver:
    """Next year's draft from this year's plan in force and its reviews; run again, it takes only what is new.

    Items are linked to last year's (*continues*), whose words the draft begins with; money comes as last year's, with an
    empty request; indicators come with the targets that were set for the years to come. Nothing that somebody wrote into
    next year's plan is touched, and what was taken out there stays out. Raises NothingToRollOver, NotAllowed.
    """
    permissions.require(may_plan(permissions.rights_of(actor), plan.ward))
    force = version_in_force(plan)
    if force is None:
        raise NothingToRollOver(_("この計画には公開された版がありません。先に公開してください。"))
    tree = tree_of(force)
    year = plan.fiscal_year + 1
    newer, _is_new = Plan.objects.get_or_create(
        ward=plan.ward,
        fiscal_year=year,
        kind=plan.kind,
        part=plan.part,
        defaults={"is_sample": plan.is_sample},
    )
    Plan.objects.select_for_update().get(pk=newer.pk)
    already = taken_items(plan, newer)
    acting = {body: Owner(heir.pk, heir.name) for body, heir in bodies_acting_for(plan.ward, year).items()}
    came = roll_over(tree, courses_of(plan), fiscal_year=year, known=already, acting=acting)
    draft, made = _write_draft(plan, newer, came, tree, already, actor)
    standing = standing_among(already.values())
    home = {older: new for older, new in already.items() if new in standing and older not in came.ended}
    home.update(zip((each.older for each in came.carried), made, strict=True))
    indicators = carry_indicators(plan, home, {body: owner.body for body, owner in acting.items()})
    if not came.carried and not indicators:
        raise NothingToRollOver(_("次の年度の計画に、新しく加えるものはありません。"))
    audit.record(
        ward=plan.ward, actor=actor, verb=ResultVerb.ROLLED_OVER, target=newer, label=plan_label(newer),
        changes={"items": (None, len(came.carried)), "indicators": (None, indicators), "ended": (None, len(came.ended))},
    )  # fmt: skip
    return RolledOver(draft, len(came.carried), indicators, came.ended)


def _write_draft(
    plan: Plan, newer: Plan, came: RollOver, tree: Tree, already: Mapping[int, int], actor: Person
) -> tuple[PlanVersion | None, list[int]]:
    """Next year's draft with what is carried, each item linked to last year's; and the items' numbers, in order."""
    draft = open_draft_of(newer)
    if not came.carried:
        return draft, []
    if draft is None and version_in_force(newer) is None:
        draft = start_version(newer, _fresh_tree(came, tree), actor=actor, status=PlanStatus.DRAFT, title="")
        made = [row.item for row in tree_of(draft).rows]
    else:
        draft = draft or plans.open_draft(
            ward=plan.ward, fiscal_year=newer.fiscal_year, kind=plan.kind, part=plan.part, actor=actor
        )
        made = _add(draft, came, tree, already, actor)
    Link.objects.bulk_create(
        [
            Link(
                ward_id=plan.ward_id,
                from_item_id=new,
                to_item_id=each.older,
                kind=LinkKind.CONTINUES,
                status=LinkStatus.CONFIRMED,
                confidence_percent=100,
                reason=str(_("前の年度から引き継いだ")),
                draft=draft,
                decided_at=timezone.now(),
                decided_by=actor,
            )
            for new, each in zip(made, came.carried, strict=True)
        ]
    )
    return draft, made


def _fresh_tree(came: RollOver, tree: Tree) -> Tree:
    new = {each.older: each.row.item for each in came.carried}
    return drafting.build(
        replace(each.row, parent=new.get(tree.row(each.older).parent or 0)) for each in came.carried
    )


def _add(
    draft: PlanVersion, came: RollOver, tree: Tree, already: Mapping[int, int], actor: Person
) -> list[int]:
    """Put what is new under what it stood under last year (at the end), and tell the ids that it got, in order."""
    places: list[int] = []

    def change(now: Tree) -> Tree:
        home = dict(already)
        for each in came.carried:
            above = tree.row(each.older).parent
            under = home.get(above) if above is not None else None
            now = drafting.add(now, each.row, under=under if under is not None and under in now else None)
            home[each.older] = each.row.item
        places.extend(row.item for row in now.rows)
        return now

    written, _step = change_draft(
        version=draft, actor=actor, verb=PlanVerb.ITEM_ADDED, label=plan_label(draft.plan), change=change
    )
    real = dict(zip(places, (row.item for row in written.rows), strict=True))
    return [real[each.row.item] for each in came.carried]
