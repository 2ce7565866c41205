"""``manage.py import_results FILE --scheme CODE --year YEAR``: published results of a past year, computed again."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction

from campaigns.actions.schemes import round_of
from campaigns.importing.rows import number_of
from campaigns.models import Period
from core.workflow import Refused
from scoring.actions.past import Kept, keep_results, set_classes
from scoring.importing.results import Table, read_results


class Command(BaseCommand):
    help = (
        "Nạp kết quả đã công bố của một năm (Excel hoặc CSV), tính lại và nêu mọi dòng khác với bản công bố."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP")
        parser.add_argument("--scheme", required=True, help="mã bộ chỉ số")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--period", default=Period.YEAR, choices=Period.values, help="kỳ đánh giá")
        parser.add_argument(
            "--bands", default="", help="mức xếp loại, ví dụ “Xuất sắc=90;Tốt=80;Khá=70;Yếu=0”"
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["scheme"])
        except Exception as error:
            raise CommandError(f"Mã “{options['scheme']}” không hợp lệ.") from error
        bands = _bands(options["bands"])
        table = self._table(options["file"])
        for sentence in table.warnings:
            self.stdout.write(f"Lưu ý: {sentence}")
        if table.refusals:
            raise CommandError(
                "\n".join(["Không nạp được, chưa ghi gì:", *(f"- {one}" for one in table.refusals)])
            )
        with transaction.atomic():
            try:
                campaign_year = round_of(
                    options["scheme"], options["year"], by=None, period=options["period"]
                )
                if bands:
                    set_classes(campaign_year, bands, by=None)
                kept = keep_results(campaign_year, table.rows, by=None, source=options["file"].name)
            except Refused as refusal:
                raise CommandError(" ".join(refusal.reasons)) from refusal
            self._tell(kept, dry_run=options["dry_run"])
            if options["dry_run"]:
                transaction.set_rollback(True)

    def _table(self, file: Path) -> Table:
        try:
            with file.open("rb") as source:
                return read_results(source, file.name)
        except OSError as error:
            raise CommandError(f"Không mở được {file}: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal

    def _tell(self, kept: Kept, *, dry_run: bool) -> None:
        differing = [one for one in kept.rows if one.differences]
        for one in differing:
            self.stdout.write(f"KHÁC  {one.row.unit}: {' '.join(one.differences)}")
        said = f"{len(kept.rows)} đơn vị, {len(differing)} dòng khác với bản công bố"
        if dry_run:
            self.stdout.write(f"Chạy thử, không ghi: {said}.")
            return
        counts = f"thêm {kept.added}, thay đổi {kept.changed}, không đổi {kept.unchanged}, bỏ {kept.removed}"
        self.stdout.write(f"Đã nạp {said}; {counts}.")


def _bands(text: str) -> list[tuple[str, Decimal]]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, bound = part.partition("=")
        value = number_of(bound)
        if not sign or not name.strip() or value is None:
            raise CommandError(f"“{part}” không phải là một mức xếp loại; ghi dạng Tên=điểm.")
        found.append((name.strip(), value))
    return found
