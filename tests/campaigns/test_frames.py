"""A frame of a higher level with own rows beside it: locked, brought up to a newer one, left, in and out of Excel."""

from decimal import Decimal

import pytest

from campaigns.actions import criteria as acts
from campaigns.actions import frames
from campaigns.actions.schemes import round_of, write_scheme
from campaigns.models import CampaignYear, CriteriaSet
from campaigns.queries import problems_in_set
from campaigns.queries.frames import frame_outlook, newer_frame
from campaigns.queries.schemes import facts_of
from core.journal import history_of
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.campaigns.frame_stories import FRAME, NEWER, codes, leaf_facts, table, written
from tests.campaigns.test_scheme_files import Rows, plan


# --- locked rows and own rows ------------------------------------------------------------------------
def test_a_draft_begins_with_the_rows_of_the_frame(
    province: CriteriaSet, phong_year: CampaignYear, office: User
) -> None:
    province.places = 3
    province.save()
    made = frames.begin_on_frame(phong_year, province, by=office)
    assert facts_of(made) == facts_of(province)
    assert (made.frame, made.places, made.declared_max_collective) == (province, 3, 8)
    assert all(made.criteria.values_list("is_of_frame", flat=True))
    assert list(made.criteria.values_list("lineage", flat=True)) == list(
        province.criteria.values_list("lineage", flat=True)
    )
    assert history_of(made).filter(verb="take_frame", actor=office, label="Lập theo khung").exists()
    with pytest.raises(Refused, match="đã có bản nháp"):
        frames.begin_on_frame(phong_year, province, by=office)


def test_rows_of_the_frame_are_locked_and_own_ones_are_not(
    framed: CriteriaSet, office: User, units: dict[str, Unit]
) -> None:
    one, own = framed.criteria.get(code="1.1"), framed.criteria.get(code="1.R")
    before = facts_of(framed)
    for act in (
        lambda: acts.change_criterion(one, by=office, name="Khác", **leaf_facts(one)),
        lambda: acts.change_criterion(one, by=office, max_score=Decimal(9)),
        lambda: acts.move_criterion(one, by=office, up=False),
        lambda: acts.remove_criterion(one, by=office),
        lambda: acts.remove_criterion(framed.criteria.get(code="1"), by=office),
        lambda: acts.change_criterion(framed.criteria.get(code="1"), by=office, name="Khác"),
    ):
        with pytest.raises(Refused, match="thuộc khung"):
            act()
    assert facts_of(framed) == before
    acts.change_criterion(one, by=office, in_charge=units["cchc"])
    acts.change_criterion(own, by=office, name="Việc riêng, tên mới", **leaf_facts(own))
    acts.move_criterion(own, by=office, up=False)
    assert codes(framed) == "1 1.1 1.2 1.R 2 2.1 R R.1"
    acts.remove_criterion(own, by=office)
    assert problems_in_set(framed) == []


def test_copies_and_corrections_keep_what_is_of_the_frame(
    framed: CriteriaSet, province: CriteriaSet, office: User
) -> None:
    acts.put_in_use(framed, by=office)
    corrected = acts.correct(framed, by=office, change_note="Sửa dòng riêng")
    assert (table(corrected), corrected.frame) == (table(framed), province)
    next_year = round_of("cchc-phong", 2026, by=office)
    copied = acts.copy_set(framed, by=office, campaign_year=next_year)
    assert (table(copied), copied.frame) == (table(framed), province)
    with pytest.raises(Refused, match="thuộc khung"):
        acts.remove_criterion(copied.criteria.get(code="1.1"), by=office)


