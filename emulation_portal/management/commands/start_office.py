"""``manage.py start_office``: the first two accounts of an empty portal; all else is then done on pages."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import clock
from core.workflow import Refused
from organization import actions, roles
from organization.models import Person, Post, Unit, UnitKind

WHO = re.compile(r"(?P<code>[^:]+):(?P<full_name>[^:]+):(?P<username>[^:]+)")


class Command(BaseCommand):
    help = "Lập cơ quan trên cổng trống: Sở, Văn phòng, một quản trị kỹ thuật và một cán bộ Văn phòng Sở."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="tên cơ quan, ví dụ “Sở Nội vụ tỉnh A”")
        parser.add_argument("--technician", required=True, help="mã:họ tên:tên đăng nhập")
        parser.add_argument("--office", required=True, help="mã:họ tên:tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        if Unit.objects.exists() or Person.objects.exists():
            raise CommandError("Cổng đã có đơn vị hoặc người; lệnh này chỉ dùng cho cổng trống.")
        if not UnitKind.objects.exists():
            raise CommandError("Chưa có dữ liệu tham chiếu. Hãy chạy: manage.py load_reference")
        try:
            with transaction.atomic():
                unit = self._open_units(options["agency"])
                self._add(unit, options["technician"], roles.TECHNICIAN)
                self._add(unit, options["office"], roles.OFFICE)
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal

    def _open_units(self, agency: str) -> Unit:
        kinds = {kind.code: kind for kind in UnitKind.objects.all()}
        today = clock.today()
        top = actions.open_unit(
            code="so",
            name=agency,
            short_name="Sở",
            kind=kinds["so"],
            opened_on=today,
            is_collective=False,
            by=None,
        )
        return actions.open_unit(
            code="vp",
            name="Văn phòng Sở",
            short_name="Văn phòng",
            kind=kinds["van-phong"],
            parent=top,
            order=10,
            opened_on=today,
            by=None,
        )

    def _add(self, unit: Unit, who: str, role: str) -> None:
        given = WHO.fullmatch(who)
        if not given:
            raise CommandError(f"“{who}” không có dạng mã:họ tên:tên đăng nhập.")
        today = clock.today()
        person = actions.add_person(
            code=given["code"].strip(),
            full_name=given["full_name"],
            employment=Person.Employment.CIVIL_SERVANT,
            joined_on=today,
            unit=unit,
            post=Post.objects.get(code="chuyen-vien"),
            by=None,
        )
        _, password = actions.open_account(person, username=given["username"], by=None)
        actions.appoint(person, role=role, started_on=today, basis="Lập cổng", by=None)
        self.stdout.write(
            f"{roles.ROLES[role].name}: {given['username']} – mật khẩu dùng một lần: {password}"
        )
