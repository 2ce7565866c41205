"""One thing that waits in a review, and the review as first pages and reminders know it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from awards.models import Review, ReviewDeadline
from core.agenda import Task

Step = ReviewDeadline.Step


class Waiting(NamedTuple):
    """One thing that waits for somebody in a review. ``unit_id`` is the collective whose paper it is."""

    stage: str
    task: Task
    review_id: int
    unit_id: int | None = None


@dataclass
class Running:
    pk: int
    state: str
    title: str
    year: int
    reference_date: date
    may_be_decided: bool = False
    due: dict[str, date] = field(default_factory=dict)

    def facts_day(self, today: date) -> date:
        """The day on which its collectives are looked up, as ``units_of_year`` has it."""
        return min(date(self.year, 12, 31), max(self.reference_date, today))

    @property
    def decided_by(self) -> date | None:
        """What is decided anew after the end has no last day."""
        return None if self.state == Review.State.CLOSED else self.due.get(Step.DECISION)

    @property
    def when(self) -> str:
        return " lập sau khi kết thúc đợt" if self.state == Review.State.CLOSED else ""

    @cached_property
    def href(self) -> str:
        return reverse("awards:review_detail", args=[self.pk])
