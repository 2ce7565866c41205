"""A page that stayed open while one signed in again in another tab: its form is shown and sent by one more press."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import StoredFile
from organization.forms.held import readable
from organization.models import Unit, User
from tests.cast import PASSWORD
from tests.trust.corpus import PDF

HERE = {"Origin": "http://testserver"}
TYPED = {"name": "Phòng Cải cách", "short_name": "Phòng X", "on": "02/09/2025", "basis": "12/QĐ-SNV <b>"}
Tab = Callable[[str], str]


@pytest.fixture
def browser(cast: dict[str, User]) -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def sign_in(browser: Client) -> Callable[[str], None]:
    def send(username: str) -> None:
        token = token_of(browser, reverse("login"))
        form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert browser.post(reverse("login"), form).status_code == 302

    return send


@pytest.fixture
def address(units: dict[str, Unit]) -> str:
    return reverse("organization:unit_rename", args=[units["cchc"].pk])


def token_of(client: Client, address: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())
    assert found, address
    return found[1]


def end_session(client: Client) -> None:
    del client.cookies[portal.SESSION_COOKIE_NAME]


def late(client: Client, address: str, token: str, **more: Any) -> Any:
    return client.post(address, {**TYPED, "csrfmiddlewaretoken": token, **more}, headers=HERE)


def test_the_form_of_the_other_tab_is_shown_and_sent_by_one_press(
    browser: Client, sign_in: Any, address: str, units: dict[str, Unit]
) -> None:
    sign_in("office")
    open_page = token_of(browser, address)
    end_session(browser)
    sign_in("office")
    answer = late(browser, address, open_page)
    assert answer["Location"] == reverse("held_form")
    units["cchc"].refresh_from_db()
    assert units["cchc"].short_name == "Phòng CCHC"  # nothing is written before it was seen
    html = browser.get(reverse("held_form")).content.decode()
    assert "12/QĐ-SNV &lt;b&gt;" in html
    assert f'action="{address}"' in html
    fresh = token_of(browser, reverse("held_form"))
    assert late(browser, address, fresh)["Location"] != reverse("held_form")
    units["cchc"].refresh_from_db()
    assert units["cchc"].short_name == "Phòng X"
    assert browser.get(reverse("held_form")).status_code == 302  # what was sent waits no longer


def test_what_was_typed_in_numbered_rows_is_shown_with_its_words() -> None:
    typed = [["co-0-person", "Trần Tiến Dũng – SNV052"], ["co-0-share", "33,5"], ["co-TOTAL_FORMS", "2"]]
    assert readable([*typed, ["co-1-share", ""], ["then", "check"]]) == [
        ("Đồng tác giả", "Trần Tiến Dũng – SNV052"),
        ("Tỷ lệ (%)", "33,5"),
    ]


def test_a_page_two_sign_ins_old_is_known_too_and_waits_for_the_next_one(
    browser: Client, sign_in: Any, address: str
) -> None:
    sign_in("office")
    open_page = token_of(browser, address)
    for _ in range(2):
        end_session(browser)
        sign_in("office")
    end_session(browser)
    browser.get(reverse("login"))
    assert late(browser, address, open_page)["Location"] == reverse("held_form")
    sign_in("office")
    assert "Phòng Cải cách" in browser.get(reverse("held_form")).content.decode()


def test_the_next_person_can_only_read_what_is_on_the_screen_anyway(
    browser: Client, sign_in: Any, address: str
) -> None:
    sign_in("office")
    open_page = token_of(browser, address)
    end_session(browser)
    sign_in("technician")
    answer = late(browser, address, open_page)
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "12/QĐ-SNV &lt;b&gt;" in html
    assert "Gửi lại" not in html
    assert browser.get(reverse("held_form"))["Location"] == reverse("home")
    end_session(browser)
    sign_in("office")  # somebody else was here in between: the page is not believed any more
    assert late(browser, address, open_page).status_code == 403


def test_after_signing_out_nothing_is_held(browser: Client, sign_in: Any, address: str) -> None:
    sign_in("office")
    open_page = token_of(browser, address)
    browser.post(reverse("logout"), {"csrfmiddlewaretoken": open_page})
    sign_in("office")
    answer = late(browser, address, open_page)
    assert answer.status_code == 403
    assert "12/QĐ-SNV" in answer.content.decode()


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "a" * 64, "'" * 64])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_form_of_a_foreign_page_is_neither_held_nor_shown(
    token: str, origin: str, browser: Client, sign_in: Any, address: str
) -> None:
    sign_in("office")
    end_session(browser)
    sign_in("office")
    headers = {"Origin": origin} if origin else {}
    answer = browser.post(address, {**TYPED, "csrfmiddlewaretoken": token}, headers=headers)
    assert answer.status_code == 403
    assert "12/QĐ-SNV" not in answer.content.decode()
    assert browser.get(reverse("held_form"))["Location"] == reverse("home")


def test_passwords_are_neither_held_nor_shown(browser: Client, sign_in: Any) -> None:
    sign_in("office")
    open_page = token_of(browser, reverse("password_change"))
    end_session(browser)
    sign_in("office")
    answer = late(
        browser, reverse("password_change"), open_page, old_password=PASSWORD, new_password1="bí mật"
    )
    assert answer.status_code == 403
    assert "bí mật" not in answer.content.decode()
    assert "12/QĐ-SNV" not in answer.content.decode()


def test_files_are_named_so_that_they_can_be_chosen_again(
    browser: Client, sign_in: Any, address: str
) -> None:
    sign_in("office")
    open_page = token_of(browser, address)
    end_session(browser)
    sign_in("office")
    late(browser, address, open_page, file=SimpleUploadedFile("quyet-dinh <12>.pdf", PDF))
    assert "<strong>quyet-dinh &lt;12&gt;.pdf</strong>" in browser.get(reverse("held_form")).content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("header", ["X-Autosave", "HX-Request"])
def test_what_saves_itself_is_told_by_a_code(
    header: str, browser: Client, sign_in: Any, address: str
) -> None:
    sign_in("office")
    open_page = token_of(browser, address)
    end_session(browser)
    sign_in("office")
    answer = browser.post(
        address, {**TYPED, "csrfmiddlewaretoken": open_page}, headers={**HERE, header: "true"}
    )
    assert answer.status_code == 403
    assert browser.get(reverse("held_form"))["Location"] == reverse("home")
