"""The way of a sheet from the first line to the appraisal, and who may not take which step."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import CampaignYear, Deadline
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization import roles
from organization.models import Appointment, Posting, Unit, User
from scoring.actions import appraisal, proofs
from scoring.actions import lines as line_actions
from scoring.actions import sheets as act
from scoring.models import EvidenceDocument, LineEvidence, Scorecard
from tests.cast import fresh
from tests.letters.reading import only_behind

Find = Callable[..., Any]


def test_the_whole_way_of_a_persons_sheet(
    sheet_of: Find, fill: Find, line_of: Find, clerk: User, head: User, office: User
) -> None:
    sheet = fill(sheet_of(clerk), clerk)
    act.submit(sheet, by=clerk)
    assert (sheet.state, sheet.approving_unit, sheet.submitted_by) == ("submitted", sheet.unit, clerk)
    assert Letter.objects.get(kind="scoring/sheet_submitted").recipient == head
    line_actions.save_approved(line_of(sheet, "1.1"), by=head, score=Decimal(8), reason="Một văn bản chậm")
    act.approve(sheet, by=head)
    line_actions.save_appraised(
        line_of(sheet, "2.3"), by=office, score=Decimal(5), reason="Kế hoạch ban hành chậm"
    )
    appraisal.appraise(sheet, by=office, comment="Đã đối chiếu")
    sheet.refresh_from_db()
    assert sheet.state == "appraised"
    assert (sheet.self_total, sheet.approved_total, sheet.appraised_total) == (Decimal("38.5"), 38, 33)
    assert list(sheet.lines.values_list("self_score", "approved_score", "appraised_score")) == [
        (Decimal("8.5"), 8, 8), (0, 0, 0), (20, 20, 20), (10, 10, 5),
    ]  # fmt: skip
    assert [entry.verb for entry in history_of(sheet)] == ["appraise", "approve", "submit", "open"]
    assert set(Letter.objects.filter(recipient=clerk).values_list("kind", flat=True)) == {
        "scoring/sheet_opened", "scoring/sheet_approved", "scoring/sheet_appraised",
    }  # fmt: skip


def test_an_unfinished_sheet_says_what_is_missing(sheet_of: Find, line_of: Find, clerk: User) -> None:
    sheet = sheet_of(clerk)
    line_actions.save_line(line_of(sheet, "2.2"), by=clerk, inputs={"met": "1"})
    with pytest.raises(Refused) as refusal:
        act.submit(sheet, by=clerk)
    assert refusal.value.reasons == ["Còn 3 tiêu chí chưa chấm: 1.1, 1.2, 2.3."]
    assert Scorecard.objects.get(pk=sheet.pk).state == "draft"


def test_points_that_need_a_document_are_not_submitted_without(
    sheet_of: Find, fill: Find, line_of: Find, clerk: User, document: EvidenceDocument
) -> None:
    sheet = fill(sheet_of(clerk), clerk, c1_2={"inputs": {"count": "1"}, "note": "Quyết định về muộn"})
    with pytest.raises(Refused, match="thiếu tài liệu kiểm chứng bắt buộc: 1.2"):
        act.submit(sheet, by=clerk)
    proofs.attach_evidence(line_of(sheet, "1.2"), document, by=clerk, page="tr. 2")
    act.submit(sheet, by=clerk)
    assert sheet.state == "submitted"


def test_documents_are_linked_only_by_who_fills_and_only_visible_ones(
    sheet_of: Find, line_of: Find, clerk: User, head: User, stranger: User, document: EvidenceDocument
) -> None:
    sheet = sheet_of(clerk)
    with pytest.raises(Refused, match="không có quyền"):
        proofs.attach_evidence(line_of(sheet, "1.2"), document, by=head)
    with pytest.raises(Refused, match="Không tìm thấy"):
        proofs.attach_evidence(line_of(sheet_of(stranger), "1.2"), document, by=stranger)
    proofs.attach_evidence(line_of(sheet, "1.2"), document, by=clerk)
    proofs.attach_evidence(line_of(sheet, "1.2"), document, by=clerk, page="3")
    link = LineEvidence.objects.select_related("line__scorecard", "line__criterion", "document").get()
    assert link.page == "3"
    proofs.detach_evidence(link, by=clerk)
    assert not LineEvidence.objects.exists()


def test_only_flagged_lines_reopen_and_their_old_decisions_fall(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User, office: User
) -> None:
    sheet = led_to(sheet_of(clerk), "approved", by=clerk, head=head)
    act.return_to_unit(
        sheet, by=office, flags={line_of(sheet, "2.3").pk: "Thiếu ngày ban hành"}, comment="Bổ sung"
    )
    assert sheet.state == "returned"
    assert only_behind(
        Letter.objects.get(kind="scoring/sheet_returned", recipient=clerk), "Thiếu ngày ban hành"
    )
    with pytest.raises(Refused, match="chỉ để sửa"):
        line_actions.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(10))
    line_actions.save_line(line_of(sheet, "2.3"), by=clerk, inputs={"choice": "Chậm"})
    assert line_of(sheet, "2.3").approved_score is None
    assert line_of(sheet, "1.1").approved_score == Decimal("8.5")
    act.submit(sheet, by=clerk)
    act.approve(sheet, by=head)
    sheet.refresh_from_db()
    assert sheet.approved_total == Decimal("33.5")
    appraisal.appraise(sheet, by=office)
    assert not sheet.lines.filter(is_flagged=True).exists()


def test_withdrawing_a_returned_sheet_does_not_open_the_other_lines(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "returned", by=clerk, head=head)
    act.submit(sheet, by=clerk)
    act.withdraw(sheet, by=clerk)
    with pytest.raises(Refused, match="chỉ để sửa"):
        line_actions.save_line(line_of(sheet, "2.2"), by=clerk, inputs={"met": "0"})


def test_returning_needs_a_reason_at_a_line_of_this_sheet(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, colleague: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    with pytest.raises(Refused, match="ít nhất một tiêu chí"):
        act.send_back(sheet, by=head, flags={line_of(sheet, "1.1").pk: "  "})
    with pytest.raises(Refused, match="không thuộc phiếu"):
        act.send_back(sheet, by=head, flags={line_of(sheet_of(colleague), "1.1").pk: "sai"})
    assert Scorecard.objects.get(pk=sheet.pk).state == "submitted"


def test_a_heads_own_sheet_goes_one_level_up(
    sheet_of: Find, led_to: Find, head: User, director: User
) -> None:
    sheet = led_to(sheet_of(head), "submitted", by=head)
    assert sheet.approving_unit.code == "so"
    with pytest.raises(Refused, match="không có quyền"):
        act.approve(sheet, by=head)
    act.approve(sheet, by=director)
    assert sheet.state == "approved"


def test_a_unit_sheet_submitted_by_its_head_goes_one_level_up(
    sheet_of: Find, led_to: Find, head: User, units: dict[str, Unit]
) -> None:
    assert led_to(sheet_of(units["cchc"]), "submitted", by=head).approving_unit.code == "so"


def test_a_unit_sheet_submitted_by_staff_is_approved_by_the_head(
    sheet_of: Find, led_to: Find, clerk: User, head: User, units: dict[str, Unit]
) -> None:
    sheet = led_to(sheet_of(units["cchc"]), "submitted", by=clerk)
    assert sheet.approving_unit == units["cchc"]
    act.approve(sheet, by=head)
    assert sheet.approved_total == Decimal("36.5")


def test_the_submitter_cannot_approve_even_with_a_delegation(
    sheet_of: Find, led_to: Find, deputy: User, units: dict[str, Unit], head: User
) -> None:
    sheet = led_to(sheet_of(units["cchc"]), "submitted", by=deputy)
    Appointment.objects.create(
        person=deputy.person,
        role=roles.HEAD,
        unit=units["cchc"],
        started_on=timezone.localdate(),
        ended_on=timezone.localdate(),
        delegated_by=head.person,
    )
    with pytest.raises(Refused, match="không có quyền"):
        act.approve(sheet, by=fresh(deputy))


def test_a_deputy_with_a_delegation_approves(
    sheet_of: Find, led_to: Find, clerk: User, deputy: User, head: User, units: dict[str, Unit]
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    Appointment.objects.create(
        person=deputy.person,
        role=roles.HEAD,
        unit=units["cchc"],
        started_on=timezone.localdate(),
        ended_on=timezone.localdate(),
        delegated_by=head.person,
    )
    act.approve(sheet, by=fresh(deputy))
    assert sheet.approved_by == deputy


def test_no_unit_is_appraised_by_its_own_people(
    sheet_of: Find,
    led_to: Find,
    technician: User,
    office: User,
    office_head: User,
    appraiser: User,
    council_member: User,
    stranger: User,
    units: dict[str, Unit],
) -> None:
    ours = led_to(sheet_of(technician), "approved", by=technician, head=office_head)
    Posting.objects.filter(person=stranger.person).update(unit=units["vp"])
    unit = led_to(sheet_of(units["vp"]), "approved", by=fresh(stranger), head=office_head)
    for sheet in (ours, unit):
        with pytest.raises(Refused, match="không có quyền"):
            appraisal.appraise(sheet, by=office)
        appraisal.appraise(sheet, by=appraiser)
    theirs = led_to(sheet_of(council_member), "submitted", by=council_member)
    assert theirs.approving_unit.code == "so"


def test_nobody_appraises_his_own_sheet(
    sheet_of: Find, led_to: Find, appraiser: User, office: User, council_member: User
) -> None:
    sheet = led_to(sheet_of(appraiser), "approved", by=appraiser, head=council_member)
    with pytest.raises(Refused, match="không có quyền"):
        appraisal.appraise(sheet, by=appraiser)
    appraisal.appraise(sheet, by=office)


def test_reopening_an_appraisal_needs_a_reason(
    sheet_of: Find, led_to: Find, clerk: User, head: User, office: User
) -> None:
    sheet = led_to(sheet_of(clerk), "appraised", by=clerk, head=head, appraiser=office)
    with pytest.raises(Refused, match="lý do"):
        appraisal.reopen(sheet, by=office)
    appraisal.reopen(sheet, by=office, comment="Có tài liệu mới")
    assert (sheet.state, sheet.appraised_total) == ("approved", Decimal("38.5"))


def test_a_late_submission_is_accepted_and_marked(
    sheet_of: Find, led_to: Find, opened: CampaignYear, clerk: User
) -> None:
    Deadline.objects.filter(stage="self_score").update(due_on=timezone.localdate() - timedelta(days=1))
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    entry = history_of(sheet).first()
    assert entry
    assert entry.data == {"late": True}


def test_a_closed_year_is_not_touched(sheet_of: Find, fill: Find, opened: CampaignYear, clerk: User) -> None:
    sheet = fill(sheet_of(clerk), clerk)
    CampaignYear.objects.update(state="closed")
    with pytest.raises(Refused, match="không có quyền"):
        act.submit(sheet_of(clerk), by=clerk)
    assert sheet.state == "draft"


def test_a_second_click_is_harmless_and_an_old_page_is_stale(
    sheet_of: Find, led_to: Find, clerk: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    with pytest.raises(AlreadyDone):
        act.submit(sheet, by=clerk)
    with pytest.raises(Stale):
        act.approve(sheet, by=head, version=1)
    assert Scorecard.objects.get(pk=sheet.pk).state == "submitted"


def test_bulk_approval_tells_what_became_of_each(
    sheet_of: Find, led_to: Find, clerk: User, colleague: User, head: User
) -> None:
    one = led_to(sheet_of(clerk), "submitted", by=clerk)
    outcomes = act.bulk_approve([one, sheet_of(colleague)], by=head)
    assert [outcome.is_done for outcome in outcomes] == [True, False]
    assert "Đang tự chấm" in outcomes[1].sentence
    assert Scorecard.objects.get(pk=one.pk).state == "approved"
