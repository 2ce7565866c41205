"""What a table of an office may call a method or one of its parameters, beside our own id and Vietnamese name."""

import unicodedata

from campaigns.methods.groups import ALL_OF, ANY_OF, BONUS_BLOCK, GROUPS

# Ids and names that gathered catalogues use for methods of ours.
_OTHER_NAMES = {
    "đạt / không đạt": "all_or_nothing",
    "đạt/không đạt": "all_or_nothing",
    "chọn mức rời rạc": "tiered_choice",
    "mức theo % điểm tối đa": "tiered_percent_of_max",
    "bậc thang theo tỷ lệ": "tiered_threshold",
    "tỷ lệ % x điểm tối đa": "proportional",
    "tỷ lệ, dưới ngưỡng thì 0": "proportional_with_floor",
    "nội suy tuyến tính giữa hai mốc": "linear_between",
    "count_times_points": "count_capped",
    "số lượng x điểm, có trần": "count_capped",
    "deduct_per_occurrence": "deduct_per_case",
    "trừ theo lần vi phạm, có sàn": "deduct_per_case",
    "trừ theo % điểm": "deduct_percent",
    "deduct_graded_may_go_negative": "deduct_graded",
    "trừ theo bậc, có thể âm": "deduct_graded",
    "điểm cộng vượt thang": "bonus_uncapped",
    "declared_score": "typed",
    "nhập điểm trực tiếp": "typed",
    "công thức có biến và nhánh": "formula_branches",
    "điều tra xã hội học": "survey",
    "so với đơn vị dẫn đầu": "relative_to_leader",
    "bonus_penalty_block": BONUS_BLOCK,
    "khối điểm thưởng, điểm phạt có trần": BONUS_BLOCK,
    "and": ALL_OF,
    "và": ALL_OF,
    "or": ANY_OF,
    "hoặc": ANY_OF,
}


def plain(text: str) -> str:
    """Without diacritics, small letters, one space: as people compare names."""
    stripped = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(char for char in stripped if not unicodedata.combining(char))
    return " ".join(letters.casefold().split())


def method_named(text: str, methods: dict[str, str]) -> str:
    """The id of the method or group that a text names; empty when there is none. ``methods`` gives names by id."""
    wanted = plain(text)
    known = {plain(name): id for id, name in methods.items()} | {plain(id): id for id in methods}
    groups = {plain(group.name): group.id for group in GROUPS.values()} | {plain(id): id for id in GROUPS}
    others = {plain(name): id for name, id in _OTHER_NAMES.items()}
    return {**others, **groups, **known}.get(wanted, "")
