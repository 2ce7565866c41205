"""What a reviewer found: deciding on one's own writing, new versions of the criteria, years that are closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.actions import criteria as criteria_acts
from campaigns.models import CampaignYear, CriteriaSet, Criterion
from campaigns.queries import open_calendar
from core.workflow import Refused
from organization.actions import merge_units
from organization.models import Person, Unit, User
from scoring.actions import achievements as actions
from scoring.actions import evidence
from scoring.models import Achievement
from scoring.queries.achievement_tasks import tasks_of
from scoring.queries.achievements import open_points, problems_of
from scoring.workflow.achievements import ACHIEVEMENT
from tests.cast import fresh
from tests.scoring.achievements.conftest import DAY

State = Achievement.State


# --- nobody decides on what he wrote -------------------------------------------------------------------
def test_a_head_who_sent_the_unit_s_paper_does_not_confirm_it(
    draft_of: Callable[..., Achievement], clerk: User, head: User, director: User
) -> None:
    achievement = draft_of(clerk, collective=True)
    actions.submit(achievement, by=head)
    assert achievement.approving_unit.code == "so"
    assert achievement.prepared_by == clerk
    with pytest.raises(Refused, match="không có quyền"):
        actions.confirm(achievement, by=head)
    actions.confirm(achievement, by=director)


def test_a_head_who_rewrote_a_colleague_s_paper_does_not_confirm_it(
    campaign_year: CampaignYear, facts: dict[str, Any], clerk: User, colleague: User, head: User
) -> None:
    Person.objects.filter(user=colleague).update(user=None)
    driver = Person.objects.get(pk=colleague.person.pk)
    achievement = actions.start(campaign_year, by=clerk, person=driver)
    actions.save(achievement, by=head, values=facts)
    actions.submit(achievement, by=clerk)
    assert achievement.approving_unit.code == "so"
    assert "confirm" not in {move.verb for move in ACHIEVEMENT.available(achievement, fresh(head))}


def test_what_only_others_wrote_stays_with_the_head(
    draft_of: Callable[..., Achievement], clerk: User, colleague: User, head: User
) -> None:
    achievement = draft_of(clerk, collective=True)
    actions.save(achievement, by=colleague, values={"result": "Giảm một nửa."})
    actions.submit(achievement, by=colleague)
    actions.confirm(achievement, by=head)
    assert achievement.state == State.CONFIRMED


# --- a new version of the criteria ---------------------------------------------------------------------
def _new_version(year: CampaignYear, by: User, *, without: str = "") -> CriteriaSet:
    made = criteria_acts.correct(year.criteria_sets.in_use().get(), by=by, change_note="Sửa")
    if without:
        criteria_acts.remove_criterion(made.criteria.get(code=without), by=by)
    return criteria_acts.put_in_use(made, by=by)


def test_a_returned_one_comes_back_although_the_criteria_have_a_new_version(
    submitted_by: Callable[..., Achievement],
    campaign_year: CampaignYear,
    clerk: User,
    head: User,
    office: User,
    client_of: Callable[[User], Client],
) -> None:
    achievement = submitted_by(clerk)
    actions.send_back(achievement, by=head, flags={"result": "Nêu số liệu."})
    _new_version(campaign_year, office)
    address = reverse("scoring:achievement_edit", args=[achievement.pk])
    version = Achievement.objects.get(pk=achievement.pk).version
    answer = client_of(clerk).post(address, {"result": "Từ 10 ngày xuống 5 ngày.", "version": version})
    assert answer.status_code == 302
    achievement = Achievement.objects.get(pk=achievement.pk)
    assert problems_of(achievement) == []
    actions.submit(achievement, by=clerk)
    actions.confirm(achievement, by=head)


def test_a_criterion_that_is_gone_opens_the_choice(
    submitted_by: Callable[..., Achievement],
    campaign_year: CampaignYear,
    clerk: User,
    head: User,
    office: User,
    criteria: dict[str, Criterion],
) -> None:
    achievement = submitted_by(clerk)
    actions.send_back(achievement, by=head, flags={"result": "Nêu số liệu."})
    made = _new_version(campaign_year, office, without="1.1")
    achievement = Achievement.objects.get(pk=achievement.pk)
    assert "criterion" in open_points(achievement)
    other = made.criteria.get(code="2.2")
    actions.save(achievement, by=clerk, values={"result": "Từ 10 xuống 5.", "criterion": other})
    assert problems_of(achievement) == []


# --- a closed year -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "part", "act"),
    [
        ("draft", "clerk", lambda one, by: actions.save(one, by=by, values={"title": "Tên mới"})),
        ("submitted", "head", lambda one, by: actions.confirm(one, by=by)),
        ("submitted", "head", lambda one, by: actions.refuse(one, by=by, comment="Muộn.")),
        ("submitted", "head", lambda one, by: actions.send_back(one, by=by, flags={"title": "Rõ hơn."})),
        ("submitted", "clerk", lambda one, by: actions.withdraw(one, by=by)),
        ("confirmed", "head", lambda one, by: actions.reopen(one, by=by, flags={"title": "Rõ hơn."})),
    ],
)
def test_a_closed_year_is_not_touched(
    state: str, part: str, act: Callable, in_state: Callable, cast: dict[str, User]
) -> None:
    achievement = in_state(state)
    CampaignYear.objects.update(state="closed")
    achievement = Achievement.objects.get(pk=achievement.pk)
    with pytest.raises(Refused, match="đã khóa sổ"):
        act(achievement, cast[part])
    assert Achievement.objects.get(pk=achievement.pk).state == state


def test_documents_of_a_closed_year_stay(draft_of: Callable, stored: Callable, clerk: User) -> None:
    achievement, document = draft_of(clerk), stored(clerk)
    CampaignYear.objects.update(state="closed")
    with pytest.raises(Refused, match="đã khóa sổ"):
        evidence.add_evidence(Achievement.objects.get(pk=achievement.pk), document, by=clerk)
    actions.remove(Achievement.objects.get(pk=achievement.pk), by=clerk)  # a draft may still go


def test_nothing_of_a_closed_year_waits_for_anybody(
    draft_of: Callable, submitted_by: Callable, clerk: User, colleague: User, head: User
) -> None:
    draft_of(clerk)
    submitted_by(colleague)
    assert tasks_of(fresh(clerk), open_calendar())
    assert tasks_of(fresh(head), open_calendar())
    CampaignYear.objects.update(state="closed")
    assert tasks_of(fresh(clerk), open_calendar()) == tasks_of(fresh(head), open_calendar()) == []


# --- a merged unit -------------------------------------------------------------------------------------
def test_what_waited_in_a_merged_unit_is_decided_by_the_new_head(
    submitted_by: Callable[..., Achievement],
    clerk: User,
    office: User,
    council_member: User,
    units: dict[str, Unit],
    client_of: Callable[[User], Client],
) -> None:
    achievement = submitted_by(clerk)
    merge_units([units["cchc"]], into=units["tccb"], on=DAY, basis="12/QĐ-SNV", by=office)
    boss = fresh(council_member)
    page = client_of(boss).get(reverse("scoring:achievement_list_of", args=["cho-toi"]))
    assert achievement.title in page.content.decode()
    actions.confirm(Achievement.objects.get(pk=achievement.pk), by=boss)


@pytest.mark.parametrize("number", ["9" * 20, "9" * 30])
def test_a_forged_document_is_not_found(
    number: str, draft_of: Callable[..., Achievement], clerk: User, client_of: Callable[[User], Client]
) -> None:
    achievement = draft_of(clerk)
    address = reverse("scoring:achievement_evidence_remove", args=[achievement.pk, int(number)])
    assert client_of(clerk).post(address).status_code == 404


def test_the_technician_writes_for_nobody_but_himself(
    campaign_year: CampaignYear, technician: User, office: User
) -> None:
    with pytest.raises(Refused, match="Quản trị kỹ thuật"):
        actions.start(campaign_year, by=technician, collective=True)
    assert actions.start(campaign_year, by=technician).person == technician.person
    ours = actions.start(campaign_year, by=office, collective=True)
    with pytest.raises(Refused, match="không có quyền"):
        actions.save(ours, by=technician, values={"title": "Của tôi"})
