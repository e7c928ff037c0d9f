"""`kusei links`: the proposed links of a ward, and deciding on them."""

from __future__ import annotations

import argparse

from kusei.documents.commands.acting import acting_person
from kusei.documents.commands.console import PLAN_NAMES, complain, in_fiscal_year
from kusei.plans import operations as plans
from kusei.plans.models import Item, ItemText, Link
from kusei.plans.operations import PlanError
from kusei.wards import operations as wards
from kusei.wards.operations import WardError


def run(options: argparse.Namespace) -> int:
    """Decide on the links named, or list those that wait for a decision; 1 if one could not be decided."""
    try:
        ward = wards.find_ward(options.ward)
        actor = acting_person(options.username)
    except WardError as error:
        complain(str(error))
        return 1
    failed = False
    for decide, ids, done in (
        (plans.confirm_link, options.confirm, "確定しました"),
        (plans.refuse_link, options.refuse, "却下しました"),
    ):
        for link_id in ids:
            try:
                decide(ward=ward, link_id=link_id, actor=actor)
                print(f"{link_id}: {done}")
            except PlanError as error:
                complain(str(error))
                failed = True
    if not options.confirm and not options.refuse:
        _list(plans.open_proposals(ward))
    return 1 if failed else 0


def _list(links: list[Link]) -> None:
    if not links:
        print("決めるのを待っている提案はありません。")
    titles = _titles([item for link in links for item in (link.from_item, link.to_item)])
    for link in links:
        print(f"{link.pk:>6}  {link.confidence_percent}％  {link.get_kind_display()}  {link.reason}")
        print(f"        {titles[link.from_item_id]}")
        print(f"      → {titles[link.to_item_id]}")


def _titles(items: list[Item]) -> dict[int, str]:
    plan_of = {item.pk: item.plan for item in items}
    newest: dict[int, str] = {}
    for item_id, title in (
        ItemText.objects.filter(item_id__in=plan_of)
        .order_by("version__number")
        .values_list("item_id", "title")
    ):
        newest[item_id] = title if len(title) <= 60 else f"{title[:59]}…"
    return {
        pk: f"{in_fiscal_year(plan.fiscal_year)} {PLAN_NAMES[plan.kind]}: {newest.get(pk, '')}"
        for pk, plan in plan_of.items()
    }
