"""``manage.py load_reference [--check]``: the reference files into the database, as often as one likes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from awards import reference as awards
from campaigns import reference as campaigns
from core.reference import Change, ReferenceError
from emulation_portal.reminding import reference as reminding
from organization import reference as organization

# In the order in which they refer to each other: folder or file under ``reference/``, and its loader.
SOURCES: list[tuple[str, str, Callable[[Path], list[Change]]]] = [
    ("Văn bản pháp luật", "legal_documents.yaml", campaigns.load_legal_documents),
    ("Tổ chức", "organization", organization.load),
    ("Lịch làm việc", "organization/holidays.yaml", organization.load_holidays),
    ("Phong trào", "campaigns", campaigns.load),
    ("Khen thưởng", "awards", awards.load),
    ("Nhắc việc", "reminders.yaml", reminding.load),
]
WORDS = {"added": "Thêm mới", "changed": "Thay đổi", "unchanged": "Không đổi"}


class Command(BaseCommand):
    help = "Nạp dữ liệu tham chiếu (văn bản, phong trào, tiêu chí, danh mục) từ thư mục reference/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="chỉ kiểm tra và so sánh, không ghi gì")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "reference")

    def handle(self, *args: Any, **options: Any) -> None:
        check, folder = options["check"], options["folder"]
        try:
            with transaction.atomic():
                counts = self.load(folder, loud=options["verbosity"] > 0)
                transaction.set_rollback(check)
        except ReferenceError as error:
            raise CommandError(f"Dữ liệu tham chiếu có lỗi, chưa ghi gì:\n{error}") from error
        summary = ", ".join(f"{WORDS[kind].lower()} {counts[kind]}" for kind in WORDS)
        ending = " Chỉ kiểm tra, chưa ghi gì." if check else ""
        self.stdout.write(f"Dữ liệu tham chiếu: {summary}.{ending}")

    def load(self, folder: Path, *, loud: bool) -> dict[str, int]:
        counts = dict.fromkeys(WORDS, 0)
        for title, place, loader in SOURCES:
            changes = loader(folder / place)
            for change in changes:
                counts[change.kind] += 1
                if loud and (change.kind != "unchanged" or change.what.endswith(")")):
                    self.stdout.write(f"  {WORDS[change.kind]}: {change.what} [{title}]")
        return counts
