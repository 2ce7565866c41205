"""A form that is only read back: what a person typed, without the names of fields."""

FIELD_NAMES_LEFT_OUT = {"version", "next"}
# What people type, by the field's name; other fields are shown only when they hold a sentence.
FIELD_LABELS = {
    "title": "Tên, trích yếu",
    "happened_on": "Ngày hoàn thành",
    "quantity": "Số lượng",
    "measure": "Đơn vị tính",
    "result": "Kết quả đạt được",
    "pledge": "Nội dung giao ước",
    "comment": "Ý kiến, lý do",
    "reason": "Lý do",
    "note": "Ghi chú",
    "basis": "Căn cứ",
    "name": "Tên",
    "full_name": "Họ và tên",
    "short_name": "Tên ngắn",
    "number": "Số, ký hiệu",
    "person": "Đồng tác giả",
    "share": "Tỷ lệ (%)",
}


def readable(fields: list[list[str]]) -> list[tuple[str, str]]:
    """What a person typed among the fields, with the words of the page."""
    return [
        (FIELD_LABELS.get(_plain(name), "Nội dung"), value)
        for name, value in fields
        if value and name not in FIELD_NAMES_LEFT_OUT and (_plain(name) in FIELD_LABELS or " " in value)
    ]


def _plain(name: str) -> str:
    """The name of a field without the number of its row: ``co-0-share`` is a share."""
    return name.rpartition("-")[2]
