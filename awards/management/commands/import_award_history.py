"""``manage.py import_award_history FILE.xlsx [--dry-run]``: the honours of the years before the portal."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from awards.actions import history as actions
from awards.importing.history import HistoryPlan, plan_of_file
from core.workflow import Refused

WORDS = {"created": "MỚI", "unchanged": "ĐÃ CÓ", "refused": "TỪ CHỐI"}


class Command(BaseCommand):
    help = (
        "Nạp khen thưởng đã có của cá nhân, tập thể từ tệp Excel vào Sổ khen thưởng; nạp lại không nhân đôi."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra từng dòng, không ghi gì")
        parser.add_argument(
            "--skip-refused", action="store_true", help="ghi các dòng mới dù có dòng khác bị từ chối"
        )
        parser.add_argument(
            "--reason", default="", metavar="LÝ DO", help="lý do, khi năm đó có đợt bình xét trên cổng"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        plan = self._plan(file)
        self._tell(plan)
        counts = plan.counts
        said = f"{counts['created']} mới, {counts['unchanged']} đã có, {counts['refused']} bị từ chối"
        if options["dry_run"]:
            self.stdout.write(f"Chạy thử, không ghi: {said}.")
            return
        if counts["refused"] and not options["skip_refused"]:
            raise CommandError(
                f"Chưa ghi gì ({said}). Hãy sửa các dòng bị từ chối, hoặc thêm --skip-refused để bỏ qua chúng."
            )
        try:
            written = actions.write(plan.rows, by=None, source=file.name, reason=options["reason"])
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal
        self.stdout.write(f"Đã ghi {written} khen thưởng vào Sổ ({said}).")

    def _plan(self, file: Path) -> HistoryPlan:
        try:
            with file.open("rb") as source:
                return plan_of_file(source, own=None)
        except OSError as error:
            raise CommandError(f"Không mở được {file}: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal

    def _tell(self, plan: HistoryPlan) -> None:
        for note in plan.notes:
            self.stdout.write(f"Lưu ý: {note}")
        for row in plan.rows:
            said = " ".join([*row.faults, *row.notes])
            about = ", ".join(filter(None, [row.name, row.award]))
            self.stdout.write(
                f"{WORDS[row.outcome]:8} dòng {row.number}: {about}{'. ' if said else ''}{said}"
            )
