"""The site that `registration.py` sends forms to: Kusei's own, with two bare views beside it, which insert one row each."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")

import django
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

TABLE = "benchmark_floor"


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """What nobody can leave out who keeps an application: a form read, one row inserted and committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (ticket, name) VALUES (%s, %s)", [uuid4().hex, request.POST["name-0"]]
        )
    return HttpResponse("ok")


def read_and_insert(request: HttpRequest, key: str, public_id: UUID, intake_id: int) -> HttpResponse:
    """What is left of an application without its rules: the form read and checked as `apply` does, one row with its sealed contents,
    and on to one's own page. No lock, no seat, no turn, no trail, no mail."""
    from kusei.notices.sealing import seal
    from kusei.portal.forms.activities import ApplyForm
    from kusei.services.activities.queries.forms import asked_lately

    asked = asked_lately(key, public_id, intake_id)
    assert asked is not None
    form = ApplyForm(
        request.POST, activity=asked.intake.activity, intake=asked.intake, quotas=asked.quotas, questions=asked.questions
    )  # fmt: skip
    if not form.is_valid():
        return HttpResponse(status=422)
    kept = {"people": [asdict(each) for each in form.people()], **asdict(form.contact())}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (ticket, name) VALUES (%s, %s)",
            [form.cleaned_data["ticket"].hex, seal(kept, purpose="bench")],
        )
    return redirect("portal:application", key=key, token=secrets.token_urlsafe(24))


insert.access = read_and_insert.access = "public"  # type: ignore[attr-defined]
django.setup()


def _site() -> WSGIHandler:
    from kusei.config import urls

    applying = "bare/w/<slug:key>/activities/<uuid:public_id>/apply/<int:intake_id>/"
    urls.urlpatterns[:0] = [path("bare/", insert), path(applying, read_and_insert)]
    return WSGIHandler()


application = _site()
