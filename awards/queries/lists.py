"""Questions about award lists: what is published, which conditions hold, the rows, what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.urls import reverse

from awards import calculations
from awards.eligibility import results
from awards.models import Award, AwardEntry, AwardList, Condition, PaperHead
from awards.queries.holds import marked
from campaigns.models import Campaign, CampaignYear, Deadline, Stage
from core import clock
from core.agenda import Task
from core.prepared import Prepared
from core.vietnamese import fold, format_decimal
from organization import roles
from organization.models import Post, Unit
from scoring.models import Publication, Result

DOTS = "…………"


# --- published results --------------------------------------------------------------------------------
def publications_in_force(campaign_year: CampaignYear) -> QuerySet[Publication]:
    return Publication.objects.in_force().filter(campaign_year=campaign_year)


def published_results(publication_ids: Iterable[int]) -> QuerySet[Result]:
    """The rows of these publications with what is shown of them; a withdrawn publication keeps its rows."""
    rows = Result.objects.filter(publication__in=list(publication_ids)).defer(
        "frozen"
    )  # heavy, not of this floor
    return rows.select_related("publication", "scorecard__person", "scorecard__unit")


def row_of(result: Result) -> results.Row:
    return results.Row(result.scorecard.recipient, result.index, result.band, result.rank)


def missing(award_list: AwardList) -> QuerySet[Result]:
    """The results the list was computed from that are not on it: they meet no condition."""
    return (
        published_results(award_list.basis.get("publications", []))
        .exclude(scorecard__in=award_list.entries.values("scorecard"))
        .order_by("publication__recipient", "rank", "scorecard__sort_key", "pk")
    )


def candidates(award_list: AwardList, words: str) -> QuerySet[Result]:
    """Results that may be added: not on the list, found by name without diacritics."""
    rows = missing(award_list)
    for word in fold(words).split():
        rows = rows.filter(scorecard__search_key__contains=word)
    return rows


# --- conditions ---------------------------------------------------------------------------------------
def choosable_awards(campaign: Campaign) -> QuerySet[Award]:
    """What the campaign's list may propose."""
    return Award.objects.for_list_of(campaign).select_related("legal_document")


def conditions_by_award(campaign_year: CampaignYear) -> dict[int, Condition]:
    """One condition per award: the one of the year goes before the one of the whole campaign."""
    rows = (
        Condition.objects.filter(campaign=campaign_year.campaign_id)
        .filter(Q(year=campaign_year.year) | Q(year__isnull=True))
        .select_related("award", "award__legal_document")
        .order_by("award__order", F("year").asc(nulls_first=True), "pk")
    )
    return {row.award_id: row for row in rows}


def conditions_in_force(campaign_year: CampaignYear) -> list[Condition]:
    return [row for row in conditions_by_award(campaign_year).values() if row.is_used]


def conditions_token(campaign_year: CampaignYear) -> str:
    """Changes whenever a condition changes: a form filled from older ones is told."""
    rows = [
        (
            row.pk,
            row.bands,
            row.minimum_score,
            row.maximum_rank,
            row.basis,
            row.note,
            row.is_confirmed,
            row.is_used,
        )
        for row in conditions_by_award(campaign_year).values()
    ]
    return sha256(repr(rows).encode()).hexdigest()[:16]


def condition_text(condition: Condition) -> str:
    """The condition as one sentence."""
    if not condition.is_used:
        return "không xét"
    asked = judged(condition)
    parts = [f"xếp loại {' hoặc '.join(asked.bands)}"] if asked.bands else []
    if asked.minimum_score is not None:
        parts.append(f"từ {results.number(asked.minimum_score)} điểm")
    if asked.maximum_rank is not None:
        parts.append(f"trong {asked.maximum_rank} thứ hạng đầu")
    return ", ".join(parts) or "không đặt điều kiện"


def judged(condition: Condition) -> results.Condition:
    return results.Condition(
        award=condition.award.code,
        name=condition.award.name,
        recipient=condition.award.recipient,
        bands=tuple(condition.bands),
        minimum_score=condition.minimum_score,
        maximum_rank=condition.maximum_rank,
        order=condition.award.order,
    )


