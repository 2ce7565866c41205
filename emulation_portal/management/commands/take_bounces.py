"""``manage.py take_bounces``: reports of a mail server about letters that came back, as it pipes them or as files."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from core.bounces import take

LATER = 75  # EX_TEMPFAIL: the mail server keeps the message and tries again


class Command(BaseCommand):
    help = "Nhận thông báo trả lại thư (DSN), ghi thư nào không tới được. Không ghi tệp: đọc một thư từ đầu vào chuẩn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="mỗi tệp một thư")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        if not files:
            self.stdout.write(self._take(sys.stdin.buffer.read()))
        unread = 0
        for file in files:
            try:
                raw = file.read_bytes()
            except OSError as error:
                unread += 1
                self.stderr.write(f"Không đọc được {file}: {error.strerror}.")
                continue
            self.stdout.write(f"{file.name}: {self._take(raw)}")
        if unread:
            raise CommandError(f"Có {unread} tệp không đọc được; các tệp khác đã được nhận.")

    def _take(self, raw: bytes) -> str:
        try:
            return take(raw)
        except OperationalError as error:
            raise CommandError(f"Cơ sở dữ liệu chưa trả lời: {error}", returncode=LATER) from error
