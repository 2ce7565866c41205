"""The criteria are corrected while sheets are open: the Office moves those that nobody has approved yet."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.actions import criteria as criteria_acts
from campaigns.models import AppliesTo, CampaignYear, CriteriaSet
from campaigns.queries import open_calendar
from core.journal import history_of
from core.models import Letter
from core.workflow import Refused
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import proofs
from scoring.actions import sheets as actions
from scoring.actions.versions import Moved, move_sheets
from scoring.models import EvidenceDocument, Scorecard
from scoring.queries import tasks_of
from scoring.queries.versions import groups_for
from tests.letters.reading import only_behind, said
from tests.scoring.sheets.conftest import PERSON_TOTAL, again

Find = Callable[..., Any]
CHOICES = [{"label": "Kịp thời", "points": "10"}, {"label": "Muộn", "points": "4"}]


@pytest.fixture
def corrected(opened: CampaignYear, office: User) -> Callable[..., CriteriaSet]:
    """The next version in use, made by ``change`` on its draft."""

    def correct(*changes: Callable[[CriteriaSet], Any]) -> CriteriaSet:
        made = criteria_acts.correct(
            opened.criteria_sets.in_use().get(), by=office, change_note="Theo kết luận của Giám đốc"
        )
        for change in changes:
            change(made)
        return criteria_acts.put_in_use(made, by=office)

    return correct


@pytest.fixture
def without(office: User) -> Callable[[str], Callable[[CriteriaSet], None]]:
    def named(code: str) -> Callable[[CriteriaSet], None]:
        return lambda made: criteria_acts.remove_criterion(made.criteria.get(code=code), by=office)

    return named


@pytest.fixture
def with_new(office: User) -> Callable[[CriteriaSet], None]:
    def add(made: CriteriaSet) -> None:
        criteria_acts.add_criterion(
            made, by=office, parent=made.criteria.get(code="1"), code="1.3", name="Chuyển đổi số", method="typed",
            params={"min": "0", "max": "5", "step": "0.5"}, max_score=Decimal(5), applies_to=AppliesTo.BOTH,
        )  # fmt: skip

    return add


@pytest.fixture
def with_other_choices(office: User) -> Callable[[CriteriaSet], None]:
    """2.3 gives other points and has lost a choice."""

    def change(made: CriteriaSet) -> None:
        one = made.criteria.get(code="2.3")
        facts = {name: getattr(one, name) for name in ("method", "max_score")}
        criteria_acts.change_criterion(one, by=office, params={"choices": CHOICES}, **facts)

    return change


def scores(sheet: Scorecard) -> dict[str, Decimal | None]:
    return {line.criterion.code: line.self_score for line in sheet.lines.select_related("criterion")}


def test_a_draft_follows_and_keeps_what_was_typed(
    sheet_of: Find, fill: Find, corrected: Find, without: Find, with_new: Find, clerk: User, office: User
) -> None:
    sheet = fill(sheet_of(clerk), clerk)
    new = corrected(without("2.2"), with_new)
    assert again(sheet).criteria_set != new  # nothing moves by itself
    move_sheets(new, by=office, comment="Chấm bổ sung trước 30/11")
    sheet = again(sheet)
    assert (sheet.criteria_set, sheet.state) == (new, "draft")
    assert scores(sheet) == {"1.1": Decimal("8.5"), "1.2": 0, "1.3": None, "2.3": 10}
    assert sheet.self_total == Decimal("18.5")
    assert not sheet.lines.filter(is_flagged=True).exists()
    with pytest.raises(Refused, match=r"chưa chấm: 1\.3"):
        actions.submit(sheet, by=clerk)
    entry = history_of(sheet).first()
    assert (entry.verb, entry.comment) == ("renew", "Chấm bổ sung trước 30/11")
    [kept] = entry.data["removed"].values()
    assert (kept["criterion"], kept["inputs"], kept["score"]) == (
        "2.2. Hoàn thành nhiệm vụ được giao", {"met": "1"}, "20.0000",
    )  # fmt: skip
    letter = Letter.objects.get(recipient=clerk, kind="scoring/sheets_moved")
    assert "Theo kết luận của Giám đốc" not in said(letter)
    assert only_behind(letter, "Chấm bổ sung trước 30/11")


def test_a_submitted_sheet_returns_with_just_the_new_lines_open(
    sheet_of: Find, led_to: Find, line_of: Find, corrected: Find, with_new: Find, clerk: User, head: User,
    office: User,
) -> None:  # fmt: skip
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    new = corrected(with_new)
    assert move_sheets(new, by=office).returned == 1
    sheet = again(sheet)
    assert (sheet.state, sheet.self_total) == ("returned", PERSON_TOTAL)
    assert [line.criterion.code for line in sheet.lines.filter(is_flagged=True)] == ["1.3"]
    with pytest.raises(Refused, match="được đánh dấu"):
        line_actions.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(9))
    line_actions.save_line(line_of(sheet, "1.3"), by=clerk, inputs={}, self_score=Decimal("4.5"))
    actions.submit(sheet, by=clerk)
    actions.approve(sheet, by=head)
    assert again(sheet).approved_total == PERSON_TOTAL + Decimal("4.5")


def test_a_submitted_sheet_with_nothing_to_score_stays_with_the_head(
    sheet_of: Find, led_to: Find, corrected: Find, without: Find, clerk: User, head: User, office: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    move_sheets(corrected(without("2.3")), by=office)
    assert (again(sheet).state, again(sheet).self_total) == ("submitted", PERSON_TOTAL - 10)
    actions.approve(again(sheet), by=head)


def test_values_that_no_longer_fit_are_emptied_and_named(
    sheet_of: Find, led_to: Find, line_of: Find, corrected: Find, with_other_choices: Find, clerk: User,
    colleague: User, head: User, office: User, client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    late = led_to(sheet_of(clerk), "submitted", by=clerk, c2_3={"inputs": {"choice": "Chậm"}})
    in_time = led_to(sheet_of(colleague), "submitted", by=colleague)
    line_actions.save_approved(line_of(late, "2.3"), by=head, score=Decimal(0), reason="Không có văn bản")
    new = corrected(with_other_choices)
    page = client_of(office).get(reverse("scoring:move_sheets", args=[new.pk])).content.decode()
    assert "Nguyễn Văn An: tiêu chí 2.3, đã chấm 5" in page
    assert "Trần Thị Bình: tiêu chí" not in page
    assert again(late).criteria_set != new  # the page only shows
    assert move_sheets(new, by=office) == Moved(sheets=Scorecard.objects.count(), returned=1, unfit=1)
    line = line_of(late, "2.3")
    assert (line.self_score, line.inputs, line.approved_score, line.is_flagged) == (None, {}, None, True)
    assert (again(late).state, again(in_time).state) == ("returned", "submitted")
    assert scores(again(in_time))["2.3"] == 10


def test_judged_sheets_stay_and_a_second_move_does_nothing(
    sheet_of: Find, led_to: Find, corrected: Find, with_new: Find, clerk: User, colleague: User, head: User,
    office: User,
) -> None:  # fmt: skip
    approved = led_to(sheet_of(clerk), "approved", by=clerk, head=head)
    appraised = led_to(sheet_of(colleague), "appraised", by=colleague, head=head, appraiser=office)
    new = corrected(with_new)
    assert move_sheets(new, by=office).sheets == Scorecard.objects.count() - 2
    assert {again(approved).criteria_set.version_number, again(appraised).criteria_set.version_number} == {1}
    letters, lines = Letter.objects.count(), history_of(approved.campaign_year).count()
    assert move_sheets(new, by=office) == Moved()
    assert (Letter.objects.count(), history_of(approved.campaign_year).count()) == (letters, lines)


def test_a_move_is_taken_back_with_everything_that_was_typed(
    sheet_of: Find, fill: Find, line_of: Find, corrected: Find, without: Find, with_new: Find,
    document: EvidenceDocument, clerk: User, colleague: User, office: User,
) -> None:  # fmt: skip
    sheet = fill(sheet_of(clerk), clerk)
    proofs.attach_evidence(line_of(sheet, "2.2"), document, by=clerk, page="4")
    before, old = scores(sheet), sheet.criteria_set
    Scorecard.objects.filter(person=colleague.person).delete()
    new = corrected(without("2.2"), with_new)
    move_sheets(new, by=office)
    actions.open_sheet(sheet.campaign_year, by=office, person=colleague.person)  # begun on the new version
    old.refresh_from_db()
    assert move_sheets(old, by=office).sheets == Scorecard.objects.count() - 1
    sheet = again(sheet)
    assert (sheet.criteria_set, scores(sheet), sheet.self_total) == (old, before, PERSON_TOTAL)
    assert line_of(sheet, "2.2").evidence_links.get().page == "4"
    assert sheet_of(colleague).criteria_set == new
    assert move_sheets(old, by=office) == Moved()


def test_only_the_office_and_only_in_an_open_year(
    corrected: Find, with_new: Find, opened: CampaignYear, cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    new = corrected(with_new)
    url = reverse("scoring:move_sheets", args=[new.pk])
    for part in ("clerk", "head", "director", "inspector", "appraiser", "technician"):
        assert client_of(cast[part]).get(url).status_code == 404
        assert client_of(cast[part]).post(url).status_code == 404
        with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
            move_sheets(new, by=cast[part])
    draft = criteria_acts.correct(new, by=cast["office"])
    assert client_of(cast["office"]).get(reverse("scoring:move_sheets", args=[draft.pk])).status_code == 404
    with pytest.raises(Refused, match="còn là bản nháp"):
        move_sheets(draft, by=cast["office"])
    CampaignYear.objects.update(state="closed")
    with pytest.raises(Refused, match="đã khóa sổ"):
        move_sheets(CriteriaSet.objects.get(pk=new.pk), by=cast["office"])
    assert not Scorecard.objects.filter(criteria_set=new).exists()


def test_the_office_is_told_and_led_through(
    corrected: Find, with_new: Find, without: Find, opened: CampaignYear, office: User, clerk: User,
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    assert not any("bộ tiêu chí cũ" in task.title for task in tasks_of(office, open_calendar()))
    new = corrected(with_new, without("2.3"))
    [task] = [task for task in tasks_of(office, open_calendar()) if "bộ tiêu chí cũ" in task.title]
    assert not any("bộ tiêu chí cũ" in task.title for task in tasks_of(clerk, open_calendar()))
    client = client_of(office)
    assert task.href in client.get(reverse("scoring:scorecard_list")).content.decode()
    page = client.get(task.href, follow=True).content.decode()
    assert "1.3. Chuyển đổi số" in page
    assert "2.3. Ban hành kế hoạch" in page
    assert "1.1. Chất lượng tham mưu" not in page
    count = Scorecard.objects.count()
    answer = client.post(reverse("scoring:move_sheets", args=[new.pk]), {"comment": "Gấp"}, follow=True)
    assert f"Đã chuyển {count} phiếu sang phiên bản 2" in answer.content.decode()
    assert not any("bộ tiêu chí cũ" in task.title for task in tasks_of(office, open_calendar()))
    assert groups_for(new) == []
    assert (
        "Không còn phiếu"
        in client.post(reverse("scoring:move_sheets", args=[new.pk]), follow=True).content.decode()
    )


def test_the_move_costs_the_same_for_many_sheets(
    sheet_of: Find, fill: Find, corrected: Find, with_new: Find, with_other_choices: Find, without: Find,
    opened: CampaignYear, clerk: User, colleague: User, office: User, units: dict[str, Unit],
) -> None:  # fmt: skip
    for user in (clerk, colleague):
        fill(sheet_of(user), user)
    new = corrected(with_new, with_other_choices, without("2.2"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            move_sheets(new, by=office)
        return len(captured)

    with transaction.atomic():
        Scorecard.objects.exclude(pk__in=[sheet_of(clerk).pk, sheet_of(units["cchc"]).pk]).delete()
        for_two = cost()
        transaction.set_rollback(True)
    assert Scorecard.objects.count() > 15
    assert cost() == for_two
