"""What is measured of an index: 200 units by 250 criteria with four columns of scores, a million lines, a long file."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from django.core.management import call_command
from django.urls import reverse

from campaigns.models import CampaignYear, Recipient
from emulation_portal.bench.scenarios import TAKEN, Scenario, page, post
from emulation_portal.demo import wide
from organization.models import Unit, User
from scoring.calculations import rank, totals
from scoring.models import Line, Scorecard
from scoring.queries.ranking import provisional_ranking
from scoring.queries.totals import SCORED, nodes_of, scored

UNITS, CRITERIA, MANY_UNITS = 200, 250, 4_000
ROWS_OF_A_FILE = 1_000
TIMES = 5  # every job is done so often; the middle counts
Made = tuple[str, float, float, float]


def grow(*, units: int = UNITS, criteria: int = CRITERIA, many_units: int = MANY_UNITS) -> None:
    """In a database that holds the demo office."""
    office = User.objects.select_related("person").get(username="vanphong")
    made = wide.build(units=units, criteria=criteria, own=Unit.objects.get(code="cchc"), by=office)
    wide.build_great(made.published, units=many_units, by=office)


# --- pages -------------------------------------------------------------------------------------------
def scenarios(rounds: int) -> Iterator[Scenario]:
    years = CampaignYear.objects.filter(campaign__code=wide.CODE)
    before, now = years.get(year=wide.PUBLISHED), years.get(year=wide.PROVISIONAL)
    draft = Scorecard.objects.get(campaign_year=now, unit__code="cchc")
    judged = Scorecard.objects.filter(campaign_year=now).exclude(pk=draft.pk).order_by("unit__order")[0]
    matrix = reverse("scoring:matrix", args=[now.pk])
    widest = now.criteria_sets.in_use().get().criteria.filter(level=1).order_by("position")[0]
    ranking = f"{reverse('scoring:ranking')}?nam="
    detail, lost = "scoring:scorecard_detail", "scoring:losses_of_sheet"
    found = [
        ("Ma trận, các lĩnh vực", "vanphong", matrix),
        ("Ma trận, 70 tiêu chí của một lĩnh vực", "vanphong", f"{matrix}?linh-vuc={widest.pk}"),
        ("Ma trận, mọi tiêu chí: 50.000 ô", "vanphong", f"{matrix}?linh-vuc=0"),
        ("Xếp hạng tạm tính", "vanphong", f"{ranking}{now.pk}"),
        ("Xếp hạng đã công bố", "vanphong", f"{ranking}{before.pk}"),
        ("Xếp hạng đã công bố, chuyên viên", "chuyenvien", f"{ranking}{before.pk}"),
        ("Tiến độ của đợt", "vanphong", reverse("scoring:progress", args=[now.pk])),
        ("Mất điểm của đợt", "vanphong", reverse("scoring:losses_of_round", args=[now.pk])),
        ("Mất điểm của một đơn vị", "chuyenvien", reverse(lost, args=[draft.pk])),
        ("Phiếu 250 dòng, đang tự chấm", "chuyenvien", reverse(detail, args=[draft.pk])),
        ("Phiếu 250 dòng, bốn cột điểm", "vanphong", reverse(detail, args=[judged.pk])),
    ]
    for name, user, address in found:
        yield page(name, "index", user, address)
    line = draft.lines.filter(criterion__method="all_or_nothing")[0]
    save = reverse("scoring:line_save", args=[draft.pk, line.pk])
    answers = [(save, {f"l{line.pk}-met": str(number % 2)}) for number in range(rounds + TAKEN)]
    yield post("Lưu một dòng của phiếu 250 dòng", "chuyenvien", answers)


# --- jobs --------------------------------------------------------------------------------------------
def jobs(indexes: int = 1_000_000) -> Iterator[Made]:
    """What is done, the middle of its seconds, those of them in which this process had the processor, and the bar (0:
    none was set). Memory is swept as seldom as in the server (``emulation_portal.wsgi``)."""
    gc.set_threshold(20_000, 50, 100)
    great = CampaignYear.objects.get(campaign__code=wide.GREAT)
    count = Line.objects.filter(scorecard__campaign_year=great).count()
    sheets = great.scorecards.count()
    chance = Random(count)  # noqa: S311 - made up
    rows = [(key, Decimal(chance.randrange(10_000)) / 100) for key in range(indexes)]
    yield f"Xếp hạng {indexes} chỉ số (hàm thuần)", *_timed(lambda: rank(rows)), 2
    named = f"Xếp hạng {sheets} phiếu, {count} dòng (từ CSDL, phân định, điều kiện)"
    yield named, *_timed(lambda: provisional_ranking(great, Recipient.COLLECTIVE)), 2
    yield "  và in ra: manage.py ranking --format json", *_timed(lambda: _print_ranking(great)), 2
    yield f"Tính lại mọi tổng từ {count} dòng (từ CSDL)", *_timed(lambda: _add_up(great), 1), 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "bo-chi-so.xlsx"
        content = wide.workbook(islice(wide.table(ROWS_OF_A_FILE), ROWS_OF_A_FILE))
        file.write_bytes(content.getvalue())
        seconds = _timed(lambda: _import(file, f"nap-{time.time_ns()}"))
        yield f"Nạp bộ chỉ số {ROWS_OF_A_FILE} dòng: manage.py import_scheme", *seconds, 5


def _timed(job: Callable[[], Any], times: int = TIMES) -> tuple[float, float]:
    taken = []
    for _ in range(times):
        begin, own = time.perf_counter(), time.process_time()
        job()
        taken.append((time.perf_counter() - begin, time.process_time() - own))
    return median(one for one, _ in taken), median(own for _, own in taken)


def _print_ranking(campaign_year: CampaignYear) -> None:
    words = ["--scheme", campaign_year.campaign.code, "--year", str(campaign_year.year), "--format", "json"]
    call_command("ranking", *words, stdout=StringIO())


def _add_up(campaign_year: CampaignYear) -> None:
    """Every sheet's totals from its lines; the portal keeps them and does this for one sheet at a time."""
    criteria_set = campaign_year.criteria_sets.in_use().get()
    nodes = nodes_of(criteria_set.pk, Recipient.COLLECTIVE)
    lines: dict[int, list[tuple[Any, ...]]] = {}
    rows = Line.objects.filter(scorecard__campaign_year=campaign_year).order_by()
    for sheet, *facts in rows.values_list("scorecard_id", *SCORED).iterator(chunk_size=10_000):
        lines.setdefault(sheet, []).append(tuple(facts))
    for own in lines.values():
        totals(nodes, scored(own))


def _import(file: Path, code: str) -> None:
    call_command("import_scheme", str(file), "--code", code, "--year", "2025", "--use", stdout=StringIO())
