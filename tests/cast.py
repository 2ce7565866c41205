"""The fixed cast: a small Sở and the same people in every story. Few queries, because every test builds it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from campaigns.models import (
    EMULATION_STAGES,
    AppliesTo,
    Band,
    Campaign,
    CampaignYear,
    CriteriaSet,
    Criterion,
    Deadline,
    Recipient,
)
from core.vietnamese import fold, name_sort_key, split_name
from organization import roles
from organization.models import Appointment, Person, Post, Posting, Unit, UnitKind, UnitName, User

PASSWORD = "một-câu-dài-khó-đoán-9"  # noqa: S105 - the cast's password
SINCE = date(2015, 1, 5)


@dataclass(frozen=True)
class Character:
    """One of the cast: who, where, in which post, in which roles."""

    full_name: str
    unit: str
    post: str
    roles: tuple[tuple[str, str | None], ...] = ()
    gender: str = "nam"


UNITS = [  # code, name, short name, kind, parent, takes part as a collective
    ("so", "Sở Nội vụ", "Sở Nội vụ", "so", None, False),
    ("bgd", "Ban Giám đốc", "Ban Giám đốc", "lanh-dao", "so", False),
    ("vp", "Văn phòng Sở", "Văn phòng", "van-phong", "so", True),
    ("ttra", "Thanh tra Sở", "Thanh tra", "thanh-tra", "so", True),
    ("cchc", "Phòng Cải cách hành chính", "Phòng CCHC", "phong", "so", True),
    ("tccb", "Phòng Tổ chức cán bộ", "Phòng TCCB", "phong", "so", True),
    ("ttlt", "Trung tâm Lưu trữ lịch sử", "TT Lưu trữ", "don-vi-truc-thuoc", "so", True),
]
POSTS = [  # code, name, order, leader
    ("giam-doc", "Giám đốc", 10, True),
    ("pho-giam-doc", "Phó Giám đốc", 20, True),
    ("truong-phong", "Trưởng phòng", 30, True),
    ("pho-truong-phong", "Phó Trưởng phòng", 40, True),
    ("chuyen-vien", "Chuyên viên", 50, False),
]
CAST = {
    "clerk": Character("Nguyễn Văn An", "cchc", "chuyen-vien"),
    "colleague": Character("Trần Thị Bình", "cchc", "chuyen-vien", gender="nu"),
    "head": Character("Lê Minh Châu", "cchc", "truong-phong", ((roles.HEAD, "cchc"),), "nu"),
    "deputy": Character("Phạm Quốc Duy", "cchc", "pho-truong-phong", ((roles.DEPUTY, "cchc"),)),
    "office": Character("Đỗ Thị Hà", "vp", "chuyen-vien", ((roles.OFFICE, None),), "nu"),
    "office_head": Character("Lý Thanh Hải", "vp", "truong-phong", ((roles.HEAD, "vp"),)),
    "director": Character("Hoàng Đức Long", "bgd", "giam-doc", ((roles.HEAD, "so"),)),
    "council_member": Character(
        "Vũ Thị Mai", "tccb", "truong-phong", ((roles.HEAD, "tccb"), (roles.COUNCIL, None)), "nu"
    ),
    "inspector": Character("Bùi Quang Minh", "ttra", "chuyen-vien", ((roles.INSPECTOR, None),)),
    "technician": Character("Ngô Văn Quân", "vp", "chuyen-vien", ((roles.TECHNICIAN, None),)),
    "appraiser": Character("Phan Thị Thu", "tccb", "chuyen-vien", ((roles.APPRAISER, None),), "nu"),
    "stranger": Character("Đặng Văn Tùng", "ttlt", "chuyen-vien"),
    "stranger_head": Character("Hồ Thị Yến", "ttlt", "truong-phong", ((roles.HEAD, "ttlt"),), "nu"),
}


@cache
def password_hash() -> str:
    return make_password(PASSWORD)


def build_cast() -> dict[str, User]:
    """Create units, posts, people, accounts and roles; the users by their part in the story."""
    units = build_units()
    posts = {
        post.code: post
        for post in Post.objects.bulk_create(
            [Post(code=code, name=name, order=order, is_leader=leader) for code, name, order, leader in POSTS]
        )
    }
    users = User.objects.bulk_create(
        [
            User(username=part, email=f"{part.replace('_', '.')}@snv.example", password=password_hash())
            for part in CAST
        ]
    )
    people = Person.objects.bulk_create(
        [
            _person(number, part, character, user)
            for number, ((part, character), user) in enumerate(zip(CAST.items(), users, strict=True), start=1)
        ]
    )
    Posting.objects.bulk_create(
        [
            Posting(person=person, unit=units[character.unit], post=posts[character.post], started_on=SINCE)
            for person, character in zip(people, CAST.values(), strict=True)
        ]
    )
    Appointment.objects.bulk_create(
        [
            Appointment(person=person, role=role, unit=units[unit] if unit else None, started_on=SINCE)
            for person, character in zip(people, CAST.values(), strict=True)
            for role, unit in character.roles
        ]
    )
    return {part: fresh(user) for part, user in zip(CAST, users, strict=True)}


def build_units() -> dict[str, Unit]:
    kinds = {
        kind.code: kind
        for kind in UnitKind.objects.bulk_create(
            [
                UnitKind(code=code, name=code, order=order)
                for order, code in enumerate(dict.fromkeys(u[3] for u in UNITS))
            ]
        )
    }
    units: dict[str, Unit] = {}
    for order, (code, name, short_name, kind, parent, collective) in enumerate(UNITS):
        units[code] = Unit.objects.create(
            code=code,
            name=name,
            short_name=short_name,
            kind=kinds[kind],
            parent=units.get(parent or ""),
            order=order,
            path=f"so/{code}/" if parent else "so/",
            is_collective=collective,
            opened_on=SINCE,
            search_key=fold(f"{code} {name}"),
        )
    UnitName.objects.bulk_create(
        [
            UnitName(unit=unit, name=unit.name, short_name=unit.short_name, started_on=SINCE)
            for unit in units.values()
        ]
    )
    return units


def _person(number: int, part: str, character: Character, user: User) -> Person:
    family, given = split_name(character.full_name)
    code = f"CB{number:03d}"
    return Person(
        code=code,
        family_name=family,
        given_name=given,
        gender=character.gender,
        email=user.email,
        user=user,
        employment="cong-chuc",
        joined_on=SINCE,
        sort_key=name_sort_key(character.full_name),
        search_key=fold(f"{code} {character.full_name} {user.email}"),
    )


def fresh(user: User) -> User:
    """The user as the next request would read him: nothing cached about his roles."""
    return User.objects.select_related("person").get(pk=user.pk)


def build_campaign_year(*, year: int = 2025) -> CampaignYear:
    """A launched campaign with an open year, running deadlines, bands and a small criteria set in use."""
    campaign = Campaign.objects.create(
        code=f"kh-412-{year}",
        name="Đẩy mạnh cải cách hành chính của Sở Nội vụ",
        short_name="Đẩy mạnh CCHC",
        starts_on=date(2022, 3, 9),
        ends_on=date(2025, 12, 31),
        objective="Nâng cao chất lượng phục vụ.",
        subject="Tập thể, cá nhân của Sở.",
        scope="Toàn Sở",
        content="Sáu nội dung.",
        measures="Thường xuyên.",
        state=Campaign.State.LAUNCHED,
    )
    campaign_year = CampaignYear.objects.create(campaign=campaign, year=year, state=CampaignYear.State.OPEN)
    due = timezone.localdate() + timedelta(days=30)
    Deadline.objects.bulk_create(
        [Deadline(campaign_year=campaign_year, stage=stage, due_on=due) for stage in EMULATION_STAGES]
    )
    Band.objects.bulk_create(
        [
            Band(
                campaign_year=campaign_year,
                recipient=recipient,
                name=name,
                lower_bound=Decimal(bound),
                colour=colour,
            )
            for recipient in Recipient.values
            for name, bound, colour in [
                ("Xuất sắc", 90, "green"),
                ("Tốt", 80, "teal"),
                ("Khá", 70, "blue"),
                ("Trung bình", 50, "yellow"),
                ("Yếu", 0, "red"),
            ]
        ]
    )
    build_criteria(campaign_year)
    return campaign_year


def build_criteria(campaign_year: CampaignYear) -> CriteriaSet:
    """Two contents, five leaves; collectives and individuals can reach 50 points each."""
    criteria_set = CriteriaSet.objects.create(
        campaign_year=campaign_year,
        title=f"Bộ tiêu chí năm {campaign_year.year}",
        state=CriteriaSet.State.IN_USE,
        declared_max_collective=Decimal(50),
        declared_max_individual=Decimal(50),
    )
    rows = [  # code, name, parent, max, applies to, method, params, evidence required
        ("1", "Sáng kiến, giải pháp", None, 0, AppliesTo.BOTH, "", {}, False),
        (
            "1.1",
            "Chất lượng tham mưu",
            "1",
            10,
            AppliesTo.BOTH,
            "typed",
            {"min": "0", "max": "10", "step": "0.25"},
            False,
        ),
        (
            "1.2",
            "Sáng kiến được công nhận",
            "1",
            10,
            AppliesTo.BOTH,
            "count_capped",
            {"points_each": "5", "max": "10", "measure": "sáng kiến", "from_achievements": True},
            True,
        ),
        ("2", "Nhiệm vụ cải cách hành chính", None, 0, AppliesTo.BOTH, "", {}, False),
        (
            "2.1",
            "Hồ sơ giải quyết đúng hạn",
            "2",
            20,
            AppliesTo.COLLECTIVE,
            "proportional",
            {"max": "20", "numerator": "hồ sơ đúng hạn", "denominator": "hồ sơ đã giải quyết"},
            False,
        ),
        (
            "2.2",
            "Hoàn thành nhiệm vụ được giao",
            "2",
            20,
            AppliesTo.INDIVIDUAL,
            "all_or_nothing",
            {"max": "20"},
            False,
        ),
        (
            "2.3",
            "Ban hành kế hoạch",
            "2",
            10,
            AppliesTo.BOTH,
            "tiered_choice",
            {
                "choices": [
                    {"label": "Kịp thời", "points": "10"},
                    {"label": "Chậm", "points": "5"},
                    {"label": "Không ban hành", "points": "0"},
                ]
            },
            False,
        ),
    ]
    made: dict[str, Criterion] = {}
    for position, (code, name, parent, points, applies_to, method, params, required) in enumerate(
        rows, start=1
    ):
        made[code] = Criterion.objects.create(
            criteria_set=criteria_set,
            parent=made.get(parent or ""),
            position=position,
            level=2 if parent else 1,
            code=code,
            name=name,
            is_leaf=bool(parent),
            max_score=Decimal(points),
            applies_to=applies_to,
            method=method,
            params=params,
            evidence_required=required,
        )
    return criteria_set
