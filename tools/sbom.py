"""What the portal is made of, as a CycloneDX list for whoever checks known weaknesses elsewhere: `make sbom`."""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKED = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^\]]*\])?==(?P<version>\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def python_packages() -> list[dict[str, Any]]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    starts = [*LOCKED.finditer(text)]
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return [
        {
            "type": "library",
            "name": found["name"],
            "version": found["version"],
            "purl": f"pkg:pypi/{found['name']}@{found['version']}",
            "hashes": [{"alg": "SHA-256", "content": one} for one in HASH.findall(text[found.start() : end])],
        }
        for found, end in zip(starts, ends, strict=True)
    ]


def vendored_packages() -> list[dict[str, Any]]:
    packages = json.loads((ROOT / "static/vendor/vendor.lock.json").read_text(encoding="utf-8"))
    return [
        {
            "type": "library",
            "name": package["name"],
            "version": package["version"],
            "purl": f"pkg:npm/{package['name'].replace('@', '%40')}@{package['version']}",
            "licenses": [{"license": {"name": package["licence"]}}],
            "components": [
                {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": sha256}]}
                for path, sha256 in package["files"].items()
            ],
        }
        for package in packages
    ]


def bill() -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "cong-thi-dua"}},
        "components": python_packages() + vendored_packages(),
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1, ensure_ascii=False)
