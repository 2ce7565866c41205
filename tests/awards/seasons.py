"""A review that is open, and units that propose in it: what the stories about nominations begin with."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from awards import actions
from awards import reference as award_files
from awards.actions import dossiers, proposals
from awards.models import (
    AnnualRating,
    Award,
    BaseSalary,
    Initiative,
    InitiativeAuthor,
    Nomination,
    Proposal,
    ReportSection,
    Review,
    ReviewDeadline,
    RuleDocument,
    Setting,
    SettingValue,
)
from campaigns import reference as campaign_files
from core.models import LegalDocument
from organization.models import Person, Unit, User
from tests.trust.corpus import PDF

FOLDER = Path(settings.BASE_DIR) / "reference"
LABORER, FIGHTER, COLLECTIVE = "advanced_laborer", "grassroots_emulation_fighter", "advanced_labor_collective"
TITLES = [LABORER, FIGHTER, COLLECTIVE]
OF_LAW: list[type[Model]] = [
    LegalDocument,
    BaseSalary,
    Award,
    Setting,
    SettingValue,
    RuleDocument,
    ReportSection,
]
LAW: dict[type[Model], list[Any]] = {}
DECISION_HEAD = {
    "title": "Khen thưởng năm 2024",
    "basis": "Luật Thi đua, khen thưởng",
    "issuer": "Giám đốc Sở Nội vụ",
    "signer_title": "GIÁM ĐỐC",
    "signer_name": "Trần Thị Bình",
}


def load_law() -> None:
    """The law as shipped. Its loader runs once in a process; the stories after that find the rows it has written."""
    if LegalDocument.objects.exists() or Award.objects.exists():
        _load_files()
    elif not LAW:
        _load_files()
        LAW.update({model: list(model.objects.order_by("pk")) for model in OF_LAW})
    else:
        for model, rows in LAW.items():
            model.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), OF_LAW):
                cursor.execute(statement)


def _load_files() -> None:
    campaign_files.load_legal_documents(FOLDER / "legal_documents.yaml")
    award_files.load_law(FOLDER / "awards")


def open_review(office: User, year: int = 2024) -> Review:
    load_law()
    values: dict[str, Any] = {
        "kind": Review.Kind.ANNUAL,
        "year": year,
        "phase": Review.Phase.YEAR,
        "campaign": None,
        "title": f"Bình xét năm {year}",
        "reference_date": date(year, 12, 31),
        "letter_number": "1250/SNV-VP",
        "letter_date": date(year, 11, 5),
        "guidance": "",
        "period_reason": "Lịch rút ngắn cho các câu chuyện thử.",
    }
    days = {step: date(year + 1, 1, 10 + at) for at, step in enumerate(ReviewDeadline.Step.values)}
    review = actions.plan_review(
        values, awards=Award.objects.filter(code__in=TITLES), deadlines=days, by=office
    )
    actions.open_review(review, by=office)
    return review


def rate(user: User, grade: str, by: User, year: int = 2024) -> None:
    AnnualRating.objects.create(person=user.person, year=year, grade=grade, set_by=by)  # type: ignore[attr-defined]


def qualify(review: Review, user: User, by: User, grade: str = "excellent", year: int = 2024) -> None:
    """Rated, and the Office has signed for what only a person can say."""
    rate(user, grade, by, year)
    if user.pk != by.pk:
        actions.affirm(review, user.person, "solidarity", holds=True, by=by)  # type: ignore[attr-defined]


def minutes(people: int = 4, **changes: Any) -> dict[str, Any]:
    return {
        "letter_number": "15/TTr-CCHC",
        "letter_date": date(2025, 1, 4),
        "met_on": date(2025, 1, 3),
        "place": "Phòng họp tầng 2",
        "members": people,
        "present": people,
        "absent": "",
        "course": "Các thành viên thảo luận từng trường hợp.",
        "reason": "",
        **changes,
    }


def begin(review: Review, unit: Unit, *, by: User, chair: Person, **changes: Any) -> Proposal:
    """With complete minutes."""
    proposal = proposals.begin_proposal(review, unit, by=by)
    values = minutes(**{"chair": chair, "secretary": by.person, **changes})  # type: ignore[attr-defined]
    paper = SimpleUploadedFile("Biên bản.pdf", PDF)
    proposals.write_minutes(proposal, values, by=by, upload=paper)
    return proposal


def propose(proposal: Proposal, code: str, subject: Person | Unit, *, by: User) -> Nomination:
    """With votes and the line for the decision."""
    award = Award.objects.get(code=code)
    nomination = proposals.propose(proposal, award, subject, by=by)
    proposals.set_votes(nomination, 4, 0, by=by)
    dossiers.write_report(nomination, {}, "Hoàn thành vượt mức nhiệm vụ năm.", by=by)
    return nomination


def carried_review(office: User, candidate: User, unit: Unit) -> Review:
    """The council has carried the candidate for both titles; how it came to that is the business of other stories."""
    review = open_review(office)
    qualify(review, candidate, office)
    initiative = Initiative.objects.create(
        name="Sổ tay một cửa", unit=unit, state="recognised", level="agency", reach="agency",
        recognised_on=date(2024, 9, 1), decision_number="9/QĐ-SNV", prepared_by=office,
    )  # fmt: skip
    InitiativeAuthor.objects.create(initiative=initiative, person=candidate.person, share=100)  # type: ignore[attr-defined]
    proposal = Proposal.objects.create(review=review, unit=unit, prepared_by=candidate)
    for code in (LABORER, FIGHTER):
        Nomination.objects.create(
            review=review,
            proposal=proposal,
            award=Award.objects.get(code=code),
            person=candidate.person,  # type: ignore[attr-defined]
            verdict="accepted",
            outcome=Nomination.Outcome.PASSED,
            merit="Hoàn thành xuất sắc.",
        )
    Review.objects.filter(pk=review.pk).update(state=Review.State.DECIDING)
    review.refresh_from_db()
    return review
