"""The front-end files and fonts we carry are the ones the lock names, and nothing else lies beside them."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = json.loads((ROOT / "static/vendor/vendor.lock.json").read_text())
FILES = {path: sha256 for package in PACKAGES for path, sha256 in package["files"].items()}


@pytest.mark.parametrize("path", FILES)
def test_file_is_the_one_in_the_lock(path):
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == FILES[path]


def test_nothing_lies_beside_the_lock():
    folders = [ROOT / "static/vendor", ROOT / "tests/vendor", ROOT / "templates/documents/fonts"]
    found = {
        str(file.relative_to(ROOT)) for folder in folders for file in folder.rglob("*") if file.is_file()
    }
    assert found - {"static/vendor/vendor.lock.json"} == set(FILES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_each_package_brings_its_licence(package):
    assert package["licence"]
    assert package["integrity"].startswith("sha512-")
    folder = {str(Path(path).parent) for path in package["files"]}.pop()
    assert f"{folder}/LICENSE" in package["files"]


def test_style_sheets_and_scripts_name_no_file_that_is_missing():
    for path in FILES:
        if path.endswith((".css", ".js")):
            assert "sourceMappingURL" not in (ROOT / path).read_text(), path
