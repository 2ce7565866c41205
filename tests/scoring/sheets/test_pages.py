"""The pages of score sheets."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from campaigns.models import Campaign, CampaignYear, Criterion
from campaigns.queries import open_calendar
from organization.actions import merge_units
from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.actions import sheets as actions
from scoring.models import EvidenceDocument, Line, LineEvidence, Scorecard
from scoring.queries.sheets import tasks_of

Find = Callable[..., Any]
HTMX = {"HX-Request": "true"}


def page(sheet: Scorecard, rest: str = "") -> str:
    return f"/cham-diem/phieu/{sheet.pk}/{rest}"


def typed(line: Line, **values: Any) -> dict[str, Any]:
    return {f"l{line.pk}-{name}": value for name, value in values.items()}


def send_line(client: Any, line: Line, **values: Any) -> Any:
    data = typed(line, version=line.version, **values)
    return client.post(page(line.scorecard, f"dong/{line.pk}/"), data, headers=HTMX)


# --- the grid ----------------------------------------------------------------------------------------
def test_the_filler_sees_boxes_the_others_only_text(
    sheet_of: Find, client_of: Find, clerk: User, head: User
) -> None:
    sheet = sheet_of(clerk)
    own = client_of(clerk).get(page(sheet)).content.decode()
    assert 'data-col="score"' in own
    assert "Nộp phiếu cho thủ trưởng" in own
    assert "<strong>0/4</strong>" in own
    assert "data-col=" not in client_of(head).get(page(sheet)).content.decode()


def test_one_line_is_saved_by_itself_with_a_comma(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheet_of(clerk)
    response = send_line(client_of(clerk), line_of(sheet, "1.1"), score="8,5", reason="Tự đánh giá")
    text = response.content.decode()
    assert response.status_code == 200
    assert "Đã lưu" in text
    assert '<span id="t-self" hx-swap-oob="true">8,50</span>' in text
    assert "<strong>1/4</strong>" in text
    line = line_of(sheet, "1.1")
    assert (line.self_score, line.note) == (Decimal("8.5"), "Tự đánh giá")


@pytest.mark.parametrize("given", ["chín", "1.234", "8,5,5", "11", "-1", "9" * 40, "1e5"])
def test_a_wrong_number_is_explained_in_its_row(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User, given: str
) -> None:
    sheet = sheet_of(clerk)
    response = send_line(client_of(clerk), line_of(sheet, "1.1"), score=given)
    assert response.status_code == 422
    assert "g-error" in response.content.decode()
    assert line_of(sheet, "1.1").self_score is None


def test_a_nul_character_is_refused(sheet_of: Find, line_of: Find, client_of: Find, clerk: User) -> None:
    assert send_line(client_of(clerk), line_of(sheet_of(clerk), "1.1"), score="8\x00").status_code == 400


def test_a_conflict_shows_what_is_kept(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User, colleague: User, units: dict[str, Unit]
) -> None:
    line = line_of(sheet_of(units["cchc"]), "1.1")
    send_line(client_of(colleague), line, score="9")
    response = send_line(client_of(clerk), line, score="7")
    text = response.content.decode()
    assert response.status_code == 409
    assert colleague.display_name in text
    assert "(9 điểm)" in text
    assert 'data-overwrite="2"' in text
    assert line_of(line.scorecard, "1.1").self_score == 9


def test_texts_of_people_are_escaped(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User, head: User
) -> None:
    sheet = sheet_of(clerk)
    bad = '"><script>alert(1)</script>'
    Criterion.objects.update(name=bad, guidance=bad, evidence=bad)
    send_line(client_of(clerk), line_of(sheet, "1.1"), score="8", reason=f"</textarea>{bad}")
    wrong = client_of(clerk).post(
        page(sheet, "luu/"), typed(line_of(sheet, "1.1"), version=bad, score=bad, reason=bad)
    )
    assert wrong.status_code == 422
    for response in (wrong, client_of(clerk).get(page(sheet)), client_of(head).get(page(sheet))):
        assert "<script>alert" not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()


def test_zero_by_zero_opens_a_box_for_the_score(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User, units: dict[str, Unit]
) -> None:
    line = line_of(sheet_of(units["cchc"]), "2.1")
    text = send_line(client_of(clerk), line, numerator="0", denominator="0").content.decode()
    assert "Mẫu số bằng 0" in text
    assert f'name="l{line.pk}-score"' in text


def test_everything_is_saved_at_once_without_javascript(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheet_of(clerk)
    data = typed(line_of(sheet, "1.1"), version=1, score="8,5") | typed(
        line_of(sheet, "2.2"), version=1, met="1"
    )
    data |= typed(line_of(sheet, "1.2"), version=1, count="2")
    response = client_of(clerk).post(page(sheet, "luu/"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Còn 1 dòng chưa lưu" in text
    assert 'value="2"' in text
    sheet.refresh_from_db()
    assert sheet.self_total == Decimal("28.5")
    del data[f"l{line_of(sheet, '1.2').pk}-count"]
    data |= typed(line_of(sheet, "1.1"), version=2) | typed(line_of(sheet, "2.2"), version=2)
    assert client_of(clerk).post(page(sheet, "luu/"), data).status_code == 302


def test_head_and_appraiser_fill_their_columns(
    sheet_of: Find, led_to: Find, line_of: Find, client_of: Find, clerk: User, head: User, office: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    refused = send_line(client_of(head), line_of(sheet, "1.1"), score="8")
    assert refused.status_code == 422
    assert "ghi lý do" in refused.content.decode()
    done = send_line(
        client_of(head), line_of(sheet, "1.1"), score="8", reason="Chậm một việc"
    ).content.decode()
    assert "−0,5" in done
    client_of(head).post(
        page(sheet, "viec/approve/"), {"version": Scorecard.objects.get(pk=sheet.pk).version}
    )
    assert (
        send_line(client_of(office), line_of(sheet, "1.1"), score="7,5", reason="Thêm một việc").status_code
        == 200
    )
    text = client_of(clerk).get(page(sheet)).content.decode()
    assert "Chậm một việc" in text
    assert "Thêm một việc" in text


def test_returning_asks_for_lines_and_keeps_what_was_typed(
    sheet_of: Find, led_to: Find, line_of: Find, client_of: Find, clerk: User, head: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    client = client_of(head)
    assert client.post(page(sheet, "viec/send_back/")).url == page(sheet, "tra-lai/send_back/")
    assert client.get(page(sheet, "tra-lai/send_back/")).status_code == 200
    refused = client.post(page(sheet, "tra-lai/send_back/"), {"comment": "Xem lại"})
    assert refused.status_code == 422
    assert "Xem lại</textarea>" in refused.content.decode()
    line = line_of(sheet, "2.3")
    client.post(page(sheet, "tra-lai/send_back/"), typed(line, flag="Sai mức"))
    text = client_of(clerk).get(page(sheet)).content.decode()
    assert "Cần sửa: Sai mức" in text
    assert text.count("hx-post=") == 1


def test_the_move_bar_submits(sheet_of: Find, fill: Find, client_of: Find, clerk: User) -> None:
    sheet = fill(sheet_of(clerk), clerk)
    assert client_of(clerk).post(page(sheet, "viec/submit/"), {"version": "x" * 5}).status_code == 302
    assert Scorecard.objects.get(pk=sheet.pk).state == "submitted"
    assert client_of(clerk).post(page(sheet, "viec/publish/")).status_code == 404


def test_documents_of_a_line(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User, document: EvidenceDocument
) -> None:
    line = line_of(sheet_of(clerk), "1.2")
    address = page(line.scorecard, f"dong/{line.pk}/tai-lieu/")
    assert client_of(clerk).post(address, {"document": "99999"}).status_code == 422
    assert client_of(clerk).post(address, {"document": document.pk, "page": "2"}).status_code == 302
    assert "12/QĐ-SNV" in client_of(clerk).get(page(line.scorecard)).content.decode()
    link = LineEvidence.objects.get()
    client_of(clerk).post(page(line.scorecard, f"tai-lieu/{link.pk}/go/"))
    assert not LineEvidence.objects.exists()


def test_taking_over_achievements_and_the_excel_file(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheet_of(clerk)
    assert client_of(clerk).post(page(sheet, "lay-thanh-tich/")).status_code == 302
    assert line_of(sheet, "1.2").self_score == 0
    line_actions.save_line(line_of(sheet, "1.1"), by=clerk, inputs={}, self_score=Decimal("8.5"), note="=1+1")
    book = load_workbook(BytesIO(client_of(clerk).get(page(sheet, "excel/")).content))
    [row] = [row for row in book.active.iter_rows(values_only=True) if row[0] == "1.1"]
    assert row[:5] == ("1.1", "Chất lượng tham mưu", 10, 8.5, "Giải trình: =1+1")


# --- lists -------------------------------------------------------------------------------------------
def test_the_list_filters_what_waits_for_me(
    sheet_of: Find, led_to: Find, client_of: Find, clerk: User, colleague: User, head: User
) -> None:
    led_to(sheet_of(clerk), "submitted", by=clerk)
    text = client_of(head).get("/cham-diem/phieu/?cho=toi").content.decode()
    assert clerk.display_name in text
    assert colleague.display_name not in text
    assert "Duyệt các phiếu đã chọn" in text


def test_the_list_tells_the_sheets_of_a_unit_apart(
    sheet_of: Find, client_of: Find, head: User, units: dict[str, Unit]
) -> None:
    """One in the movement, one in an index of the same year, under the same name."""
    sheet_of(units["cchc"])
    index = Campaign.objects.create(
        code="chi-so", name="Chỉ số", short_name="Chỉ số cấp phòng", kind=Campaign.Kind.INDEX,
        starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31),
    )  # fmt: skip
    of_index = CampaignYear.objects.create(campaign=index, year=2025, state=CampaignYear.State.OPEN)
    sheet = Scorecard.objects.get(unit=units["cchc"], person=None)
    sheet.pk, sheet.campaign_year = None, of_index
    sheet.save(force_insert=True)
    text = client_of(head).get("/cham-diem/phieu/").content.decode()
    assert "Chỉ số cấp phòng – năm 2025</td>" in text
    assert str(Scorecard.objects.exclude(campaign_year=of_index)[0].campaign_year) + "</td>" in text
    for movements_only in ("/cham-diem/thanh-tich/", "/phong-trao/dang-ky/"):
        assert "Chỉ số cấp phòng" not in client_of(head).get(movements_only).content.decode()


def test_sheets_of_a_closed_unit_are_found_by_it(
    sheet_of: Find, client_of: Find, office: User, units: dict[str, Unit]
) -> None:
    sheet_of(units["cchc"])
    merge_units([units["cchc"]], into=units["tccb"], on=date(2025, 6, 1), basis="12/QĐ-SNV", by=office)
    text = client_of(office).get(f"/cham-diem/phieu/?don-vi={units['cchc'].pk}").content.decode()
    assert "Phòng Cải cách hành chính</td>" in text
    assert "Văn phòng Sở</td>" not in text


def test_proof_is_asked_for_points_only(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User, criteria: dict[str, Any]
) -> None:
    sheet = sheet_of(clerk)
    Criterion.objects.filter(criteria_set=sheet.criteria_set_id).update(evidence_required=False)
    Criterion.objects.filter(pk=criteria["1.1"].pk).update(evidence_required=True)
    for score, asked in (("8,5", 1), ("0", 0)):
        send_line(client_of(clerk), line_of(sheet, "1.1"), score=score)
        assert client_of(clerk).get(page(sheet)).content.decode().count("Cần tài liệu kiểm chứng") == asked


def test_bulk_approval_on_the_page(
    sheet_of: Find, led_to: Find, client_of: Find, clerk: User, colleague: User, head: User
) -> None:
    one, two = led_to(sheet_of(clerk), "submitted", by=clerk), sheet_of(colleague)
    client = client_of(head)
    shown = {f"version_{sheet.pk}": sheet.version for sheet in (one, two)}
    response = client.post("/cham-diem/phieu/duyet/", {"chon": [one.pk, two.pk, "x", "9" * 30], **shown})
    text = response.content.decode()
    assert text.count("Đã duyệt") == 1
    assert text.count("Chưa duyệt") == 1
    assert client.post("/cham-diem/phieu/duyet/", {}).status_code == 302


def test_appraisal_list_leaves_out_ones_own(
    sheet_of: Find,
    led_to: Find,
    client_of: Find,
    clerk: User,
    head: User,
    technician: User,
    office_head: User,
    office: User,
    appraiser: User,
    stranger: User,
) -> None:
    led_to(sheet_of(clerk), "approved", by=clerk, head=head)
    led_to(sheet_of(technician), "approved", by=technician, head=office_head)
    for user, names in [(office, {clerk}), (appraiser, {clerk, technician})]:
        text = client_of(user).get("/cham-diem/tham-dinh/").content.decode()
        for person in (clerk, technician):
            assert (person.display_name in text.split("<main")[1]) == (person in names)
    assert client_of(stranger).get("/cham-diem/tham-dinh/").status_code == 404


def test_tasks_follow_the_sheet(
    sheet_of: Find, led_to: Find, clerk: User, head: User, office: User, units: dict[str, Unit]
) -> None:
    assert [task.verb for task in tasks_of(clerk, open_calendar())] == ["Chấm", "Chấm"]
    assert "Duyệt" not in [task.verb for task in tasks_of(head, open_calendar())]
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    [task] = [task for task in tasks_of(head, open_calendar()) if task.verb == "Duyệt"]
    assert (task.count, task.due is not None) == (1, True)
    actions.approve(sheet, by=head)
    [task] = [task for task in tasks_of(office, open_calendar()) if task.verb == "Thẩm định"]
    assert task.title == "Thẩm định phiếu chấm điểm năm 2025"


def test_the_technician_is_asked_for_his_own_sheet_alone(sheet_of: Find, technician: User) -> None:
    """He may not write that of his unit, so it does not wait for him."""
    sheet_of(technician)
    assert [task.detail for task in tasks_of(technician, open_calendar())] == ["Phiếu cá nhân"]


def test_the_office_opens_sheets_on_a_page(
    campaign_year: CampaignYear, client_of: Find, office: User, clerk: User
) -> None:
    address = f"/cham-diem/phieu/mo/{campaign_year.pk}/"
    assert client_of(clerk).get(address).status_code == 404
    assert client_of(office).get(address).status_code == 200
    client_of(office).post(address)
    assert Scorecard.objects.count() == 17


def test_strangers_find_nothing(
    ranked: CampaignYear, sheet_of: Find, line_of: Find, client_of: Find, clerk: User, stranger: User
) -> None:
    sheet = sheet_of(clerk)
    line = line_of(sheet, "1.1")
    client = client_of(stranger)
    for rest in ("", "excel/", f"dong/{line.pk}/tai-lieu/", "tra-lai/send_back/"):
        assert client.get(page(sheet, rest)).status_code == 404, rest
    for rest in ("luu/", "lay-thanh-tich/", "viec/submit/", f"dong/{line.pk}/", "tai-lieu/1/go/"):
        assert client.post(page(sheet, rest)).status_code == 404, rest
    other = line_of(sheet_of(stranger), "1.1")
    assert client_of(clerk).post(page(sheet, f"dong/{other.pk}/")).status_code == 404


# --- constant numbers of queries ---------------------------------------------------------------------
def test_queries_of_list_grid_and_ranking_do_not_grow(
    opened: CampaignYear,
    sheet_of: Find,
    led_to: Find,
    client_of: Find,
    assert_same_queries: Find,
    clerk: User,
    colleague: User,
    deputy: User,
    head: User,
    office: User,
    document: EvidenceDocument,
) -> None:
    first = led_to(sheet_of(clerk), "approved", by=clerk, head=head)

    def grow() -> None:
        for user in (colleague, deputy):
            led_to(sheet_of(user), "approved", by=user, head=head)

    assert_same_queries(client_of(office), "/cham-diem/tham-dinh/", grow)
    assert_same_queries(
        client_of(office),
        page(first),
        lambda: [LineEvidence.objects.create(line=line, document=document) for line in first.lines.all()],
    )
