"""The figures as a table: both sizes side by side, in times of the floor, with the bars they have to pass.

Growth, too, is that of the multiple: what the larger database costs the bare page itself is not the portal's.
"""

from collections.abc import Iterator
from typing import Any

from emulation_portal.bench.measuring import Times

BARS = {"list": 1.5, "ranking": 2.0, "dossier": 2.0, "form": 1.5, "post": 3.0}
KINDS = {
    "list": "Danh sách",
    "ranking": "Xếp hạng",
    "dossier": "Hồ sơ, trang chính",
    "form": "Mở biểu mẫu",
    "post": "Gửi biểu mẫu",
}
GROWTH = 1.2
SHEET_BAR = 1.5
WIDTH = 34


def head(sizes: list[str]) -> Iterator[str]:
    columns = "".join(f" │ {size:>14}: ms   sàn  lần SQL    KB" for size in sizes)
    yield f"{'Trang':<{WIDTH}}{columns} │ lớn/nhỏ"


def line(name: str, kind: str, times: list[Times], facts: list[dict[str, Any]]) -> tuple[str, bool]:
    """One page, and whether it passes."""
    cells = "".join(
        f" │ {time.ms:18.1f} {time.floor_ms:5.1f} {time.ratio:4.2f} {fact['queries']:3d} {fact['size'] / 1024:5.1f}"
        for time, fact in zip(times, facts, strict=True)
    )
    growth = times[1].ratio / times[0].ratio
    slow = any(time.ratio > BARS[kind] for time in times)
    grows = growth > GROWTH
    verdict = " ".join([*(["CHẬM"] if slow else []), *(["TĂNG"] if grows else [])]) or "đạt"
    return f"{name:<{WIDTH}}{cells} │ {growth:6.2f}  {verdict}", not (slow or grows)
