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
INDEX_MS = 300  # every page of an index, on PostgreSQL
# The pages of a review of thousands: what concerns one person, the review, all that units propose.
REVIEW_MS = {"person": 150, "review": 300, "whole": 1000}
WIDTH = 38
WIDE = 72


def head(sizes: list[str], last: str = "lớn/nhỏ") -> Iterator[str]:
    columns = "".join(f" │ {size:>14}: ms   sàn  lần SQL    KB" for size in sizes)
    yield f"{'Trang':<{WIDTH}}{columns} │ {last}"


def line(name: str, kind: str, times: list[Times], facts: list[dict[str, Any]]) -> tuple[str, bool]:
    """One page, and whether it passes."""
    cells = "".join(_cells(*pair) for pair in zip(times, facts, strict=True))
    growth = times[1].ratio / times[0].ratio
    slow = any(time.ratio > BARS[kind] for time in times)
    grows = growth > GROWTH
    verdict = " ".join([*(["CHẬM"] if slow else []), *(["TĂNG"] if grows else [])]) or "đạt"
    return f"{name:<{WIDTH}}{cells} │ {growth:6.2f}  {verdict}", not (slow or grows)


def line_of_index(name: str, kind: str, time: Times, fact: dict[str, Any]) -> tuple[str, bool]:
    """A page of an index has its bar in milliseconds, a form in times of the floor as everywhere."""
    passed = time.ratio <= BARS["post"] if kind == "post" else time.ms <= INDEX_MS
    bar = f"≤ {BARS['post']:g} lần" if kind == "post" else f"≤ {INDEX_MS} ms"
    return f"{name:<{WIDTH}}{_cells(time, fact)} │ {bar:>8}  {'đạt' if passed else 'CHẬM'}", passed


def line_of_review(name: str, kind: str, time: Times, fact: dict[str, Any]) -> tuple[str, bool]:
    bar = REVIEW_MS[kind]
    passed = time.ms <= bar
    return f"{name:<{WIDTH}}{_cells(time, fact)} │ ≤ {bar:4d} ms  {'đạt' if passed else 'CHẬM'}", passed


def job_beside(name: str, seconds: float, own: float, floor: float, bar: float) -> tuple[str, bool]:
    """A job beside its floor of the same run: the bar is in seconds, the multiple says how busy the machine was."""
    row, passed = job(name, seconds, own, bar)
    return f"{row} │ sàn {floor:.2f} s, {seconds / floor:.1f} lần", passed


def job(name: str, seconds: float, own: float, bar: float) -> tuple[str, bool]:
    """Something that is done as a whole, and how long the processor was busy with it; without a bar it is only told."""
    passed = not bar or seconds <= bar
    verdict = f"≤ {bar:g} s  {'đạt' if passed else 'CHẬM'}" if bar else "(không đặt mức)"
    return f"{name:<{WIDE}} │ {seconds:8.2f} s, CPU {own:6.2f} s │ {verdict}", passed


def _cells(time: Times, fact: dict[str, Any]) -> str:
    figures = f" │ {time.ms:18.1f} {time.floor_ms:5.1f} {time.ratio:4.2f}"
    return f"{figures} {fact['queries']:3d} {fact['size'] / 1024:5.1f}"