# --- a newer frame -----------------------------------------------------------------------------------
def test_the_draft_is_brought_up_to_a_newer_frame(
    framed: CriteriaSet, province: CriteriaSet, office: User, units: dict[str, Unit]
) -> None:
    assert newer_frame(framed) is None
    acts.change_criterion(framed.criteria.get(code="1.1"), by=office, in_charge=units["cchc"])
    kept = {one.code: one.pk for one in framed.criteria.all()}
    newer = written(province.campaign_year, NEWER, office)
    assert newer_frame(framed) == newer
    outlook = frame_outlook(framed, newer)
    assert [(one.kind, one.criterion.code) for one in outlook.differences] == [
        ("changed", "1.1"),
        ("added", "1.3"),
        ("removed", "1.2"),
    ]
    assert outlook.is_reordered
    frames.take_frame(framed, newer, by=office, shown=outlook.digest)
    assert codes(framed) == "2 2.1 1 1.1 1.R 1.3 R R.1"
    assert [code for code, is_of_frame in table(framed) if not is_of_frame] == ["1.R", "R", "R.1"]
    one = framed.criteria.get(code="1.1")
    assert (one.max_score, one.in_charge, one.pk) == (3, units["cchc"], kept["1.1"])
    assert [row.position for row in framed.criteria.order_by("position")] == list(range(1, 9))
    assert {row.code: row.level for row in framed.criteria.all()}["1.3"] == 2
    assert newer_frame(framed) is None
    told = history_of(framed).filter(verb="take_frame").first()
    assert told
    assert told.label == "Cập nhật theo khung"
    assert told.data["differences"] == ["Sửa: 1.1. Kế hoạch", "Thêm: 1.3. Kiểm tra", "Bỏ: 1.2. Báo cáo"]
    with pytest.raises(AlreadyDone):
        frames.take_frame(framed, newer, by=office)


def test_next_year_s_copy_takes_next_year_s_frame(
    framed: CriteriaSet, province: CriteriaSet, office: User
) -> None:
    acts.put_in_use(framed, by=office)
    copied = acts.copy_set(framed, by=office, campaign_year=round_of("cchc-phong", 2026, by=office))
    frame_2026 = acts.copy_set(province, by=office, campaign_year=round_of("khung-tinh", 2026, by=office))
    one = frame_2026.criteria.get(code="2.1")
    acts.change_criterion(one, by=office, name="Đúng hạn và trước hạn", **leaf_facts(one))
    acts.put_in_use(frame_2026, by=office)
    assert newer_frame(framed) is None  # this year's set stays with this year's frame
    assert newer_frame(copied) == frame_2026
    frames.take_frame(copied, frame_2026, by=office)
    assert codes(copied) == codes(framed)
    assert copied.criteria.get(code="2.1").name == "Đúng hạn và trước hạn"


def test_own_rows_survive_what_the_frame_gives_up(
    framed: CriteriaSet, province: CriteriaSet, office: User
) -> None:
    newer = written(province.campaign_year, FRAME[3:], office)  # without the whole first group
    outlook = frame_outlook(framed, newer)
    assert outlook.merged.notes == [
        "Khung bỏ nhóm “1. Chỉ đạo, điều hành”; nhóm còn dòng riêng nên ở lại làm dòng riêng."
    ]
    frames.take_frame(framed, newer, by=office, shown=outlook.digest)
    assert table(framed) == [
        ("1", False),
        ("1.R", False),
        ("2", True),
        ("2.1", True),
        ("R", False),
        ("R.1", False),
    ]
    frames.take_frame(framed, written(province.campaign_year, FRAME, office), by=office)
    assert codes(framed) == "1 1.1 1.2 1.R 2 2.1 R R.1"
    assert framed.criteria.get(code="1").is_of_frame  # again


def test_a_group_that_becomes_a_criterion_hands_its_own_rows_on(
    framed: CriteriaSet, province: CriteriaSet, office: User
) -> None:
    first = framed.criteria.get(code="1.R")
    acts.add_criterion(
        framed, by=office, parent=first.parent, code="1.S", name="Dòng riêng thứ hai", **leaf_facts(first)
    )
    newer = written(
        province.campaign_year, [(1, "1", "Chỉ đạo, điều hành", 3, "all_or_nothing"), *FRAME[3:]], office
    )
    frames.take_frame(framed, newer, by=office)
    assert table(framed) == [
        ("1", True), ("1.R", False), ("1.S", False), ("2", True), ("2.1", True), ("R", False), ("R.1", False)
    ]  # fmt: skip
    assert problems_in_set(framed) == []
    assert framed.criteria.get(code="1.R").level == 1


