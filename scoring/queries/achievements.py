"""Questions about achievements: what is missing, what reopens, where one is now, what counts for a sheet, who waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Q,
    QuerySet,
)

from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion, Stage
from campaigns.queries import last_day_for
from core import clock
from core.prepared import Prepared, Slot, prefetched
from core.vietnamese import format_date, format_decimal
from organization.models import AskedBy, Person, Unit, User
from organization.queries import approving_unit, heads_of, standing
from scoring.models import Achievement, AchievementEvidence, CoAuthor, Flag, Scorecard
from scoring.rules.achievements import writers_of

State = Achievement.State
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Point:
    """A part of an achievement that a head can send back by itself, the fields it covers and where it is edited."""

    code: str
    label: str
    fields: tuple[str, ...]
    anchor: str


POINTS = {
    point.code: point
    for point in [
        Point("title", "Tên thành tích", ("title",), "id_title"),
        Point("criterion", "Tiêu chí", ("criterion",), "id_criterion"),
        Point("happened_on", "Ngày hoàn thành", ("happened_on",), "id_happened_on"),
        Point("quantity", "Số lượng", ("quantity", "measure"), "id_quantity"),
        Point("role", "Vai trò", ("role",), "id_role"),
        Point("result", "Kết quả đạt được", ("result",), "id_result"),
        Point("co_authors", "Đồng tác giả", (), "dong-tac-gia"),
        Point("evidence", "Tài liệu kiểm chứng", (), "tai-lieu"),
    ]
}


@dataclass(frozen=True)
class Problem:
    """Why an achievement cannot be submitted yet; ``point`` names the part to correct, if there is one."""

    sentence: str
    point: Point | None = None


WHOLE_ONE = Prepared(
    lambda: Achievement.objects.filter(pk=Slot("pk")).select_related(
        "unit", "person", "criterion", "campaign_year__campaign"
    )
)


CO_AUTHORS = Prepared(
    lambda: CoAuthor.objects.filter(achievement=Slot("achievement")).select_related("person").order_by("pk")
)
FLAGS = Prepared(lambda: Flag.objects.filter(achievement=Slot("achievement")))
PROOFS = Prepared(
    lambda: (
        AchievementEvidence.objects.filter(achievement=Slot("achievement"))
        .select_related("document__file")
        .order_by("pk")
    )
)
SEEN_ONE = AskedBy(
    lambda user: Achievement.objects.filter(pk=Slot("pk")).among_visible_to(user).values_list("pk")
)


def visible_achievement(user: Any, pk: int) -> Achievement | None:
    """The achievement with everything its pages name, its co-authors and flagged points, if this user may see it."""
    found: Achievement | None = next(iter(WHOLE_ONE.rows(pk=pk) if SEEN_ONE.ask(user, pk=pk) else []), None)
    if found:
        prefetched(found, "co_authors", CO_AUTHORS.rows(achievement=pk))
        prefetched(found, "flags", FLAGS.rows(achievement=pk))
    return found


def proofs_of(achievement: Achievement) -> list[AchievementEvidence]:
    """The links to its documents, with their files."""
    return PROOFS.rows(achievement=achievement.pk)


def open_points(achievement: Achievement) -> set[str]:
    """What its author may change now: everything in a draft, the flagged points of a returned one.

    A criterion that a new version of the criteria has dropped must be chosen again.
    """
    if achievement.state == State.DRAFT:
        return set(POINTS)
    if achievement.state == State.RETURNED:
        flagged = {flag.point for flag in achievement.flags.all()}
        return flagged if still_asked(achievement) else flagged | {"criterion"}
    return set()


def still_asked(achievement: Achievement) -> bool:
    """Whether the criteria of the year in use have its criterion, in this version or an earlier one."""
    criterion = achievement.criterion
    if criterion is None or criterion.criteria_set.campaign_year_id != achievement.campaign_year_id:
        return False
    if criterion.criteria_set.state == CriteriaSet.State.IN_USE:
        return True
    leaves = criteria_for(achievement.campaign_year, achievement.recipient)
    return criterion.lineage is not None and leaves.filter(lineage=criterion.lineage).exists()


def closed_year(achievement: Achievement) -> list[str]:
    """Why nothing about it changes any more, if its year is closed."""
    year = achievement.campaign_year
    if year.state != CampaignYear.State.CLOSED:
        return []
    return [f"Năm {year.year} đã khóa sổ nên thành tích không thay đổi được nữa."]


def criteria_for(campaign_year: Any, recipient: Any) -> QuerySet[Criterion]:
    """The leaves of the year's set in use that score this recipient, in the order of the tree."""
    return (
        Criterion.objects.filter(
            criteria_set__campaign_year=campaign_year,
            criteria_set__state=CriteriaSet.State.IN_USE,
            is_leaf=True,
            applies_to__in=[recipient, "both"],
        )
        .select_related("parent")
        .order_by("position")
    )


def _offered() -> QuerySet[Criterion]:
    leaves = criteria_for(Slot("year"), Slot("recipient", CharField()))
    return leaves.only("code", "name", "lineage", "parent__code", "parent__name")


