"""The initiative council: its numbers, the share the province asks for on the day it met, and what the page says."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from awards import actions as figures
from awards.actions import evaluating
from awards.actions import initiatives as actions
from awards.models import Initiative, Setting
from awards.queries.differences import differences
from awards.queries.evaluations import last_session, told
from core import clock
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import Unit, User
from tests.awards.initiatives import COUNCIL, DECISION, bring_to, evaluate, facts, load_figures
from tests.awards.seasons import open_review
from tests.awards.test_initiative_pages import council

ClientOf = Callable[[User], Client]
MET_ON = COUNCIL["council_met_on"]


@pytest.fixture
def waiting(draft: Initiative, cast: dict[str, User]) -> Initiative:
    load_figures()
    return bring_to(draft, "submitted", cast)


def set_figure(code: str, value: Any, by: User, since: date | None = None) -> None:
    figures.set_figure(
        Setting.objects.get(code=code), value=value, valid_from=since, basis="Quyết định 31/2025/QĐ-UBND",
        is_confirmed=True, by=by,
    )  # fmt: skip


# --- what is plausible ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"council_met_on": "01/01/2099"}, "council_met_on", "không được sau hôm nay"),
        ({"council_met_on": "05/10/2025"}, "council_met_on", "trước ngày nộp đơn (06/10/2025)"),
        ({"council_present": "8"}, "council_present", "Số thành viên có mặt (8) nhiều hơn tổng số thành viên (7)."),
        ({"council_in_favour": "7"}, "council_in_favour", "Số phiếu đồng ý (7) nhiều hơn số thành viên có mặt (6)."),
        ({"council_members": "0"}, "council_members", "1"),
        ({"council_mark": "85"}, "council_scale", "Hãy ghi thang điểm"),
        ({"council_scale": "100"}, "council_mark", "Hãy ghi điểm trung bình"),
        ({"council_mark": "10,5", "council_scale": "10"}, "council_mark", "không được lớn hơn thang điểm"),
        ({"council_minutes": ""}, "council_minutes", ""),
        ({"council_advice": ""}, "council_advice", ""),
        ({"council_in_favour": ""}, "council_in_favour", ""),
        ({"council_present": "4", "council_in_favour": "4"}, "council_present", "cần ít nhất 5 thành viên (2/3"),
        ({"council_in_favour": "3"}, "council_in_favour", "Đồng ý 3/7 (42,85%)"),
        ({"council_in_favour": "3"}, "council_in_favour", "trên 50% tổng số thành viên Hội đồng, tức ít nhất 4 phiếu"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(
    changes: dict[str, str], field: str, sentence: str, waiting: Initiative, cast: dict[str, User], client_of: ClientOf
) -> None:  # fmt: skip
    answer = client_of(cast["office"]).post(
        reverse("awards:initiative_evaluate", args=[waiting.pk]), council(**changes)
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert sentence in str(answer.context["form"].errors[field])
    assert "12/BB-HĐSK" in answer.content.decode() or field == "council_minutes"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.council_met_on) == ("submitted", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"council_met_on": None}, {"council_minutes": ""}, {"council_members": 0}, {"council_present": None},
        {"council_in_favour": None}, {"council_advice": ""}, {"council_present": 8}, {"council_in_favour": 3},
        {"council_met_on": date(2025, 10, 5)},
    ],
)  # fmt: skip
def test_the_act_refuses_too(changes: dict[str, Any], waiting: Initiative, cast: dict[str, User]) -> None:
    with pytest.raises(Refused):
        evaluate(waiting, cast, **changes)
    assert Initiative.objects.get().state == "submitted"


def test_the_rows_refuse_what_cannot_be(waiting: Initiative) -> None:
    rows = Initiative.objects.filter(pk=waiting.pk)
    for changes in (
        {"state": "evaluated"},
        {"council_met_on": MET_ON},
        {"council_members": 5, "council_present": 6, "council_in_favour": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)


# --- what carries ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "numbers", "carries"),
    [
        ({}, (8, 8, 4), False),  # half is not more than half
        ({}, (8, 8, 5), True),
        ({"initiative-vote-more-than": False}, (8, 8, 4), True),
        ({}, (7, 5, 3), False),  # of all members
        ({"initiative-vote-base": "present"}, (7, 5, 3), True),
        ({"initiative-vote-percent": "70", "initiative-vote-more-than": False}, (10, 10, 7), True),
        ({"initiative-vote-percent": "70", "initiative-vote-more-than": False}, (9, 9, 6), False),
        ({"initiative-quorum": "1/2"}, (7, 4, 4), True),
        ({"initiative-quorum": "3/4"}, (7, 5, 5), False),
        ({"initiative-vote-percent": None}, (7, 7, 7), False),  # nobody can say what would carry
    ],
)
def test_the_share_of_the_province_decides(
    changed: dict[str, Any], numbers: tuple[int, int, int], carries: bool, waiting: Initiative, cast: dict[str, User]
) -> None:  # fmt: skip
    for code, value in changed.items():
        set_figure(code, value, cast["office"])
    names = ("council_members", "council_present", "council_in_favour")
    counted = dict(zip(names, numbers, strict=True))
    if carries:
        evaluate(waiting, cast, **counted)
    else:
        with pytest.raises(Refused):
            evaluate(waiting, cast, **counted)
        evaluate(waiting, cast, **counted, council_advice="refuse")  # not to recognise is always possible
    assert Initiative.objects.get().state == "evaluated"


def test_the_figures_of_the_sessions_day_hold(waiting: Initiative, cast: dict[str, User]) -> None:
    set_figure("initiative-vote-percent", "80", cast["office"], since=date(2025, 10, 29))
    evaluate(waiting, cast)  # the day before 71.42 % were enough
    actions.reopen(waiting, by=cast["office"], comment="Họp lại")
    with pytest.raises(Refused, match="trên 80% tổng số thành viên Hội đồng, tức ít nhất 6 phiếu"):
        evaluate(waiting, cast, council_met_on=date(2025, 10, 29))


@pytest.mark.parametrize(
    ("mark", "scale", "sentence"),
    [
        (None, None, "Hãy ghi điểm trung bình: để công nhận phải từ 70% thang điểm."),
        ("69.99", "100", "Điểm 69,99/100 chưa đạt 70% thang điểm"),
        ("70", "100", ""),
        ("7", "10", ""),
    ],
)
def test_a_least_mark_where_the_province_has_one(
    mark: str | None, scale: str | None, sentence: str, waiting: Initiative, cast: dict[str, User]
) -> None:
    set_figure("initiative-mark-percent", "70", cast["office"])
    marked: dict[str, Any] = {
        "council_mark": mark and Decimal(mark),
        "council_scale": scale and Decimal(scale),
    }
    if sentence:
        with pytest.raises(Refused, match=sentence):
            evaluate(waiting, cast, **marked)
        marked["council_advice"] = "refuse"
    evaluate(waiting, cast, **marked)
    assert waiting.state == "evaluated"


def test_without_the_figures_nobody_proposes_to_recognise(draft: Initiative, cast: dict[str, User]) -> None:
    bring_to(draft, "submitted", cast)
    with pytest.raises(Refused, match="Quy định của tỉnh chưa có tỷ lệ phiếu"):
        evaluating.evaluate(draft, COUNCIL, by=cast["office"])


# --- the decision ---------------------------------------------------------------------------------------
def test_what_the_council_does_not_propose_is_not_recognised(
    waiting: Initiative, cast: dict[str, User]
) -> None:
    with pytest.raises(Refused, match="đang ở trạng thái “Chờ đánh giá”"):
        actions.recognise(waiting, DECISION, by=cast["office"])
    evaluate(waiting, cast, council_advice="refuse")
    with pytest.raises(Refused, match="Hội đồng sáng kiến đề nghị không công nhận"):
        actions.recognise(waiting, DECISION, by=cast["office"])
    actions.refuse(waiting, by=cast["office"], comment="Không mới.")
    assert dict(told(waiting))["Kết luận"] == "Đề nghị không công nhận"


def test_a_figure_put_right_before_the_decision_counts_and_after_it_changes_nothing(
    waiting: Initiative, cast: dict[str, User]
) -> None:
    evaluate(waiting, cast)
    set_figure("initiative-vote-percent", "75", cast["office"])
    assert dict(told(waiting))["Đồng ý công nhận"].endswith("cần trên 75%: chưa đạt")
    with pytest.raises(Refused, match="trên 75%"):
        actions.recognise(waiting, DECISION, by=cast["office"])
    set_figure("initiative-vote-percent", "70", cast["office"])
    actions.recognise(waiting, DECISION, by=cast["office"])
    set_figure("initiative-vote-percent", "90", cast["office"])
    assert dict(told(Initiative.objects.get()))["Đồng ý công nhận"].endswith("cần trên 70%: đạt")


def test_a_review_is_not_told_of_the_figures_of_the_initiative_council(office: User) -> None:
    review = open_review(office)
    set_figure("initiative-vote-percent", "70", office)
    assert differences(review) == []
    set_figure("quorum", "3/4", office)
    assert [one.award for one in differences(review)] == ["Quy định của tỉnh"]


def test_an_evaluation_is_put_right_until_the_decision(waiting: Initiative, cast: dict[str, User]) -> None:
    office = cast["office"]
    evaluate(waiting, cast)
    shown = waiting.version
    evaluating.correct_evaluation(
        waiting, {**COUNCIL, "council_in_favour": 6, "council_met_on": date(2025, 10, 29)}, by=office
    )
    line = history_of(waiting)[0].comment
    assert "Số phiếu đồng ý công nhận: 5 → 6" in line
    assert "Ngày họp Hội đồng sáng kiến: 28/10/2025 → 29/10/2025" in line
    assert waiting.version == shown + 1
    with pytest.raises(Stale):
        evaluating.correct_evaluation(waiting, COUNCIL, by=office, version=shown)
    with pytest.raises(Refused, match="chưa đạt tỷ lệ"):
        evaluating.correct_evaluation(waiting, {**COUNCIL, "council_in_favour": 3}, by=office)
    with pytest.raises(Refused, match="trước ngày họp"):
        actions.recognise(waiting, {**DECISION, "recognised_on": date(2025, 10, 28)}, by=office)
    actions.recognise(waiting, DECISION, by=office)
    with pytest.raises(Refused, match="đang chờ quyết định"):
        evaluating.correct_evaluation(waiting, COUNCIL, by=office)


# --- on the page ----------------------------------------------------------------------------------------
def test_the_page_says_it_in_words(
    waiting: Initiative, cast: dict[str, User], client_of: ClientOf
) -> None:  # fmt: skip
    set_figure("initiative-vote-percent", "70", cast["office"])
    evaluate(waiting, cast, council_mark=Decimal("8.5"), council_scale=Decimal(10))
    browser = client_of(cast["office"])
    page = browser.get(reverse("awards:initiative_detail", args=[waiting.pk])).content.decode()
    for words in (
        "Chờ quyết định",
        "Ngày 28/10/2025, biên bản số 12/BB-HĐSK",
        "6/7 thành viên; cần ít nhất 5 (2/3): đạt",
        "5/7 tổng số thành viên Hội đồng (71,42%); cần trên 70%: đạt",
        "8,5/10",
        "Đề xuất, chưa có văn bản (cần Văn phòng Sở xác nhận): tỷ lệ có mặt, trên hay bằng tỷ lệ đó, số để tính tỷ lệ",
        "Quyết định 31/2025/QĐ-UBND: tỷ lệ đồng ý",
        "Sửa kết quả đánh giá",
        "Có tính mới.",
    ):
        assert words in page
    assert "5/7" in browser.get(reverse("awards:initiative_list")).content.decode()
    correct = reverse("awards:initiative_evaluate", args=[waiting.pk])
    assert 'value="12/BB-HĐSK"' in browser.get(correct).content.decode()
    assert browser.post(correct, council(council_in_favour="6", version=waiting.version)).status_code == 302
    assert Initiative.objects.get().council_in_favour == 6


def test_the_next_initiative_of_the_session_finds_its_numbers(
    waiting: Initiative, cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf
) -> None:
    evaluate(waiting, cast)
    other = actions.start(
        facts(units["ttlt"], name="Trồng cây xanh"), [(cast["stranger"].person, Decimal(100))], by=cast["stranger"]
    )  # fmt: skip
    actions.submit(other, by=cast["stranger"])
    assert last_session(other) == {}  # it came after that session
    Initiative.objects.filter(pk=other.pk).update(applied_on=date(2025, 10, 20))
    page = client_of(cast["office"]).get(reverse("awards:initiative_evaluate", args=[other.pk]))
    assert page.context["form"].initial["council_minutes"] == "12/BB-HĐSK"
    assert page.context["form"].initial["council_in_favour"] is None


def test_what_was_recognised_before_keeps_its_text(
    cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf
) -> None:
    one = actions.enter_recognised(
        {**facts(units["ttlt"]), **DECISION, "evaluation": "Hội đồng nhất trí."},
        [(cast["stranger"].person, Decimal(100))], by=cast["office"],
    )  # fmt: skip
    browser = client_of(cast["office"])
    page = browser.get(reverse("awards:initiative_detail", args=[one.pk])).content.decode()
    assert "Hội đồng nhất trí." in page
    assert "biên bản số" not in page
    address = reverse("awards:initiative_recognise", args=[one.pk])
    assert "Ý kiến đánh giá" in browser.get(address).content.decode()
    actions.correct_recognition(one, {**DECISION, "evaluation": "Nhất trí cao."}, by=cast["office"])
    one.refresh_from_db()
    assert (one.evaluation, one.council_met_on) == ("Nhất trí cao.", None)
    actions.reopen(one, by=cast["office"], comment="Đánh giá lại")
    load_figures()
    evaluate(one, cast, council_met_on=clock.today())
    assert one.state == "evaluated"
