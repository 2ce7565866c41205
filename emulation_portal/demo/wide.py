"""An index of many units by many criteria, for measuring: a published round, and one that waits for publication.

The table is read from its Excel file and the sheets are opened as the Office does it; what people would have entered
line by line is filled in bulk. Everything is made up and the same at every run.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import cycle, groupby
from random import Random

import xlsxwriter
from django.db import connection

from campaigns.actions import campaigns, rounds
from campaigns.actions.schemes import round_of, write_scheme
from campaigns.importing import plan_scheme, read_rows
from campaigns.importing.rows import LABELS
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion, Recipient, Stage, Ties
from campaigns.queries.schemes import unit_numbers
from core import clock
from emulation_portal.demo.bulk import clone, more_units
from organization.models import Unit, User
from scoring.actions import publication, sheets
from scoring.models import Line, Scorecard
from scoring.queries.totals import SUMMED, nodes_of, scored, sum_up

CODE, GREAT = "cchc-nhieu-don-vi", "cchc-trieu-dong"
PUBLISHED, PROVISIONAL = 2024, 2025
SHARES = (28, 24, 20, 16, 12)  # of a hundred rows, in each field
GROUP = 10  # scored rows below one heading
WIDTHS = (6, 10, 60, 12, 24, 40, 40)
COLUMNS = ("level", "code", "name", "max", "method", "params", "evidence")
CHOICES = "Các mức:\n- kịp thời | 2\n- chậm | 1\n- không ban hành | 0"
STEPS = "Đơn vị tính: %\nCác mức:\n- > | 90 | 2\n- >= | 70 | 1\n- >= | 0 | 0"
METHODS = [  # name, parameters, what a sheet answers
    ("Đạt / không đạt", "", {"met": "1"}),
    ("tiered_choice", CHOICES, {"choice": "kịp thời"}),
    ("tiered_threshold", STEPS, {"value": "96"}),
    (
        "proportional",
        "Tử số: việc hoàn thành\nMẫu số: việc được giao",
        {"numerator": "9", "denominator": "10"},
    ),
    ("typed", "", {}),
]
BANDS = [("Xuất sắc", 90, "green"), ("Tốt", 80, "teal"), ("Khá", 65, "blue"), ("Yếu", 0, "red")]
SCORED = ("self_score", "approved_score", "appraised_score", "second_score")
Row = tuple[int, str, str, Decimal | None, str, str, str]


@dataclass
class Wide:
    """The rounds of the index."""

    published: CampaignYear
    provisional: CampaignYear


def table(leaves: int) -> Iterator[Row]:
    """Five fields of different width, groups of ten rows each; the scored rows stand at the third level."""
    place = 0
    for field, share in enumerate(SHARES, start=1):
        yield 1, f"{field}", f"Lĩnh vực đo số {field} của công tác cải cách hành chính", None, "", "", ""
        for number in range(max(leaves * share // 100, 1)):
            group = f"{field}.{number // GROUP + 1}"
            if number % GROUP == 0:
                yield 2, group, f"Nhóm tiêu chí {group} về kết quả thực hiện", None, "", "", ""
            code = f"{group}.{number % GROUP + 1}"
            method, params, _ = METHODS[place % len(METHODS)]
            name = f"Tiêu chí {code}: mức độ hoàn thành nhiệm vụ được giao trong kế hoạch của năm"
            yield (
                3,
                code,
                name,
                Decimal(2),
                method,
                params,
                f"Báo cáo, văn bản chứng minh của tiêu chí {code}",
            )
            place += 1


def workbook(rows: Iterable[Row]) -> BytesIO:
    """The file of a scheme, as an officer would have it."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Bộ chỉ số")
        sheet.write_row(0, 0, [LABELS[key] for key in COLUMNS])
        for place, width in enumerate(WIDTHS):
            sheet.set_column(place, place, width)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [float(one) if isinstance(one, Decimal) else one for one in row])
    target.seek(0)
    return target


def build(*, units: int, criteria: int, own: Unit, by: User) -> Wide:
    """Two rounds of ``units`` by ``criteria`` rows; one of the units is ``own``, whose sheet of the second round is
    still a draft with all its self-scores."""
    chosen = [own, *more_units(units - 1)]
    made = Wide(
        *(round_of(CODE, year, by=by, name="Bộ chỉ số nhiều đơn vị") for year in (PUBLISHED, PROVISIONAL))
    )
    for campaign_year in (made.published, made.provisional):
        _set_up(campaign_year, criteria, chosen, by)
    campaigns.launch(made.published.campaign, by=by)
    for campaign_year in (made.published, made.provisional):
        campaigns.open_year(campaign_year, by=by)
        sheets.open_sheets(campaign_year, by=by)
        _fill(campaign_year, own if campaign_year == made.provisional else None)
    publication.publish(made.published, Recipient.COLLECTIVE, by=by, confirmation=publication.CONFIRMATION)
    return made


def _set_up(campaign_year: CampaignYear, criteria: int, units: Sequence[Unit], by: User) -> CriteriaSet:
    plan = plan_scheme(read_rows(workbook(table(criteria))), unit_numbers())
    criteria_set = write_scheme(campaign_year, plan, by=by, use=True).criteria_set
    due: dict[str, date | None] = dict.fromkeys(Stage.values, clock.today() + timedelta(days=30))
    campaigns.set_deadlines(campaign_year, by=by, deadlines=due)
    bands = [(name, Decimal(bound), colour) for name, bound, colour in BANDS]
    campaigns.set_bands(campaign_year, by=by, bands={Recipient.COLLECTIVE: bands})
    rounds.set_participants(campaign_year, by=by, units={unit.pk: (True, "") for unit in units})
    rounds.set_options(campaign_year, by=by, locks=False)
    return criteria_set