OFFERED = Prepared(_offered)


def offered_criteria(achievement: Achievement) -> list[Criterion]:
    """The same leaves as names to choose from, each with the content above it."""
    return OFFERED.rows(year=achievement.campaign_year_id, recipient=achievement.recipient)


def last_day(campaign_year: CampaignYear) -> date:
    return date(campaign_year.year, 12, 31)


def own_share(achievement: Achievement) -> Decimal:
    """What is left for the reporter when all co-authors have theirs."""
    return WHOLE - sum((one.share for one in achievement.co_authors.all()), Decimal(0))


def deciding_unit(achievement: Achievement) -> Unit | None:
    """The unit whose head decides: none of its people may have a part in the achievement."""
    writers = Person.objects.filter(user__in=writers_of(achievement)).values_list("pk", flat=True)
    excluding = {achievement.person_id, *writers, *(one.person_id for one in achievement.co_authors.all())}
    return approving_unit(achievement.unit, excluding=excluding)


def problems_of(achievement: Achievement, today: date | None = None) -> list[Problem]:
    """Everything that stands between the achievement and its submission, in the order of the form."""
    today = today or clock.today()
    return [
        *_problems_of_calendar(achievement, today),
        *_problems_of_facts(achievement, today),
        *_problems_of_co_authors(achievement),
        *_problems_of_evidence(achievement),
        *_problems_of_flags(achievement),
        *_problems_of_decider(achievement),
    ]


def withdrawal_problems(achievement: Achievement, today: date | None = None) -> list[str]:
    """After the deadline a withdrawn achievement could not be submitted again."""
    due = last_day_for(achievement.campaign_year, Stage.ACHIEVEMENTS, achievement.unit_id)
    if due and (today or clock.today()) > due:
        return [
            f"Đã hết hạn nộp thành tích ({format_date(due)}): nếu rút lại, bạn không nộp lại được. "
            "Cần sửa thì đề nghị thủ trưởng trả lại."
        ]
    return []


def _problems_of_calendar(achievement: Achievement, today: date) -> Iterable[Problem]:
    year = achievement.campaign_year
    if year.state != CampaignYear.State.OPEN or year.campaign.state != Campaign.State.LAUNCHED:
        yield Problem(f"{year} hiện không nhận thành tích ({year.get_state_display().lower()}).")
    due = last_day_for(year, Stage.ACHIEVEMENTS, achievement.unit_id)
    # A returned one may come back at any time: its author was in time once.
    if due and today > due and achievement.state == State.DRAFT:
        yield Problem(
            f"Hạn nộp thành tích năm {year.year} là hết ngày {format_date(due)}, nay đã qua. "
            "Nếu có lý do chính đáng, hãy liên hệ Văn phòng Sở để được gia hạn."
        )


def _problems_of_facts(achievement: Achievement, today: date) -> Iterable[Problem]:
    year, day = achievement.campaign_year, achievement.happened_on
    if not achievement.title:
        yield Problem("Ghi tên thành tích.", POINTS["title"])
    yield from _problems_of_criterion(achievement)
    if day is None:
        yield Problem("Ghi ngày hoàn thành.", POINTS["happened_on"])
    elif day.year != year.year:
        yield Problem(
            f"Ngày hoàn thành {format_date(day)} không thuộc năm {year.year}. Ghi ngày từ 01/01 đến 31/12/{year.year}.",
            POINTS["happened_on"],
        )
    elif day > today:
        yield Problem(f"Ngày hoàn thành {format_date(day)} chưa đến.", POINTS["happened_on"])
    if achievement.quantity is None or achievement.quantity <= 0:
        yield Problem("Ghi số lượng lớn hơn 0, ví dụ 1 hoặc 2,5.", POINTS["quantity"])
    if not achievement.result:
        yield Problem("Ghi kết quả đạt được.", POINTS["result"])


def _problems_of_criterion(achievement: Achievement) -> Iterable[Problem]:
    criterion, point = achievement.criterion, POINTS["criterion"]
    if criterion is None:
        yield Problem("Chọn tiêu chí mà thành tích này chứng minh.", point)
    elif not still_asked(achievement):
        yield Problem("Tiêu chí đã chọn không thuộc bộ tiêu chí đang áp dụng của năm. Hãy chọn lại.", point)
    elif not criterion.scores(achievement.recipient):
        whom = "cá nhân" if achievement.person_id else "tập thể"
        yield Problem(f"Tiêu chí “{criterion}” không chấm cho {whom}. Hãy chọn tiêu chí khác.", point)


def _problems_of_co_authors(achievement: Achievement) -> Iterable[Problem]:
    if achievement.co_authors.all() and own_share(achievement) <= 0:
        taken = format_decimal(WHOLE - own_share(achievement))
        yield Problem(
            f"Các đồng tác giả đã nhận {taken} %, không còn phần cho người báo cáo. Tổng cộng phải là 100 %.",
            POINTS["co_authors"],
        )


