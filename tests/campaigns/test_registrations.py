"""Registrations: the four states, who decides, counts, autosave."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import registrations as acts
from campaigns.models import CampaignYear, CriteriaSet, Deadline, Registration, Stage
from campaigns.queries import open_calendar, registration_counts, registration_counts_by_unit, tasks_of
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Posting
from tests.campaigns.stories import begun, post, sent, text_of

STATES = Registration.State


# --- who decides -------------------------------------------------------------------------------------
def test_the_head_decides_on_his_people(clerk, head, campaign_year):
    made = sent(campaign_year, clerk)
    assert made.state == STATES.WAITING
    assert made.approving_unit.code == "cchc"
    letter = Letter.objects.get(kind="campaigns/registration_submitted")
    assert letter.recipient == head
    assert "Nguyễn Văn An" in letter.body
    acts.approve(made, by=head)
    assert made.state == STATES.APPROVED
    assert Letter.objects.get(kind="campaigns/registration_approved").recipient == clerk


def test_the_head_goes_one_level_up(head, director, campaign_year):
    made = sent(campaign_year, head)
    assert made.approving_unit.code == "so"
    with pytest.raises(Refused, match="không có quyền"):
        acts.approve(made, by=head)
    acts.approve(made, by=director)


def test_the_unit_decided_by_its_head_unless_he_sent_it(clerk, head, director, campaign_year):
    made = sent(campaign_year, clerk, for_unit=True)
    assert made.approving_unit.code == "cchc"
    acts.send_back(made, by=head, comment="Thiếu số liệu")
    assert {one.recipient for one in Letter.objects.filter(kind="campaigns/registration_returned")} == {clerk}
    again = acts.submit(made, by=head)
    assert again.approving_unit.code == "so"
    with pytest.raises(Refused):
        acts.approve(again, by=head)
    acts.approve(again, by=director)


def test_the_director_is_taken_by_the_office(director, office, head, campaign_year):
    made = sent(campaign_year, director)
    assert made.approving_unit is None
    assert Letter.objects.get(kind="campaigns/registration_submitted").recipient == office
    with pytest.raises(Refused):
        acts.approve(made, by=head)
    acts.approve(made, by=office)


def test_units_without_a_collective_do_not_register(director, campaign_year):
    with pytest.raises(Refused, match="tư cách tập thể"):
        acts.start(campaign_year, by=director, for_unit=True)


@pytest.mark.parametrize("state", STATES.values)
@pytest.mark.parametrize("verb", ["submit", "approve", "send_back", "reopen"])
@pytest.mark.parametrize(
    "part",
    [
        "clerk",
        "colleague",
        "head",
        "deputy",
        "office",
        "director",
        "council_member",
        "inspector",
        "technician",
        "stranger",
        "stranger_head",
    ],
)
def test_registration_matrix(cast, campaign_year, state, verb, part):
    made = sent(campaign_year, cast["clerk"])
    Registration.objects.filter(pk=made.pk).update(state=state)
    may = {
        "submit": ({"clerk"}, {"not_sent", "returned"}, "waiting"),
        "approve": ({"head"}, {"waiting"}, "approved"),
        "send_back": ({"head"}, {"waiting"}, "returned"),
        "reopen": ({"head", "office"}, {"approved"}, "returned"),
    }
    who, sources, target = may[verb]
    act = getattr(acts, verb)
    if part in who and state in sources:
        assert act(made, by=cast[part], comment="Có lý do").state == target
    else:
        with pytest.raises(Refused):
            act(made, by=cast[part], comment="Có lý do")
        made.refresh_from_db()
        assert made.state == state


# --- guards ------------------------------------------------------------------------------------------
def test_an_empty_registration_is_not_sent(clerk, campaign_year):
    made = acts.start(campaign_year, by=clerk)
    with pytest.raises(Refused, match="còn trống"):
        acts.submit(made, by=clerk)


def test_returning_asks_for_a_reason(clerk, head, campaign_year):
    made = sent(campaign_year, clerk)
    with pytest.raises(Refused, match="lý do trả lại"):
        acts.send_back(made, by=head, comment=" ")


def test_pressing_twice_is_harmless(clerk, head, campaign_year):
    made = sent(campaign_year, clerk)
    acts.approve(made, by=head)
    with pytest.raises(AlreadyDone):
        acts.approve(made, by=head)
    assert Letter.objects.filter(kind="campaigns/registration_approved").count() == 1


def test_a_decision_on_an_older_text_is_refused(clerk, head, campaign_year):
    made = sent(campaign_year, clerk)
    with pytest.raises(Stale):
        acts.approve(made, by=head, version=made.version - 1)


def test_a_late_registration_is_taken_and_marked(clerk, campaign_year):
    Deadline.objects.filter(stage=Stage.REGISTRATION).update(due_on=timezone.localdate() - timedelta(days=1))
    line = history_of(sent(campaign_year, clerk)).first()
    assert line.data["late"] is True
    assert line.comment.startswith("Nộp muộn")


def test_on_the_last_day_it_is_in_time(clerk, campaign_year):
    Deadline.objects.filter(stage=Stage.REGISTRATION).update(due_on=timezone.localdate())
    assert history_of(sent(campaign_year, clerk)).first().data["late"] is False


def test_a_closed_year_takes_nothing(clerk, head, campaign_year):
    made = sent(campaign_year, clerk)
    CampaignYear.objects.update(state=CampaignYear.State.CLOSED)
    made = Registration.objects.get(pk=made.pk)
    with pytest.raises(Refused, match="không còn mở"):
        acts.approve(made, by=head)
    with pytest.raises(Refused, match="không còn mở"):
        acts.start(CampaignYear.objects.get(), by=head)


def test_a_transferred_person_registers_where_he_works(clerk, units, cast, campaign_year):
    made = begun(campaign_year, clerk)
    Posting.objects.filter(person=clerk.person).update(unit=units["ttlt"])
    mover = type(clerk).objects.get(pk=clerk.pk)
    acts.submit(made, by=mover)
    assert made.unit_name == "Trung tâm Lưu trữ lịch sử"
    assert made.approving_unit.code == "ttlt"


# --- saving ------------------------------------------------------------------------------------------
def test_saves_by_one_person_leave_one_line(clerk, colleague, campaign_year):
    made = begun(campaign_year, clerk, for_unit=True)
    for text in ("a", "b", "c"):
        acts.save(made, by=clerk, pledge=text, items=[])
    acts.save(made, by=colleague, pledge="d", items=[])
    acts.save(made, by=clerk, pledge="e", items=[])
    assert [line.actor for line in history_of(made).filter(verb="save")] == [clerk, colleague]


def test_nothing_changed_writes_nothing(clerk, campaign_year):
    made = begun(campaign_year, clerk)
    version = made.version
    acts.save(made, by=clerk, pledge=made.pledge, items=[])
    assert made.version == version


def test_only_the_person_saves(clerk, colleague, head, campaign_year):
    made = begun(campaign_year, clerk)
    for other in (colleague, head):
        with pytest.raises(Refused, match="không có quyền"):
            acts.save(made, by=other, pledge="x", items=[])


def test_criteria_of_another_year_are_refused(clerk, campaign_year, criteria):
    made = begun(campaign_year, clerk)
    other = CampaignYear.objects.create(campaign=campaign_year.campaign, year=2024)
    CriteriaSet.objects.update(campaign_year=other)
    row = {"criterion": criteria["1.1"], "target": "x", "quantity": None, "measure": ""}
    criteria["1.1"].criteria_set.refresh_from_db()
    with pytest.raises(Refused, match="không thuộc năm"):
        acts.save(made, by=clerk, pledge="", items=[row])


# --- who sees what -----------------------------------------------------------------------------------
def test_who_sees_a_registration(cast, campaign_year, client_of):
    made = sent(campaign_year, cast["clerk"])
    page = reverse("campaigns:registration_detail", args=[made.pk])
    seen = {part for part, user in cast.items() if client_of(user).get(page).status_code == 200}
    assert seen == {"clerk", "head", "deputy", "office", "director", "inspector"}
    assert post(client_of(cast["stranger"]), "registration_move", made.pk, "approve").status_code == 404
    assert post(client_of(cast["clerk"]), "registration_move", made.pk, "la").status_code == 404


def test_the_list_searches_filters_and_stays_cheap(cast, campaign_year, client_of, assert_same_queries):
    sent(campaign_year, cast["clerk"])
    browser = client_of(cast["office"])
    address = reverse("campaigns:registration_list")

    def grow():
        sent(campaign_year, cast["colleague"])
        begun(campaign_year, cast["stranger"])

    assert_same_queries(browser, address, grow)
    text = text_of(browser.get(address + "?q=nguyen+van"))
    assert "Nguyễn Văn An" in text
    assert "Trần Thị Bình" not in text
    assert "Đặng Văn Tùng" not in text_of(browser.get(address + "?trang-thai=waiting"))
    assert "Nguyễn Văn An" not in text_of(browser.get(address + "?doi-tuong=collective"))
    assert browser.get(address + "?xuat=xlsx")["Content-Type"].endswith("sheet")


# --- many at once ------------------------------------------------------------------------------------
def test_bulk_approval(clerk, colleague, head, stranger, campaign_year, client_of):
    first, second, foreign = (sent(campaign_year, user) for user in (clerk, colleague, stranger))
    browser = client_of(head)
    page = text_of(browser.get(reverse("campaigns:registration_bulk")))
    assert "Nguyễn Văn An" in page
    assert "Đặng Văn Tùng" not in page
    response = browser.post(
        reverse("campaigns:registration_bulk"),
        {
            "chon": [first.pk, foreign.pk, "abc"],
            **{f"version_{one.pk}": one.version for one in (first, foreign)},
        },
        follow=True,
    )
    assert "Đã duyệt 1 đăng ký" in text_of(response)
    states = {one.pk: one.state for one in Registration.objects.all()}
    assert states == {first.pk: "approved", second.pk: "waiting", foreign.pk: "waiting"}


def test_bulk_says_what_was_refused(clerk, colleague, head, campaign_year):
    first, second = sent(campaign_year, clerk), sent(campaign_year, colleague)
    acts.send_back(Registration.objects.get(pk=first.pk), by=head, comment="Thiếu")
    done, refused = acts.approve_many([first, second], by=head)
    assert done == [second]
    assert "Nguyễn Văn An" in refused[0]


# --- counts ------------------------------------------------------------------------------------------
def test_counts_of_the_four_states(cast, units, campaign_year):
    before = registration_counts(campaign_year)
    assert before["individual"].by_state == {"not_sent": 13, "waiting": 0, "returned": 0, "approved": 0}
    assert before["collective"].by_state["not_sent"] == 5
    begun(campaign_year, cast["stranger"])
    sent(campaign_year, cast["clerk"])
    acts.approve(sent(campaign_year, cast["colleague"]), by=cast["head"])
    acts.send_back(sent(campaign_year, cast["clerk"], for_unit=True), by=cast["head"], comment="Thiếu")
    after = registration_counts(campaign_year)
    assert after["individual"].by_state == {"not_sent": 11, "waiting": 1, "returned": 0, "approved": 1}
    assert after["collective"].by_state == {"not_sent": 4, "waiting": 0, "returned": 1, "approved": 0}
    assert after["individual"].total == 13
    of_unit = registration_counts(campaign_year, units["cchc"])
    assert of_unit["individual"].by_state == {"not_sent": 2, "waiting": 1, "returned": 0, "approved": 1}
    rows = {row.unit.code: row for row in registration_counts_by_unit(campaign_year)}
    assert rows["cchc"].state == "returned"
    assert rows["cchc"].people.by_state["approved"] == 1
    assert rows["ttlt"].people.by_state["not_sent"] == 2


def test_year_page_counts_for_the_office_and_lists_the_silent(
    cast, campaign_year, client_of, assert_same_queries
):
    year = reverse("campaigns:year_detail", args=[campaign_year.pk])
    assert_same_queries(client_of(cast["inspector"]), year, lambda: sent(campaign_year, cast["colleague"]))
    missing = reverse("campaigns:registration_missing", args=[campaign_year.pk])
    page = text_of(client_of(cast["office"]).get(missing))
    assert "Nguyễn Văn An" in page
    assert reverse("organization:person_detail", args=[cast["clerk"].person.pk]) in page
    assert "Chưa viết" in page
    acts.start(campaign_year, by=cast["clerk"])
    assert "Đang viết dở" in text_of(client_of(cast["office"]).get(missing))
    of_head = text_of(client_of(cast["head"]).get(missing))
    assert "Nguyễn Văn An" in of_head
    assert "Đặng Văn Tùng" not in of_head
    assert "Trần Thị Bình" not in of_head
    assert client_of(cast["clerk"]).get(missing).status_code == 404
    assert "Đăng ký theo đơn vị" not in text_of(client_of(cast["clerk"]).get(year))


def test_figures_are_a_panel_of_the_list_and_a_page_without_javascript(
    cast, campaign_year, client_of, assert_same_queries
):
    sent(campaign_year, cast["clerk"])
    browser, listed = client_of(cast["office"]), reverse("campaigns:registration_list")
    figures = reverse("campaigns:registration_figures")
    assert figures in browser.get(listed).content.decode()
    whole = browser.get(figures).content.decode()
    panel = browser.get(figures, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in panel
    link = f"{listed}?nam={campaign_year.pk}&amp;doi-tuong=individual&amp;trang-thai=waiting"
    assert f'<a href="{link}">1</a>' in whole
    assert f'<a href="{link}">1</a>' in panel
    assert_same_queries(browser, figures, lambda: sent(campaign_year, cast["colleague"]))
    for part in ("clerk", "head", "technician"):
        assert client_of(cast[part]).get(figures).status_code == 404
        assert figures not in client_of(cast[part]).get(listed).content.decode()


# --- first page --------------------------------------------------------------------------------------
def test_tasks(clerk, head, campaign_year):
    assert [task.title for task in tasks_of(clerk, open_calendar())] == ["Đăng ký thi đua của tôi"]
    assert "Đăng ký thi đua của Phòng CCHC" in [task.title for task in tasks_of(head, open_calendar())]
    made = sent(campaign_year, clerk)
    (mine,) = tasks_of(clerk, open_calendar())
    assert not mine.is_waiting_for_me
    (decide,) = [task for task in tasks_of(head, open_calendar()) if task.title == "Duyệt đăng ký thi đua"]
    assert (decide.count, decide.href) == (
        1,
        f"{reverse('campaigns:registration_bulk')}?nam={campaign_year.pk}",
    )
    acts.send_back(made, by=head, comment="Thiếu")
    (mine,) = tasks_of(clerk, open_calendar())
    assert (mine.verb, mine.is_waiting_for_me) == ("Sửa lại", True)
    acts.approve(acts.submit(made, by=clerk), by=head)
    assert tasks_of(clerk, open_calendar()) == []