def _fill(campaign_year: CampaignYear, draft: Unit | None) -> None:
    """Four columns on every line, and what the sheets come to; of the draft unit the first column alone."""
    chance = Random(campaign_year.year)  # noqa: S311 - made up, the same at every run
    rows = Line.objects.filter(scorecard__campaign_year=campaign_year).select_related(
        "criterion", "scorecard__unit"
    )
    lines = list(rows.order_by("scorecard__unit__order", "scorecard_id", "criterion__position"))
    answers = {method: inputs for method, _, inputs in METHODS}
    filled = []
    for sheet, own in groupby(lines, key=lambda line: line.scorecard):
        able = chance.randrange(60, 99)  # how good this unit is
        kept = list(own)
        for line in kept:
            line.inputs = answers.get(line.criterion.method, METHODS[0][2])
            scores = _scores(line.criterion.max_score, able, chance)
            line.self_score = scores[0]
            if sheet.unit != draft:
                line.approved_score, line.appraised_score, line.second_score = scores[1:]
        sheet.state = Scorecard.State.DRAFT if sheet.unit == draft else Scorecard.State.APPRAISED
        nodes = nodes_of(sheet.criteria_set_id, sheet.recipient)
        sum_up(
            sheet,
            nodes,
            scored(
                (line.criterion_id, None, False, *(getattr(line, name) for name in SCORED), None)
                for line in kept
            ),
        )
        filled.append(sheet)
    Line.objects.bulk_create(
        lines, batch_size=1000, update_conflicts=True, unique_fields=["pk"], update_fields=["inputs", *SCORED]
    )
    Scorecard.objects.bulk_update(filled, ["state", *SUMMED], batch_size=100)


def _scores(most: Decimal, able: int, chance: Random) -> list[Decimal]:
    """What the unit gives itself, and what head and appraisers leave of it."""
    scores = [most if chance.randrange(100) < able else most * chance.randrange(0, 4) / 4]
    for _ in SCORED[1:]:
        scores.append(max(scores[-1] - Decimal("0.25"), Decimal(0)) if chance.random() < 0.05 else scores[-1])
    return scores


def build_great(like: CampaignYear, *, units: int, by: User) -> CampaignYear:
    """A round of very many units: copies of the sheets of ``like`` with their lines. Ties are decided by two criteria
    and the best class has a gate, so that ranking has to read lines as well."""
    source = like.criteria_sets.in_use().get()
    made = round_of(GREAT, like.year, by=by, name="Bộ chỉ số một triệu dòng")
    table_ = clone(source, campaign_year_id=made.pk, ties=Ties.CRITERIA, tie_codes="1.1.1, 5.1.1")
    table_.save()
    same: dict[int | None, Criterion] = {None: Criterion()}
    for one in source.criteria.order_by("position"):
        same[one.pk] = clone(one, criteria_set_id=table_.pk, parent_id=same[one.parent_id].pk)
        same[one.pk].save()
    gates = [{"code": "1.1.2", "op": ">=", "bound": "50"}]
    for band in like.bands.all():
        clone(band, campaign_year_id=made.pk, gates=gates if band.lower_bound == BANDS[0][1] else []).save()
    originals = list(Scorecard.objects.filter(campaign_year=like).order_by("unit__order", "pk"))
    copies: dict[int, list[Scorecard]] = {original.pk: [] for original in originals}
    for unit, original in zip(more_units(units), cycle(originals), strict=False):
        copies[original.pk].append(_copy(original, made, table_, unit, same))
    Scorecard.objects.bulk_create([one for own in copies.values() for one in own], batch_size=1000)
    for original in originals:
        _copy_lines(original, copies[original.pk], table_)
    CampaignYear.objects.filter(pk=made.pk).update(state=CampaignYear.State.OPEN)
    Campaign.objects.filter(pk=made.campaign_id).update(state=Campaign.State.LAUNCHED)
    return made


def _copy(
    sheet: Scorecard,
    campaign_year: CampaignYear,
    table_: CriteriaSet,
    unit: Unit,
    same: dict[int | None, Criterion],
) -> Scorecard:
    return clone(
        sheet,
        campaign_year_id=campaign_year.pk,
        criteria_set_id=table_.pk,
        unit_id=unit.pk,
        unit_name=unit.name,
        state=Scorecard.State.APPRAISED,
        components={str(same[int(key)].pk): figures for key, figures in sheet.components.items()},
    )


def _copy_lines(sheet: Scorecard, copies: Sequence[Scorecard], table_: CriteriaSet) -> None:
    """The database copies them by itself: a million rows would take Python minutes."""
    kept = [
        field.column
        for field in Line._meta.concrete_fields
        if field.name not in ("id", "scorecard", "criterion")
    ]
    numbers = ", ".join(str(one.pk) for one in copies)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO scoring_line (scorecard_id, criterion_id, {', '.join(kept)}) "  # noqa: S608 - names of ours
            f"SELECT made.id, own.id, {', '.join(f'line.{name}' for name in kept)} FROM scoring_line line "
            "JOIN campaigns_criterion theirs ON theirs.id = line.criterion_id "
            "JOIN campaigns_criterion own ON own.criteria_set_id = %s AND own.position = theirs.position "
            f"JOIN scoring_scorecard made ON made.id IN ({numbers}) WHERE line.scorecard_id = %s "
            "ORDER BY made.id, own.position",
            [table_.pk, sheet.pk],
        )
