"""Papers of a meeting: kept as they came, given out as downloads only."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.files.operations import store_file
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.meeting_enums import MeetingVerb
from kusei.services.activities.models import AgendaPoint, Minutes, Paper
from kusei.services.activities.operations.meetings.writing import held_minutes, record, require_open
from kusei.wards.models import Person

LARGEST_PAPER = 20 * 1024**2
MOST_PAPERS = 30
ENDINGS = (
    "pdf", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "odt", "ods", "odp", "txt", "csv", "png", "jpg", "jpeg",
)  # fmt: skip


@transaction.atomic
def add_paper(
    *, minutes: Minutes, name: str, content: bytes, title: str = "", point: AgendaPoint | None = None,
    is_public: bool = True, actor: Person,
) -> Paper:  # fmt: skip
    """Put a paper to the meeting; the same file twice is one. Raises NotFitting, NotAllowed."""
    minutes = held_minutes(minutes, actor)
    require_open(minutes)
    if not content:
        raise NotFitting(_("ファイルに中身がありません。もう一度選んでください。"))
    if len(content) > LARGEST_PAPER:
        raise NotFitting(
            _("ファイルが大きすぎます（%(limit)d MBまで）。小さくするか、分けて付けてください。")
            % {"limit": LARGEST_PAPER // 1024**2}
        )
    if name.rpartition(".")[2].lower() not in ENDINGS:
        raise NotFitting(_("この種類のファイルは付けられません。PDF、Word、Excel、PowerPoint、文章、画像のどれかにしてください。"))  # fmt: skip
    if minutes.papers.count() >= MOST_PAPERS:
        raise NotFitting(_("資料は%(most)d件までです。") % {"most": MOST_PAPERS})
    if point is not None and point.minutes_id != minutes.pk:
        raise NotFitting(_("この会議の議題を選んでください。"))
    stored, _is_new = store_file(ward_id=minutes.ward_id, name=name, content=content)
    paper, is_new = Paper.objects.get_or_create(
        minutes=minutes, file=stored,
        defaults={
            "ward": minutes.ward, "title": (title.strip() or name)[:120], "point": point, "is_public": is_public,
            "added_at": timezone.now(), "added_by": actor,
        },
    )  # fmt: skip
    if not is_new:
        if (paper.point_id, paper.is_public) == (point.pk if point else None, is_public):
            return paper  # a button that was pressed twice
        raise NotFitting(
            _(
                "同じファイルがもう付いています。公開するかどうかや名前を変えるときは、外してから付け直してください。"
            )
        )
    record(minutes, MeetingVerb.PAPER_ADDED, actor, file=(None, name))
    return paper


@transaction.atomic
def remove_paper(*, paper: Paper, actor: Person) -> None:
    """Take a paper away; the stored original stays. Raises NotFitting, NotAllowed."""
    minutes = held_minutes(paper.minutes, actor)
    require_open(minutes)
    record(minutes, MeetingVerb.PAPER_REMOVED, actor, file=(paper.file.name, None))
    paper.delete()
