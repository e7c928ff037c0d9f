"""Keeps tests away from real data: a pytest plugin, loaded (`-p`) before Django reads its settings.

Every test process gets a data folder of its own, removed when the run ends, whatever KUSEI_DATA said before.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_BASE = "KUSEI_TEST_BASE"
_KEPT = {_BASE, "KUSEI_SEEDS", "KUSEI_REQUIRE_ALL"}


def _begin() -> tuple[Path, bool]:
    """Make this process's data folder; a worker of pytest-xdist makes it inside its controller's."""
    base = os.environ.get(_BASE)
    owns_base = not base or not Path(base).is_dir()
    if owns_base:
        base = os.environ[_BASE] = tempfile.mkdtemp(prefix="kusei-test-")
    folder = Path(tempfile.mkdtemp(prefix="data-", dir=base))
    (folder / "static").mkdir()
    for name in [name for name in os.environ if name.startswith("KUSEI_") and name not in _KEPT]:
        del os.environ[name]  # the settings of a real installation are no settings for its tests
    os.environ["KUSEI_DATA"] = str(folder)
    os.environ["KUSEI_SECRET_KEY"] = "only-for-tests-" + "x" * 40
    os.environ["KUSEI_SITE_URL"] = "http://testserver"
    # Playwright's synchronous interface runs an event loop in the test's thread; Django would refuse to query there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return folder, owns_base


DATA_FOLDER, _OWNS_BASE = _begin()


gc.disable()  # what is loaded and collected stays until the end: looking through it again and again finds nothing


def pytest_collection_finish() -> None:
    """Leave all that is there by now out of the garbage collection, and look less often: a quarter of a run's time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if _OWNS_BASE:
        shutil.rmtree(os.environ.pop(_BASE), ignore_errors=True)
