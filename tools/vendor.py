"""The front-end files we carry: which packages, which files of them, and their lock.

Called by tools/vendor.sh, which fetches the packages with npm into a folder:
    vendor.py packages       prints the npm names to fetch
    vendor.py unpack FOLDER  takes the files out of the packages and writes the lock
Standard library only. tests/test_vendor.py checks the files against the lock.
"""

import base64
import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "static/vendor/vendor.lock.json"

TABLER = "@tabler/core@1.6.1"
HTMX = "htmx.org@2.0.11"
ICONS = "@tabler/icons@3.51.0"
FONT = "@fontsource/be-vietnam-pro@5.3.0"
SERIF = "@expo-google-fonts/tinos@0.4.2"
AXE = "axe-core@4.14.1"

# Package -> (licence, {file in the package: file here}).
FILES: dict[str, tuple[str, dict[str, str]]] = {
    TABLER: (
        "MIT",
        {
            "dist/css/tabler.min.css": "static/vendor/tabler/tabler.min.css",
            "dist/js/tabler.min.js": "static/vendor/tabler/tabler.min.js",
        },
    ),
    HTMX: (
        "0BSD",
        {
            "dist/htmx.min.js": "static/vendor/htmx/htmx.min.js",
            "LICENSE": "static/vendor/htmx/LICENSE",
        },
    ),
    ICONS: ("MIT", {"LICENSE": "static/vendor/tabler-icons/LICENSE"}),
    FONT: ("OFL-1.1", {"LICENSE": "static/vendor/be-vietnam-pro/LICENSE"}),
    SERIF: (
        "OFL-1.1",
        {
            "400Regular/Tinos_400Regular.ttf": "templates/documents/fonts/regular.ttf",
            "400Regular_Italic/Tinos_400Regular_Italic.ttf": "templates/documents/fonts/italic.ttf",
            "700Bold/Tinos_700Bold.ttf": "templates/documents/fonts/bold.ttf",
            "700Bold_Italic/Tinos_700Bold_Italic.ttf": "templates/documents/fonts/bold-italic.ttf",
            "LICENSE_FONT": "templates/documents/fonts/LICENSE",
        },
    ),
    AXE: (
        "MPL-2.0",
        {
            "axe.min.js": "tests/vendor/axe.min.js",
            "LICENSE": "tests/vendor/LICENSE",
            "LICENSE-3RD-PARTY.txt": "tests/vendor/LICENSE-3RD-PARTY.txt",
        },
    ),
}

# To use another icon: add its name here, then `make vendor`.
ICON_NAMES = """
    alert-triangle archive arrow-back-up arrow-left award ban bell bulb calendar certificate chart-bar check
    checklist chevron-down chevron-left chevron-right chevron-up circle-check circle-x clipboard-check clock
    copy device-floppy dots download edit external-link eye eye-off file-spreadsheet file-text files filter
    flag gavel git-branch heart-handshake history home hourglass info-circle key link list-details lock
    lock-open login logout mail menu-2 message paperclip plus printer refresh report scale school search send
    settings shield-check signature sitemap star table target trash trophy upload user user-plus users
    building x
""".split()  # noqa: SIM905
SPRITE = "static/vendor/tabler-icons/sprite.svg"

FONT_WEIGHTS = ("400", "500", "600", "700")
FONT_SUBSETS = ("vietnamese", "latin-ext", "latin")
FONT_CSS = "static/vendor/be-vietnam-pro/be-vietnam-pro.css"

SVG = "http://www.w3.org/2000/svg"
# A manifest storage would look for the source map that we do not carry.
SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n*]*(\*/)?\s*$")


class Package:
    """One fetched npm package."""

    def __init__(self, spec: str, folder: Path):
        self.name, _, self.version = spec.rpartition("@")
        self.archive = folder / f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"
        digest = hashlib.sha512(self.archive.read_bytes()).digest()
        self.integrity = "sha512-" + base64.b64encode(digest).decode()

    def read(self, path: str) -> bytes:
        with tarfile.open(self.archive) as archive:
            member = archive.extractfile(f"package/{path}")
            if member is None:
                raise FileNotFoundError(f"{self.name} {self.version} has no file {path}")
            return member.read()


