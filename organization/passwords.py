"""How passwords are kept and which ones are refused."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

from core.vietnamese import fold

OFFICE_WORDS = ("sonoivu", "noivu", "thidua", "khenthuong", "congthidua", "matkhau")


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's 19 MiB / 2 passes: Django's default costs six times more under a login storm."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class NoOfficeWords:
    """A password made of the office's own words is the first that a stranger tries."""

    def validate(self, password: str, user: object = None) -> None:
        if any(word in fold(password).replace(" ", "").replace("-", "") for word in OFFICE_WORDS):
            raise ValidationError("Mật khẩu không được chứa tên cơ quan hay từ của cổng (nội vụ, thi đua…).")

    def get_help_text(self) -> str:
        return "Không dùng tên cơ quan hay từ của cổng (nội vụ, thi đua…)."
