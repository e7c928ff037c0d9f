from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "kusei.services.activities"

    def ready(self) -> None:
        from kusei.documents.sample.building import also
        from kusei.jobs import registry
        from kusei.ledger import sources
        from kusei.search.registry import register_source
        from kusei.services.activities import (
            dispatch_metrics,
            meeting_metrics,
            metrics,
            persons,
            rally_metrics,
            sample,
            sample_dispatch,
            searching,
            survey_metrics,
            visit_metrics,
        )
        from kusei.services.activities.dispatch_enums import AssignmentState, DispatchVerb
        from kusei.services.activities.enums import ActivityVerb, RallyVerb, TemplateFor
        from kusei.services.activities.language_enums import LanguageVerb
        from kusei.services.activities.meeting_enums import MeetingVerb
        from kusei.services.activities.operations import telling
        from kusei.services.activities.survey_enums import SurveyVerb
        from kusei.services.activities.visit_enums import VisitVerb
        from kusei.wards import audit

        audit.declare_verbs(ActivityVerb, LanguageVerb, RallyVerb, SurveyVerb, VisitVerb)
        audit.declare_fields(
            languages=_("言葉"), audience=_("対象"), bring=_("持ち物"), fee_note=_("費用について")
        )
        audit.declare_fields("activities", title=_("名称"), text=_("内容"))
        audit.declare_values(template=lambda value: str(dict(TemplateFor.choices).get(value, value)))
        audit.declare_fields(
            capacity=_("定員"), seats=_("人数"), heads=_("参加者"), starts_at=_("始まり"), place=_("場所"),
            men=_("男性"), women=_("女性"), children=_("子ども"), is_present=_("出席"),
            seed_source=_("抽選に使う数"), seed=_("抽選に使った値"), applications=_("申込みの数"), sessions=_("回の数"),
            publish_at=_("公開する日時"), opens_at=_("申込みの始まり"), closes_at=_("申込みの終わり"),
            remind_days=_("何日前に知らせるか"), remind_again_days=_("もう一度知らせる日"), template=_("ひな型"), telephoned=_("電話した"),
            question=_("質問"), hint=_("説明"), choices=_("選ぶもの"), replies=_("アンケートの数"), reach=_("住まい・勤め先の条件"),
        )  # fmt: skip
        audit.declare_verbs(DispatchVerb)
        audit.declare_fields(
            envoys=_("人数"), assignment=_("依頼"), count=_("人数"), fee_yen=_("謝金（円）"),
            expenses_yen=_("実費（円）"), active_until=_("登録の終わり"),
        )  # fmt: skip
        audit.declare_values(assignment=lambda value: str(AssignmentState(value).label))
        registry.register(telling.CONFIRMING, do=telling.confirm, given_up=telling.confirming_given_up)
        metrics.declare()
        persons.declare()
        register_source(searching.KIND, searching.documents)
        survey_metrics.declare()
        visit_metrics.declare()
        audit.declare_fields(
            taken_by=_("担当"), group=_("団体"), group_body=_("団体の実施主体"), requests=_("申込みの数"),
            lead_days=_("何日前まで"), minutes=_("長さ（分）"), least_people=_("最少の人数"), most_people=_("最多の人数"),
            most_a_year=_("一年度に行う回数"), only_in_ward=_("会場は区内だけ"),
        )  # fmt: skip
        dispatch_metrics.declare()
        also(sample.add_activities)
        also(sample_dispatch.add_dispatch)
        sources.register(
            metrics.SOURCE_KIND, sources.Kind(_("講座・催しの回"), metrics.tell, metrics.describe)
        )
        sources.register(
            survey_metrics.REPLIES_KIND,
            sources.Kind(_("講座・催しのアンケート"), survey_metrics.tell, metrics.describe),
        )
        sources.register(
            visit_metrics.REQUEST_KIND,
            sources.Kind(_("出前講座の申込み"), visit_metrics.tell_requests, visit_metrics.describe),
        )
        sources.register(
            visit_metrics.GROUP_KIND,
            sources.Kind(_("出前講座で訪問した団体"), visit_metrics.tell_groups, visit_metrics.describe),
        )
        sources.register(
            dispatch_metrics.SOURCE_KIND, sources.Kind(_("派遣"), dispatch_metrics.tell, metrics.describe)
        )
        audit.declare_fields(
            needed=_("達成に要るスタンプの数"), cards=_("カード"), stamps=_("スタンプ"),
            directions=_("行き方"), hours=_("開いている時間"), is_closed=_("休止中"), prize_total=_("景品の数"),
        )  # fmt: skip
        rally_metrics.declare()
        sources.register(
            rally_metrics.SOURCE_KIND,
            sources.Kind(_("スタンプラリーの日"), rally_metrics.tell, rally_metrics.describe),
        )
        sources.register(
            persons.SOURCE_KIND, sources.Kind(_("講座・催しの出席"), persons.tell, persons.describe)
        )
        audit.declare_verbs(MeetingVerb)
        audit.declare_fields(
            agenda=_("議題"), decisions=_("決まったこと"), decision=_("決まったこと"), file=_("資料"), people=_("人数"),
        )  # fmt: skip
        meeting_metrics.declare()
        sources.register(
            meeting_metrics.SOURCE_KIND,
            sources.Kind(_("会議の記録"), meeting_metrics.tell, meeting_metrics.describe),
        )
