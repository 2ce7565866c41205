"""A season's acts, one after the other: every letter is whole, leads its reader to a page of his, says until when, and
keeps to itself what only the page tells."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as portal

from awards.actions import (
    affirm,
    ballots,
    compute,
    council,
    decisions,
    dossiers,
    notices,
    proposals,
    reopen,
    settle,
    verifying,
    voting,
)
from awards.actions import initiatives as initiative_acts
from awards.actions.handovers import hand_over
from awards.actions.holds import correct_paper, place_hold, release_hold
from awards.actions.occasions import choose_occasion
from awards.models import Award, Flag, Nomination, Proposal, Review
from awards.queries.decisions import waiting
from campaigns.actions import campaigns as campaign_acts
from campaigns.actions import criteria as criteria_acts
from campaigns.actions import registrations, rounds
from campaigns.models import CampaignYear, Criterion, Deadline, Stage
from core import clock
from core.agenda import closing_in_words
from core.journal import history_of
from core.models import Letter
from organization.models import Appointment, Person, Unit, User
from scoring.actions import achievements, appraisal, columns, publication, sheets
from scoring.actions import lines as line_acts
from scoring.actions.versions import move_sheets
from scoring.models import Scorecard
from tests.awards.builders import build_catalogue, publish_people, publish_units
from tests.awards.council.builders import DAY, codes_of, item_of, members, planned, review_at_council, user_of
from tests.awards.initiatives import DECISION, evaluate, facts, hand_in
from tests.awards.open_periods import PUBLISHED, moment, of, publish, season
from tests.awards.seasons import (
    DECISION_HEAD,
    FIGHTER,
    LABORER,
    begin,
    carried_review,
    open_review,
    propose,
    qualify,
)
from tests.campaigns.stories import ready_campaign, sent
from tests.letters.reading import Watch
from tests.scoring.sheets.conftest import ANSWERS, again, publish_all

pytestmark = pytest.mark.django_db
WHY = "Chưa khớp với sổ theo dõi văn bản"


class World:
    """The cast, its units and its year."""

    def __init__(self, cast: dict[str, User], units: dict[str, Unit], year: CampaignYear) -> None:
        self.cast, self.units, self.year = cast, units, year

    def __getattr__(self, part: str) -> User:
        return self.cast[part]

    def person(self, part: str) -> Person:
        return self.cast[part].person  # type: ignore[attr-defined, no-any-return]


def registering(world: World, watch: Watch) -> None:
    campaign_acts.launch(ready_campaign(world.office), by=world.office)
    watch.look()
    mine = sent(world.year, world.clerk)
    watch.look()
    registrations.send_back(mine, by=world.head, comment=WHY)
    watch.look(on_page=WHY)
    registrations.submit(mine, by=world.clerk)
    watch.look()
    registrations.approve(mine, by=world.head, comment=WHY)
    watch.look(on_page=WHY)
    due = clock.today() + timedelta(days=40)
    more = rounds.extend(
        world.year, by=world.office, stage=Stage.SELF_SCORE, unit=world.units["cchc"], until=due, reason=WHY
    )
    watch.look(on_page=WHY)
    rounds.end_extension(more, by=world.office)
    watch.look()


def achieving(world: World, watch: Watch) -> None:
    [criterion] = Criterion.objects.filter(criteria_set__campaign_year=world.year, code="1.1")
    values = {
        "title": "Rút ngắn thời gian giải quyết hồ sơ", "criterion": criterion, "happened_on": date(2025, 5, 20),
        "quantity": 1, "measure": "giải pháp", "result": "Giảm bốn ngày.", "role": "lead",
    }  # fmt: skip
    one = achievements.start(world.year, by=world.clerk)
    achievements.save(one, by=world.clerk, values=values)
    achievements.submit(one, by=world.clerk)
    watch.look()
    achievements.send_back(one, by=world.head, flags={"result": WHY})
    watch.look(on_page=WHY)
    achievements.save(one, by=world.clerk, values={"result": "Giảm từ mười ngày xuống sáu ngày."})
    achievements.submit(one, by=world.clerk)
    watch.look()
    achievements.confirm(one, by=world.head)
    watch.look()
    achievements.reopen(one, by=world.head, flags={"result": "Xem lại"})
    watch.look(on_page="Xem lại")
    achievements.save(one, by=world.clerk, values={"result": "Giảm bốn ngày."})
    achievements.submit(one, by=world.clerk)
    achievements.refuse(one, by=world.head, comment=WHY)
    watch.look(on_page=WHY)


def scoring(world: World, watch: Watch) -> None:
    """Of a collective, so that questions have somebody to answer them."""
    points = ("36,5", "36.5", "8,5")
    sheets.open_sheets(world.year, by=world.office)
    watch.look()
    sheet = Scorecard.objects.get(unit=world.units["cchc"], person=None)
    other = criteria_acts.correct(world.year.criteria_sets.in_use().get(), by=world.office, change_note=WHY)
    criteria_acts.remove_criterion(other.criteria.get(code="2.2"), by=world.office)
    criteria_acts.put_in_use(other, by=world.office)
    move_sheets(other, by=world.office, comment="Chấm bổ sung")
    watch.look(WHY, on_page="Chấm bổ sung")
    sheet = again(sheet)

    def line(code: str) -> Any:
        return sheet.lines.select_related("criterion", "scorecard__campaign_year").get(criterion__code=code)

    for one in sheet.lines.select_related("criterion"):
        line_acts.save_line(line(one.criterion.code), by=world.clerk, **ANSWERS[one.criterion.code])
    sheets.submit(again(sheet), by=world.clerk)
    watch.look(*points)
    sheets.send_back(again(sheet), by=world.head, flags={line("2.3").pk: WHY}, comment="Xem lại")
    watch.look("Xem lại", on_page=WHY)
    line_acts.save_line(line("2.3"), by=world.clerk, inputs={"choice": "Kịp thời"})
    sheets.submit(again(sheet), by=world.clerk)
    sheets.approve(again(sheet), by=world.head)
    watch.look(*points)
    late = clock.today() + timedelta(days=50)
    for stage in (Stage.EXPLANATION, Stage.SECOND_APPRAISAL):
        Deadline.objects.create(campaign_year=world.year, stage=stage, due_on=late)
    appraisal.ask(again(sheet), by=world.appraiser, flags={line("1.1").pk: WHY})
    watch.look(on_page=WHY)
    columns.save_explanation(line("1.1"), by=world.clerk, text="Hai văn bản")
    appraisal.explain(again(sheet), by=world.clerk)
    watch.look("Hai văn bản")
    asking = Letter.objects.filter(kind__in=["scoring/sheet_asked", "scoring/sheet_explained"])
    assert all(closing_in_words(late) in one.body for one in asking)
    columns.save_second(line("1.1"), by=world.appraiser, score=Decimal(8), reason="Một văn bản chậm")
    appraisal.appraise_again(again(sheet), by=world.appraiser)
    watch.look("Một văn bản chậm", *points)
    appraisal.reopen(again(sheet), by=world.office, comment=WHY)
    watch.look(on_page=WHY)
    appraisal.appraise(again(sheet), by=world.appraiser)
    made = publish_all(world.year, "collective", world.office)
    watch.look(*points)
    publication.withdraw_publication(made, by=world.office, reason=WHY)
    watch.look(on_page=WHY)


def listing(world: World, watch: Watch) -> None:
    build_catalogue(world.year)
    publish_units(world.year, {"cchc": "96.25"}, by=world.office)
    publish_people(world.year, {world.clerk: "95.75"}, by=world.office)
    made = compute(world.year, by=world.office)
    settle(made, by=world.office)
    watch.look("95,75", "96,25")
    reopen(made, by=world.office, comment=WHY)
    watch.look(on_page=WHY)


def inventing(world: World, watch: Watch) -> None:
    shares = [(world.person("clerk"), 60), (world.person("colleague"), 40)]
    one = initiative_acts.start(facts(world.units["cchc"]), shares, by=world.clerk)
    initiative_acts.submit(one, by=world.clerk)
    watch.look()
    initiative_acts.send_back(one, by=world.office, comment=WHY)
    watch.look(on_page=WHY)
    hand_in(one, world.cast)
    evaluate(one, world.cast)
    initiative_acts.recognise(one, DECISION, by=world.office)
    watch.look()
    initiative_acts.reopen(one, by=world.office, comment="Ghi nhầm")
    initiative_acts.refuse(one, by=world.office, comment=WHY)
    watch.look(on_page=WHY)


def proposing(world: World, watch: Watch) -> None:
    with clock.at(moment(date(2025, 1, 6), 10)):
        review = open_review(world.office)
        qualify(review, world.clerk, world.office)
        made = begin(review, world.units["cchc"], by=world.clerk, chair=world.person("head"))
        one = propose(made, LABORER, world.person("clerk"), by=world.clerk)
        watch.ready()
        proposals.submit(made, by=world.head)
        watch.look()
        verifying.flag_point(one, Flag.Point.REPORT, WHY, by=world.office)
        verifying.return_proposal(made, by=world.office, comment="Bổ sung báo cáo")
        watch.look(WHY, on_page="Bổ sung báo cáo")
        for flag in Flag.objects.all():
            dossiers.answer(flag, "Đã bổ sung", by=world.clerk)
        proposals.submit(made, by=world.head)
        watch.look()
        one.refresh_from_db()
        verifying.judge_dossier(one, Nomination.Verdict.ACCEPTED, by=world.office)
        verifying.verify(made, by=world.office)
        watch.look()
        nobody = proposals.begin_proposal(review, world.units["ttlt"], by=world.stranger)
        watch.ready()
        proposals.propose_nobody(nobody, by=world.stranger_head, comment=WHY)
        watch.look(on_page=WHY)
        verifying.return_proposal(nobody, by=world.office, comment="Đề nghị xét lại")
        watch.look(on_page="Đề nghị xét lại")
        late = proposals.begin_proposal(review, world.units["tccb"], by=world.appraiser)
    with clock.at(moment(date(2025, 1, 20), 10)):
        proposals.close_unsent(Proposal.objects.get(pk=late.pk), by=world.office, comment=WHY)
        watch.look(on_page=WHY)


def commenting(world: World, watch: Watch) -> None:
    review = publish(season(world.office, world.cast, world.units), world.office)
    with clock.at(PUBLISHED + timedelta(hours=2)):
        watch.ready()
        said = notices.send_comment(review, WHY, by=world.stranger, nomination=of(review, world.colleague))
        watch.look(on_page=WHY)
        notices.answer(
            said, verdict="accepted", text="Đã đối chiếu", is_published=False, by=world.office, version=1
        )
        watch.look("Đã đối chiếu", on_page=WHY)


def sitting(world: World, watch: Watch) -> None:
    review = review_at_council(world.cast, world.units)
    first = planned(review, world.cast)
    council.invite(first, by=world.office)
    watch.look("Nguyễn Văn An")
    council.change_session(first, {**DAY, "place": "Hội trường"}, by=world.office)
    watch.look()
    thu = Appointment.objects.get(person=world.person("appraiser"), role="council")
    thu.ended_on = date(2025, 1, 31)
    thu.save()
    council.change_session(first, {**DAY, "held_on": date(2025, 2, 3)}, by=world.office)
    watch.look()
    council.cancel_session(first, by=world.office, comment=WHY)
    watch.look(on_page=WHY)
    thu.ended_on = None
    thu.save()
    second = planned(review, world.cast)
    council.invite(second, by=world.office)
    sitting = {one.pk: ("present", "") for one in second.members.all()}
    council.mark_attendance(second, sitting, by=world.office)
    council.open_session(second, by=world.office)
    watch.look()
    seats = members(second, world.cast)
    by, taker = user_of(world.cast, "office"), seats["council_member"]
    hand_over(second, "records", taker, giver=seats["office"], by=by, reason=WHY)
    watch.look(on_page=WHY)
    hand_over(
        second, "records", seats["office"], giver=taker, by=user_of(world.cast, "council_member"), reason=WHY
    )
    watch.look(on_page=WHY)
    box = voting.open_votes(second, [item_of(second, FIGHTER)], "electronic", by=world.office)
    codes_of(box, world.cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=user_of(world.cast, "office"))
    watch.look("Nguyễn Văn An")


def deciding(world: World, watch: Watch) -> None:
    review = carried_review(world.office, world.clerk, world.units["cchc"])
    decisions.drop(review.nominations.get(award__code=FIGHTER), reason=WHY, by=world.office)
    watch.look(on_page=WHY)
    made = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=world.office)
    decisions.issue(made, {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}, by=world.office)
    watch.look()
    decisions.cancel(made, on=date(2025, 3, 1), number="50/QĐ-SNV", by=world.office, comment=WHY)
    watch.look(on_page=WHY)


def choosing(world: World, watch: Watch) -> None:
    review = open_review(world.office, 2025)
    proposal = Proposal.objects.create(
        review=review, unit=world.units["cchc"], prepared_by=world.clerk, state=Proposal.State.SUBMITTED
    )
    one = Nomination.objects.create(
        review=review, proposal=proposal, award=Award.objects.get(code="certificate_of_merit_individual"),
        person=world.person("clerk"), verdict="accepted", outcome="passed", merit="Tiêu biểu.",
    )  # fmt: skip
    Review.objects.update(state=Review.State.DECIDING)
    affirm(review, world.person("clerk"), "sudden_achievement", holds=True, by=world.office)
    choose_occasion(one, "sudden", reason=WHY, by=world.office)
    watch.look(on_page=WHY)


def holding(world: World, watch: Watch) -> None:
    """Why, its reader finds only where it concerns him: ``tests/awards/test_holds.py``."""
    paper = "Thông báo 15/TB-TTr"
    held = place_hold(
        person=world.person("clerk"), reason="complaint", paper=paper, started_on=date(2025, 11, 3), by=world.office
    )  # fmt: skip
    watch.look(paper, "hiếu nại")
    correct_paper(held, "Thông báo 16/TB-TTr", reason=WHY, by=world.office)
    watch.look("16/TB-TTr", WHY)
    release_hold(held, reason=WHY, by=world.office)
    watch.look(paper, WHY)


SHEETS = "opened submitted approved appraised asked explained reopened returned published withdrawn"
STORIES: dict[Callable[[World, Watch], None], str] = {
    registering: "campaigns: launched registration_submitted registration_returned registration_approved extended"
    " extension_ended",
    achieving: "scoring: achievement_submitted achievement_returned achievement_confirmed achievement_refused",
    scoring: f"scoring: sheets_moved {' '.join(f'sheet_{one}' for one in SHEETS.split())}",
    listing: "awards: list_settled list_reopened",
    inventing: "awards: initiative_submitted initiative_returned initiative_recognised initiative_refused",
    proposing: "awards: proposal_submitted nominated proposal_returned proposal_verified proposes_nobody"
    " proposal_closed",
    commenting: "awards/private: comment_came comment_answered",
    sitting: "awards: council_invitation council_changed council_uninvited council_cancelled ballot_opened"
    " duty_taken",
    deciding: "awards: nomination_dropped congratulation decision_issued decision_cancelled decision_revoked",
    choosing: "awards: occasion_chosen",
    holding: "awards: hold_placed hold_corrected hold_released",
}


def kinds_of(words: str) -> set[str]:
    folder, _, kinds = words.partition(": ")
    return {f"{folder}/{kind}" for kind in kinds.split()}


@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.__name__)
def test_every_letter_of_the_season_is_whole(
    story: Callable[[World, Watch], None],
    cast: dict[str, User],
    units: dict[str, Unit],
    campaign_year: CampaignYear,
) -> None:
    watch = Watch()
    story(World(cast, units, campaign_year), watch)
    assert watch.kinds == kinds_of(STORIES[story])


def test_every_kind_of_letter_has_its_story() -> None:
    """Those of complaints have theirs in ``tests/awards/test_complaints.py``."""
    folder = portal.BASE_DIR / "templates" / "emails"
    of_acts = {
        str(path.relative_to(folder)).removesuffix(".subject.txt")
        for floor in ("campaigns", "scoring", "awards")
        for path in (folder / floor).rglob("*.subject.txt")
    }
    told = set[str]().union(*map(kinds_of, STORIES.values()))
    assert {one for one in of_acts if "complaint" not in one} == told


def test_letters_say_the_hour_of_the_province(
    campaign_year: CampaignYear, clerk: User, settings: Any
) -> None:
    due = clock.today() - timedelta(days=1)
    Deadline.objects.filter(campaign_year=campaign_year, stage=Stage.REGISTRATION).update(due_on=due)
    settings.CLOSING_HOUR = 17
    made = sent(campaign_year, clerk)
    said = f"trước 17 giờ 00 ngày {due:%d/%m/%Y}"
    letter = Letter.objects.get(kind="campaigns/registration_submitted")
    assert f"Thời hạn: {said} (đã quá hạn)." in letter.body
    assert "nộp muộn" in letter.body
    entry = history_of(made).filter(verb="submit").get()
    assert entry.comment.endswith(f"Nộp muộn: hạn đăng ký là {said}.")
