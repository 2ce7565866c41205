"""``manage.py bench``: each page's server time beside a floor, for the demo office and for 10,000 people; an index of
200 units by 250 criteria; a review of 5,000 people; letters by the thousand."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from emulation_portal.bench import databases, index, judging, letters, report, scenarios, sheets
from emulation_portal.bench.databases import Office, Offices
from emulation_portal.bench.measuring import Place, measure, open_places

PAGES, INDEX, REVIEW, LETTERS = "trang", "chi-so", "binh-xet", "thu"
PARTS = {PAGES: scenarios.pages, INDEX: index.scenarios, REVIEW: judging.scenarios}


class Command(BaseCommand):
    help = (
        "Đo tốc độ các trang so với một trang Django trần (90 và 10.000 người), một bộ chỉ số lớn, "
        "một đợt bình xét lớn, và thư."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--part", choices=[*PARTS, LETTERS], help="chỉ đo phần này")
        parser.add_argument("--rounds", type=int, default=40, help="số lần đo mỗi trang")
        parser.add_argument("--people", type=int, default=10_000)
        parser.add_argument("--units", type=int, default=200)
        parser.add_argument("--only", default="", help="chỉ đo các trang có chữ này trong tên")
        parser.add_argument(
            "--ready", nargs="+", metavar="CSDL", help="cơ sở dữ liệu có sẵn: nhỏ, lớn, chỉ số, bình xét"
        )
        parser.add_argument("--scenarios", type=int, help="(việc con) các trang của cơ sở dữ liệu này")
        parser.add_argument("--analyse", action="store_true", help="(việc con) thống kê cơ sở dữ liệu này")
        parser.add_argument("--grow-index", action="store_true", help="(việc con) tạo bộ chỉ số lớn")
        parser.add_argument(
            "--grow-review", action="store_true", help="(việc con) mười năm của một đợt bình xét"
        )
        parser.add_argument("--judging", action="store_true", help="(việc con) xét mọi người của đợt")
        parser.add_argument("--letters", nargs=2, metavar=("VIỆC", "SỐ"), help="(việc con) thư")
        parser.add_argument("--jobs", action="store_true", help="(việc con) xếp hạng và nạp bộ chỉ số")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scenarios"]:
            found = PARTS[options["part"] or PAGES](options["scenarios"])
            self.stdout.write(json.dumps(scenarios.measured(found)))
        elif options["analyse"]:
            databases.analyse()
        elif options["grow_index"]:
            index.grow()
        elif options["grow_review"]:
            judging.grow()
        elif options["judging"]:
            self.stdout.write(json.dumps(list(judging.jobs())))
        elif options["letters"]:
            what, count = options["letters"]
            self.stdout.write(json.dumps(letters.job(what, int(count))))
        elif options["jobs"]:
            self.stdout.write(json.dumps(list(index.jobs())))
        else:
            self.compare(**options)

    def compare(self, *, rounds: int, only: str, part: str | None, **options: Any) -> None:
        if not settings.USES_POSTGRESQL:
            self.say("Không thấy PostgreSQL trên máy này: đo trên SQLite.")
        call_command("collectstatic", interactive=False, verbosity=0)
        self.missed = 0
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            offices = _Source(Offices(Path(folder), self.say), Path(folder), options)
            if part in (None, PAGES):
                with open_places(offices.of_pages(), rounds, PAGES) as places:
                    self.report(places, rounds, only)
            if part in (None, INDEX):
                office = offices.of_index()
                with open_places([office], rounds, INDEX) as [place]:
                    self.report_index(place, rounds, only)
                self.report_jobs(office, only)
            if part in (None, REVIEW):
                office = offices.of_review()
                with open_places([office], rounds, REVIEW) as [place]:
                    self.report_review(place, rounds, only)
            if part in (None, LETTERS):
                self.say("— Thư")
                for told in letters.measured(offices.made.bare("letters")):
                    self.tell(told)
        self.say("Mọi phép đo đạt." if not self.missed else f"{self.missed} phép đo chưa đạt.")

    def report(self, places: list[Place], rounds: int, only: str) -> None:
        for row in report.head([place.office.label for place in places]):
            self.say(row)
        kind = ""
        for name, one in _chosen(places[0], only):
            if one["kind"] != kind:
                kind = one["kind"]
                self.say(f"— {report.KINDS[kind]} (≤ {report.BARS[kind]:g} lần sàn)")
            facts = [place.scenarios[name] for place in places]
            self.tell(report.line(name, kind, measure(places, name, rounds), facts))
        if only in "Excel":
            ours, raw, count = sheets.compare(places[1], 5)
            passed = ours / raw <= report.SHEET_BAR
            words = f"Excel {count} dòng: {ours:.2f} s, ghi thẳng {raw:.2f} s, {ours / raw:.2f} lần"
            self.tell((f"{words} (≤ {report.SHEET_BAR:g})  {'đạt' if passed else 'CHẬM'}", passed))

    def report_index(self, place: Place, rounds: int, only: str) -> None:
        self.say(f"— Bộ chỉ số: {index.UNITS} đơn vị × {index.CRITERIA} tiêu chí, bốn cột điểm")
        for row in report.head([place.office.label], "mức"):
            self.say(row)
        for name, one in _chosen(place, only):
            [times] = measure([place], name, rounds)
            self.tell(report.line_of_index(name, one["kind"], times, one))

    def report_review(self, place: Place, rounds: int, only: str) -> None:
        self.say(f"— Bình xét: {judging.PEOPLE} người, mười năm, mọi danh hiệu, hình thức")
        for row in report.head([place.office.label], "mức"):
            self.say(row)
        for name, one in _chosen(place, only):
            [times] = measure([place], name, rounds)
            self.tell(report.line_of_review(name, one["kind"], times, one))
        if only in "Xét mọi người":
            for made in place.office.told("--judging"):
                self.tell(report.job_beside(*made))

    def report_jobs(self, office: Office, only: str) -> None:
        """Ranking and import, each in the process of its own database."""
        if only in "Xếp hạng, nạp bộ chỉ số":
            for made in office.told("--jobs"):
                self.tell(report.job(*made))

    def tell(self, told: tuple[str, bool]) -> None:
        row, passed = told
        self.missed += not passed
        self.say(row)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _chosen(place: Place, only: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, one) for name, one in place.scenarios.items() if only in name)


class _Source:
    """The offices that are measured: made now, or ready ones in the order of the parts asked for."""

    def __init__(self, made: Offices, folder: Path, options: dict[str, Any]) -> None:
        self.made, self.folder, self.options = made, folder, options
        self.ready = list(options["ready"] or [])

    def of_pages(self) -> list[Office]:
        if self.ready:
            return [Office(name, self.ready.pop(0), self.folder) for name in ("nhỏ", "lớn")]
        size = ["--people", str(self.options["people"]), "--units", str(self.options["units"])]
        return [self.made.small(), self.made.grown("large", "demo", *size)]

    def of_index(self) -> Office:
        if self.ready:
            return Office("chỉ số", self.ready.pop(0), self.folder)
        return self.made.grown("index", "bench", "--grow-index")

    def of_review(self) -> Office:
        if self.ready:
            return Office("bình xét", self.ready.pop(0), self.folder)
        size = ["--people", str(judging.PEOPLE), "--units", str(judging.UNITS)]
        office = self.made.grown("review", "demo", *size)
        self.made.say("Đang tạo mười năm của đợt bình xét …")
        office.manage("bench", "--grow-review")
        office.manage("bench", "--analyse")
        return office