def test_a_draft_of_one_s_own_meets_a_frame_by_code_and_name(
    province: CriteriaSet, phong_year: CampaignYear, office: User
) -> None:
    rows: Rows = [FRAME[0], (2, "1.1", "Kế hoạch", 9, "typed"), (2, "1.9", "Riêng", 1, "all_or_nothing")]
    made = write_scheme(phong_year, plan(rows), by=office).criteria_set
    lineage = made.criteria.get(code="1.1").lineage
    outlook = frames.take_frame(made, province, by=office)
    assert outlook.newly_locked == 2
    assert table(made) == [
        ("1", True), ("1.1", True), ("1.2", True), ("1.9", False), ("2", True), ("2.1", True)
    ]  # fmt: skip
    one = made.criteria.get(code="1.1")
    assert (one.lineage, one.max_score, one.method) == (lineage, 2, "all_or_nothing")
    newer = written(province.campaign_year, [FRAME[0], (2, "1.1", "Kế hoạch", 7, "all_or_nothing")], office)
    frames.take_frame(made, newer, by=office)  # found again although its lineage is another
    assert (made.criteria.get(code="1.1").pk, made.criteria.get(code="1.1").max_score) == (one.pk, 7)


def test_what_was_not_seen_is_not_written(framed: CriteriaSet, province: CriteriaSet, office: User) -> None:
    newer = written(province.campaign_year, NEWER, office)
    shown = frame_outlook(framed, newer).digest
    own = framed.criteria.get(code="R.1")
    acts.change_criterion(own, by=office, name="Đổi sau khi xem", **leaf_facts(own))
    with pytest.raises(Refused, match="Hãy xem lại"):
        frames.take_frame(framed, newer, by=office, shown=shown)
    row = framed.criteria.get(code="1.1")
    frames.take_frame(framed, newer, by=office)
    with pytest.raises(Stale):  # a form opened before the frame changed the row
        acts.change_criterion(row, by=office, version=row.version, in_charge=None)


def test_what_can_be_no_frame(framed: CriteriaSet, province: CriteriaSet, office: User, clerk: User) -> None:
    acts.put_in_use(framed, by=office)
    for frame, year in ((framed, framed.campaign_year), (framed, province.campaign_year)):
        below = acts.correct(year.criteria_sets.in_use().get(), by=office)
        with pytest.raises(Refused, match="Khung phải là bộ chỉ số khác"):
            frames.take_frame(below, frame, by=office)
        acts.remove_set(below, by=office)
    below = acts.correct(framed, by=office)
    with pytest.raises(Refused, match="đang áp dụng mới làm khung"):
        frames.take_frame(below, acts.correct(province, by=office), by=office)
    with pytest.raises(Refused, match="được khóa"):
        frames.take_frame(framed, province, by=office)
    with pytest.raises(Refused, match="không có quyền"):
        frames.take_frame(below, province, by=clerk)
    with pytest.raises(Refused, match="không có quyền"):
        frames.leave_frame(below, by=clerk, reason="Không")


def test_leaving_the_frame_is_an_act_with_a_reason(framed: CriteriaSet, office: User) -> None:
    with pytest.raises(Refused, match="lý do"):
        frames.leave_frame(framed, by=office, reason="  ")
    frames.leave_frame(framed, by=office, reason="Tỉnh cho tự xây dựng")
    assert framed.frame is None
    assert not framed.criteria.filter(is_of_frame=True).exists()
    told = history_of(framed).first()
    assert told
    assert (told.label, told.actor) == ("Rời khung", office)
    assert "Tỉnh cho tự xây dựng" in told.comment
    acts.remove_criterion(framed.criteria.get(code="1.1"), by=office)
    with pytest.raises(Refused, match="không dựa trên khung"):
        frames.leave_frame(framed, by=office, reason="Lần nữa")
