"""Rows the stories about awards begin with: the catalogue, conditions, published results. Written directly, because
how results come about is the business of other tests."""

from collections.abc import Iterable
from decimal import Decimal

from awards.models import Award, AwardList, Condition
from campaigns.models import CampaignYear, Recipient
from core.vietnamese import fold, name_sort_key, sort_key, split_name
from organization.models import Person, Post, Posting, Unit, User
from scoring.models import Publication, Result, Scorecard
from tests.cast import SINCE

LETTER, LETTER_UNIT, MERIT_UNIT, TITLE = (
    "giay-khen",
    "giay-khen-tap-the",
    "bang-khen-tap-the",
    "lao-dong-tien-tien",
)
CATALOGUE = [  # code, name, kind, recipient, level
    (LETTER, "Giấy khen của Giám đốc Sở Nội vụ", "commendation", "individual", "so"),
    (LETTER_UNIT, "Giấy khen của Giám đốc Sở Nội vụ", "commendation", "collective", "so"),
    (MERIT_UNIT, "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "commendation", "collective", "tinh"),
    ("bang-khen", "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "commendation", "individual", "tinh"),
    (TITLE, "Lao động tiên tiến", "title", "individual", "so"),
]
CONDITIONS = [(LETTER, "90"), (LETTER_UNIT, "90"), (MERIT_UNIT, "95")]


def build_catalogue(campaign_year: CampaignYear) -> dict[str, Award]:
    """The awards, and the conditions of the campaign: class Xuất sắc and a smallest score."""
    awards = {}
    for order, (code, name, kind, recipient, level) in enumerate(CATALOGUE, start=1):
        awards[code] = Award.objects.create(
            code=code,
            name=name,
            kind=kind,
            recipient=recipient,
            level=level,
            decided_by="Giám đốc Sở Nội vụ",
            order=order * 10,
        )
    for code, minimum in CONDITIONS:
        Condition.objects.create(
            campaign=campaign_year.campaign,
            award=awards[code],
            bands=["Xuất sắc"],
            minimum_score=Decimal(minimum),
            basis="Khoản 2 Điều 75",
        )
    return awards


def band_for(score: Decimal) -> str:
    names = [("90", "Xuất sắc"), ("80", "Tốt"), ("70", "Khá"), ("50", "Trung bình"), ("0", "Yếu")]
    return next(name for bound, name in names if score >= Decimal(bound))


def sheet_of(campaign_year: CampaignYear, subject: Unit | Person) -> Scorecard:
    """A sheet as scoring keeps it: unit, name and post of the year."""
    common = {
        "campaign_year": campaign_year,
        "criteria_set": campaign_year.criteria_sets.first(),
        "state": Scorecard.State.PUBLISHED,
    }
    if isinstance(subject, Unit):
        known = Scorecard.objects.filter(campaign_year=campaign_year, unit=subject, person=None).first()
        return known or Scorecard.objects.create(
            unit=subject,
            unit_name=subject.name,
            search_key=fold(subject.name),
            sort_key=sort_key(subject.name),
            **common,
        )
    posting = Posting.objects.current().select_related("unit", "post").get(person=subject)
    known = Scorecard.objects.filter(campaign_year=campaign_year, person=subject).first()
    return known or Scorecard.objects.create(
        person=subject,
        unit=posting.unit,
        unit_name=posting.unit.name,
        post_name=posting.post.name,
        post_order=posting.post.order,
        search_key=fold(f"{subject.full_name} {posting.unit.name}"),
        sort_key=subject.sort_key,
        **common,
    )


def publish(
    campaign_year: CampaignYear, recipient: str, scores: Iterable[tuple[Unit | Person, str]], *, by: User
) -> Publication:
    """A publication in force with these scores out of 100, ranked."""
    publication = Publication.objects.create(
        campaign_year=campaign_year, recipient=recipient, published_by=by, digest="0" * 64
    )
    ranked = sorted(((Decimal(score), subject) for subject, score in scores), key=lambda pair: -pair[0])
    Result.objects.bulk_create(
        Result(
            publication=publication,
            scorecard=sheet_of(campaign_year, subject),
            score=score,
            applicable_max=Decimal(100),
            index=score,
            band=band_for(score),
            rank=place,
        )
        for place, (score, subject) in enumerate(ranked, start=1)
    )
    return publication


def publish_units(campaign_year: CampaignYear, scores: dict[str, str], *, by: User) -> Publication:
    units = {unit.code: unit for unit in Unit.objects.all()}
    return publish(
        campaign_year, Recipient.COLLECTIVE, [(units[code], s) for code, s in scores.items()], by=by
    )


def publish_people(campaign_year: CampaignYear, scores: dict[User, str], *, by: User) -> Publication:
    return publish(
        campaign_year, Recipient.INDIVIDUAL, [(user.person, s) for user, s in scores.items()], by=by
    )


def hire(full_name: str, unit: Unit, post: Post) -> Person:
    """Somebody more at the Sở."""
    family, given = split_name(full_name)
    code = f"NV{Person.objects.count() + 1:05d}"
    person = Person.objects.create(
        code=code,
        family_name=family,
        given_name=given,
        employment="cong-chuc",
        joined_on=SINCE,
        sort_key=name_sort_key(full_name),
        search_key=fold(f"{code} {full_name}"),
    )
    Posting.objects.create(person=person, unit=unit, post=post, started_on=SINCE)
    return person


def republish(published: CampaignYear, scores: dict[User, str], *, by: User) -> None:
    Publication.objects.filter(campaign_year=published, recipient="individual", withdrawn_at=None).update(
        withdrawn_at="2026-01-05T08:00:00+07:00", withdrawn_by=by, withdrawal_reason="Chấm lại"
    )
    publish_people(published, scores, by=by)


def published_sheet(award_list: AwardList, user: User) -> Scorecard:
    return Scorecard.objects.get(campaign_year=award_list.campaign_year, person=user.person)
