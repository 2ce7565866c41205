"""What is measured of a review: 5,000 people with ten years behind them are judged for every title, and its pages."""

import gc
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards import actions
from awards.models import Absence, AnnualRating, Honour, InitiativeAuthor, Nomination, Prospect, Review
from awards.queries.facts import candidates_of_people
from awards.queries.reviews import asked_of
from campaigns.models import Registration
from emulation_portal.bench.scenarios import Scenario, page
from emulation_portal.demo import many
from organization.models import Person, Posting, User
from scoring.models import Result

PEOPLE, UNITS = 5_000, 100
JUDGED_IN = 10  # seconds
TIMES = 3
Told = tuple[
    str, float, float, float, float
]  # name, seconds, those of the processor, seconds of the floor, bar


def grow() -> None:
    """In a database with the demo office at the wanted size."""
    many.grow(User.objects.select_related("person").get(username="vanphong"))


def scenarios(rounds: int) -> Iterator[Scenario]:
    review = Review.objects.get(kind=Review.Kind.ANNUAL, year=many.YEAR)
    detail, found = reverse("awards:review_detail", args=[review.pk]), "awards:findings"
    own = Person.objects.get(user__username="chuyenvien").pk
    other = Person.objects.filter(honours__isnull=False).order_by("-pk")[0].pk
    unit = Posting.objects.current().filter(person=own).values_list("unit_id", flat=True)[0]
    dossier = Nomination.objects.filter(review=review, person=other).order_by("pk")
    dossier = dossier or Nomination.objects.filter(review=review).order_by("-pk")
    prospects, whole = (
        reverse(f"awards:{name}", args=[review.pk]) for name in ("prospect_list", "whole_list")
    )
    pages = [
        ("Điều kiện của một người", "person", "vanphong", reverse(found, args=[review.pk, "nguoi", other])),
        ("Điều kiện của chính mình", "person", "chuyenvien", reverse(found, args=[review.pk, "nguoi", own])),
        ("Điều kiện của một đơn vị", "person", "vanphong", reverse(found, args=[review.pk, "don-vi", unit])),
        ("Một hồ sơ", "person", "vanphong", reverse("awards:dossier", args=[dossier[0].pk])),
        ("Đợt bình xét", "review", "vanphong", detail),
        ("Khả năng xét", "review", "vanphong", prospects),
        ("Khả năng xét, tìm “thi”", "review", "vanphong", f"{prospects}?q=thi"),
        ("Danh sách tổng hợp", "whole", "vanphong", whole),
    ]
    for name, kind, user, address in pages:
        yield page(name, kind, user, address)


def jobs() -> Iterator[Told]:
    """Judging everybody, as the worker does it, beside a bare reading and writing of the same rows."""
    gc.set_threshold(20_000, 50, 100)
    review = Review.objects.get(kind=Review.Kind.ANNUAL, year=many.YEAR)
    people, awards = Person.objects.count(), review.awards.count()
    few, all_of_them = _questions(review, 10), _questions(review, None)
    if few != all_of_them:
        raise RuntimeError(f"judging asks {few} questions about 10 people and {all_of_them} about everybody")
    first, again, floors = [], [], []
    for _ in range(TIMES):
        floors.append(_floor(review))
        review.prospects.all().delete()
        first.append(_timed(review))
        again.append(_timed(review))
    name = f"Xét {people} người, {awards} danh hiệu, hình thức, {many.YEARS} năm ({all_of_them} câu hỏi SQL)"
    floor, rows = median(floors), review.prospects.count()
    yield f"{name}: {rows} kết luận", *_median(first), floor, JUDGED_IN
    yield "  xét lại, không có gì đổi", *_median(again), floor, JUDGED_IN


def _timed(review: Review) -> tuple[float, float]:
    begin, busy = time.perf_counter(), time.process_time()
    actions.judge(review, tell=actions.note_progress(review))
    return time.perf_counter() - begin, time.process_time() - busy


def _median(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return median(one for one, _ in taken), median(own for _, own in taken)


def _questions(review: Review, count: int | None) -> int:
    """How many questions the facts of so many people take."""
    asked = asked_of(review)
    some = None if count is None else list(Person.objects.values_list("pk", flat=True)[:count])
    with CaptureQueriesContext(connection) as captured:
        candidates_of_people(asked, some)
    return len(captured)


def _floor(review: Review) -> float:
    """The rows that judging reads and those that it writes, without a thought in between."""
    prospects = list(Prospect.objects.filter(review=review))
    begin = time.perf_counter()
    read: list[Any] = [
        list(AnnualRating.objects.values_list("person_id", "year", "grade")),
        list(Honour.objects.values_list("pk", "person_id", "award__code", "year", "decided_on", "occasion")),
        list(
            InitiativeAuthor.objects.values_list("person_id", "initiative__name", "initiative__recognised_on")
        ),
        list(Absence.objects.values_list("person_id", "kind")),
        list(Registration.objects.values_list("person_id")),
        list(Result.objects.values_list("scorecard__person_id", "band", "index")),
        list(Posting.objects.values_list("person_id", "unit_id", "started_on", "ended_on")),
    ]
    with transaction.atomic():
        review.prospects.all().delete()
        for one in prospects:
            one.pk = None
        Prospect.objects.bulk_create(prospects, batch_size=1000)
    taken = time.perf_counter() - begin
    del read
    return taken
