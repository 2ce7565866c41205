"""``manage.py export_scheme CODE --year YEAR FILE.xlsx``: a scheme as a file that imports to the same scheme."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.exports import scheme_file
from campaigns.models import Period
from campaigns.queries.schemes import scheme_of


class Command(BaseCommand):
    help = "Ghi một bộ chỉ số ra tệp Excel; tệp nạp lại cho đúng bộ chỉ số đó."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="MÃ")
        parser.add_argument("file", type=Path, metavar="TỆP.xlsx")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--period", default=Period.YEAR, choices=Period.values, help="kỳ đánh giá")

    def handle(self, *args: Any, **options: Any) -> None:
        found = scheme_of(options["code"], options["year"], options["period"])
        if found is None:
            raise CommandError(f"Không có bộ chỉ số mã “{options['code']}” của năm {options['year']}.")
        try:
            options["file"].write_bytes(scheme_file(found))
        except OSError as error:
            raise CommandError(f"Không ghi được {options['file']}: {error.strerror}.") from error
        self.stdout.write(f"Đã ghi {found} ra {options['file']}: {found.criteria.count()} dòng.")
