from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "kusei.results"

    def ready(self) -> None:
        from kusei.ledger import sources
        from kusei.results.enums import Outcome, ResultVerb
        from kusei.results.operations import figures, typed_records
        from kusei.wards import audit

        sources.register(
            figures.SOURCE_KIND,
            sources.Kind(
                _("公表された結果"),
                tell=figures.tell,
                describe=figures.describe,
                tells_places=True,
                knows_months=False,
            ),
        )
        sources.register(
            typed_records.SOURCE_KIND,
            sources.Kind(
                _("取組結果の文"),
                tell=typed_records.tell,
                describe=typed_records.describe,
                tells_places=True,
                knows_months=False,
            ),
        )
        audit.declare_verbs(ResultVerb)
        audit.declare_fields(
            result=_("実施した取組結果"), outcome=_("状況"), due_on=_("しめきり"), lead=_("主な担当"), people=_("人数"), remark=_("次の年度への申し送り"),
            reason=_("理由"), metric=_("数えるもの"), baseline=_("基準値"), target=_("目標値"), course=_("今後の方向"), grade=_("総合"), comment=_("評価の理由"),
            typed=_("文に書いた数"), sentence=_("文のひな形"),
        )  # fmt: skip
        audit.declare_values(outcome=lambda value: str(dict(Outcome.choices).get(value, value)))
