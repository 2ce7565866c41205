"""The review: prepared, opened under pinned rules, everybody judged with reasons; each act by the right role, once."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards import actions
from awards.actions.reviews import FIELDS
from awards.eligibility.assessing import Assessment
from awards.eligibility.findings import Finding, State, every, left_open, met, some, unmet
from awards.models import AnnualRating, Award, Prospect, Review, ReviewDeadline, RuleDocument
from awards.queries import reviews as queries
from awards.queries.differences import differences
from awards.tasks import judge_outdated, judge_review
from awards.workflow import REVIEW
from campaigns.models import CampaignYear
from core import clock
from core.journal import history_of
from core.workflow import AlreadyDone, Refused, Stale
from organization import roles
from organization.models import Appointment, User
from tests.awards.seasons import load_law

pytestmark = pytest.mark.django_db
TITLES = ["advanced_laborer", "grassroots_emulation_fighter", "advanced_labor_collective"]


@pytest.fixture
def law(cast: dict[str, User]) -> None:
    """The catalogue and the rules of all regimes, as shipped."""
    load_law()


@pytest.fixture
def plan(law: None, office: User) -> Callable[..., Review]:
    def make(year: int = 2024, **changes: Any) -> Review:
        values = {
            "kind": Review.Kind.ANNUAL,
            "year": year,
            "phase": Review.Phase.YEAR,
            "campaign": None,
            "title": f"Bình xét năm {year}",
            "reference_date": date(year, 12, 31),
            "letter_number": "1250/SNV-VP",
            "letter_date": date(year, 11, 5),
            "guidance": "",
            "period_reason": "Phải trình trước kỳ nghỉ Tết.",
            **changes,
        }
        days = {step: date(year, 12, 10 + at) for at, step in enumerate(ReviewDeadline.Step.values)}
        awards = Award.objects.filter(code__in=TITLES)
        return actions.plan_review(values, awards=awards, deadlines=days, by=office)

    return make


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6)):
        yield


def rate(who: User, year: int, grade: str, by: User) -> None:
    AnnualRating.objects.create(person=who.person, year=year, grade=grade, set_by=by)  # type: ignore[attr-defined]


def test_the_same_people_get_other_findings_under_the_old_and_the_new_law(
    plan: Callable[..., Review], cast: dict[str, User], office: User
) -> None:
    """Excellent without an initiative: a fighter by the law of 2022, not by the law before it."""
    found = {}
    for year in (2023, 2024):
        rate(cast["clerk"], year, "excellent", office)
        review = plan(year)
        actions.affirm(review, cast["clerk"].person, "solidarity", holds=True, by=office)  # type: ignore[attr-defined]
        award = Award.objects.get(code="grassroots_emulation_fighter")
        found[year] = review.prospects.get(award=award, person=cast["clerk"].person)  # type: ignore[misc]

    assert found[2023].state == Prospect.State.UNMET
    assert "sáng kiến" in found[2023].missing
    assert found[2024].state == Prospect.State.MET
    assert found[2024].missing == ""


def test_everybody_is_judged_and_a_page_says_why(
    plan: Callable[..., Review], cast: dict[str, User], office: User, client: Client
) -> None:
    rate(cast["clerk"], 2024, "completed", office)
    review = plan()

    count = actions.judge(review)

    people, awards = len(cast), 2
    assert count == review.prospects.count() == people * awards + 5  # five collectives, one title for them
    client.force_login(cast["clerk"])
    page = client.get(reverse("awards:findings", args=[review.pk, "nguoi", cast["clerk"].person.pk]))  # type: ignore[attr-defined]
    assert page.status_code == 404  # it is still prepared
    actions.open_review(review, by=office)
    text = client.get(
        reverse("awards:findings", args=[review.pk, "nguoi", cast["clerk"].person.pk])
    ).content.decode()  # type: ignore[attr-defined]
    assert "Năm 2024 hoàn thành nhiệm vụ." in text
    assert "Cần hoàn thành tốt nhiệm vụ trở lên năm 2024." in text
    assert "Điểm a khoản 1 Điều 24, Luật 06/2022/QH15" in text
    assert "Sớm nhất năm 2025" in text


def test_a_review_opens_when_it_is_ready_and_pins_its_rules(
    plan: Callable[..., Review], office: User
) -> None:
    review = plan(letter_number="", letter_date=None)
    with pytest.raises(Refused) as refusal:
        actions.open_review(review, by=office)
    assert refusal.value.reasons == ["Có văn bản hướng dẫn (số, ngày)."]

    Review.objects.filter(pk=review.pk).update(letter_number="1/SNV", letter_date=date(2024, 11, 1))
    actions.open_review(review, by=office)
    review.refresh_from_db()
    assert review.state == Review.State.OPEN
    assert review.rule_documents.count() == RuleDocument.objects.current().count()
    with pytest.raises(AlreadyDone):
        actions.open_review(review, by=office)


def test_a_later_law_changes_nothing_until_it_is_taken_over(
    plan: Callable[..., Review], cast: dict[str, User], office: User
) -> None:
    rate(cast["clerk"], 2024, "good", office)
    review = plan()
    actions.open_review(review, by=office)
    old = RuleDocument.objects.current().get(legal_document__code="luat-06-2022")
    content = {**old.content, "awards": [_stricter(one) for one in old.content["awards"]]}
    RuleDocument.objects.filter(pk=old.pk).update(superseded_at=clock.now())
    RuleDocument.objects.create(
        legal_document=old.legal_document, effective_from=old.effective_from, content=content, digest="new"
    )

    [difference] = [one for one in differences(review) if one.award == "Lao động tiên tiến"]
    assert any("at_least good" in line for line in difference.gone)
    assert any("at_least excellent" in line for line in difference.new)
    assert queries.rulebook_of(review).conditions["advanced_laborer"][0].asked["at_least"] == "good"

    with pytest.raises(Refused):
        actions.take_over_rules(review, by=office, reason=" ")
    actions.take_over_rules(review, by=office, reason="Luật sửa đổi áp dụng cho năm 2024")
    assert queries.rulebook_of(review).conditions["advanced_laborer"][0].asked["at_least"] == "excellent"
    assert differences(review) == []
    assert history_of(review).first().comment == "Luật sửa đổi áp dụng cho năm 2024"  # type: ignore[union-attr]


def _stricter(award: dict[str, Any]) -> dict[str, Any]:
    if award["code"] != "advanced_laborer":
        return award
    first, *rest = award["conditions"]
    return {**award, "conditions": [{**first, "rating": {"at_least": "excellent"}}, *rest]}


def test_who_qualifies_follows_the_facts(
    plan: Callable[..., Review], cast: dict[str, User], office: User
) -> None:
    review = plan()
    actions.ask_for_judging(review, by=office)
    assert judge_review.apply(args=[review.pk]).get() == review.prospects.count()
    review.refresh_from_db()
    assert not queries.is_outdated(review)
    assert judge_outdated.apply().get() == 0

    with clock.at(clock.now() + timedelta(minutes=5)):  # later, whatever the hour is
        actions.affirm(review, cast["clerk"].person, "solidarity", holds=True, by=office)  # type: ignore[attr-defined]
        assert queries.is_outdated(review)
        assert judge_outdated.apply().get() > 0


def test_a_worker_that_was_lost_is_followed_by_another(plan: Callable[..., Review], office: User) -> None:
    review = plan()
    actions.ask_for_judging(review, by=office)
    with pytest.raises(AlreadyDone):
        actions.ask_for_judging(review, by=office)
    assert judge_outdated.apply().get() == 0  # a worker may still be at it

    with clock.at(clock.now() + 2 * actions.PATIENCE):
        assert judge_outdated.apply().get() > 0
    review.refresh_from_db()
    assert review.judging_since is None


def test_nobody_affirms_for_himself_and_only_the_office_does(
    plan: Callable[..., Review], cast: dict[str, User], office: User
) -> None:
    review = plan()
    for by, subject in [(office, office), (cast["head"], cast["clerk"])]:
        with pytest.raises(Refused):
            actions.affirm(review, subject.person, "solidarity", holds=True, by=by)  # type: ignore[attr-defined]
    assert not review.affirmations.exists()


def test_matrix_of_roles_states_and_moves(
    plan: Callable[..., Review], cast: dict[str, User], office: User
) -> None:
    review = plan()
    allowed = {
        ("office", "planned"): {"open_review"},
        ("office", "open"): {"take_back", "publish_notice", "stop_review"},
        ("office", "notice"): {"withdraw_notice", "call_council", "stop_review"},
        ("office", "council"): {"return_to_notice", "conclude_council", "stop_review"},
        ("office", "deciding"): {"return_to_council", "supplement", "close_review"},
        ("office", "closed"): {"supplement"},
        ("office", "stopped"): {"resume_review"},
    }
    for state in Review.State.values:
        Review.objects.filter(pk=review.pk).update(state=state)
        review.refresh_from_db()
        for part, user in cast.items():
            seen = {move.verb for move in REVIEW.available(review, user)}
            assert seen == allowed.get((part, state), set()), (part, state)
    assert set(REVIEW.moves) == {"open_review", *(verb for verbs in allowed.values() for verb in verbs)}


def test_two_people_change_it_at_the_same_moment(plan: Callable[..., Review], office: User) -> None:
    review = plan()
    values = {name: getattr(review, name) for name in FIELDS}
    same: dict[str, Any] = {"awards": review.awards.all(), "deadlines": {}, "by": office}
    actions.change_review(review, {**values, "guidance": "Lần một"}, version=1, **same)
    with pytest.raises(Stale):
        actions.change_review(review, {**values, "guidance": "Lần hai"}, version=1, **same)
    review.refresh_from_db()
    assert review.guidance == "Lần một"


def test_one_annual_review_a_year(plan: Callable[..., Review]) -> None:
    plan()
    with pytest.raises(Refused, match="Đã có đợt bình xét"):
        plan()


def test_the_pages_for_the_right_people(
    plan: Callable[..., Review], cast: dict[str, User], office: User, client: Client
) -> None:
    review = plan()
    detail = reverse("awards:review_detail", args=[review.pk])
    client.force_login(cast["clerk"])
    assert client.get(detail).status_code == 404
    assert client.get(reverse("awards:review_create")).status_code == 404
    actions.open_review(review, by=office)
    actions.judge(review)
    assert client.get(detail).status_code == 200
    assert client.post(reverse("awards:review_judge", args=[review.pk])).status_code == 404

    rows = client.get(reverse("awards:prospect_list", args=[review.pk])).context["list"].page
    assert {str(row) for row in rows} == {"Nguyễn Văn An", "Phòng Cải cách hành chính"}
    stranger = reverse("awards:findings", args=[review.pk, "nguoi", cast["stranger"].person.pk])  # type: ignore[attr-defined]
    assert client.get(stranger).status_code == 404
    client.force_login(cast["head"])
    rows = client.get(reverse("awards:prospect_list", args=[review.pk])).context["list"].page
    assert {row.unit.code for row in rows} == {"cchc"}


def test_the_form_keeps_what_was_typed(law: None, office: User, client: Client) -> None:
    client.force_login(office)
    sent = {"kind": "campaign", "year": "2024", "phase": "final", "title": "Tổng kết phong trào"}
    page = client.post(reverse("awards:review_create"), sent)
    assert page.status_code == 422
    assert "Hãy chọn phong trào." in page.content.decode()
    assert "Tổng kết phong trào" in page.content.decode()


def test_queries_do_not_grow(
    plan: Callable[..., Review], cast: dict[str, User], office: User, client: Client
) -> None:
    review = plan()
    actions.open_review(review, by=office)
    actions.judge(review)
    client.force_login(office)
    listed = reverse("awards:prospect_list", args=[review.pk])
    client.get(listed)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    many = count(listed)
    review.prospects.exclude(pk__in=review.prospects.values("pk")[:1]).delete()
    assert count(listed) <= many


def test_only_what_decides_is_missing() -> None:
    """An alternative of what is met in another way is nobody's gap."""
    yes, no, ask = (Finding(state, wording=f"Điều kiện {state}", wanting="thiếu") for state in State)
    either = some([yes, no, ask])
    assert queries.missing_in_words(Assessment("a", (either,), State.MET, None, ())) == ""
    assert (
        queries.missing_in_words(Assessment("a", (either, ask), State.OPEN, None, ()))
        == "Điều kiện open: thiếu"
    )
    neither = some([no, no], 1)
    told = queries.missing_in_words(Assessment("a", (either, neither, ask), State.UNMET, None, ()))
    assert told == "Điều kiện unmet: thiếu"


