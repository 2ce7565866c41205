"""Office papers: a Word template that a clerk can edit, filled with a context. The template never runs code."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def render_word(template: str, context: Mapping[str, Any]) -> bytes:
    """The paper ``templates/documents/<template>`` as bytes of a .docx.

    ``autoescape`` keeps "<b> &" in a name as text; without it Word would lose the paragraph.
    """
    document = DocxTemplate(settings.BASE_DIR / "templates" / "documents" / template)
    document.render(dict(context), jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    target = BytesIO()
    document.save(target)
    return target.getvalue()
