"""An extract of the award register: what one honour's line says, as a paper that its holder may keep and show.

It certifies the line of the register. The printed Bằng, Giấy khen, Giấy chứng nhận are papers of the one who decides.
"""

from awards.models import Honour
from awards.queries.lists import paper_head
from core import clock
from core.papers import DOTS, Column, Head, Paper, Row, Signature, Table
from core.vietnamese import format_date
from organization.models import Unit

COLUMNS = (
    Column("Danh hiệu, hình thức khen thưởng", 5.0, grows=True),
    Column("Năm", 1.4),
    Column("Quyết định", 4.4),
    Column("Thành tích", 4.6, grows=True),
)


def extract_of(honour: Honour) -> Paper:
    """Names as they were on the day of the decision."""
    head, today = paper_head(), clock.today()
    root = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
    decided = f"Số {honour.decision_number} ngày {format_date(honour.decided_on)} của {honour.decided_by}"
    cells = (honour.award.name, str(honour.year), decided, honour.merit)
    return Paper(
        head=Head(
            parent_agency=(head.parent_agency or f"Ủy ban nhân dân tỉnh {DOTS}").upper(),
            agency=(head.agency or (root.name if root else "") or DOTS).upper(),
            number=f"Số: {DOTS}",
            dated=f"{head.place or DOTS}, ngày {today:%d} tháng {today:%m} năm {today.year}",
        ),
        title="GIẤY XÁC NHẬN KHEN THƯỞNG",
        subtitle="Trích Sổ khen thưởng",
        note="Xác nhận nội dung đã ghi trong Sổ khen thưởng; không thay quyết định, bằng, giấy khen, giấy chứng nhận",
        facts=_whose(honour),
        tables=(Table(COLUMNS, (Row(cells),)),),
        signatures=(
            Signature("NGƯỜI TRÍCH SỔ"),
            Signature(head.signer_title or "THỦ TRƯỞNG ĐƠN VỊ", name=head.signer_name),
        ),
    )


def _whose(honour: Honour) -> tuple[tuple[str, str], ...]:
    if honour.person_id is None:
        return (("Tập thể", honour.name_then),)
    place = ", ".join(part for part in (honour.post_then, honour.unit_then) if part)
    return (("Ông/Bà", honour.name_then), ("Chức vụ, đơn vị khi được khen", place or DOTS))
