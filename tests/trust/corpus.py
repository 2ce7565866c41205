"""Files as people upload them, and as people who mean harm upload them: made here, real in every byte that counts."""

import struct
import zipfile
import zlib
from io import BytesIO

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
HTML = b"<!doctype html><html><body><script>window.__xss=1</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.__xss=1</script></svg>'
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The head and the end of a JPEG; nobody decodes it here."""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
    )


def office(folder: str, **more: bytes) -> bytes:
    """A minimal Office file: ``folder`` is word, xl or ppt; ``more`` are further parts by name."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", more.pop("types", TYPES))
        archive.writestr(f"{folder}/document.xml", b"<document/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return target.getvalue()


def bomb(megabytes: int) -> bytes:
    """A .docx of a few hundred kilobytes that unpacks to this many megabytes of zeros."""
    target = BytesIO()
    block = b"\x00" * 1024 * 1024
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(block)
    return target.getvalue()


ACCEPTED = {
    "Quyết định.pdf": ("application/pdf", PDF),
    "anh.PNG": ("image/png", png()),
    "anh.jpg": ("image/jpeg", jpeg()),
    "anh.jpeg": ("image/jpeg", jpeg()),
    "bao-cao.docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        office("word"),
    ),
    "so-lieu.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", office("xl")),
    "trinh-chieu.pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        office("ppt"),
    ),
}
REFUSED = {
    "HTML under the name of a PDF": ("cong-van.pdf", HTML, "không phải là .pdf"),
    "HTML": ("trang.html", HTML, "Không nhận loại tệp “.html”"),
    "SVG with a script": ("hinh.svg", SVG, "Không nhận loại tệp “.svg”"),
    "SVG under the name of a PNG": ("hinh.png", SVG, "không phải là .png"),
    "no name before the dot": (".pdf", PDF, "không có phần mở rộng"),
    "no extension": ("tep", PDF, "không có phần mở rộng"),
    "a second extension": ("bao-cao.pdf.exe", PDF, "Không nhận loại tệp “.exe”"),
    "an old Word file": ("cu.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 512, "Không nhận loại tệp “.doc”"),
    "a macro file by name": ("macro.docm", office("word"), "Không nhận loại tệp “.docm”"),
    "a macro inside": (
        "macro.docx",
        office("word", **{"word/vbaProject.bin": b"\xd0\xcf"}),
        "có chứa macro",
    ),
    "a macro under another name": (
        "macro.docx",
        office(
            "word",
            **{"word/x.bin": b"\xd0\xcf"},
            types=TYPES.replace(b"xml/>", b"xml/>") + b"<!--vbaProject-->",
        ),
        "có chứa macro",
    ),
    "a zip that is no Word file": ("kho.docx", office("xl"), "không phải là .docx"),
    "a sheet under the name of Word": ("so-lieu.docx", office("xl"), "không phải là .docx"),
    "Word under the name of a sheet": ("bao-cao.xlsx", office("word"), "không phải là .xlsx"),
    "text under the name of Word": ("bao-cao.docx", b"xin chao", "không phải là .docx"),
    "half a Word file": ("bao-cao.docx", office("word")[:200], "không phải là .docx"),
    "a PDF after other bytes": ("tep.pdf", b"<script>" + PDF, "không phải là .pdf"),
    "nothing": ("rong.pdf", b"", "rỗng"),
}
