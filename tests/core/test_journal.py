"""The journal: one line an act, in the words of that moment, never changed; times told as on the wall in Việt Nam."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from core import clock
from core.journal import Run, history_of, record, record_many
from core.models import Entry
from core.workflow import Stale, check_version
from organization.models import Person, Unit, User

NIGHT = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)  # 00:30 on New Year's day in Việt Nam


def test_a_line_holds_name_and_role_as_they_were(clerk: User, head: User) -> None:
    record(
        clerk.person,
        "changed",
        by=head,
        label="Sửa",
        before="a",
        after="b",
        comment="vì sao",
        data={"late": True},
    )
    Person.objects.filter(pk=head.person.pk).update(given_name="Khác")
    line = history_of(clerk.person).get()
    assert (line.actor_name, line.actor_role) == ("Lê Minh Châu", "Trưởng phòng, Phòng CCHC")
    assert (line.from_state, line.to_state, line.comment, line.data) == ("a", "b", "vì sao", {"late": True})


def test_the_timetable_signs_as_the_system(clerk: User) -> None:
    line = record(clerk.person, "x", by=None, label="Tự động")
    assert (line.actor, line.actor_name, line.actor_role) == (None, "Hệ thống", "Lịch tự động")


def test_lines_belong_to_one_document(clerk: User, units: dict[str, Unit]) -> None:
    record(clerk.person, "x", by=None, label="người")
    unit = Unit.objects.create(
        pk=clerk.person.pk + 10_000,
        code="y",
        name="Y",
        short_name="Y",
        kind=units["vp"].kind,
        opened_on="2020-01-01",
    )
    record(unit, "x", by=None, label="đơn vị")
    assert [line.label for line in history_of(unit)] == ["đơn vị"]
    assert [line.label for line in history_of(clerk.person)] == ["người"]


def test_the_newest_line_comes_first(clerk: User) -> None:
    for label in ["một", "hai", "ba"]:
        record(clerk.person, "x", by=clerk, label=label)
    assert [line.label for line in history_of(clerk.person)] == ["ba", "hai", "một"]


def test_many_lines_cost_as_much_as_one(cast: dict[str, User]) -> None:
    people = list(Person.objects.all())
    by = cast["office"]
    assert by.acting.label
    with CaptureQueriesContext(connection) as captured:
        record_many(people, "added", by=by, label="Thêm")
    assert len(captured) == 1
    assert Entry.objects.filter(verb="added").count() == len(people)


def test_no_line_is_changed_or_removed(clerk: User) -> None:
    record(clerk.person, "x", by=clerk, label="một")
    for act in (
        lambda: Entry.objects.update(label="khác"),
        lambda: Entry.objects.all().delete(),
        lambda: history_of(clerk.person).update(label="khác"),
        lambda: history_of(clerk.person).get().delete(),
        lambda: Entry.objects.bulk_update([history_of(clerk.person).get()], ["label"]),
    ):
        with pytest.raises(ValidationError), transaction.atomic():
            act()
    line = history_of(clerk.person).get()
    line.label = "khác"
    with pytest.raises(ValidationError), transaction.atomic():
        line.save()
    assert history_of(clerk.person).get().label == "một"


def test_times_are_told_as_on_the_wall(clerk: User) -> None:
    with clock.at(NIGHT):
        line = record(clerk.person, "x", by=clerk, label="một")
    assert "00:30 01/01/2026" in render_to_string("components/history.html", {"entries": [line]})
    assert str(line).startswith("00:30 01/01/2026")
    with pytest.raises(Stale, match="00:30 01/01/2026"):
        check_version(clerk.person, version=99)


def test_the_timeline_escapes_what_people_wrote(clerk: User) -> None:
    line = record(clerk.person, "x", by=clerk, label="<b>một</b>", comment="<script>x</script>\ndòng hai")
    html = render_to_string("components/history.html", {"entries": [line]})
    assert "<script" not in html
    assert "<b>" not in html
    assert "<br>dòng hai" in html
    assert "Chưa có hoạt động nào." in render_to_string("components/history.html", {"entries": []})


def told(verb: str, label: str, **more: Any) -> Entry:
    at = more.pop("at", datetime(2025, 12, 5, 4, 0, tzinfo=UTC))
    return Entry(verb=verb, label=label, actor_name=more.pop("actor_name", "Lê Thị Hoa"), at=at, **more)


def test_the_same_small_act_in_a_row_is_one_line_to_unfold() -> None:
    attached = [told("attach", f"Gắn tài liệu vào tiêu chí {code}") for code in ("5.3", "5.2", "1.1")]
    html = render_to_string("components/history.html", {"entries": [told("note", "Ghi chú"), *attached]})
    assert "<strong>Gắn tài liệu vào tiêu chí</strong>" in html
    assert "3 lần" in html
    assert all(entry.label in html for entry in attached)


def test_moves_two_lines_another_person_or_another_day_are_never_folded() -> None:
    moved = [
        told("send_back", "Trả lại", from_state="submitted", to_state="returned", pk=n) for n in (3, 2, 1)
    ]
    two = [told("attach", f"Gắn tài liệu vào tiêu chí {code}") for code in ("5.3", "5.2")]
    other = told("attach", "Gắn tài liệu vào tiêu chí 1.1", actor_name="Đỗ Văn Bình")
    later = told("attach", "Gắn tài liệu vào tiêu chí 1.1", at=datetime(2025, 12, 4, 4, 0, tzinfo=UTC))
    for entries in (moved, [*two, other], [*two, later]):
        assert "<details" not in render_to_string("components/history.html", {"entries": entries})


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        (["Gắn tài liệu vào tiêu chí 5.3", "Gắn tài liệu vào tiêu chí 5.2"], "Gắn tài liệu vào tiêu chí"),
        (["Thêm tài liệu", "Thêm tài liệu"], "Thêm tài liệu"),
        (["Chấm tiêu chí 1.3: – → 5", "Chấm tiêu chí 1.4: – → 5"], "Chấm tiêu chí"),
        (["Thêm", "Bớt"], "Thêm"),
    ],
)
def test_the_label_of_a_run_is_what_its_lines_have_in_common(labels: list[str], label: str) -> None:
    assert Run([told("x", one) for one in labels]).label == label
