"""``manage.py check_mail``: whether the mail server of the settings answers, lets us in and takes a letter."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.delivery import trouble_of
from core.vietnamese import format_moment


class Command(BaseCommand):
    help = "Thử máy chủ thư: kết nối, đăng nhập và, khi ghi địa chỉ, gửi một thư thử."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="", help="nơi nhận thư thử")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        self.stdout.write(self.place())
        line = get_connection()
        try:
            line.open()
            self.stdout.write("Kết nối được." if self.is_smtp else "Ghi được vào thư mục.")
            if address:
                line.send_messages([self.letter(address)])
                self.stdout.write(
                    f"Máy chủ đã nhận thư thử gửi {address}." if self.is_smtp else "Đã ghi thư thử."
                )
        except Exception as error:
            raise CommandError(trouble_of(error).words) from error
        finally:
            line.close()

    @property
    def is_smtp(self) -> bool:
        return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")

    def place(self) -> str:
        if not self.is_smtp:
            folder = getattr(settings, "EMAIL_FILE_PATH", "")
            return f"Thư được ghi ra thư mục {folder}, không gửi đi."
        lock = (
            "STARTTLS" if settings.EMAIL_USE_TLS else "mã hóa" if settings.EMAIL_USE_SSL else "không mã hóa"
        )
        user = f"đăng nhập {settings.EMAIL_HOST_USER}" if settings.EMAIL_HOST_USER else "không đăng nhập"
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        return f"Máy chủ thư {server}, {lock}, {user}, chờ {settings.EMAIL_TIMEOUT} giây."

    def letter(self, address: str) -> EmailMessage:
        words = f"Thư thử của Cổng Thi đua, gửi lúc {format_moment(clock.now())} từ {settings.SITE_URL}."
        reply_to = [settings.EMAIL_REPLY_TO] if settings.EMAIL_REPLY_TO else None
        return EmailMessage("Thư thử của Cổng Thi đua", words, to=[address], reply_to=reply_to)
