"""The house rules that a machine can check: sizes, floors, words, one clock, no dead templates."""

import ast
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import NoReverseMatch, get_resolver

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["core", "organization", "campaigns", "scoring", "awards", "emulation_portal"]
PURE = [
    "campaigns.calculations",
    "campaigns.methods",
    "scoring.calculations",
    "awards.calculations",
    "awards.calculations.bonus",
    "awards.eligibility",
]
LONGEST = 400
KINDS = [
    "*.py",
    "*.html",
    "*.txt",
    "*.md",
    "*.yaml",
    "*.yml",
    "*.json",
    "*.js",
    "*.css",
    "*.sh",
    "*.toml",
    "*.lock",
]
KINDS += ["Makefile", ".env.example"]
MODULES = {  # CONTRIBUTING: the rooms of an app, and no other names
    *("__init__", "apps", "migrations", "urls", "signin_urls", "views", "management", "tasks", "middleware"),
    *("forms", "exports", "documents", "actions", "reminders", "reference", "importing", "mails", "workflow"),
    *("queries", "rules", "models", "roles", "calculations", "methods", "eligibility", "passwords"),
}
# Where real time is meant, each with its reason; everything else asks core.clock.
REAL_TIME = {
    "core/clock.py": "the clock itself",
    "emulation_portal/processes.py": "keeps programs alive in real time and knows no Django",
    "emulation_portal/views/health.py": "a pulse is fresh in real time",
    "emulation_portal/management/commands/bench.py": "measures real time",
    "emulation_portal/demo/season.py": "lives through past seasons up to the real moment",
}
# Where a state is set without the table, each with its reason.
FREE_STATES = {
    "core/workflow.py": "the engine",
    "core/delivery.py": "a letter's delivery is no procedure of people",
    "core/jobs.py": "a run of the timetable is no procedure of people",
    "scoring/actions/publication.py": "moves thousands of sheets at once by the table's row",
    "emulation_portal/demo": "the bulk seed for measuring",
    "emulation_portal/bench": "puts rows back between two measurements",
}


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ours(*patterns: str) -> list[Path]:
    """Our own files: no vendored ones, no migrations, nothing made on this machine."""
    away = {"vendor", "migrations", ".venv", "var", "node_modules", "__pycache__"}
    folders = [*PACKAGES, "templates", "static", "tests", "tools", "docs", "reference"]
    found = [
        path
        for folder in folders
        for pattern in patterns
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and not away & set(path.parts)
    ]
    return sorted(found + [path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()])


def code() -> list[Path]:
    return [path for path in ours("*.py") if path.relative_to(ROOT).parts[0] in PACKAGES]


def pages() -> list[Path]:
    return [path for path in ours("*.html") if "emails" not in path.parts]


def told(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def lines_with(pattern: str, paths: list[Path], *, but: dict[str, str] | None = None) -> list[str]:
    compiled = re.compile(pattern)
    return [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        if not any(name(path).startswith(place) for place in but or {})
        for number, line in enumerate(text(path).splitlines(), start=1)
        if compiled.search(line)
    ]


# --- sizes and rooms -----------------------------------------------------------------------------------
def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    long = [
        f"{name(path)}: {count}"
        for path in ours("*.py", "*.html", "*.css", "*.js")
        if (count := text(path).count("\n")) > LONGEST
    ]
    assert not long, told(long)


def test_modules_have_the_names_of_the_house() -> None:
    odd = [
        name(path)
        for app in ["organization", "campaigns", "scoring", "awards"]
        for path in (ROOT / app).iterdir()
        if path.stem not in MODULES and path.name != "__pycache__"
    ]
    odd += [name(path) for path in code() if path.stem in {"utils", "helpers", "services", "signals"}]
    assert not odd, told(odd)


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{name(path)}:{inner.lineno}"
        for path in code()
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, told(hidden)


def test_no_signals_and_no_save_overrides() -> None:
    found = lines_with(r"django\.(db\.models\.signals|dispatch)|@receiver|\bpost_save\b|\bpre_save\b", code())
    found += [
        f"{name(path)}:{item.lineno}: save()"
        for path in code()
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name == "save" and path.stem == "models"
    ]
    assert not found, told(found)


@pytest.mark.parametrize("module", PURE)
def test_scores_and_awards_are_decided_without_django(module: str) -> None:
    forbidden = ("django", "rules", "celery", "core")
    asked = f"import sys, {module}; print([m for m in sys.modules if m.split('.')[0] in {forbidden}])"
    ran = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[]"


# --- time and states -----------------------------------------------------------------------------------
def test_everything_asks_the_one_clock() -> None:
    pattern = r"\btimezone\.now\b|\blocaldate\(\s*\)|\bdate\.today\(|\bdatetime\.(now|utcnow|today)\(|\btime\.time\("
    found = lines_with(pattern, code(), but=REAL_TIME)
    assert not found, told(found)


def test_the_exceptions_from_the_clock_are_still_needed() -> None:
    pattern = re.compile(r"timezone\.now|localdate|monotonic|perf_counter|time\.time|strftime")
    idle = [
        place for place in REAL_TIME if not (ROOT / place).exists() or not pattern.search(text(ROOT / place))
    ]
    assert set(idle) <= {"emulation_portal/management/commands/bench.py", "emulation_portal/views/health.py"}


def test_states_move_only_through_the_table() -> None:
    found = lines_with(r"\.state\s*=[^=]|\.update\([^)]*\bstate=", code(), but=FREE_STATES)
    assert not found, told(found)


# --- templates -----------------------------------------------------------------------------------------
INLINE = {
    "inline script": r"<script(?![^>]*\bsrc=)",
    "inline style": r"<style|\sstyle=",
    "inline handler": r"<[^>{}]*\son[a-z]+\s*=",
    "javascript address": r"(?i)(href|src|action)=[\"']\s*javascript:",
    "another host": r"(?i)(src|href|action)=[\"'](https?:)?//",
    "hx-on": r"\bhx-on|\bhx-vals=.?js:|\bhx-vars",
    "unescaped": r"\|safe\b|autoescape off|\|safeseq",
}


@pytest.mark.parametrize("what", INLINE)
def test_pages_hold_no_code(what: str) -> None:
    compiled = re.compile(INLINE[what])
    found = [
        f"{name(page)}: {line.strip()[:100]}"
        for page in pages()
        for line in text(page).splitlines()
        if compiled.search(line if what == "unescaped" else re.sub(r"{%.*?%}", "", line))
    ]
    assert not found, told(found)


def test_every_form_that_changes_something_carries_its_token() -> None:
    bare = [
        f"{name(path)}: {form[:80]}"
        for path in pages()
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text(path), re.S)
        if "csrf_token" not in form
    ]
    assert not bare, told(bare)


