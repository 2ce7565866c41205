"""The roles of the portal in words: what each may do, shown on the account page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """``of_unit``: held in one unit. ``kind``: the kind of unit whose people hold it because they work there; it ends
    when they leave for another kind. Who was given it while working elsewhere holds it apart from his posting."""

    code: str
    name: str
    description: str
    of_unit: bool = False
    kind: str = ""


HEAD = "head"
DEPUTY = "deputy"
OFFICE = "office"
APPRAISER = "appraiser"
COUNCIL = "council"
INSPECTOR = "inspector"
TECHNICIAN = "technician"

ROLES: dict[str, Role] = {
    role.code: role
    for role in [
        Role(
            HEAD,
            "Thủ trưởng đơn vị",
            "Xác nhận thành tích, duyệt phiếu chấm điểm và đăng ký của đơn vị mình.",
            True,
        ),
        Role(DEPUTY, "Cấp phó", "Xem hồ sơ của đơn vị; chỉ duyệt khi có giấy ủy quyền còn hiệu lực.", True),
        Role(
            OFFICE,
            "Văn phòng Sở",
            "Mở phong trào, thẩm định, công bố kết quả và lập danh sách khen thưởng.",
            kind="van-phong",
        ),
        Role(
            APPRAISER,
            "Người thẩm định",
            "Thẩm định phiếu chấm điểm của các đơn vị khác.",
            kind="van-phong",
        ),
        Role(COUNCIL, "Thành viên Hội đồng TĐKT", "Đọc hồ sơ đã thẩm định của toàn Sở."),
        Role(
            INSPECTOR,
            "Thanh tra",
            "Đọc mọi hồ sơ; chỉ ghi việc chuyển cấp trên giải quyết đơn.",
            kind="thanh-tra",
        ),
        Role(
            TECHNICIAN,
            "Quản trị kỹ thuật",
            "Quản lý tài khoản và danh mục; không có quyền gì trong hồ sơ thi đua.",
        ),
    ]
}
CHOICES = [(role.code, role.name) for role in ROLES.values()]
