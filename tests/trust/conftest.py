"""A world with at least one row of every kind of dossier, for walks over every page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import HttpResponse
from django.test import Client

from awards.actions import compute
from awards.models import (
    Award,
    Comment,
    Complaint,
    Nomination,
    NominationPaper,
    OpenPeriod,
    Proposal,
    Review,
)
from awards.models import Flag as NominationFlag
from campaigns.models import CampaignYear, Criterion, Paper, Registration
from core.attachments import store
from core.journal import record
from core.models import Letter
from organization.models import ImportBatch, User
from scoring.actions.sheets import open_sheets
from scoring.models import Achievement, AchievementEvidence, CoAuthor, EvidenceDocument, Flag
from tests.awards.builders import TITLE, build_catalogue, publish_people, publish_units
from tests.cast import PASSWORD
from tests.trust.corpus import PDF
from tests.trust.routes import Route

OURS = ["core", "organization", "campaigns", "scoring", "awards"]
Browser = Callable[..., Client]


@dataclass(frozen=True)
class World:
    """The rows, and the numbers under which they can be asked for."""

    campaign_year: CampaignYear
    registration: Registration
    achievement: Achievement
    evidence: EvidenceDocument
    known: dict[str, list[int]] = field(default_factory=dict)

    def numbers(self, route: Route) -> list[int]:
        """The number of a row of every model of the route's app, so that each page is met by one that it shows."""
        if not route.takes_numbers:
            return [0]
        app = route.name.partition(":")[0] if ":" in route.name else "core"
        if app not in self.known:
            self.known[app] = sorted({self.campaign_year.pk, *first_numbers(app)})
        return self.known[app]


def first_numbers(app: str) -> Iterator[int]:
    for model in our_models():
        if model._meta.app_label == app and isinstance(model._meta.pk, models.AutoField):
            yield from model._default_manager.order_by("pk").values_list("pk", flat=True)[:1]


def our_models() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


@pytest.fixture
def world(
    same_numbers: None, campaign_year: CampaignYear, criteria: dict[str, Criterion], cast: dict[str, User]
) -> World:
    clerk, office = cast["clerk"], cast["office"]
    unit = clerk.person.postings.get().unit
    file = store(SimpleUploadedFile("Quyết định.pdf", PDF), by=clerk)
    Paper.objects.create(
        campaign=campaign_year.campaign,
        kind="plan",
        title="Kế hoạch",
        number="412/KH",
        on=date(2022, 3, 9),
        file=file,
    )
    registration = Registration.objects.create(
        campaign_year=campaign_year,
        unit=unit,
        unit_name=unit.name,
        person=clerk.person,
        approving_unit=unit,
        prepared_by=clerk,
        pledge="Hoàn thành nhiệm vụ.",
        state="waiting",
    )
    registration.items.create(target="Một sáng kiến", quantity=1, measure="sáng kiến")
    evidence = EvidenceDocument.objects.create(
        unit=unit, number="12/QĐ", title="Công nhận sáng kiến", issuer="Sở", file=file, uploaded_by=clerk
    )
    made = [
        Achievement.objects.create(
            campaign_year=campaign_year,
            unit=unit,
            person=clerk.person,
            criterion=criteria["1.2"],
            title="Rút ngắn thời gian giải quyết hồ sơ",
            happened_on=date(2025, 5, 20),
            quantity=Decimal(1),
            measure="sáng kiến",
            result="Giảm bốn ngày.",
            prepared_by=clerk,
            approving_unit=unit,
            state=state,
        )
        for state in ("submitted", "returned")
    ]
    for achievement in made:
        AchievementEvidence.objects.create(achievement=achievement, document=evidence, page="3")
        CoAuthor.objects.create(achievement=achievement, person=cast["colleague"].person, share=Decimal(40))
        record(
            achievement, "submit", by=clerk, label="Nộp", after=achievement.state, comment="Đã đủ tài liệu."
        )
    Flag.objects.create(achievement=made[1], point="result", reason="Nói rõ hơn.")
    build_catalogue(campaign_year)
    publish_units(campaign_year, {"cchc": "96.25", "vp": "91"}, by=office)
    publish_people(campaign_year, {cast["clerk"]: "95.75", cast["stranger"]: "97.5"}, by=office)
    open_sheets(campaign_year, by=office)
    compute(campaign_year, by=office)
    propose_in_a_review(cast)
    ImportBatch.objects.create(kind="people", file=file, uploaded_by=office)
    Letter.objects.create(
        key="x",
        recipient=clerk,
        recipient_name="An",
        address=clerk.email,
        kind="x",
        subject="Thư",
        body="Nội dung",
        body_html="",
    )
    return World(campaign_year, registration, made[0], evidence)


def propose_in_a_review(cast: dict[str, User]) -> None:
    """An open review with a dossier that came back, its paper and what was asked."""
    office, clerk = cast["office"], cast["clerk"]
    review = Review.objects.create(
        kind="annual",
        year=2025,
        title="Bình xét năm 2025",
        reference_date=date(2025, 12, 31),
        state=Review.State.OPEN,
        prepared_by=office,
    )
    award = Award.objects.get(code=TITLE)
    review.awards.add(award)
    unit = clerk.person.postings.get().unit
    proposal = Proposal.objects.create(
        review=review, unit=unit, prepared_by=clerk, state="returned", present=4
    )
    nomination = Nomination.objects.create(
        review=review, proposal=proposal, award=award, person=clerk.person, verdict="flagged"
    )
    file = store(SimpleUploadedFile("Giấy chứng nhận.pdf", PDF), by=clerk)
    NominationPaper.objects.create(nomination=nomination, title="Giấy chứng nhận", file=file)
    NominationFlag.objects.create(nomination=nomination, point="report", text="Bổ sung", raised_by=office)
    say_in_the_open_period(review, nomination, cast)


def say_in_the_open_period(review: Review, nomination: Nomination, cast: dict[str, User]) -> None:
    """The list was public once; somebody commented on it, and somebody complains."""
    period = OpenPeriod.objects.create(review=review, number=1, opened_by=cast["office"])
    Comment.objects.create(period=period, nomination=nomination, author=cast["colleague"], text="Đồng ý.")
    Complaint.objects.create(
        review=review, kind="complaint", nomination=nomination, author=cast["colleague"], author_name="Bình",
        text="Chưa đúng.", received_on=date(2026, 1, 5), entered_by=cast["colleague"],
        file=store(SimpleUploadedFile("Đơn.pdf", PDF), by=cast["colleague"]),
    )  # fmt: skip


@pytest.fixture
def sign_in() -> Callable[..., HttpResponse]:
    """Sign in through the page, as a browser does."""

    def send(client: Client, username: str, password: str = PASSWORD, **extra: str) -> HttpResponse:
        return client.post("/dang-nhap/", {"username": username, "password": password}, **extra)

    return send
