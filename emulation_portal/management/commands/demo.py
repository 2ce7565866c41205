"""``manage.py demo``: the demo office; ``--people N --units M`` grows it (a ready one, too) for measuring."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from campaigns import reference
from core.delivery import send_history
from emulation_portal.demo import bulk, index, office, people, reviews, season
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
        grows = bool(options["people"] or options["units"])
        ready = grows and User.objects.exists() and not User.objects.filter(is_demo=False).exists()
        if not ready and (Person.objects.exists() or User.objects.exists()):
            if options["if_empty"]:
                return
            raise CommandError(
                "Cơ sở dữ liệu đã có người; dữ liệu dùng thử chỉ tạo trên cơ sở dữ liệu trống."
            )
        begin = time.monotonic()
        patience = "dữ liệu lớn mất nhiều phút" if grows else "khoảng một phút"
        self.stdout.write(f"Đang tạo cơ quan dùng thử ({patience}) …")
        self.stdout.flush()  # into a pipe, too, before the wait and not after it
        with without_worker(), transaction.atomic():
            if not ready:
                office.build()
                reference.load(settings.BASE_DIR / "reference" / "campaigns")  # criteria find their units
                season.build()
                index.build()
                people.build()
                reviews.build()
                send_history()
            if grows:
                bulk.grow(people=options["people"] or 90, units=options["units"] or 12)
        self.stdout.write(f"Đã tạo {Person.objects.count()} người trong {time.monotonic() - begin:.0f} giây.")


@contextmanager
def without_worker() -> Iterator[None]:
    """Nothing of the past waits in a queue: what is handed over after the commit finds its letters sent."""
    before, current_app.conf.task_always_eager = current_app.conf.task_always_eager, True
    try:
        yield
    finally:
        current_app.conf.task_always_eager = before
