"""A sheet of honours of a year whose review stands on the portal: a reason is asked for and kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from awards.actions import history as actions
from awards.models import Award, HistoryImport, Honour, Review
from core.journal import history_of
from core.workflow import Refused
from organization.models import User
from tests.awards.builders import TITLE
from tests.awards.test_history_import import AN, changed, command, confirm, plan, upload, workbook

State = Review.State
OF_2019, OF_2018 = AN, changed(AN, year=2018, number="3/QĐ-SNV", day="10/01/2019")
WHY = "Quyết định ký trước khi dùng cổng"


@pytest.fixture
def review(awards: dict[str, Award], office: User) -> Review:
    one = Review.objects.create(
        kind="annual", year=2019, title="Bình xét năm 2019", reference_date="2019-12-31", state=State.OPEN,
        prepared_by=office,
    )  # fmt: skip
    one.awards.add(Award.objects.get(code=TITLE))
    return one


@pytest.mark.parametrize("state", [State.OPEN, State.DECIDING, State.CLOSED])
def test_beside_a_review_nothing_comes_in_without_a_reason(
    state: State, review: Review, office: User, client_of: Callable[[User], Client]
) -> None:
    Review.objects.update(state=state)
    client = client_of(office)
    upload(client, workbook(OF_2019, OF_2018))
    one = HistoryImport.objects.get()
    page = client.get(reverse("awards:history_import_preview", args=[one.pk])).content.decode()
    assert "1 dòng thuộc" in page
    assert "Lý do nhập ngoài đợt bình xét" in page
    told = confirm(client, one, reason=" ").content.decode()
    assert "“Bình xét năm 2019”: 1 dòng" in told
    assert not Honour.objects.exists()
    assert "Đã ghi vào Sổ" in confirm(client, one, reason=WHY).content.decode()
    assert Honour.objects.count() == 2
    assert history_of(one).get(verb="applied").comment == WHY
    honour = Honour.objects.get(year=2019)
    assert history_of(honour).get().comment == f"so-cu.xlsx\nLý do nhập ngoài đợt: {WHY}"


def test_of_other_years_awards_and_occasions_no_reason_is_asked(review: Review, office: User) -> None:
    assert actions.beside(plan(OF_2018).rows) == {}
    assert actions.beside(plan(changed(OF_2019, occasion="Chuyên đề")).rows) == {}
    assert actions.beside(plan(OF_2019).rows) == {review: 1}
    for state in (State.PLANNED, State.STOPPED):
        Review.objects.update(state=state)
        assert actions.beside(plan(OF_2019).rows) == {}
    Review.objects.update(state=State.OPEN)
    review.awards.clear()
    assert actions.write(plan(OF_2019).rows, by=office, source="a.xlsx") == 1
    review.awards.add(Award.objects.get(code=TITLE))
    assert actions.write(plan(OF_2019).rows, by=office, source="a.xlsx") == 0  # stands there already


def test_the_command_asks_for_it_too(review: Review, tmp_path: Path) -> None:
    file = tmp_path / "so-cu.xlsx"
    file.write_bytes(workbook(OF_2019))
    with pytest.raises(CommandError, match="hãy ghi lý do"):
        command(file)
    assert not Honour.objects.exists()
    assert "Đã ghi 1 khen thưởng" in command(file, "--reason", WHY)
    assert WHY in history_of(Honour.objects.get()).get().comment


def test_the_reason_of_many_rows_costs_one_question(
    review: Review, django_assert_num_queries: Callable[[int], object]
) -> None:
    rows = plan(*[changed(OF_2019, number=f"{number}/QĐ") for number in range(50)]).rows
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert actions.beside(rows) == {review: 50}
    with pytest.raises(Refused, match="50 dòng"):
        actions.write(rows, by=None, source="a.xlsx")