def test_what_rests_on_a_word_alone_tells_the_way_by_facts() -> None:
    """Three titles are wanting until 2027, or somebody signs for a sudden achievement."""
    row = unmet("", "Cần 3 năm.", earliest=2027)._replace(word="title", wording="Danh hiệu")
    ask = left_open("", "Xác nhận.")._replace(word="affirmed", wording="Đột xuất")
    found = Assessment("a", (some([ask, row])._replace(word="any"),), State.OPEN, None, ())
    assert (found.outlook.earliest, found.outlook.only_signed) == (2027, True)
    assert queries.missing_in_words(found) == (
        f"{queries.BY_FACTS} Danh hiệu: Cần 3 năm. {queries.ONLY_SIGNED} Đột xuất: Xác nhận."
    )
    near = Assessment(
        "a", (some([ask, every([met("Có."), ask])])._replace(word="any"),), State.OPEN, None, ()
    )
    assert (near.outlook.earliest, near.outlook.only_signed) == (None, False)


def test_a_second_one_of_the_office_is_asked_for(plan: Callable[..., Review], cast: dict[str, User]) -> None:
    """Nobody judges his own dossier."""
    review = plan()
    [before] = [one for one in queries.readiness(review) if "thẩm định hồ sơ" in one.sentence]
    office = Appointment.objects.today().filter(role=roles.OFFICE)
    assert before.ok == (office.count() > 1)
    office.exclude(person=cast["office"].person).delete()  # type: ignore[attr-defined]
    [point] = [one for one in queries.readiness(review) if "thẩm định hồ sơ" in one.sentence]
    assert (point.ok, point.is_required) == (False, False)
    assert "có 1 người" in point.sentence


