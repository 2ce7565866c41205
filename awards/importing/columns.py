"""The columns of a sheet of earlier honours, and the workbook to fill in."""

from awards.eligibility import facts
from awards.models import Award
from organization.importing import Column, write_template

KINDS = {"individual": "cá nhân", "collective": "tập thể"}
TEMPLATE = (
    Column("kind", "Loại", required=True, max_length=20, note="Cá nhân hoặc Tập thể.", width=12),
    Column(
        "code",
        "Mã cán bộ / Mã đơn vị",
        max_length=40,
        note="Nên ghi; bắt buộc khi nhiều người, đơn vị cùng tên.",
        also=("Mã cán bộ/Mã đơn vị", "Mã"),
    ),
    Column(
        "name",
        "Họ và tên / Tên tập thể",
        note="Tên khi được khen. Để trống khi đã ghi mã: cổng lấy tên theo ngày quyết định.",
        width=34,
        also=("Họ và tên/Tên tập thể", "Họ tên", "Tên"),
    ),
    Column("post", "Chức vụ", max_length=150, note="Chức vụ khi được khen, chỉ với cá nhân.", width=20),
    Column("unit", "Đơn vị", note="Đơn vị khi được khen, chỉ với cá nhân.", width=30),
    Column(
        "award",
        "Danh hiệu/hình thức",
        required=True,
        note="Tên hoặc mã trong danh mục của cổng.",
        width=40,
        also=(
            "Danh hiệu / hình thức",
            "Danh hiệu, hình thức",
            "Danh hiệu",
            "Hình thức khen thưởng",
            "Danh hiệu, hình thức khen thưởng",
        ),
    ),
    Column("year", "Năm", kind="number", required=True, note="Năm thành tích được khen.", width=8),
    Column(
        "occasion",
        "Loại khen thưởng",
        max_length=40,
        note="Công trạng, Chuyên đề, Đột xuất hoặc Quá trình cống hiến. Để trống: công trạng.",
    ),
    Column("number", "Số quyết định", required=True, max_length=60, note="Ví dụ 125/QĐ-SNV."),
    Column("decided_on", "Ngày quyết định", kind="date", required=True, note="Ngày/tháng/năm."),
    Column(
        "decided_by",
        "Cơ quan quyết định",
        note="Để trống: theo thẩm quyền trong danh mục.",
        width=30,
        also=("Cơ quan, người quyết định", "Người quyết định"),
    ),
    Column("merit", "Thành tích", max_length=2000, width=50),
)
# Sheets that keep people and units in columns of their own.
COLUMNS = (
    *TEMPLATE,
    Column("person_code", "Mã cán bộ", max_length=40),
    Column("unit_code", "Mã đơn vị", max_length=40),
    Column("person_name", "Họ và tên"),
    Column("unit_name", "Tên tập thể", also=("Tên đơn vị",)),
)
LABELS = {column.key: column.label for column in COLUMNS}
RULES = (
    "Mỗi khen thưởng một dòng. Dòng đã có trong Sổ (cùng người, danh hiệu, năm, số quyết định) không bị nhân đôi.",
    "Danh hiệu, hình thức ghi theo tên hoặc mã của danh mục, có hay không có dấu ngoặc kép đều được.",
)


def history_template() -> bytes:
    names = list(dict.fromkeys(Award.objects.values_list("name", flat=True)))
    choices = {
        "kind": [name.capitalize() for name in KINDS.values()],
        "award": names,
        "occasion": [name.capitalize() for name in facts.OCCASIONS.values()],
    }
    return write_template(TEMPLATE, choices, RULES)
