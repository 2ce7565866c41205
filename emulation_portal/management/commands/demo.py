"""``manage.py demo``: the demo office, or with ``--people N --units M`` one of any size for measuring."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from emulation_portal.demo import bulk, office, season
from organization.models import Person, User


class Command(BaseCommand):
    help = "Tạo cơ quan dùng thử; --people và --units tạo dữ liệu lớn để đo tốc độ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="không làm gì khi đã có dữ liệu")
        parser.add_argument("--people", type=int, help="số người (tối đa 100.000)")
        parser.add_argument("--units", type=int, help="số đơn vị")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Không tạo dữ liệu dùng thử khi PRODUCTION=1.")
        if Person.objects.exists() or User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError(
                "Cơ sở dữ liệu đã có người; dữ liệu dùng thử chỉ tạo trên cơ sở dữ liệu trống."
            )
        begin = time.monotonic()
        self.stdout.write("Đang tạo cơ quan dùng thử …")
        with transaction.atomic():
            if options["people"] or options["units"]:
                bulk.build(people=options["people"] or 90, units=options["units"] or 12)
            else:
                office.build()
                season.build()
        self.stdout.write(f"Đã tạo {Person.objects.count()} người trong {time.monotonic() - begin:.0f} giây.")
