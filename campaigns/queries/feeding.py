"""Which row of a higher level's scheme a row feeds, and where there are rows to choose from: phòng → Sở → tỉnh …"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion
from core.vietnamese import fold

SHOWN = 40
WITH_SCHEME = "feeds__criteria_set__campaign_year__campaign"


# --- which schemes stand above -----------------------------------------------------------------------
def feeding_campaigns() -> dict[int, set[int]]:
    """By campaign those that its rows feed; versions that were superseded do not count."""
    rows = Criterion.objects.filter(feeds__isnull=False)
    pairs = rows.exclude(criteria_set__state=CriteriaSet.State.SUPERSEDED).values_list(
        "criteria_set__campaign_year__campaign", "feeds__criteria_set__campaign_year__campaign"
    )
    found: dict[int, set[int]] = {}
    for below, above in pairs.order_by().distinct():
        found.setdefault(below, set()).add(above)
    return found


def leads_back(above: int, below: int, edges: dict[int, set[int]] | None = None) -> bool:
    """Whether the campaign above feeds the one below, at once or through others: then it is not above."""
    edges = feeding_campaigns() if edges is None else edges
    seen, open_ = set[int](), [above]
    while open_:
        here = open_.pop()
        if here == below:
            return True
        if here not in seen:
            seen.add(here)
            open_ += edges.get(here, ())
    return False


def schemes_above(code: str, year: int) -> list[CriteriaSet]:
    """One set of every other campaign that a scheme may feed: in use before draft, of the year before the newest."""
    sets = CriteriaSet.objects.exclude(campaign_year__campaign__code=code).exclude(
        state=CriteriaSet.State.SUPERSEDED
    )
    best: dict[int, tuple[tuple[bool, bool, int, int], CriteriaSet]] = {}
    for one in sets.select_related("campaign_year__campaign").order_by("pk"):
        round_ = one.campaign_year
        in_use = one.state == CriteriaSet.State.IN_USE
        order = (in_use, round_.year == year, round_.year, one.version_number)
        if round_.campaign_id not in best or order > best[round_.campaign_id][0]:
            best[round_.campaign_id] = (order, one)
    own = Campaign.objects.filter(code=code).values_list("pk", flat=True).first()
    edges = feeding_campaigns()
    found = [one for _, one in best.values()]
    allowed = [
        one for one in found if own is None or not leads_back(one.campaign_year.campaign_id, own, edges)
    ]
    return sorted(
        allowed, key=lambda one: (not one.campaign_year.campaign.is_index, str(one.campaign_year.campaign))
    )


def schemes_above_round(campaign_year: CampaignYear) -> list[CriteriaSet]:
    return schemes_above(campaign_year.campaign.code, campaign_year.year)


def rows_above(campaign_year: CampaignYear) -> QuerySet[Criterion]:
    """Every row that a row of this round may feed, groups too."""
    return Criterion.objects.filter(criteria_set__in=schemes_above_round(campaign_year))


# --- looking for a row -------------------------------------------------------------------------------
@dataclass
class Search:
    """The rows that somebody may choose from: by scheme, by words of code and name without diacritics."""

    schemes: list[CriteriaSet]
    words: str = ""
    scheme: int | None = None
    found: list[Criterion] = field(default_factory=list)
    more: int = 0
    chosen: Criterion | None = None


def search_above(campaign_year: CampaignYear, words: str, scheme: str, chosen: Criterion | None) -> Search:
    """Nothing is listed before somebody asks; what is chosen is always shown."""
    schemes = schemes_above_round(campaign_year)
    asked = next((one for one in schemes if str(one.pk) == scheme), None)
    made = Search(schemes, words, asked.pk if asked else None, chosen=chosen)
    if not words.strip() and asked is None:
        return made
    rows = Criterion.objects.filter(criteria_set__in=[asked] if asked else schemes)
    wanted = fold(words).split()
    hits = [
        (pk, f" {fold(f'{code} {name}')}")
        for pk, code, name in rows.order_by("criteria_set_id", "position").values_list("pk", "code", "name")
        if chosen is None or pk != chosen.pk
    ]
    hits = [(pk, text) for pk, text in hits if all(f" {part}" in text for part in wanted)]
    hits.sort(key=lambda hit: " ".join(["", *wanted]) not in hit[1])  # the words side by side come first
    shown = with_schemes(pk for pk, _ in hits[:SHOWN])
    made.found = [shown[pk] for pk, _ in hits[:SHOWN]]
    made.more = max(len(hits) - SHOWN, 0)
    return made


# --- rows in words -----------------------------------------------------------------------------------
def reference_of(target: Criterion, repeated: bool = False) -> str:
    """How a row of another scheme is written: CODE/mã, with its name where the code does not tell it alone."""
    whole = f"{target.criteria_set.campaign_year.campaign.code}/{target.code}"
    return f"{whole} – {target.name}" if repeated or not target.code else whole


def references(targets: Iterable[Criterion]) -> dict[int, str]:
    """The same for many rows at once, by their number."""
    rows = list(targets)
    sets = {one.criteria_set_id for one in rows}
    counts = Counter(Criterion.objects.filter(criteria_set__in=sets).values_list("criteria_set", "code"))
    return {one.pk: reference_of(one, counts[one.criteria_set_id, one.code] > 1) for one in rows}


class Above:
    """Finds the row that a text like “cchc-so/1.2” or “cchc-so/1.2 – Tên” names; asks the database once, if at all."""

    def __init__(self, code: str, year: int) -> None:
        self.code, self.year = code, year

    @cached_property
    def _schemes(self) -> dict[str, int]:
        return {one.campaign_year.campaign.code: one.pk for one in schemes_above(self.code, self.year)}

    @cached_property
    def _rows(self) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = {}
        rows = Criterion.objects.filter(criteria_set__in=self._schemes.values())
        for pk, scheme, code, name in rows.values_list("pk", "criteria_set", "code", "name"):
            for text in dict.fromkeys((_key(code), _key(f"{code} – {name}"))):
                found.setdefault((scheme, text), []).append(pk)
        return found

    def find(self, text: str) -> int:
        """Raises ``ValueError`` with the end of a Vietnamese sentence."""
        code, slash, rest = text.partition("/")
        if not slash:
            raise ValueError(f"“{text}” phải có dạng MÃ-BỘ-CHỈ-SỐ/mã")
        scheme = self._schemes.get(code.strip().lower())
        if scheme is None:
            raise ValueError(f"không có bộ chỉ số cấp trên “{code.strip()}”")
        hits = self._rows.get((scheme, _key(rest)), [])
        if len(hits) != 1:
            many = "có nhiều dòng cùng mã, hãy ghi thêm “ – ” và nội dung" if hits else "không tìm thấy dòng"
            raise ValueError(f"{many} “{text}”")
        return hits[0]


def _key(text: str) -> str:
    return " ".join(fold(text).replace("–", "-").split())


def is_same_row(one: Criterion | None, other: Criterion | None) -> bool:
    """The same row, maybe of another version of its scheme."""
    if one is None or other is None:
        return one is other
    campaigns = [row.criteria_set.campaign_year.campaign_id for row in (one, other)]
    is_twin = one.lineage is not None and one.lineage == other.lineage and campaigns[0] == campaigns[1]
    return one.pk == other.pk or is_twin


def with_schemes(pks: Iterable[int]) -> dict[int, Criterion]:
    """Rows by their number, each with its scheme."""
    return Criterion.objects.select_related("criteria_set__campaign_year__campaign").in_bulk(list(pks))


def feeds_of(criteria: Sequence[Criterion]) -> dict[int, str]:
    """What each row of a table feeds, in words, by the row's number; needs ``WITH_SCHEME``."""
    told = references({one.feeds.pk: one.feeds for one in criteria if one.feeds}.values())
    return {one.pk: told[one.feeds.pk] for one in criteria if one.feeds}
