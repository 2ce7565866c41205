"""Saving single lines: what the method gives, what is refused, what happens to the totals."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import Unit, User
from scoring.actions import lines as act
from scoring.actions import sheets
from scoring.models import Line, Scorecard

Find = Callable[..., Any]


def test_the_method_gives_the_self_score_and_the_total_follows(
    sheet_of: Find, line_of: Find, colleague: User, units: dict[str, Unit]
) -> None:
    sheet = sheet_of(units["cchc"])
    line = line_of(sheet, "2.1")
    act.save_line(line, by=colleague, inputs={"numerator": "42", "denominator": "45"})
    line.refresh_from_db()
    sheet.refresh_from_db()
    assert line.inputs == {"numerator": "42", "denominator": "45"}
    assert line.self_score == Decimal("18.6667")
    assert sheet.self_total == Decimal("18.6667")
    assert sheet.approved_total is None
    entry = history_of(line).get()
    assert (entry.verb, entry.actor_name, entry.data["after"]) == (
        "self_score",
        colleague.display_name,
        "18.6667",
    )


def test_saving_the_same_again_changes_nothing(sheet_of: Find, line_of: Find, clerk: User) -> None:
    line = line_of(sheet_of(clerk), "2.2")
    act.save_line(line, by=clerk, inputs={"met": "1"})
    act.save_line(line, by=clerk, inputs={"met": "1"}, version=2)
    assert line.version == 2
    assert history_of(line).count() == 1


def test_half_given_inputs_are_kept_and_not_scored(
    sheet_of: Find, line_of: Find, colleague: User, units: dict[str, Unit]
) -> None:
    line = line_of(sheet_of(units["cchc"]), "2.1")
    act.save_line(line, by=colleague, inputs={"numerator": "42"})
    assert line.inputs == {"numerator": "42"}
    assert line.self_score is None


def test_zero_by_zero_asks_a_person_for_score_and_reason(
    sheet_of: Find, line_of: Find, colleague: User, units: dict[str, Unit]
) -> None:
    line = line_of(sheet_of(units["cchc"]), "2.1")
    none = {"numerator": "0", "denominator": "0"}
    act.save_line(line, by=colleague, inputs=none)
    assert line.self_score is None
    with pytest.raises(Refused, match="ghi giải trình"):
        act.save_line(line, by=colleague, inputs=none, self_score=Decimal(20))
    act.save_line(line, by=colleague, inputs=none, self_score=Decimal(20), note="Năm nay không có hồ sơ")
    assert line.self_score == 20


@pytest.mark.parametrize(
    ("code", "given", "words"),
    [
        ("1.1", {"inputs": {}, "self_score": Decimal("10.25")}, "từ 0 đến 10"),
        ("1.1", {"inputs": {}, "self_score": Decimal("-1")}, "từ 0 đến 10"),
        ("1.1", {"inputs": {}, "self_score": Decimal("8.3")}, "bước 0,25"),
        ("1.1", {"inputs": {}, "self_score": Decimal("NaN")}, "Nhập một số"),
        ("1.2", {"inputs": {"count": "hai"}}, "không phải là số"),
        ("1.2", {"inputs": {"count": "-1"}}, "không được âm"),
        ("1.2", {"inputs": {"count": "1e30"}}, "không phải là số liệu"),
        ("1.2", {"inputs": {"count": "Infinity"}}, "không phải là số liệu"),
        ("2.2", {"inputs": {"met": "có"}}, "không có trong các mức"),
        ("2.3", {"inputs": {"choice": "Kịp  thời lắm"}}, "không có trong các mức"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    sheet_of: Find, line_of: Find, clerk: User, code: str, given: dict[str, Any], words: str
) -> None:
    sheet = sheet_of(clerk)
    with pytest.raises(Refused, match=words):
        act.save_line(line_of(sheet, code), by=clerk, **given)
    fresh = line_of(sheet, code)
    assert (fresh.inputs, fresh.self_score, fresh.version) == ({}, None, 1)


def test_invisible_characters_do_not_reach_the_database(sheet_of: Find, line_of: Find, clerk: User) -> None:
    line = line_of(sheet_of(clerk), "2.3")
    act.save_line(line, by=clerk, inputs={"choice": "Kịp\x00 thời"}, note="Đủ\x00 hồ sơ")
    assert (line.inputs["choice"], line.note) == ("Kịp thời", "Đủ hồ sơ")


def test_a_second_person_is_told_of_the_conflict(
    sheet_of: Find, line_of: Find, clerk: User, colleague: User, units: dict[str, Unit]
) -> None:
    sheet = sheet_of(units["cchc"])
    act.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(8), version=1)
    with pytest.raises(Stale, match=clerk.display_name):
        act.save_line(line_of(sheet, "1.1"), by=colleague, inputs={}, self_score=Decimal(9), version=1)
    assert line_of(sheet, "1.1").self_score == 8


def test_a_count_unlike_the_confirmed_one_needs_an_explanation(
    sheet_of: Find, line_of: Find, clerk: User
) -> None:
    line = line_of(sheet_of(clerk), "1.2")
    with pytest.raises(Refused, match="đã được xác nhận là 0"):
        act.save_line(line, by=clerk, inputs={"count": "1"})
    act.save_line(line, by=clerk, inputs={"count": "1"}, note="Quyết định về muộn")
    assert line.self_score == 5
    assert line.inputs == {"count": "1", "confirmed": "0"}


def test_refreshing_takes_over_counts_but_not_explained_ones(
    sheet_of: Find, line_of: Find, clerk: User
) -> None:
    sheet = sheet_of(clerk)
    assert act.refresh_from_achievements(sheet, by=clerk) == 1
    assert line_of(sheet, "1.2").inputs == {"count": "0", "confirmed": "0"}
    act.save_line(line_of(sheet, "1.2"), by=clerk, inputs={"count": "2"}, note="Chờ quyết định")
    assert act.refresh_from_achievements(sheet, by=clerk) == 0
    assert line_of(sheet, "1.2").inputs["count"] == "2"


def test_the_head_changes_a_score_only_with_a_reason(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    line = line_of(sheet, "1.1")
    with pytest.raises(Refused, match="ghi lý do"):
        act.save_approved(line, by=head, score=Decimal(7))
    act.save_approved(line, by=head, score=Decimal(7), reason="Hai văn bản phải làm lại")
    sheet.refresh_from_db()
    assert (sheet.self_total, sheet.approved_total, sheet.appraised_total) == (
        Decimal("38.5"),
        Decimal(37),
        None,
    )
    act.save_approved(line, by=head, score=None)
    sheet.refresh_from_db()
    assert (line.approved_score, line.approved_reason, sheet.approved_total) == (None, "", None)


def test_the_same_score_needs_no_reason_and_loses_a_needless_one(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User
) -> None:
    line = line_of(led_to(sheet_of(clerk), "submitted", by=clerk), "1.1")
    act.save_approved(line, by=head, score=Decimal("8.5"), reason="thừa")
    assert (line.approved_score, line.approved_reason) == (Decimal("8.5"), "")


def test_scores_above_the_maximum_are_refused_in_every_column(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User, office: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    with pytest.raises(Refused, match="từ 0 đến 20"):
        act.save_approved(line_of(sheet, "2.2"), by=head, score=Decimal("20.01"), reason="x")
    sheets.approve(sheet, by=head)
    with pytest.raises(Refused, match="từ 0 đến 20"):
        act.save_appraised(line_of(sheet, "2.2"), by=office, score=Decimal(21), reason="x")


def test_a_locked_column_says_why(
    sheet_of: Find, led_to: Find, line_of: Find, clerk: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    with pytest.raises(Refused, match="Chờ thủ trưởng duyệt"):
        act.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal(9))
    with pytest.raises(Refused, match="không có quyền"):
        act.save_approved(line_of(sheet, "1.1"), by=clerk, score=Decimal(9), reason="x")


def test_nobody_fills_a_sheet_of_somebody_else(
    sheet_of: Find, line_of: Find, clerk: User, head: User
) -> None:
    with pytest.raises(Refused, match="không có quyền"):
        act.save_line(line_of(sheet_of(clerk), "1.1"), by=head, inputs={}, self_score=Decimal(9))


def test_totals_do_not_depend_on_the_order_of_saving(
    sheet_of: Find, fill: Find, clerk: User, colleague: User
) -> None:
    one, two = sheet_of(clerk), sheet_of(colleague)
    fill(one, clerk)
    for line in reversed(
        Line.objects.filter(scorecard=two).select_related("criterion", "scorecard__campaign_year")
    ):
        twin = Line.objects.get(scorecard=one, criterion=line.criterion)
        act.save_line(line, by=colleague, inputs=twin.inputs, self_score=twin.self_score, note=twin.note)
    assert (
        Scorecard.objects.get(pk=two.pk).self_total
        == Scorecard.objects.get(pk=one.pk).self_total
        == Decimal("38.5")
    )
