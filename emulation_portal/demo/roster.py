"""Who works in the demo office. Made-up people; the same at every run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from core.vietnamese import fold
from organization import roles

FAMILY_NAMES = [
    *["Nguyễn"] * 12,
    *["Trần"] * 5,
    *["Lê"] * 5,
    *["Phạm"] * 3,
    *["Hoàng"] * 2,
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Đoàn",
    "Trịnh",
    "Mai",
    "Cao",
    "Tạ",
    "Lương",
    "Hà",
]
MALE = [
    ("Văn", "An"),
    ("Văn", "Ân"),
    ("Quốc", "Bảo"),
    ("Thanh", "Bình"),
    ("Minh", "Châu"),
    ("Mạnh", "Cường"),
    ("Tiến", "Dũng"),
    ("Quang", "Duy"),
    ("Thành", "Đạt"),
    ("Minh", "Đức"),
    ("Trường", "Giang"),
    ("Hoàng", "Hải"),
    ("Trung", "Hiếu"),
    ("Xuân", "Hòa"),
    ("Việt", "Hùng"),
    ("Gia", "Huy"),
    ("Đăng", "Khoa"),
    ("Trung", "Kiên"),
    ("Bảo", "Lâm"),
    ("Hữu", "Lộc"),
    ("Hải", "Long"),
    ("Quang", "Minh"),
    ("Hoài", "Nam"),
    ("Trọng", "Nghĩa"),
    ("Đình", "Phong"),
    ("Hồng", "Phúc"),
    ("Anh", "Quân"),
    ("Nhật", "Quang"),
    ("Ngọc", "Sơn"),
    ("Đức", "Tài"),
    ("Chí", "Thanh"),
    ("Công", "Thành"),
    ("Hữu", "Thắng"),
    ("Quốc", "Toản"),
    ("Anh", "Tuấn"),
    ("Thanh", "Tùng"),
    ("Quốc", "Việt"),
    ("Thế", "Vinh"),
]
FEMALE = [
    ("Thị Hoài", "An"),
    ("Thị Lan", "Anh"),
    ("Ngọc", "Ánh"),
    ("Thị Ngọc", "Bích"),
    ("Thị Minh", "Châu"),
    ("Thùy", "Dung"),
    ("Thị Thùy", "Dương"),
    ("Hương", "Giang"),
    ("Thị Thu", "Hà"),
    ("Thị Mỹ", "Hạnh"),
    ("Thúy", "Hằng"),
    ("Thị Thu", "Hiền"),
    ("Thị Thanh", "Hoa"),
    ("Thị Thu", "Huyền"),
    ("Thị Lan", "Hương"),
    ("Thị", "Kiều"),
    ("Thị Ngọc", "Lan"),
    ("Thị Bích", "Liên"),
    ("Thùy", "Linh"),
    ("Thị Khánh", "Ly"),
    ("Thị Tuyết", "Mai"),
    ("Hồng", "Ngân"),
    ("Thị Bích", "Ngọc"),
    ("Thị Hồng", "Nhung"),
    ("Thị Kim", "Oanh"),
    ("Thị Mai", "Phương"),
    ("Thị Như", "Quỳnh"),
    ("Thị Minh", "Tâm"),
    ("Thị Phương", "Thảo"),
    ("Thị Kim", "Thoa"),
    ("Thị Thanh", "Thủy"),
    ("Thị Minh", "Thư"),
    ("Thị Huyền", "Trang"),
    ("Thị Cẩm", "Tú"),
    ("Thị Ánh", "Tuyết"),
    ("Thị Tố", "Uyên"),
    ("Thị Hồng", "Vân"),
    ("Thị Hải", "Yến"),
]


@dataclass(frozen=True)
class UnitPlan:
    """One unit: its posts from the top, and the roles its first people hold."""

    code: str
    name: str
    short_name: str
    kind: str
    posts: tuple[str, ...]
    employment: str = "cong-chuc"
    is_collective: bool = True


STAFF = ("chuyen-vien-chinh", "chuyen-vien-chinh", "chuyen-vien", "chuyen-vien", "chuyen-vien", "chuyen-vien")
UNITS = [
    UnitPlan(
        "bgd",
        "Ban Giám đốc",
        "Ban Giám đốc",
        "lanh-dao",
        ("giam-doc", "pho-giam-doc", "pho-giam-doc", "pho-giam-doc"),
        is_collective=False,
    ),
    UnitPlan(
        "vp",
        "Văn phòng Sở",
        "Văn phòng",
        "van-phong",
        (
            "chanh-van-phong",
            "pho-chanh-van-phong",
            *STAFF,
            "chuyen-vien",
            "ke-toan-vien",
            "van-thu-vien",
            "nhan-vien",
            "lai-xe",
            "lai-xe",
        ),
    ),
    UnitPlan(
        "ttra",
        "Thanh tra Sở",
        "Thanh tra",
        "thanh-tra",
        (
            "chanh-thanh-tra",
            "pho-chanh-thanh-tra",
            "thanh-tra-vien-chinh",
            "thanh-tra-vien",
            "thanh-tra-vien",
            "chuyen-vien",
        ),
    ),
    UnitPlan(
        "tccb",
        "Phòng Tổ chức, biên chế và Cán bộ",
        "Phòng TCBC&CB",
        "phong",
        ("truong-phong", "pho-truong-phong", "pho-truong-phong", *STAFF),
    ),
    UnitPlan(
        "ccvc",
        "Phòng Công chức, viên chức",
        "Phòng CCVC",
        "phong",
        ("truong-phong", "pho-truong-phong", *STAFF),
    ),
    UnitPlan(
        "xdcq",
        "Phòng Xây dựng chính quyền và Công tác thanh niên",
        "Phòng XDCQ",
        "phong",
        ("truong-phong", "pho-truong-phong", "pho-truong-phong", *STAFF),
    ),
    UnitPlan(
        "cchc",
        "Phòng Cải cách hành chính",
        "Phòng CCHC",
        "phong",
        ("truong-phong", "pho-truong-phong", *STAFF),
    ),
    UnitPlan(
        "tdkt",
        "Phòng Thi đua - Khen thưởng",
        "Phòng TĐKT",
        "phong",
        ("truong-phong", "pho-truong-phong", *STAFF),
    ),
    UnitPlan(
        "tg", "Phòng Tôn giáo", "Phòng Tôn giáo", "phong", ("truong-phong", "pho-truong-phong", *STAFF[1:])
    ),
    UnitPlan(
        "ttlt",
        "Trung tâm Lưu trữ lịch sử",
        "TT Lưu trữ",
        "don-vi-truc-thuoc",
        (
            "giam-doc-trung-tam",
            "pho-giam-doc-trung-tam",
            "luu-tru-vien-chinh",
            *["luu-tru-vien"] * 5,
            "ke-toan-vien",
            "nhan-vien",
        ),
        employment="vien-chuc",
    ),
    UnitPlan(
        "ttdv",
        "Trung tâm Dịch vụ việc làm",
        "TT Việc làm",
        "don-vi-truc-thuoc",
        ("giam-doc-trung-tam", "pho-giam-doc-trung-tam", *["chuyen-vien"] * 5, "ke-toan-vien", "nhan-vien"),
        employment="vien-chuc",
    ),
]

# The seven demo logins: user name → (unit, place in the unit's list, roles beyond those of the post).
LOGINS = {
    "giamdoc": ("bgd", 0, (roles.COUNCIL,)),
    "vanphong": ("vp", 2, (roles.OFFICE,)),
    "quantri": ("vp", 8, (roles.TECHNICIAN,)),
    "thanhtra": ("ttra", 2, (roles.INSPECTOR,)),
    "uyvien": ("tdkt", 0, (roles.COUNCIL, roles.APPRAISER)),
    "truongphong": ("cchc", 0, ()),
    "chuyenvien": ("cchc", 4, ()),
}
# Who holds a role without being one of the demo logins: nobody of the Office acts in his own matter, so there are two,
# and the council has seven members.
BESIDE = {
    ("vp", 1): (roles.OFFICE, roles.COUNCIL),
    ("bgd", 1): (roles.COUNCIL,),
    ("vp", 0): (roles.COUNCIL,),
    ("ttra", 0): (roles.COUNCIL,),
    ("tccb", 0): (roles.COUNCIL,),
}
LABOURERS = {"nhan-vien", "lai-xe"}
WITHOUT_ACCOUNT = LABOURERS
HEADS = {"giam-doc", "chanh-van-phong", "chanh-thanh-tra", "truong-phong", "giam-doc-trung-tam"}


@dataclass(frozen=True)
class PersonPlan:
    """One person of the demo office; ``username`` is empty for people without an account."""

    code: str
    full_name: str
    gender: str
    unit: str
    post: str
    employment: str
    born_on: date
    joined_on: date
    username: str
    roles: tuple[str, ...]
    is_head: bool


def people() -> Iterator[PersonPlan]:
    """The whole roster, in the order of units and posts."""
    chance = Random(412)  # noqa: S311 - a fixed roster, not a secret
    fixed = {(unit, place): (name, held) for name, (unit, place, held) in LOGINS.items()}
    names: set[str] = set()
    usernames = set(LOGINS)
    number = 0
    for unit in UNITS:
        for place, post in enumerate(unit.posts):
            number += 1
            gender, full_name = _name(chance, names)
            username, held = fixed.get((unit.code, place), ("", BESIDE.get((unit.code, place), ())))
            if not username and post not in WITHOUT_ACCOUNT:
                username = _username(full_name, usernames)
            born_on = date(1966 + chance.randrange(32), 1, 1) + timedelta(days=chance.randrange(365))
            joined_on = date(max(born_on.year + 23, 1995) + chance.randrange(4), 1 + chance.randrange(12), 1)
            yield PersonPlan(
                code=f"SNV{number:03d}",
                full_name=full_name,
                gender=gender,
                unit=unit.code,
                post=post,
                employment="nguoi-lao-dong" if post in LABOURERS else unit.employment,
                born_on=born_on,
                joined_on=min(joined_on, date(2021, 9, 1)),
                username=username,
                roles=held,
                is_head=post in HEADS and place == 0,
            )


def _name(chance: Random, taken: set[str]) -> tuple[str, str]:
    while True:
        gender = chance.choice(["nam", "nu"])
        middle, given = chance.choice(MALE if gender == "nam" else FEMALE)
        full_name = f"{chance.choice(FAMILY_NAMES)} {middle} {given}"
        if full_name not in taken:
            taken.add(full_name)
            return gender, full_name


def _username(full_name: str, taken: set[str]) -> str:
    """Given name and initials, as offices make them: Nguyễn Văn An → an.nv."""
    *rest, given = fold(full_name).split()
    base = f"{given}.{''.join(word[0] for word in rest)}"
    username, number = base, 1
    while username in taken:
        number += 1
        username = f"{base}{number}"
    taken.add(username)
    return username
