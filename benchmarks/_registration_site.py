"""The site that `registration.py` sends forms to: Kusei's own, with one bare view beside it, which inserts one row."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kusei.config.settings")

import django
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
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


insert.access = "public"  # type: ignore[attr-defined]
django.setup()


def _site() -> WSGIHandler:
    from kusei.config import urls

    urls.urlpatterns.insert(0, path("bare/", insert))
    return WSGIHandler()


application = _site()