def sprite(icons: Package) -> bytes:
    """One file with every icon as a <symbol>; the stroke's width is left to the page's CSS."""
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in sorted(ICON_NAMES):
        drawing = ET.fromstring(icons.read(f"icons/outline/{name}.svg"))  # noqa: S314 (hash-checked file)
        keep = ("viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin")
        symbol = ET.SubElement(root, f"{{{SVG}}}symbol", {"id": name, **{k: drawing.attrib[k] for k in keep}})
        # The first path of each icon is an invisible frame.
        symbol.extend(
            path for path in drawing if path.attrib.get("stroke") != "none" or path.get("fill") != "none"
        )
    for element in root.iter():
        element.text = element.tail = None
    ET.indent(root, space="")
    return ET.tostring(root) + b"\n"


def font(package: Package) -> dict[str, bytes]:
    """The woff2 files and one style sheet with relative addresses."""
    made: dict[str, bytes] = {}
    rules = []
    for weight in FONT_WEIGHTS:
        for block in re.findall(r"@font-face \{.*?\n\}", package.read(f"{weight}.css").decode(), re.DOTALL):
            found = re.search(r"files/(be-vietnam-pro-([a-z-]+)-\d+-normal\.woff2)", block)
            if found is None or found[2] not in FONT_SUBSETS:
                continue
            made[f"static/vendor/be-vietnam-pro/{found[1]}"] = package.read(f"files/{found[1]}")
            rules.append(re.sub(r"src: [^;]*;", f'src: url("{found[1]}") format("woff2");', block))
    if len(rules) != len(FONT_WEIGHTS) * len(FONT_SUBSETS):
        raise SystemExit(f"The font package changed its shape: {len(rules)} style rules found.")
    made[FONT_CSS] = ("\n".join(rules) + "\n").encode()
    return made


def tabler_licence(tabler: Package, icons: Package) -> bytes:
    """Tabler's package has no licence file: its own copyright lines over the MIT text of the same authors."""
    banner = tabler.read("dist/css/tabler.min.css").split(b"*/")[0].decode()
    holders = [line.strip(" *") for line in banner.splitlines() if "Copyright" in line]
    text = icons.read("LICENSE").decode().split("\n\n", 2)[2]
    return ("MIT License\n\n" + "\n".join(holders) + "\n\n" + text).encode()


def unpack(folder: Path) -> None:
    packages = {spec: Package(spec, folder) for spec in FILES}
    before = {row["name"]: row for row in json.loads(LOCK.read_text())} if LOCK.exists() else {}
    lock = []
    for spec, (licence, files) in FILES.items():
        package = packages[spec]
        old = before.get(package.name, {})
        if old.get("version") == package.version and old["integrity"] != package.integrity:
            raise SystemExit(f"{spec} is not the package that the lock names: its integrity differs.")
        made = {here: SOURCE_MAP.sub(b"\n", package.read(there)) for there, here in files.items()}
        if spec == TABLER:
            made["static/vendor/tabler/LICENSE"] = tabler_licence(package, packages[ICONS])
        elif spec == ICONS:
            made[SPRITE] = sprite(package)
        elif spec == FONT:
            made |= font(package)
        for path in old.get("files", {}):
            (ROOT / path).unlink(missing_ok=True)
        for path, content in made.items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_bytes(content)
        lock.append(
            {
                "name": package.name,
                "version": package.version,
                "licence": licence,
                "integrity": package.integrity,
                "files": {path: hashlib.sha256(made[path]).hexdigest() for path in sorted(made)},
            }
        )
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")
    print(f"{sum(len(row['files']) for row in lock)} files of {len(lock)} packages are up to date.")


if __name__ == "__main__":
    if sys.argv[1:] == ["packages"]:
        print("\n".join(FILES))
    elif sys.argv[1:2] == ["unpack"] and len(sys.argv) == 3:
        unpack(Path(sys.argv[2]))
    else:
        raise SystemExit("Use tools/vendor.sh (make vendor).")
