"""What the portal is made of: locked by hash, listed for a check of known weaknesses elsewhere."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "tools/uv.requirements.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_version_and_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())
    bare = [
        block.split()[0] for block in blocks if "==" not in block.split()[0] or "--hash=sha256:" not in block
    ]
    assert not bare


def test_nothing_is_installed_without_its_hash() -> None:
    for number, line in enumerate(
        (ROOT / "tools/bootstrap.sh").read_text(encoding="utf-8").splitlines(), start=1
    ):
        if re.search(r"pip install\b.*-r", line):
            assert "--require-hashes" in line, number


def test_the_bill_of_materials_names_every_part_with_its_hash() -> None:
    ran = subprocess.run(
        [sys.executable, "tools/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    bill = json.loads(ran.stdout)
    parts = {part["name"]: part for part in bill["components"]}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {
        line.split("==")[0].split("[")[0] for line in lock.splitlines() if re.match(r"[\w.\[\],-]+==", line)
    }
    assert locked | {"@tabler/core", "htmx.org"} <= set(parts)
    assert re.match(r"5\.2\.\d+", parts["django"]["version"])
    for part in parts.values():
        hashed = part.get("hashes") or [one for file in part["components"] for one in file["hashes"]]
        assert hashed, part["name"]


def test_gunicorn_opens_no_control_socket() -> None:
    files = [*ROOT.glob("emulation_portal/**/*.py"), *ROOT.glob("docs/*.md"), ROOT / "Makefile"]
    starts = [
        path
        for path in files
        if re.search(r"gunicorn.*(wsgi|--)|\"gunicorn\"", path.read_text(encoding="utf-8"))
    ]
    assert len(starts) >= 2
    for path in starts:
        assert "--no-control-socket" in path.read_text(encoding="utf-8"), path.name
