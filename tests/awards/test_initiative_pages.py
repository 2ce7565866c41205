"""Pages about initiatives: a whole life on them, what is typed wrongly, papers, strangers, queries."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from awards.actions import initiatives as actions
from awards.models import Initiative
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.initiatives import (
    APPLIED_ON,
    AUTHORS,
    CAST,
    DECISION,
    NAME,
    PDF,
    bring_to,
    facts,
    load_figures,
)

ClientOf = Callable[[User], Client]


def form(unit: Unit, *authors: tuple[str, str], **more: Any) -> dict[str, Any]:
    rows = {
        f"tac-gia-{place}-{key}": value
        for place, pair in enumerate(authors)
        for key, value in zip(("person", "share"), pair, strict=True)
    }
    return {
        "kind": "initiative", "name": NAME, "unit": unit.pk, "first_used_on": "01/03/2025", "summary": "Một lần.",
        "effect": "Giảm 3 ngày.", "tac-gia-TOTAL_FORMS": "4", "tac-gia-INITIAL_FORMS": "0", **rows, **more,
    }  # fmt: skip


def council(**changes: Any) -> dict[str, Any]:
    return {
        "council_met_on": "28/10/2025", "council_minutes": "12/BB-HĐSK", "council_members": "7", "council_present": "6",
        "council_in_favour": "5", "council_advice": "recognise", "evaluation": "Có tính mới.", **changes,
    }  # fmt: skip


def test_a_whole_life_on_pages(cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf) -> None:
    clerk, office = client_of(cast["clerk"]), client_of(cast["office"])
    assert "Nguyễn Văn An – CB001" in clerk.get(reverse("awards:initiative_start")).content.decode()
    answer = clerk.post(
        reverse("awards:initiative_start"), form(units["cchc"], ("CB001", "60"), ("Trần Thị Bình", "40"))
    )
    one = Initiative.objects.get()
    assert answer.status_code == 302
    edit = reverse("awards:initiative_edit", args=[one.pk])
    assert clerk.get(edit).status_code == 200
    assert (
        clerk.post(edit, form(units["cchc"], ("CB001", "62,5"), ("CB002", "37,5"), version="1")).status_code
        == 302
    )
    move = lambda verb: reverse("awards:initiative_move", args=[one.pk, verb])  # noqa: E731
    clerk.post(move("submit"), {"version": "2"})
    page = office.get(reverse("awards:initiative_detail", args=[one.pk])).content.decode()
    assert "62,5%" in page
    load_figures()
    Initiative.objects.update(applied_on=APPLIED_ON)
    evaluate = reverse("awards:initiative_evaluate", args=[one.pk])
    assert "trên 50% tổng số thành viên Hội đồng" in office.get(evaluate).content.decode()
    assert office.post(evaluate, council(version="3")).status_code == 302
    recognise = reverse("awards:initiative_recognise", args=[one.pk])
    page = office.get(recognise).content.decode()
    assert "Số quyết định công nhận" in page
    assert "Ý kiến đánh giá" not in page
    missing = office.post(recognise, {"level": "agency", "decision_number": "77/QĐ-SNV"})
    assert missing.status_code == 422
    assert "77/QĐ-SNV" in missing.content.decode()
    decision = {
        "level": "agency", "reach": "agency", "decision_number": "77/QĐ-SNV", "recognised_on": "03/11/2025",
        "recognised_by": "Sở Nội vụ", "version": "4",
    }  # fmt: skip
    assert office.post(recognise, decision).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.level, one.recognised_on) == ("recognised", "agency", date(2025, 11, 3))
    assert office.post(recognise, {**decision, "version": "5", "reach": "province"}).status_code == 302
    one.refresh_from_db()
    assert (one.reach, one.evaluation) == ("province", "Có tính mới.")


@pytest.mark.parametrize(
    ("authors", "sentence"),
    [
        ([("Không Có Ai", "100")], "Không tìm thấy"),
        ([("CB001", "101")], "không quá 100"),
        ([("CB001", "60"), ("CB002", "60")], "không được quá 100%"),
        ([("CB001", "")], "Nhập tỷ lệ đóng góp"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(
    authors: list[tuple[str, str]], sentence: str, clerk: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    answer = client_of(clerk).post(reverse("awards:initiative_start"), form(units["cchc"], *authors))
    assert answer.status_code == 422
    for kept in (sentence, NAME, authors[0][0]):
        assert kept in answer.content.decode()
    assert not Initiative.objects.exists()


def test_nobody_writes_for_another_unit(stranger: User, units: dict[str, Unit], client_of: ClientOf) -> None:
    answer = client_of(stranger).post(
        reverse("awards:initiative_start"), form(units["cchc"], ("CB012", "100"))
    )
    assert answer.status_code == 422
    with pytest.raises(Refused, match="Bạn không lập đơn cho"):
        actions.start(facts(units["cchc"]), [], by=stranger)


def test_the_office_enters_what_was_recognised_before(
    cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf
) -> None:
    more = {
        "level": "province", "reach": "province", "decision_number": "9/QĐ-UBND", "recognised_on": "02/05/2019",
        "recognised_by": "UBND tỉnh",
    }  # fmt: skip
    address, office = reverse("awards:initiative_enter"), client_of(cast["office"])
    assert office.get(address).status_code == 200
    short = office.post(address, form(units["ttlt"], ("CB012", "90"), **more))
    assert short.status_code == 422
    assert "phải đúng 100%" in short.content.decode()
    assert office.post(address, form(units["ttlt"], ("CB012", "100"), **more)).status_code == 302
    one = Initiative.objects.get()
    assert (one.state, one.recognised_on, one.level) == ("recognised", date(2019, 5, 2), "province")
    found = (
        client_of(cast["clerk"]).get(reverse("awards:initiative_list") + "?q=dang+van+tung").context["list"]
    )
    assert list(found.page) == [one]


def test_papers_are_kept_served_and_taken_away(
    draft: Initiative, cast: dict[str, User], client_of: ClientOf, files: Callable[[], list[Path]]
) -> None:
    clerk = client_of(cast["clerk"])
    add = reverse("awards:initiative_file_add", args=[draft.pk])
    wrong = clerk.post(add, {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert wrong.status_code == 422
    assert "Không nhận loại tệp" in wrong.content.decode()
    clerk.post(add, {"file": SimpleUploadedFile("don.pdf", PDF), "title": "Đơn có chữ ký"})
    one = draft.files.get()
    assert one.title == "Đơn có chữ ký"
    address = reverse("awards:initiative_file", args=[one.pk])
    shown: Any = clerk.get(address)
    assert shown.getvalue() == PDF
    assert client_of(cast["stranger"]).get(address).status_code == 404
    assert client_of(cast["stranger"]).post(add, {}).status_code == 404
    assert len(files()) == 1
    remove = reverse("awards:initiative_file_remove", args=[one.pk])
    assert client_of(cast["office"]).post(remove).status_code == 404
    clerk.post(remove)
    assert not draft.files.exists()


@pytest.mark.parametrize("part", ["stranger", "stranger_head", "technician", "appraiser", "council_member"])
def test_strangers_find_nothing(
    part: str, draft: Initiative, cast: dict[str, User], client_of: ClientOf
) -> None:
    client = client_of(cast[part])
    for route in ("detail", "edit", "evaluate", "recognise"):
        assert client.get(reverse(f"awards:initiative_{route}", args=[draft.pk])).status_code == 404
    for route in ("remove", "file_add", "evaluate", "recognise", "edit"):
        assert client.post(reverse(f"awards:initiative_{route}", args=[draft.pk])).status_code == 404
    assert client.post(reverse("awards:initiative_move", args=[draft.pk, "submit"])).status_code == 404
    assert client.get(reverse("awards:initiative_enter")).status_code == 404


@pytest.mark.parametrize("page", ["list", "detail"])
def test_pages_cost_the_same_however_many(
    page: str, draft: Initiative, cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    bring_to(draft, "evaluated", cast)

    def enter(unit: str, part: str) -> None:
        shares = [(cast[part].person, Decimal(50)), (cast["head"].person, Decimal(50))]
        actions.enter_recognised({**facts(units[unit]), **DECISION}, shares, by=cast["office"])

    enter("vp", "deputy")
    address = reverse("awards:initiative_list" if page == "list" else "awards:initiative_detail",
                      args=[] if page == "list" else [draft.pk])  # fmt: skip
    assert_same_queries(
        client_of(cast["office"]), address, lambda: [enter("tccb", "stranger"), enter("ttlt", "clerk")]
    )


@pytest.mark.parametrize("state", Initiative.State.values)
@pytest.mark.parametrize("part", CAST)
def test_who_sees_it(
    part: str, state: str, draft: Initiative, cast: dict[str, User], client_of: ClientOf
) -> None:
    one = bring_to(draft, state, cast)
    handed_in = {"head", "director", "office", "inspector"}
    seen = state == "recognised" or part in AUTHORS or (state != "draft" and part in handed_in)
    answer = client_of(cast[part]).get(reverse("awards:initiative_detail", args=[one.pk]))
    assert answer.status_code == (200 if seen else 404)
    listed = client_of(cast[part]).get(reverse("awards:initiative_list")).context["list"].total
    assert listed == int(seen)