@cache
def templates() -> dict[str, Path]:
    root = ROOT / "templates"
    return {str(path.relative_to(root)): path for path in root.rglob("*") if path.suffix in {".html", ".txt"}}


def test_every_template_is_used() -> None:
    sources = "\n".join(text(path) for path in [*code(), *templates().values()])
    unused = []
    for key in templates():
        if key.startswith("bootstrap5/"):
            continue  # stands in for a template of crispy's own pack
        if key.startswith("emails/"):  # named by their kind: emails/<kind>.subject.txt, .txt, .html
            kind = re.sub(r"(\.subject)?\.(txt|html)$", "", key.rpartition("/")[2])
            words = {kind, kind.partition("_")[2] or kind}
            is_used = any(re.search(rf"""["'/]{word}(\.html|\.txt)?["']""", sources) for word in words)
        else:
            is_used = f'"{key}"' in sources or f"'{key}'" in sources
        if not is_used:
            unused.append(key)
    assert not unused, told(unused)


def test_letters_come_in_three_parts() -> None:
    kinds = {key.removesuffix(".subject.txt") for key in templates() if key.endswith(".subject.txt")}
    parts = {f"{kind}{end}" for kind in kinds for end in (".subject.txt", ".txt", ".html")}
    letters = {key for key in templates() if key.startswith("emails/") and not key.startswith("emails/base")}
    assert letters == parts


def test_every_template_that_is_named_exists() -> None:
    named = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")
    missing = [
        f"{key}: {wanted}"
        for key, path in templates().items()
        for wanted in named.findall(text(path))
        if wanted not in templates() and not wanted.startswith("bootstrap5/")  # crispy's own
    ]
    called = re.compile(r"""["']([a-z_/]+\.(?:html|txt))["']""")
    missing += [
        f"{name(path)}: {wanted}"
        for path in code()
        for wanted in called.findall(text(path))
        if wanted not in templates() and not wanted.startswith("admin/")
    ]
    assert not missing, told(missing)


def routes() -> set[str]:
    def below(resolver: object, space: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:  # type: ignore[attr-defined]
            if hasattr(pattern, "url_patterns"):
                yield from below(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            else:
                yield f"{space}{pattern.name}"

    return set(below(get_resolver(), ""))


def test_every_address_that_is_named_exists() -> None:
    known = routes()
    tag = re.compile(r"""{%\s*url\s+["']([^"']+)["']""")
    call = re.compile(r"""\b(?:reverse|redirect)\(\s*["']([a-z_]+:?[a-z_]*)["']""")
    missing = [
        f"{name(path)}: {wanted}"
        for path, pattern in [*((page, tag) for page in pages()), *((module, call) for module in code())]
        for wanted in pattern.findall(text(path))
        if wanted not in known
    ]
    assert not missing, told(missing)
    assert NoReverseMatch


def test_components_say_what_they_take() -> None:
    silent = [
        name(path)
        for path in (ROOT / "templates/components").glob("*.html")
        if "{#" not in "".join(text(path).splitlines()[:1])
    ]
    assert not silent, told(silent)


# --- words ---------------------------------------------------------------------------------------------
def test_vietnamese_is_kept_in_normal_form_c() -> None:
    broken = [name(path) for path in ours(*KINDS) if not unicodedata.is_normalized("NFC", text(path))]
    assert not broken, told(broken)


def test_decisions_are_numbered_without_gaps_and_say_their_status() -> None:
    papers = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [path.name[:4] for path in papers] == [f"{number:04d}" for number in range(1, len(papers) + 1)]
    for path in papers:
        assert text(path).startswith(f"# {int(path.name[:4])}. "), path.name
        for heading in ("**Status:**", "**Context.**", "**Decision.**", "**Consequences.**"):
            assert heading in text(path), f"{path.name}: {heading}"


def test_no_path_or_host_of_a_machine_is_written_down() -> None:
    slash = "/"  # so that this file does not find itself
    places = [f"{slash}{folder}{slash}" for folder in ("root", "home", "tmp", "work", "Users")]
    hosts = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "registry.yarn" + "pkg"]
    pattern = (
        "|".join(rf"(?<![\w.}}-]){re.escape(place)}" for place in places)
        + "|"
        + "|".join(map(re.escape, hosts))
    )
    found = lines_with(pattern, [*ours(*KINDS), *(ROOT / ".ci").glob("*")])
    assert not found, told(found)
