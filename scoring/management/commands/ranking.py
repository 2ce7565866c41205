"""``manage.py ranking --scheme CODE --year YEAR --format table|json|csv``: rank, unit, score, index, class, ties."""

import csv
import json
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.models import CampaignYear, Period, Recipient
from core.vietnamese import format_decimal
from scoring.queries.tables import PAST, PROVISIONAL, PUBLISHED, TableRow, table_of

NAMES = ("rank", "unit", "score", "applicable_max", "index", "band", "tied")
TITLES = ("Hạng", "Đơn vị", "Điểm đạt", "Điểm tối đa", "Chỉ số", "Xếp loại", "Đồng hạng")
SOURCES = {
    PUBLISHED: "kết quả đã công bố",
    PAST: "kết quả năm trước, nạp từ tệp và tính lại",
    PROVISIONAL: "tạm tính, chưa công bố",
}


class Command(BaseCommand):
    help = "In bảng xếp hạng của một bộ chỉ số."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scheme", required=True, help="mã bộ chỉ số hoặc phong trào")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--period", default=Period.YEAR, choices=Period.values, help="kỳ đánh giá")
        parser.add_argument("--recipient", default=Recipient.COLLECTIVE, choices=Recipient.values)
        parser.add_argument("--format", default="table", choices=["table", "json", "csv"])

    def handle(self, *args: Any, **options: Any) -> None:
        found = CampaignYear.objects.filter(
            campaign__code=options["scheme"], year=options["year"], period=options["period"]
        ).select_related("campaign")
        campaign_year = found.first()
        if campaign_year is None:
            raise CommandError(f"Không có bộ chỉ số mã “{options['scheme']}” của năm {options['year']}.")
        source, rows = table_of(campaign_year, options["recipient"])
        if not rows:
            self.stderr.write("Chưa có đơn vị nào để xếp hạng.")
        if options["format"] == "json":
            told = [_plain(row) for row in rows]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        elif options["format"] == "csv":
            writer = csv.DictWriter(self.stdout, NAMES, lineterminator="\n")
            writer.writeheader()
            writer.writerows(_plain(row) for row in rows)
        else:
            self.stdout.write(f"{campaign_year} ({SOURCES[source]})")
            self._table(rows)

    def _table(self, rows: list[TableRow]) -> None:
        lines = [TITLES, *(_words(row) for row in rows)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(TITLES))]
        for line in lines:
            cells = [
                text.ljust(width) if place in (1, 5, 6) else text.rjust(width)
                for place, (text, width) in enumerate(zip(line, widths, strict=True))
            ]
            self.stdout.write("  ".join(cells).rstrip())


def _plain(row: TableRow) -> dict[str, Any]:
    """Decimals as text, so that nothing is lost on the way."""
    values = {name: getattr(row, name) for name in NAMES}
    return {
        name: f"{value.normalize():f}" if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def _words(row: TableRow) -> tuple[str, ...]:
    return (
        "–" if row.rank is None else str(row.rank),
        row.unit,
        format_decimal(row.score),
        format_decimal(row.applicable_max),
        "chưa chấm" if row.index is None else format_decimal(row.index),
        row.band,
        "đồng hạng" if row.tied else "",
    )