def frozen(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """The conditions as the list keeps them: what it was computed from stays readable for ever."""
    return [
        {
            "award": row.award.code,
            "name": row.award.name,
            "recipient": row.award.recipient,
            "bands": list(row.bands),
            "minimum_score": None if row.minimum_score is None else f"{row.minimum_score.normalize():f}",
            "maximum_rank": row.maximum_rank,
            "order": row.award.order,
            "basis": row.basis,
            "is_confirmed": row.is_confirmed,
            "text": condition_text(row),
        }
        for row in conditions
    ]


def pinned_conditions(award_list: AwardList) -> list[results.Condition]:
    """The conditions the list was computed with."""
    return [
        results.Condition(
            award=row["award"],
            name=row["name"],
            recipient=row["recipient"],
            bands=tuple(row["bands"]),
            minimum_score=None if row["minimum_score"] is None else Decimal(row["minimum_score"]),
            maximum_rank=row["maximum_rank"],
            order=row["order"],
        )
        for row in award_list.basis.get("conditions", [])
    ]


def outdated(award_list: AwardList) -> list[str]:
    """What has changed since the list was computed, in sentences; empty when it stands on today's facts."""
    found = []
    in_force = sorted(publications_in_force(award_list.campaign_year).values_list("pk", flat=True))
    if in_force != award_list.basis.get("publications"):
        found.append(
            "Kết quả chấm điểm đã được công bố thêm, công bố lại hoặc rút lại sau lần tính gần nhất."
        )
    if _essence(frozen(conditions_in_force(award_list.campaign_year))) != _essence(
        award_list.basis["conditions"]
    ):
        found.append("Điều kiện khen thưởng đã được sửa sau lần tính gần nhất.")
    return found


def _essence(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = ("award", "bands", "minimum_score", "maximum_rank")
    return [{key: row[key] for key in told} for row in conditions]


# --- the list and its rows ----------------------------------------------------------------------------
def on_list(award_list: AwardList) -> QuerySet[AwardEntry]:
    """Who is proposed, in the order of the paper."""
    return ordered(award_list.entries.exclude(source=AwardEntry.Source.REMOVED))


def taken_off(award_list: AwardList) -> QuerySet[AwardEntry]:
    return ordered(award_list.entries.filter(source=AwardEntry.Source.REMOVED))


def ordered(entries: QuerySet[AwardEntry]) -> QuerySet[AwardEntry]:
    """Collectives by unit, then people by unit, post, and given name in Vietnamese alphabetical order."""
    return entries.select_related(
        "award", "computed_award", "scorecard__person", "scorecard__unit__parent"
    ).order_by(
        Case(When(scorecard__person__isnull=True, then=Value(0)), default=Value(1)),
        "scorecard__unit__order",
        "scorecard__unit__path",
        "scorecard__post_order",
        "scorecard__sort_key",
        "pk",
    )


def award_rows(
    award_list: AwardList, *, start: int = 0, stop: int | None = None
) -> list[calculations.AwardRow]:
    """The rows of the list: built here once for the page, the sheet and the Word paper."""
    return list(rows_of(list(on_list(award_list)[start:stop]), start, collectives_of(award_list)))


def rows_of(entries: Iterable[AwardEntry], start: int, collectives: int) -> Iterable[calculations.AwardRow]:
    """Entries as printed lines; the numbers begin again with the first person."""
    for place, entry in enumerate(entries, start=start + 1):
        yield printed(entry, place if place <= collectives else place - collectives)


def printed(entry: AwardEntry, number: int = 0) -> calculations.AwardRow:
    sheet = entry.scorecard
    person = sheet.person
    also = f"Cũng đủ điều kiện: {entry.also_meets}" if entry.also_meets else ""
    return calculations.AwardRow(
        entry_id=entry.pk,
        recipient=sheet.recipient,
        number=number,
        name=person.full_name if person else sheet.unit_name,
        post=sheet.post_name if person else "",
        unit=sheet.unit_name if person else (sheet.unit.parent.name if sheet.unit.parent else ""),
        score=entry.score,
        score_text=format_decimal(entry.score, 2),
        band=entry.band,
        award=entry.award.name,
        note="; ".join(part for part in (entry.note, also) if part),
    )


def collectives_of(award_list: AwardList) -> int:
    return on_list(award_list).filter(scorecard__person__isnull=True).count()


def totals(award_list: AwardList) -> tuple[calculations.Count, list[calculations.Count]]:
    counted = (
        award_list.entries.exclude(source=AwardEntry.Source.REMOVED)
        .values_list("award__name", "award__recipient")
        .annotate(many=Count("pk"))
        .order_by("-award__order")
    )
    return calculations.totals(counted)


@dataclass(frozen=True)
class Shares:
    """Leaders and direct workers among the proposed people (Law 06/2022, article 5)."""

    leaders: int
    direct: int

    @property
    def direct_percent(self) -> Decimal | None:
        whole = self.leaders + self.direct
        return (Decimal(100 * self.direct) / whole).quantize(Decimal("0.1")) if whole else None


def shares(award_list: AwardList) -> Shares:
    leading = Post.objects.filter(is_leader=True).values("name")
    counted = (
        on_list(award_list)
        .filter(scorecard__person__isnull=False)
        .aggregate(leaders=Count("pk", filter=Q(scorecard__post_name__in=leading)), everybody=Count("pk"))
    )
    return Shares(counted["leaders"], counted["everybody"] - counted["leaders"])


# --- the paper ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Paper:
    """The award list as an office paper (Decree 30/2020), for the sheet and for Word."""

    is_draft: bool
    parent_agency: str
    agency: str
    number: str
    dated: str
    title: str
    subtitle: str
    attached_to: str
    sections: list[calculations.Section]
    whole: calculations.Count
    per_award: list[calculations.Count]
    signer_title: str
    signer_name: str
    copies_to: list[str]

    @property
    def total(self) -> str:
        return f"Tổng số: {self.whole.text}.{' Trong đó:' if self.per_award else ''}"


def paper_head() -> PaperHead:
    return PaperHead.objects.first() or PaperHead(pk=1)


def paper(award_list: AwardList) -> Paper:
    head = paper_head()
    year = clock.today().year
    root = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
    campaign = award_list.campaign_year.campaign
    whole, per_award = totals(award_list)
    return Paper(
        is_draft=award_list.state == AwardList.State.DRAFT,
        parent_agency=(head.parent_agency or f"Ủy ban nhân dân tỉnh {DOTS}").upper(),
        agency=(head.agency or (root.name if root else "") or DOTS).upper(),
        number=f"Số: {DOTS}/{head.symbol or DOTS}",
        dated=f"{head.place or DOTS}, ngày …… tháng …… năm {year}",
        title="DANH SÁCH",
        subtitle=f"Đề nghị khen thưởng {_movement(campaign.name)} năm {award_list.campaign_year.year}",
        attached_to=f"(Kèm theo Tờ trình số {DOTS}/{DOTS} ngày …… tháng …… năm {year})",
        sections=calculations.sections(marked(award_rows(award_list), award_list)),
        whole=whole,
        per_award=per_award,
        signer_title=(head.signer_title or DOTS).upper(),
        signer_name=head.signer_name,
        copies_to=[line.strip() for line in head.copies_to.splitlines() if line.strip()]
        or ["- Như trên;", "- Lưu: VT, …… ."],
    )


def _movement(name: str) -> str:
    """The campaign's name as it stands inside a sentence."""
    if fold(name).startswith("phong trao"):
        return name[:1].lower() + name[1:]
    return f"phong trào thi đua “{name}”"


# --- what waits for whom ------------------------------------------------------------------------------
def years_without_list() -> QuerySet[CampaignYear]:
    """Years whose results are published and whose award list nobody has begun."""
    published = Publication.objects.in_force().values("campaign_year")
    return (
        CampaignYear.objects.of_movements()
        .filter(pk__in=published, award_list__isnull=True)
        .select_related("campaign")
    )


def tasks_of(user: Any) -> list[Task]:
    """The Office: lists to begin and to settle. The Director and the council: settled lists of open years."""
    acting = user.acting
    if acting.is_(roles.OFFICE):
        return _tasks_of_office()
    if acting.reads_everything:
        return []
    settled = AwardList.objects.visible_to(user).filter(campaign_year__state=CampaignYear.State.OPEN)
    return [
        Task(
            title=f"Danh sách khen thưởng {award_list.campaign_year}",
            detail="Văn phòng Sở đã chốt, mời xem.",
            href=reverse("awards:award_list_detail", args=[award_list.pk]),
            verb="Xem",
            is_waiting_for_me=False,
        )
        for award_list in settled.select_related("campaign_year__campaign")
    ]


def _drafts() -> QuerySet:
    facts = ("pk", "campaign_year", "campaign_year__campaign__short_name", "campaign_year__year")
    return AwardList.objects.filter(state=AwardList.State.DRAFT).values_list(*facts)


LISTS_DUE = Prepared(
    lambda: Deadline.objects.filter(stage=Stage.AWARDS).values_list("campaign_year", "due_on")
)
LISTS_TO_BEGIN = Prepared(lambda: years_without_list().values_list("pk", "campaign__short_name", "year"))
LISTS_TO_SETTLE = Prepared(_drafts)


def _tasks_of_office() -> list[Task]:
    due = dict(LISTS_DUE.ask())
    to_begin = [
        Task(
            title=f"Lập danh sách khen thưởng {name} – năm {year}",
            detail="Kết quả đã công bố, chưa có danh sách.",
            href=reverse("awards:award_list_list"),
            verb="Lập danh sách",
            due=due.get(pk),
        )
        for pk, name, year in LISTS_TO_BEGIN.ask()
    ]
    to_settle = [
        Task(
            title=f"Hoàn thiện, chốt danh sách khen thưởng {name} – năm {year}",
            detail="Danh sách đang lập.",
            href=reverse("awards:award_list_detail", args=[pk]),
            verb="Mở",
            due=due.get(year_id),
        )
        for pk, year_id, name, year in LISTS_TO_SETTLE.ask()
    ]
    return [*to_begin, *to_settle]
