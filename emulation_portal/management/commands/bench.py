"""``manage.py bench``: each page's server time beside a floor, for the demo office and for 10,000 people."""

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from emulation_portal.bench import databases, report, scenarios, sheets
from emulation_portal.bench.databases import Office
from emulation_portal.bench.measuring import Place, measure, open_places


class Command(BaseCommand):
    help = "Đo tốc độ các trang so với một trang Django trần, với 90 người và với 10.000 người."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=40, help="số lần đo mỗi trang")
        parser.add_argument("--people", type=int, default=10_000)
        parser.add_argument("--units", type=int, default=200)
        parser.add_argument("--only", default="", help="chỉ đo các trang có chữ này trong tên")
        parser.add_argument("--ready", nargs=2, metavar=("NHỎ", "LỚN"), help="hai cơ sở dữ liệu có sẵn")
        parser.add_argument("--scenarios", type=int, help="(việc con) các trang của cơ sở dữ liệu này")
        parser.add_argument("--analyse", action="store_true", help="(việc con) thống kê cơ sở dữ liệu này")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scenarios"]:
            self.stdout.write(json.dumps(scenarios.measured(options["scenarios"])))
        elif options["analyse"]:
            databases.analyse()
        else:
            self.compare(**options)

    def compare(self, *, people: int, units: int, rounds: int, only: str, **options: Any) -> None:
        if not settings.USES_POSTGRESQL:
            self.say("Không thấy PostgreSQL trên máy này: đo trên SQLite.")
        call_command("collectstatic", interactive=False, verbosity=0)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            if options["ready"]:
                offices = self._ready(options["ready"], Path(folder))
            else:
                offices = databases.build(Path(folder), people=people, units=units, say=self.say)
            with open_places(offices, rounds) as places:
                self.report(places, rounds, only)

    def _ready(self, addresses: list[str], folder: Path) -> tuple[Office, Office]:
        small, large = (
            Office(name, url, folder) for name, url in zip(("nhỏ", "lớn"), addresses, strict=True)
        )
        return small, large

    def report(self, places: list[Place], rounds: int, only: str) -> None:
        for row in report.head([place.office.label for place in places]):
            self.say(row)
        missed, kind = 0, ""
        for name, one in places[0].scenarios.items():
            if only not in name:
                continue
            if one["kind"] != kind:
                kind = one["kind"]
                self.say(f"— {report.KINDS[kind]} (≤ {report.BARS[kind]:g} lần sàn)")
            facts = [place.scenarios[name] for place in places]
            row, passed = report.line(name, kind, measure(places, name, rounds), facts)
            missed += not passed
            self.say(row)
        if only in "Excel":
            ours, raw, count = sheets.compare(places[1], 5)
            passed = ours / raw <= report.SHEET_BAR
            missed += not passed
            words = f"Excel {count} dòng: {ours:.2f} s, ghi thẳng {raw:.2f} s, {ours / raw:.2f} lần"
            self.say(f"{words} (≤ {report.SHEET_BAR:g})  {'đạt' if passed else 'CHẬM'}")
        self.say("Mọi trang đạt." if not missed else f"{missed} trang chưa đạt.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
