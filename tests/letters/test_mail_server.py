"""Letters at a real mail server: encrypted, signed in, refused, and one conversation for many."""

import io
import ssl
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import Letter
from core.outbox import post
from core.tasks import deliver
from emulation_portal.environment import Environment
from organization.models import User
from tests.letters.sink import PASSWORD, USER, Sink, free_port, self_made_certificate, serving

# The mail server does not see that its connections are encrypted from the start.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: Any) -> Path:
    return self_made_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def sink() -> Sink:
    return Sink(free_port())


@pytest.fixture
def use(settings: Any, monkeypatch: Any) -> Any:
    """Settings as the environment would give them."""

    def read(address: str, password: str = "") -> None:
        monkeypatch.setenv("EMAIL_URL", address)
        for name, value in Environment().mail("EMAIL_URL", default="", password=password, timeout=5).items():
            setattr(settings, name, value)

    return read


@pytest.fixture
def trusted(certificate: Path, monkeypatch: Any) -> Iterator[ssl.SSLContext]:
    """The server's certificate is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def letters_to(people: list[User], key: str = "x") -> list[Letter]:
    return post("account_idle", key, to=people, about=people[0], link="", context={"days": 45})


def told(address: str = "") -> str:
    out = io.StringIO()
    call_command("check_mail", *([address] if address else []), stdout=out)
    return out.getvalue()


def test_many_letters_arrive_over_one_conversation(cast: dict[str, User], sink: Sink, use: Any) -> None:
    people = list(cast.values())
    use(f"smtp://127.0.0.1:{sink.port}")
    letters = letters_to(people)
    with serving(sink):
        deliver([letter.pk for letter in letters])
    assert sink.total == len(sink.copies) == len(people)
    assert sink.conversations == 1
    assert Counter(Letter.objects.values_list("state", flat=True)) == {"sent": len(people)}
    message = sink.messages[0]
    assert message["Date"]
    assert message["Subject"].strip().startswith("=?utf-8?")
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


def test_a_refused_address_stops_no_other_and_is_told(cast: dict[str, User], sink: Sink, use: Any) -> None:
    people = list(cast.values())[:4]
    sink.refusals = {
        people[1].email: "550 5.1.1 No such user here",
        people[2].email: "450 4.2.0 Greylisted",
    }
    use(f"smtp://127.0.0.1:{sink.port}")
    letters = letters_to(people)
    with serving(sink):
        deliver([letter.pk for letter in letters])
        deliver([letter.pk for letter in letters])  # nothing that is final or postponed is tried again
    assert sink.total == 2
    found = {letter.recipient_id: letter for letter in Letter.objects.all()}
    gone, later = found[people[1].pk], found[people[2].pk]
    assert (gone.state, gone.attempts) == (Letter.State.BOUNCED, 1)
    assert "No such user here" in gone.last_error
    assert (later.state, later.attempts) == (Letter.State.WAITING, 1)
    assert not Letter.objects.filter(may_be_double=True).exists()


@pytest.mark.parametrize("direct", [True, False], ids=["smtps", "STARTTLS"])
def test_letters_go_encrypted_and_signed_in(
    direct: bool, cast: dict[str, User], sink: Sink, use: Any, trusted: ssl.SSLContext
) -> None:
    user = USER.replace("@", "%40")
    address = (
        f"smtps://{user}@localhost:{sink.port}" if direct else f"smtp://{user}@localhost:{sink.port}?tls=1"
    )
    use(address, PASSWORD)
    letters = letters_to(list(cast.values())[:3])
    with serving(sink, direct=direct, context=trusted):
        deliver([letter.pk for letter in letters])
    assert list(Letter.objects.exclude(state="sent").values_list("last_error", flat=True)) == []
    assert sink.encrypted == [True] * 3
    assert sink.signed_in == [True] * 3


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    clerk: User, sink: Sink, use: Any, trusted: ssl.SSLContext, monkeypatch: Any
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    use(f"smtps://a@localhost:{sink.port}", "b")
    [letter] = letters_to([clerk])
    with serving(sink, direct=True, context=trusted):
        deliver([letter.pk])
    letter.refresh_from_db()
    assert letter.state == Letter.State.WAITING
    assert letter.last_error.startswith("Không tin được chứng thư của máy chủ thư")
    assert not letter.may_be_double


def test_a_wrong_password_and_a_server_without_encryption_are_told(
    clerk: User, sink: Sink, use: Any, trusted: ssl.SSLContext
) -> None:
    use(f"smtp://{USER.replace('@', '%40')}@localhost:{sink.port}?tls=1", "sai")
    [letter] = letters_to([clerk])
    with serving(sink, context=trusted):
        deliver([letter.pk])
        with pytest.raises(CommandError, match="mật khẩu"):
            told()
    letter.refresh_from_db()
    assert "EMAIL_PASSWORD" in letter.last_error
    with serving(sink), pytest.raises(CommandError, match="không có cách mã hóa"):
        told()
    assert letter.state == Letter.State.WAITING


def test_the_technician_tries_the_server_from_the_command_line(sink: Sink, use: Any) -> None:
    use(f"smtp://127.0.0.1:{sink.port}")
    with pytest.raises(CommandError, match="không mở cổng"):
        told("quan@snv.example")
    sink.refusals = {"sai@snv.example": "550 No such user"}
    with serving(sink):
        words = told("quan@snv.example")
        with pytest.raises(CommandError, match="không nhận địa chỉ này"):
            told("sai@snv.example")
    assert f"127.0.0.1:{sink.port}, không mã hóa, không đăng nhập" in words
    assert "đã nhận thư thử" in words
    assert sink.messages[0]["To"] == "quan@snv.example"


def test_letters_as_files_are_told_as_such(settings: Any, tmp_path: Path, use: Any) -> None:
    use(f"folder://{tmp_path / 'letters'}")
    assert "không gửi đi" in told("quan@snv.example")
    [file] = (tmp_path / "letters").iterdir()
    assert "To: quan@snv.example" in file.read_text()
