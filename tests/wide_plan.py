"""An action plan of any size, published and with an open draft in which every action was changed: for what must not grow
with the number of rows (tests of queries, `benchmarks/pages.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.enums import ReviewState
from kusei.plans.models import ItemText, PlanVersion
from kusei.plans.rules import Entry, Money
from kusei.results.operations import PrintedFigure, PrintedResult, record_printed_results
from kusei.wards.models import Person, Ward

YEAR = 2026
_ACTIONS_OF_A_MEASURE = 10
_TAGS = ("重点", "新規", "拡充")


@dataclass(frozen=True)
class WidePlan:
    """The two versions and the addresses of the pages that show them."""

    ward: Ward
    published: PlanVersion
    draft: PlanVersion

    @property
    def residents_pages(self) -> dict[str, str]:
        """Pages for everybody, by a name for the report."""
        return {
            "portal: plan": reverse("portal:plan", args=[self.ward.key, YEAR, "action_plan"]),
            "portal: results": reverse("portal:results", args=[self.ward.key, YEAR]) + "?page=all",
            "portal: summary": reverse("portal:results_summary", args=[self.ward.key, YEAR]),
        }

    @property
    def office_pages(self) -> dict[str, str]:
        """Pages for planners."""
        return {
            "office: outline": reverse("office:draft", args=[self.ward.key, self.draft.pk]),
            "office: review": reverse("office:review", args=[self.ward.key, self.draft.pk]),
        }


def publish_wide_plan(ward: Ward, actor: Person, *, actions: int, owners: tuple[str, ...]) -> WidePlan:
    """`actions` actions, ten under each measure, with owners, tags, money, results and figures. `owners` are names of
    bodies; more of them are made by publishing."""
    entries: list[Entry] = [Entry(0, None, 0, "focus", "1", "支え合うまち")]
    measure = 0
    for number in range(actions):
        if number % _ACTIONS_OF_A_MEASURE == 0:
            measure = len(entries)
            entries.append(Entry(measure, 0, 1, "measure", str(number // 10 + 1), f"施策{number // 10 + 1}"))
        entries.append(
            Entry(
                len(entries), measure, 2, "action", str(number % 10 + 1), f"見守り活動{number + 1}を続ける",
                text=f"{number + 1}番目の地区で、ひとり暮らしの人を月に1回訪ねます。困りごとを聞き、窓口へつなぎます。",
                owners=(owners[number % len(owners)],),
                tags=(_TAGS[number % 3],),
                money=(Money(YEAR, "current", "", (number + 1) * 1000, str(number + 1), "千円"),),
            )
        )  # fmt: skip
    published = plans.publish_version(
        ward=ward, fiscal_year=YEAR, kind="action_plan", actor=actor, title="実施計画", entries=entries
    ).version
    texts = list(published.texts.filter(kind="action").order_by("position"))
    record_printed_results(
        version=published,
        results=[
            PrintedResult(
                item_id=text.item_id,
                text=f"年{number % 12 + 1}回訪ねました。{number + 3}人の困りごとを窓口へつなぎました。",
                outcome=("done", "partly", "prepared")[number % 3],
                figures=(PrintedFigure(Decimal(number % 12 + 1), "回", "訪問"),),
            )
            for number, text in enumerate(texts)
        ],
    )
    draft = plans.open_draft(ward=ward, fiscal_year=YEAR, kind="action_plan", actor=actor)
    changed = list(draft.texts.filter(kind="action"))
    for text in changed:
        text.text = text.text.replace("月に1回", "月に2回")
        text.review = ReviewState.SUBMITTED
    ItemText.objects.bulk_update(changed, ["text", "review"], batch_size=200)
    return WidePlan(ward, published, draft)
