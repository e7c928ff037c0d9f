"""The environment in `.venv`: made once, installed from the locked list, renewed when that list changes."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tools.console import Refusal, call, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMP = VENV / "kusei-stamp.json"
RUN, DEVELOP = "run", "develop"
LOCKED = {RUN: ROOT / "requirements.txt", DEVELOP: ROOT / "requirements-dev.txt"}
UV_ENVIRONMENT = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}


def ensure(level: str = RUN) -> None:
    """Have an environment in which Kusei runs (`run`) or is also tested and checked (`develop`).

    Nothing is installed while the locked list is the one of the last time. Raises Refusal with what to do.
    """
    stamp = _read_stamp()
    if VENV.exists() and not _is_usable(stamp):
        say("The environment in .venv belongs to another folder or Python: making it anew.")
        shutil.rmtree(VENV)
        stamp = {}
    if not PYTHON.exists():
        _make_venv()
    wanted = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in LOCKED.items()}
    if stamp.get(level) != wanted[level]:
        _install(LOCKED[level])
        # requirements-dev.txt holds all of requirements.txt, so it serves both
        stamp[level] = wanted[level]
        if level == DEVELOP:
            stamp[RUN] = wanted[RUN]
        else:
            stamp.pop(DEVELOP, None)
    if stamp.get("root") != str(ROOT) or not (BIN / "kusei").exists():
        _link_package()
    stamp["root"] = str(ROOT)
    text = json.dumps(stamp, indent=1)
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != text:
        STAMP.write_text(text, encoding="utf-8")


def find_uv() -> str | None:
    """uv from PATH or from our own environment; None where there is none (pip does the same, slower)."""
    own = BIN / "uv"
    return shutil.which("uv") or (str(own) if own.exists() else None)


def _read_stamp() -> dict:
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _is_usable(stamp: dict) -> bool:
    """Whether the environment was made for this folder and its Python still starts."""
    if stamp.get("root", str(ROOT)) != str(ROOT):
        return False
    question = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(question, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _make_venv() -> None:
    say("Making the environment in .venv …")
    uv = shutil.which("uv")
    if importlib.util.find_spec("ensurepip") is not None:
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
        )
        if made.returncode == 0:
            return
        reason = (made.stderr or made.stdout).strip()
    elif uv:
        command = [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]
        if call(command, cwd=str(ROOT), env=UV_ENVIRONMENT) == 0:
            return
        reason = "uv could not make it either"
    else:
        reason = "this Python has no ensurepip"
    shutil.rmtree(VENV, ignore_errors=True)
    raise Refusal(
        f"Python could not make an environment (python3 -m venv): {reason}\n"
        "  Debian, Ubuntu:  sudo apt install python3-venv\n"
        "  Python の仮想環境を作れません。上のパッケージを入れてから、もう一度実行してください。"
    )


def _install(locked: Path) -> None:
    """Install exactly what the locked list names; from the folder `wheelhouse` where there is one (`dev.py bundle`)."""
    say(f"Installing what {locked.name} lists (only when the list changed; up to a minute) …")
    wheelhouse = ROOT / "wheelhouse"
    source = ["--find-links", str(wheelhouse)] if wheelhouse.is_dir() else []
    if source and locked == LOCKED[RUN]:
        source.append("--no-index")
    uv = find_uv()
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", *source]
        if call([*command, "-r", str(locked)], cwd=str(ROOT), env=UV_ENVIRONMENT) == 0:
            return
        say("uv could not install it; trying pip.")
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if (
        subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode
        != 0
    ):
        call([str(PYTHON), "-m", "ensurepip"], cwd=str(ROOT))  # an environment that uv made has no pip
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        *quiet,
        "--no-compile",
        "--disable-pip-version-check",
        "--no-input",
    ]
    if call([*pip, "--require-hashes", *source, "-r", str(locked)], cwd=str(ROOT)) != 0:
        raise Refusal(
            "The packages could not be installed; the lines above say why.\n"
            "  Without a network: run `python3 dev.py bundle` where there is one, and copy the folder wheelhouse here.\n"
            "  パッケージを入れられませんでした。ネットワークのない所では、つながる所で作った wheelhouse フォルダーを"
            "ここに写してください。"
        )


def _link_package() -> None:
    """Make `import kusei` and `.venv/bin/kusei` work from this folder, with nothing to fetch or build."""
    question = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(question, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "kusei-checkout.pth").write_text(str(ROOT) + "\n", encoding="utf-8")
    script = BIN / "kusei"
    # A "#!" line cannot hold a path with blanks: the shell starts Python, Python skips the shell's line as a string.
    script.write_text(
        "#!/bin/sh\n"
        f"'''exec' {shlex.quote(str(PYTHON))} \"$0\" \"$@\"\n"
        "' '''\n"
        "import sys\n\n"
        "from kusei.config.cli import main\n\n"
        "sys.exit(main())\n",
        encoding="utf-8",
    )
    script.chmod(0o755)


def kusei(*arguments: str, env: dict[str, str] | None = None) -> int:
    """Run one `kusei` command of the environment and return its exit code."""
    return call([str(BIN / "kusei"), *arguments], cwd=str(ROOT), env=env)


def data_folder() -> Path:
    """Where database, files and collected static files lie: KUSEI_DATA, else `data` in the checkout."""
    return Path(os.environ.get("KUSEI_DATA") or ROOT / "data").resolve()
