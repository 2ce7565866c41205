"""``manage.py check_methods FILE.json``: computes every worked example of a catalogue of scoring methods."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.importing.catalogue import checks
from scoring.reference import load_ratings


class Command(BaseCommand):
    help = "Tính mọi ví dụ của một tệp cách chấm (JSON) và so với kết quả ghi trong tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP.json")

    def handle(self, *args: Any, **options: Any) -> None:
        differing = 0
        found = list(checks(self._read(options["file"]), load_ratings()))
        for check in found:
            inputs = ", ".join(f"{name}={value}" for name, value in check.inputs.items())
            verdict = "đúng" if check.agrees else "KHÁC"
            self.stdout.write(
                f"{verdict}  {check.method}  {inputs}  mong đợi {check.expected}, cổng tính {check.got}"
            )
            differing += not check.agrees
        self.stdout.write(f"{len(found)} ví dụ, {differing} khác.")
        if differing:
            raise CommandError(f"{differing} ví dụ cho kết quả khác.")

    def _read(self, file: Path) -> dict[str, Any]:
        """The catalogue; a list of methods with ``params`` and ``vectors`` is all that is needed of it."""
        try:
            catalogue = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"Không mở được {file}: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{file} không phải là tệp JSON: {error}.") from error
        methods = catalogue.get("methods") if isinstance(catalogue, dict) else None
        needed = {"id", "params", "vectors"}
        if not isinstance(methods, list) or not all(
            isinstance(one, dict) and needed <= set(one) for one in methods
        ):
            raise CommandError(f"{file} phải có “methods”, mỗi cách chấm có id, params và vectors.")
        return {"methods": methods}
