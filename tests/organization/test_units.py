"""Units live through time: opened, renamed, moved, merged, split, closed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.journal import history_of
from core.workflow import Refused
from organization import actions
from organization.models import Appointment, Posting, Succession, Unit, UnitKind, User
from organization.queries import posting_on, unit_name_on
from tests.cast import SINCE, fresh

BASIS = "12/QĐ-SNV ngày 01/6/2025"
DAY = date(2025, 6, 1)
EVE = date(2025, 5, 31)


def _open(office: User, units: dict[str, Unit], **changes: object) -> Unit:
    facts = {
        "code": "xdcq",
        "name": "Phòng Xây dựng chính quyền",
        "short_name": "Phòng XDCQ",
        "opened_on": date(2024, 1, 1),
        "kind": UnitKind.objects.get(code="phong"),
        "parent": units["so"],
        "order": 9,
    }
    return actions.open_unit(**{**facts, **changes}, by=office)  # type: ignore[arg-type]


def test_a_new_unit_has_its_path_name_and_keys(office: User, units: dict[str, Unit]) -> None:
    unit = _open(office, units, name="Phòng  Xây dựng chính quyền")
    unit.refresh_from_db()
    assert unit.path == "so/xdcq/"
    assert unit.name == "Phòng Xây dựng chính quyền"
    assert "xay dung chinh quyen" in unit.search_key
    assert unit.names.get().started_on == date(2024, 1, 1)  # type: ignore[attr-defined]
    line = history_of(unit).get()
    assert (line.verb, line.actor_name) == ("opened", "Đỗ Thị Hà")


def test_a_unit_cannot_be_opened_twice_or_under_a_closed_one_or_as_a_second_top(
    office: User, units: dict[str, Unit]
) -> None:
    with pytest.raises(Refused, match="Mã đơn vị “cchc” đã có"):
        _open(office, units, code="cchc")
    with pytest.raises(Refused, match="Đã có đơn vị cấp cao nhất"):
        _open(office, units, parent=None)
    with pytest.raises(Refused, match="sau ngày"):
        _open(office, units, opened_on=SINCE - timedelta(days=1))
    Unit.objects.filter(pk=units["ttlt"].pk).update(closed_on=DAY)
    units["ttlt"].refresh_from_db()
    with pytest.raises(Refused, match="đã kết thúc hoạt động ngày 01/06/2025"):
        _open(office, units, parent=units["ttlt"])


@pytest.mark.parametrize("part", ["clerk", "head", "director", "inspector", "council_member", "appraiser"])
def test_only_office_and_technician_change_the_structure(
    part: str, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    with pytest.raises(Refused, match="không có quyền"):
        _open(cast[part], units)
    with pytest.raises(Refused, match="không có quyền"):
        actions.close_unit(units["cchc"], on=DAY, by=cast[part])
    assert not Unit.objects.filter(code="xdcq").exists()


def test_a_renamed_unit_keeps_its_old_name_in_old_days(office: User, units: dict[str, Unit]) -> None:
    unit = units["cchc"]
    actions.rename_unit(
        unit, name="Phòng Cải cách và Chuyển đổi số", short_name="Phòng CCCĐS", on=DAY, basis=BASIS, by=office
    )
    unit.refresh_from_db()
    assert unit.name == "Phòng Cải cách và Chuyển đổi số"
    assert "chuyen doi so" in unit.search_key
    assert unit_name_on(unit, EVE) == "Phòng Cải cách hành chính"
    assert unit_name_on(unit, DAY) == "Phòng Cải cách và Chuyển đổi số"
    with pytest.raises(Refused, match="giống tên hiện nay"):
        actions.rename_unit(unit, name=unit.name, short_name=unit.short_name, on=DAY, by=office)
    with pytest.raises(Refused, match="phải sau ngày 01/06/2025"):
        actions.rename_unit(unit, name="X", short_name="X", on=EVE, by=office)
    with pytest.raises(Refused, match="chưa đến"):
        actions.rename_unit(
            unit, name="X", short_name="X", on=timezone.localdate() + timedelta(days=1), by=office
        )
    actions.rename_unit(unit, name="Phòng CCHC và CĐS", short_name="Phòng CCCĐS", on=DAY, by=office)
    assert unit_name_on(unit, DAY) == "Phòng CCHC và CĐS"
    assert unit.names.count() == 2  # type: ignore[attr-defined]


def test_moving_a_unit_moves_its_branch_and_never_into_itself(office: User, units: dict[str, Unit]) -> None:
    team = _open(office, units, code="to-1", parent=units["cchc"], opened_on=date(2024, 1, 1))
    assert team.path == "so/cchc/to-1/"
    with pytest.raises(Refused, match="dưới chính nó"):
        actions.move_unit(units["cchc"], parent=team, order=1, by=office)
    actions.move_unit(units["cchc"], parent=units["vp"], order=3, by=office)
    team.refresh_from_db()
    assert team.path == "so/vp/cchc/to-1/"
    units["cchc"].refresh_from_db()
    assert (units["cchc"].path, units["cchc"].order) == ("so/vp/cchc/", 3)


def test_correcting_a_unit_tells_what_was_wrong_and_moves_its_branch(
    office: User, head: User, clerk: User, units: dict[str, Unit]
) -> None:
    team = _open(office, units, code="to-1", parent=units["cchc"], opened_on=date(2024, 1, 1))
    unit, kind = units["cchc"], units["vp"].kind
    facts = {"kind": kind, "opened_on": date(2016, 3, 1), "is_collective": True}
    actions.correct_unit(unit, **facts, code="ccdp", reason="Ghi nhầm theo QĐ 12", by=office)
    team.refresh_from_db()
    assert (unit.path, team.path) == ("so/ccdp/", "so/ccdp/to-1/")
    assert "ccdp" in unit.search_key
    assert team.pk in fresh(head).acting.units_below
    assert unit.names.order_by("started_on").first().started_on == date(2016, 3, 1)  # type: ignore[attr-defined]
    line = history_of(unit).first()
    assert line is not None
    assert line.comment.splitlines() == [
        "Mã: cchc → ccdp", f"Loại: phong → {kind}", "Ngày thành lập: 05/01/2015 → 01/03/2016", "Ghi nhầm theo QĐ 12",
    ]  # fmt: skip
    actions.correct_unit(unit, **facts, code="ccdp", by=office)  # nothing left to correct
    assert history_of(unit).first() == line
    for changes, why in [
        ({"code": "vp"}, "“vp” đã có"),
        ({"opened_on": date(2014, 1, 1)}, "Sở Nội vụ thành lập ngày 05/01/2015"),
        ({"opened_on": timezone.localdate() + timedelta(days=1)}, "chưa đến"),
    ]:
        with pytest.raises(Refused, match=why):
            actions.correct_unit(unit, **{**facts, **changes}, by=office)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="không có quyền"):
        actions.correct_unit(unit, **facts, code="khac", by=clerk)
    assert Unit.objects.get(pk=unit.pk).code == "ccdp"


def test_a_unit_with_people_or_children_cannot_close(office: User, units: dict[str, Unit]) -> None:
    with pytest.raises(Refused, match="còn 4 người"):
        actions.close_unit(units["cchc"], on=DAY, by=office)
    empty = _open(office, units)
    _open(office, units, code="to-1", parent=empty)
    with pytest.raises(Refused, match="còn đơn vị trực thuộc"):
        actions.close_unit(empty, on=DAY, by=office)
    empty.refresh_from_db()
    assert empty.closed_on is None


def test_a_closed_unit_is_no_longer_open_and_its_roles_end(
    office: User, clerk: User, units: dict[str, Unit]
) -> None:
    unit = _open(office, units)
    role = actions.appoint(clerk.person, role="head", unit=unit, started_on=date(2024, 1, 1), by=office)
    actions.close_unit(unit, on=DAY, basis=BASIS, by=office)
    role.refresh_from_db()
    assert role.ended_on == EVE
    assert unit not in Unit.objects.open()
    assert unit in Unit.objects.open_on(EVE)
    with pytest.raises(Refused, match="đã kết thúc hoạt động"):
        actions.close_unit(unit, on=DAY, by=office)


def test_merging_moves_people_ends_roles_and_names_the_successor(
    office: User, head: User, clerk: User, units: dict[str, Unit]
) -> None:
    actions.merge_units([units["cchc"]], into=units["tccb"], on=DAY, basis=BASIS, by=office)
    units["cchc"].refresh_from_db()
    assert units["cchc"].closed_on == DAY
    assert Posting.objects.current().get(person=clerk.person).unit == units["tccb"]
    before = posting_on(clerk.person, date(2023, 12, 31))
    assert before is not None
    assert before.unit == units["cchc"]
    assert Appointment.objects.get(person=head.person).ended_on == EVE
    succession = Succession.objects.get()
    assert (succession.predecessor, succession.successor) == (units["cchc"], units["tccb"])
    assert history_of(clerk.person).first().verb == "transferred"  # type: ignore[union-attr]
    assert Posting.objects.current().filter(unit=units["tccb"]).count() == 6


def test_merging_the_office_away_needs_another_office(
    office: User, head: User, units: dict[str, Unit]
) -> None:
    """A role of the Office ends with the posting in it, as in a transfer; the last one is not given up."""
    with pytest.raises(Refused, match="không còn ai giữ vai trò Văn phòng Sở"):
        actions.merge_units([units["vp"]], into=units["cchc"], on=DAY, basis=BASIS, by=office)
    assert fresh(office).acting.unit_id == units["vp"].pk
    actions.appoint(head.person, role="office", started_on=SINCE, by=office)
    actions.merge_units([units["vp"]], into=units["cchc"], on=DAY, basis=BASIS, by=office)
    assert fresh(office).acting.unit_id == units["cchc"].pk
    assert "office" not in fresh(office).acting.roles
    assert "office" in fresh(head).acting.roles


def test_merging_into_a_new_unit_opens_it(office: User, units: dict[str, Unit]) -> None:
    new = {
        "code": "th",
        "name": "Phòng Tổng hợp",
        "short_name": "Phòng TH",
        "kind": units["cchc"].kind,
        "parent": units["so"],
        "order": 4,
    }
    target = actions.merge_units([units["cchc"], units["tccb"]], into=new, on=DAY, basis=BASIS, by=office)
    assert target.opened_on == DAY
    assert Posting.objects.current().filter(unit=target).count() == 6
    assert Succession.objects.filter(successor=target).count() == 2


def test_merging_is_refused_whole(office: User, units: dict[str, Unit]) -> None:
    with pytest.raises(Refused, match="căn cứ"):
        actions.merge_units([units["cchc"]], into=units["tccb"], on=DAY, basis=" ", by=office)
    with pytest.raises(Refused, match="Không thể sáp nhập"):
        actions.merge_units([units["cchc"], units["so"]], into=units["tccb"], on=DAY, basis=BASIS, by=office)
    units["cchc"].refresh_from_db()
    assert units["cchc"].closed_on is None
    assert Posting.objects.current().filter(unit=units["cchc"]).count() == 4


def test_splitting_sends_everybody_somewhere(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    people = {part: cast[part].person.pk for part in ("clerk", "colleague", "head", "deputy")}
    into = [units["tccb"], units["vp"]]
    partial = {people["clerk"]: units["tccb"]}
    with pytest.raises(Refused, match="Chưa chọn nơi đến cho: .*Lê Minh Châu"):
        actions.split_unit(units["cchc"], into=into, placements=partial, on=DAY, basis=BASIS, by=office)
    with pytest.raises(Refused, match="không nằm trong các đơn vị nhận"):
        actions.split_unit(
            units["cchc"],
            into=[units["vp"]],
            placements=partial,
            on=DAY,
            basis=BASIS,
            by=office,
            closes=False,
        )
    everybody = dict.fromkeys(people.values(), units["tccb"]) | {people["deputy"]: units["vp"]}
    actions.split_unit(units["cchc"], into=into, placements=everybody, on=DAY, basis=BASIS, by=office)
    units["cchc"].refresh_from_db()
    assert units["cchc"].closed_on == DAY
    assert Posting.objects.current().get(person_id=people["deputy"]).unit == units["vp"]
    assert Succession.objects.filter(predecessor=units["cchc"]).count() == 2


def test_splitting_off_a_part_leaves_the_unit_open(
    office: User, clerk: User, deputy: User, head: User, units: dict[str, Unit]
) -> None:
    """Who goes leaves his role in the unit behind; who stays keeps his."""
    actions.split_unit(
        units["cchc"],
        into=[units["tccb"]],
        placements={one.person.pk: units["tccb"] for one in (clerk, deputy)},
        on=DAY,
        basis=BASIS,
        closes=False,
        by=office,
    )
    units["cchc"].refresh_from_db()
    assert units["cchc"].closed_on is None
    assert Posting.objects.current().filter(unit=units["cchc"]).count() == 2
    assert Appointment.objects.get(person=deputy.person).ended_on == EVE
    assert Appointment.objects.get(person=head.person).ended_on is None