def _problems_of_evidence(achievement: Achievement) -> Iterable[Problem]:
    criterion = achievement.criterion
    if criterion and criterion.evidence_required and not achievement.evidence_links.exists():
        yield Problem(
            f"Tiêu chí {criterion.code} bắt buộc có tài liệu kiểm chứng: thêm ít nhất một tài liệu.",
            POINTS["evidence"],
        )


def _problems_of_flags(achievement: Achievement) -> Iterable[Problem]:
    if achievement.state == State.RETURNED:
        for flag in achievement.flags.all():
            if not flag.is_done:
                point = POINTS[flag.point]
                yield Problem(f"“{point.label}” bị trả lại: sửa, hoặc trả lời vì sao giữ nguyên.", point)


def _problems_of_decider(achievement: Achievement) -> Iterable[Problem]:
    if deciding_unit(achievement) is None:
        yield Problem(
            "Chưa xác định được ai xác nhận thành tích này: không có thủ trưởng nào ngoài những người có phần "
            "trong thành tích. Hãy báo Văn phòng Sở."
        )


DECIDED = (Scorecard.State.APPROVED, Scorecard.State.APPRAISED, Scorecard.State.PUBLISHED)


def sheets_behind(achievement: Achievement) -> QuerySet[Scorecard]:
    """The sheets of the year on which it counts once confirmed: its author's, its co-authors', its unit's."""
    people = [achievement.person_id, *(one.person_id for one in achievement.co_authors.all())]
    whose = Q(person__in=[pk for pk in people if pk])
    if not achievement.person_id:
        heir = standing(achievement.unit, last_day(achievement.campaign_year))
        whose |= Q(person__isnull=True, unit__in=[achievement.unit, heir])
    return Scorecard.objects.filter(whose, campaign_year=achievement.campaign_year_id).order_by("pk")


def kept_by_sheets(achievement: Achievement) -> list[str]:
    """Why a confirmed achievement stays as it is: a sheet that counts it was approved, appraised or published."""
    if achievement.state != State.CONFIRMED:
        return []
    sheets = sheets_behind(achievement).filter(state__in=DECIDED).select_related("person")
    return [_kept_by(sheet, achievement.campaign_year.year) for sheet in sheets]


def _kept_by(sheet: Scorecard, year: int) -> str:
    if sheet.state == Scorecard.State.PUBLISHED:
        return (
            f"Kết quả năm {year} của {sheet} đã công bố có tính thành tích này. "
            "Muốn mở lại, Văn phòng Sở phải thu hồi công bố trước."
        )
    done = "đã thẩm định" if sheet.state == Scorecard.State.APPRAISED else "đã được thủ trưởng duyệt"
    return (
        f"Phiếu chấm điểm năm {year} của {sheet} {done} có tính thành tích này. "
        "Muốn mở lại, phải trả lại phiếu đó trước."
    )


@dataclass(frozen=True)
class Whereabouts:
    """Who holds the achievement now and until when."""

    holder: str
    due: date | None


def whereabouts(achievement: Achievement) -> Whereabouts:
    year = achievement.campaign_year
    if achievement.state == State.SUBMITTED and achievement.approving_unit:
        unit = achievement.approving_unit
        names = ", ".join(person.full_name for person in Person.objects.filter(pk__in=heads_of(unit)))
        return Whereabouts(
            f"{unit.short_name} – {names or 'chưa có thủ trưởng'}",
            last_day_for(year, Stage.APPROVAL, achievement.unit_id),
        )
    if achievement.state in (State.DRAFT, State.RETURNED):
        is_draft = achievement.state == State.DRAFT
        due = last_day_for(year, Stage.ACHIEVEMENTS, achievement.unit_id) if is_draft else None
        return Whereabouts(f"{achievement.unit.short_name} – {achievement.prepared_by.display_name}", due)
    return Whereabouts("", None)


def _colleagues() -> QuerySet:
    """Joined, for everybody has one open posting: with a subquery the database reads all people there are."""
    people = Person.objects.filter(postings__unit=Slot("unit"), postings__ended_on__isnull=True)
    names = people.order_by("sort_key").values_list("pk", "family_name", "given_name", "code")
    return names[: MOST_COLLEAGUES + 1]


MOST_COLLEAGUES = 200
COLLEAGUES = Prepared(_colleagues)


def colleagues_of(achievement: Achievement) -> list[str]:
    """Who is offered first as a co-author, as the form reads him back: the people of the same unit."""
    people = [one for one in COLLEAGUES.ask(unit=achievement.unit_id) if one[0] != achievement.person_id]
    return [f"{family} {given} – {code}" for _, family, given, code in people[:MOST_COLLEAGUES]]


def authors_of(achievement: Achievement) -> QuerySet[User]:
    """The accounts of who wrote it and of whom it is about."""
    wanted = Q(pk=achievement.prepared_by_id) | Q(person__isnull=False, person=achievement.person_id)
    return User.objects.filter(wanted, is_active=True).select_related("person")
