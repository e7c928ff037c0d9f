from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "kusei.services.questions"

    def ready(self) -> None:
        from kusei.services.questions.enums import QuestionVerb
        from kusei.wards import audit

        audit.declare_verbs(QuestionVerb)
        audit.declare_fields(
            state=_("状態"), in_charge=_("担当"), asked_body=_("尋ねた団体"), answer=_("回答"), answer_length=_("回答の字数"), public_question=_("公開する質問"), public_answer=_("公開する回答"),
            way=_("受け付けた方法"), questions=_("質問の数"), is_confirmed=_("このままでよい"),
        )  # fmt: skip
