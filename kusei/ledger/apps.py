from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "kusei.ledger"

    def ready(self) -> None:
        from kusei.ledger import declared, reported, sources
        from kusei.ledger.enums import LedgerVerb
        from kusei.ledger.operations.reports import SOURCE_KIND
        from kusei.ledger.queries.entries import entries_in_district
        from kusei.wards import append_only, audit, uses

        declared.declare(*declared.GENERAL)
        post_migrate.connect(declared.sync, sender=self, dispatch_uid="ledger.declared")
        sources.register(
            SOURCE_KIND,
            sources.Kind(_("手で記録した報告"), tell=reported.tell, describe=reported.describe),
        )
        append_only.declare("ledger_entry")
        uses.declare_district_uses(entries_in_district)
        audit.declare_verbs(LedgerVerb)
        audit.declare_fields(
            name=_("名称"),
            unit=_("単位"),
            adding=_("合わせ方"),
            definition=_("何を、どう数えるか"),
            ended_on=_("使わないことにした日"),
            entries=_("数の件数"),
        )
