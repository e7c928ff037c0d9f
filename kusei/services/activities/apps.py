from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "kusei.services.activities"

    def ready(self) -> None:
        from kusei.documents.sample.building import also
        from kusei.ledger import sources
        from kusei.services.activities import metrics, sample
        from kusei.services.activities.enums import ActivityVerb
        from kusei.wards import audit

        audit.declare_verbs(ActivityVerb)
        audit.declare_fields(
            capacity=_("定員"), seats=_("人数"), heads=_("参加者"), starts_at=_("始まり"), place=_("場所"),
            seed_source=_("抽選に使う数"), seed=_("抽選に使った値"), applications=_("申込みの数"), sessions=_("回の数"),
            publish_at=_("公開する日時"), opens_at=_("申込みの始まり"), closes_at=_("申込みの終わり"),
            remind_days=_("何日前に知らせるか"), remind_again_days=_("もう一度知らせる日"), template=_("ひな型"), telephoned=_("電話した"),
        )  # fmt: skip
        metrics.declare()
        also(sample.add_activities)
        sources.register(
            metrics.SOURCE_KIND, sources.Kind(_("講座・催しの回"), metrics.tell, metrics.describe)
        )
