"""年度ごとの経過: one item promised, paid, done and judged, year by year, across plans."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.queries.item_years import years_of
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.models import Item
from kusei.press.charts import Bar, bar_chart
from kusei.press.formats import short_wareki, thousand_yen, wareki
from kusei.results.permissions import may_keep_indicators, may_see_all_answers, may_see_answers
from kusei.results.queries.indicators import owners_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@require_safe
@in_office(may_see_answers)
def item_years(request: OfficeRequest, ward: Ward, item_id: int) -> HttpResponse:
    """One item with what it continues and what continues it."""
    item = Item.objects.filter(ward=ward, pk=item_id).select_related("plan", "ward").first()
    found = years_of(item, today=timezone.localdate()) if item else []
    if item is None or not found:
        raise Http404(
            _("この項目は、公開した計画にも下書きにもありません。計画の一覧から開き直してください。")
        )
    this = next((each for each in found if each.is_this), found[-1])
    title = (this.row.title if this.row else this.draft_title) or _("題名のない項目")
    promised = [each for each in found if each.budget_yen is not None]
    sees_reviews = bool(may_see_all_answers(request.rights, ward))
    name, address = (_("評価"), "office:reviews") if sees_reviews else (_("指標と目標"), "office:indicators")
    above = Crumb(name, f"{reverse(address, args=[ward.key])}?year={item.plan.fiscal_year}")
    return office_page(
        request,
        "office/reviews/years.html",
        ward,
        title=title[:100],
        section="reviews" if sees_reviews else "indicators",
        crumbs=[above],
        context={
            "item": item,
            "this": this,
            "found": list(reversed(found)),
            "sees_reviews": sees_reviews,
            "may_add_indicator": this.row is not None
            and bool(may_keep_indicators(request.rights, ward, owners_of(item))),
            "money_chart": bar_chart(
                [
                    Bar(
                        label=short_wareki(each.fiscal_year),
                        value=float(each.budget_yen or 0),
                        display=thousand_yen(each.budget_yen or 0),
                        note=each.plan.removeprefix(wareki(each.fiscal_year)).strip()[:8],
                        is_emphasised=each.is_this,
                    )
                    for each in promised
                ],
                title=_("予算の移り変わり"),
                description="、".join(
                    f"{wareki(each.fiscal_year)} {thousand_yen(each.budget_yen or 0)}" for each in promised
                ),
                name="money",
            )
            if len(promised) > 1
            else "",
        },
    )  # fmt: skip
