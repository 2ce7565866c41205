"""``manage.py assess CASES.yaml``: what the law of a day says about invented or real cases, as JSON."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from awards.eligibility.assessing import assess
from awards.eligibility.provisions import RuleError
from awards.eligibility.sources import RuleSource
from awards.eligibility.telling import disagreements, told
from awards.importing.cases import Case, read_cases
from awards.models import RuleDocument, rule_source
from awards.reference import source_of_files
from core.reference import ReferenceError


class Command(BaseCommand):
    help = (
        "Xét các trường hợp trong tệp YAML theo quy định có hiệu lực vào ngày của từng trường hợp, in JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cases", type=Path, metavar="CASES.yaml")
        parser.add_argument(
            "--from",
            dest="source",
            choices=["reference", "database"],
            help="lấy quy định từ thư mục reference/ hoặc từ cơ sở dữ liệu (mặc định: nơi đã nạp)",
        )
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "reference")

    def handle(self, *args: Any, **options: Any) -> None:
        origin = options["source"] or ("database" if _is_loaded() else "reference")
        try:
            source = rule_source() if origin == "database" else source_of_files(options["folder"])
            if not source.files:
                raise CommandError("Cơ sở dữ liệu chưa có quy định; hãy chạy manage.py load_reference.")
            answers = [_answer(case, source) for case in read_cases(options["cases"], source)]
        except ReferenceError as error:
            raise CommandError(f"Tệp có lỗi, chưa xét trường hợp nào:\n{error}") from error
        self.stdout.write(json.dumps({"source": origin, "cases": answers}, ensure_ascii=False, indent=2))
        wrong = [f"{one['name']}: {sentence}" for one in answers for sentence in one["disagreements"]]
        if wrong:
            raise CommandError("Kết quả khác mong đợi:\n" + "\n".join(wrong))


def _is_loaded() -> bool:
    """Whether the database holds rules; one that was never set up holds none."""
    try:
        return RuleDocument.objects.current().exists()
    except DatabaseError:
        return False


def _answer(case: Case, source: RuleSource) -> dict[str, Any]:
    try:
        rulebook = source.rulebook(case.candidate.day, changed=case.settings)
        found = [assess(award, case.candidate, rulebook) for award in case.awards]
    except RuleError as error:
        raise ReferenceError.at(case.item, str(error)) from error
    return {
        "name": case.name,
        "date": case.candidate.day.isoformat(),
        "year": case.candidate.year,
        "recipient": case.candidate.recipient,
        "documents": [{"code": code, "number": rulebook.title(code)} for code in rulebook.documents],
        "awards": [told(one, rulebook) for one in found],
        "disagreements": [
            f"{one.award}: {sentence}"
            for one in found
            if one.award in case.expected
            for sentence in disagreements(one, case.expected[one.award])
        ],
    }