def test_a_campaign_gives_no_annual_titles(
    plan: Callable[..., Review], law: None, campaign_year: CampaignYear, office: User
) -> None:
    """But what the law also gives for a movement: Bằng khen, and the province's flag at its final review."""
    values = {
        "kind": Review.Kind.CAMPAIGN, "year": 2024, "phase": Review.Phase.FINAL, "campaign": campaign_year.campaign,
        "title": "Tổng kết phong trào", "reference_date": date(2024, 12, 31), "letter_number": "", "letter_date": None,
        "guidance": "",
    }  # fmt: skip

    def chosen(*codes: str) -> Any:
        return Award.objects.filter(code__in=codes)

    with pytest.raises(Refused, match="không có danh hiệu hằng năm: Lao động tiên tiến"):
        actions.plan_review(values, awards=chosen("advanced_laborer"), deadlines={}, by=office)
    fit = chosen("certificate_of_merit_individual", "provincial_emulation_flag")
    review = actions.plan_review(values, awards=fit, deadlines={}, by=office)
    assert review.awards.count() == 2
    with pytest.raises(Refused, match="Chiến sĩ thi đua cơ sở"):
        actions.change_review(
            review, values, awards=chosen("grassroots_emulation_fighter"), deadlines={}, by=office
        )
    assert review.awards.count() == 2
