"""Originals are kept once, under names that no upload can choose."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Model
from pytest_django import Settings

from kusei.files import operations as files
from kusei.files.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def ward() -> Model:
    return apps.get_model("wards", "Ward")._default_manager.create(key="mirai", name="みらい区")


def test_same_file_is_kept_once(ward: Model) -> None:
    first, is_new = files.store_file(ward_id=ward.pk, name="予算.pdf", content=b"%PDF")
    again, is_new_again = files.store_file(ward_id=ward.pk, name="予算.pdf", content=b"%PDF")

    assert (first, is_new, is_new_again) == (again, True, False)
    assert (first.size, first.media_type) == (4, "application/pdf")
    with default_storage.open(first.content.name) as kept:
        assert kept.read() == b"%PDF"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.pdf/../b", "名前.とても長い拡張子", "x.JSP\x00.pdf"])
def test_name_never_reaches_the_disk(ward: Model, name: str) -> None:
    stored, _ = files.store_file(ward_id=ward.pk, name=name.replace("\x00", ""), content=name.encode())

    assert stored.content.name.startswith("originals/")
    assert ".." not in stored.content.name


def test_deleted_file_leaves_the_disk_after_the_transaction(
    ward: Model, django_capture_on_commit_callbacks: object
) -> None:
    stored, _ = files.store_file(ward_id=ward.pk, name="a.txt", content=b"a")
    name = stored.content.name

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        files.delete_stored_file(stored)
        assert default_storage.exists(name)

    assert (StoredFile.objects.count(), default_storage.exists(name)) == (0, False)
