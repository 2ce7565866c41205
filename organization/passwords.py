"""How passwords are kept and which ones are refused. Without a second factor a password must be long; nothing more is
asked of its letters, and it is never trimmed or cut."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from core.vietnamese import fold

OFFICE_WORDS = ("sonoivu", "noivu", "thidua", "khenthuong", "congthidua", "matkhau")


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's 19 MiB / 2 passes: Django's default costs six times more under a login storm."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class LongEnough:
    """At least ``PASSWORD_MIN_LENGTH`` characters."""

    def validate(self, password: str, user: object = None) -> None:
        least = settings.PASSWORD_MIN_LENGTH
        if len(password) < least:
            raise ValidationError(
                f"Mật khẩu quá ngắn: cần ít nhất {least} ký tự, kể cả dấu cách. Một câu bốn, năm từ là đủ dài."
            )

    def get_help_text(self) -> str:
        return f"Ít nhất {settings.PASSWORD_MIN_LENGTH} ký tự."


class NoOfficeWords:
    """A password made of the office's own words is the first that a stranger tries."""

    def validate(self, password: str, user: object = None) -> None:
        bare = _letters(password, numbers=True)
        words = [*OFFICE_WORDS, *(_letters(word, numbers=True) for word in settings.PASSWORD_WORDS)]
        if any(word in bare for word in words if word):
            raise ValidationError("Mật khẩu không được chứa tên cơ quan hay từ của cổng (nội vụ, thi đua…).")

    def get_help_text(self) -> str:
        return "Không dùng tên cơ quan hay từ của cổng (nội vụ, thi đua…)."


class NoDressedWord(CommonPasswordValidator):
    """A year, a number or some marks around a common password do not make it a better one."""

    def validate(self, password: str, user: object = None) -> None:
        if _letters(password) in self.passwords:
            raise ValidationError(
                "Mật khẩu này là một từ phổ biến thêm năm, chữ số hoặc dấu, dễ bị đoán. Hãy dùng một câu của riêng bạn."
            )

    def get_help_text(self) -> str:
        return "Không dùng một từ phổ biến thêm năm hay chữ số."


def _letters(text: str, *, numbers: bool = False) -> str:
    """Without diacritics, spaces and marks."""
    return "".join(char for char in fold(text) if char.isalpha() or (numbers and char.isalnum()))
