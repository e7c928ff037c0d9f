from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "kusei.plans"

    def ready(self) -> None:
        from kusei.plans import trail_words
        from kusei.plans.enums import LinkVerb, PlanVerb, SampleVerb
        from kusei.plans.queries.naming import items_naming
        from kusei.wards import audit, uses

        uses.declare_district_uses(items_naming)
        audit.declare_verbs(PlanVerb, LinkVerb, SampleVerb)
        audit.declare_fields(
            version=_("版"),
            items=_("項目の数"),
            status=_("状態"),
            language=_("言語"),
            title=_("題名"),
            text=_("説明"),
            kind=_("種類"),
            number=_("番号"),
            programme=_("事業名"),
            budget_source=_("予算の区分"),
            plan_bullets=_("実施計画"),
            tags=_("タグ"),
            owners=_("担当"),
            money=_("金額"),
            review=_("確認"),
            due_on=_("しめきり"),
            clashes=_("食い違い"),
            links_confirmed=_("自動で確定したつながり"),
            links_proposed=_("提案したつながり"),
            links_undone=_("同じ名前でなくなり、外したつながり"),
            links_withdrawn=_("取り下げた提案"),
        )
        links = {
            field: (lambda value: _("%(n)s件") % {"n": value})
            for field in ("links_confirmed", "links_proposed", "links_undone", "links_withdrawn")
        }
        audit.declare_values(
            kind=trail_words.kind,
            language=trail_words.language,
            money=trail_words.money,
            version=lambda value: _("第%(n)s版") % {"n": value},
            items=lambda value: _("%(n)s件") % {"n": value},
            clashes=lambda value: _("%(n)s件") % {"n": value},
            **links,
        )
