"""``manage.py import_scheme FILE.xlsx --code CODE --year YEAR``: a table of criteria from Excel."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction

from campaigns.actions.schemes import Written, round_of, write_scheme
from campaigns.importing import SchemePlan, plan_scheme, read_rows
from campaigns.models import Period
from campaigns.queries.feeding import Above
from campaigns.queries.schemes import unit_numbers, usual_recipient
from core.workflow import Refused


class Command(BaseCommand):
    help = "Nạp một bộ chỉ số từ tệp Excel: mỗi dòng một tiêu chí, theo thứ tự của bảng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP.xlsx")
        parser.add_argument("--code", required=True, help="mã bộ chỉ số, ví dụ cchc-so")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--period", default=Period.YEAR, choices=Period.values, help="kỳ đánh giá")
        parser.add_argument("--name", default="", help="tên bộ chỉ số, khi mã còn mới")
        parser.add_argument("--use", action="store_true", help="áp dụng ngay, không để ở bản nháp")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["code"])
        except Exception as error:
            raise CommandError(
                f"Mã “{options['code']}” chỉ gồm chữ không dấu, số, gạch nối và gạch dưới."
            ) from error
        plan = self._plan(options["file"], options["code"], options["year"])
        for sentence in plan.warnings:
            self.stdout.write(f"Lưu ý: {sentence}")
        if plan.refusals:
            raise CommandError(
                "\n".join(["Không nạp được, chưa ghi gì:", *(f"- {one}" for one in plan.refusals)])
            )
        with transaction.atomic():
            try:
                campaign_year = round_of(
                    options["code"], options["year"], by=None, name=options["name"], period=options["period"]
                )
                written = write_scheme(
                    campaign_year, plan, by=None, source=options["file"].name, use=options["use"]
                )
            except Refused as refusal:
                raise CommandError(" ".join(refusal.reasons)) from refusal
            self.stdout.write(f"{_deed(written, trial=options['dry_run'])}: {_figures(plan)}.")
            if options["dry_run"]:
                transaction.set_rollback(True)

    def _plan(self, file: Path, code: str, year: int) -> SchemePlan:
        try:
            with file.open("rb") as source:
                return plan_scheme(
                    read_rows(source), unit_numbers(), usual_recipient(code), Above(code, year).find
                )
        except OSError as error:
            raise CommandError(f"Không mở được {file}: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal


def _deed(written: Written, *, trial: bool) -> str:
    """What was done, or would be; the state is the one after it."""
    state = written.criteria_set.get_state_display().lower()
    whole = f"{written.criteria_set} ({state})"
    if not written.is_changed and not written.is_used:
        return f"Không đổi: {whole}"
    if not written.is_changed:
        deed = "áp dụng, nội dung không đổi:"
    else:
        deed = f"nạp, {'lập' if written.is_new else 'thay nội dung'}"
    return f"{'Chạy thử, không ghi: sẽ' if trial else 'Đã'} {deed} {whole}"


def _figures(plan: SchemePlan) -> str:
    leaves = sum(one.is_leaf for one in plan.nodes)
    return f"{len(plan.nodes)} dòng, {leaves} tiêu chí chấm điểm, {len(plan.warnings)} lưu ý"
