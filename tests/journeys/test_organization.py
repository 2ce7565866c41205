"""People come in by Excel, are found without diacritics, and sign in for the first time."""

import pytest
from playwright.sync_api import expect

from organization.models import Person
from tests.journeys.conftest import Enter
from tests.organization.workbooks import PEOPLE, person, workbook

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWN = "câu-riêng-của-tôi-rất-dài-7"


def test_people_come_in_by_excel_and_one_of_them_signs_in(enter: Enter) -> None:
    office = enter("office")
    rows = [
        PEOPLE,
        person(code="CB901", full_name="Nguyễn Vân Khánh", email="khanh@snv.example"),
        person(code="CB902", full_name="Nguyễn Văn Đức", email="duc@snv.example"),
        person(code="CB001", full_name="Nguyễn Văn Ân", email="clerk@snv.example", joined_on="05/01/2015"),
        person(code="CB903", full_name="Không Có Phòng", email="", unit_code="khong-co"),
    ]
    office.go("Nhân sự")
    office.follow("Nhập Excel")
    office.page.get_by_label("Tệp").set_input_files(
        {"name": "can-bo.xlsx", "mimeType": XLSX, "buffer": workbook(rows).getvalue()}
    )
    office.press("Tải lên và xem trước")
    office.reads("Chưa ghi gì vào cổng.")
    kinds = office.page.get_by_role("navigation", name="Kết quả theo loại").get_by_role("link")
    for words, told in [
        ("Bị từ chối", "khong-co"),
        ("Thay đổi", "Nguyễn Văn Ân"),
        ("Thêm mới", "Nguyễn Vân Khánh"),
    ]:
        kinds.filter(has_text=words).click()
        office.reads(told)
    assert Person.objects.filter(code__startswith="CB9").count() == 0
    office.page.get_by_label("Bỏ qua 1 dòng bị từ chối").check()
    office.press("Ghi 3 dòng vào cổng")
    office.is_told("Đã nhập xong dữ liệu từ tệp.")
    office.page.get_by_role("searchbox").fill("nguyen van")
    for name in ("Nguyễn Vân Khánh", "Nguyễn Văn Đức", "Nguyễn Văn Ân"):
        expect(office.row(name)).to_have_count(1)
    expect(office.row("Lê Minh Châu")).to_have_count(0)

    technician = enter("technician")
    technician.go("Tài khoản")
    technician.page.get_by_role("searchbox").fill("duc 902")
    expect(technician.row("Lê Minh Châu")).to_have_count(0)
    technician.follow("Nguyễn Văn Đức")
    technician.press("Mở tài khoản")
    technician.sees("Mật khẩu tạm của Nguyễn Văn Đức")
    username, password = technician.page.locator("dd code").all_inner_texts()

    newcomer = enter()
    newcomer.open("login")
    newcomer.give_password(username, "không phải")
    newcomer.reads("Chưa đăng nhập được")
    newcomer.give_password(username, password)
    newcomer.sees("Đổi mật khẩu")
    newcomer.page.goto("/")
    newcomer.sees("Đổi mật khẩu")
    newcomer.field("Mật khẩu hiện tại").fill(password)
    newcomer.field("Mật khẩu mới").fill(OWN)
    newcomer.field("Nhập lại mật khẩu mới").fill(OWN)
    newcomer.press("Đổi mật khẩu")
    newcomer.sees("Việc của tôi")
    newcomer.press("Đăng xuất")
    newcomer.give_password(username, OWN)
    newcomer.sees("Việc của tôi")
