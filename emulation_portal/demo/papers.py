"""Small PDF papers for the demo's evidence store: real files that open in every reader."""

from django.core.files.uploadedfile import SimpleUploadedFile

from core.vietnamese import fold


def pdf(name: str, *lines: str) -> SimpleUploadedFile:
    """A one-page PDF with the lines in plain letters (the standard fonts of PDF know no Vietnamese)."""
    words = [fold(line).upper().replace("(", "[").replace(")", "]") for line in (name, *lines)]
    text = "BT /F1 13 Tf 60 780 Td 20 TL " + " ".join(f"({line}) Tj T*" for line in words) + " ET"
    page = "/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {page} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return SimpleUploadedFile(f"{name}.pdf", body.encode("ascii", "replace"), content_type="application/pdf")
