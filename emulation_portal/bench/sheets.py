"""How long the Excel file of a long list takes beside a raw loop over xlsxwriter."""

import time
from io import BytesIO
from statistics import median
from typing import Any

import xlsxwriter
from openpyxl import load_workbook

from emulation_portal.bench.measuring import Place

ADDRESS = "/to-chuc/nhan-su/?xuat=xlsx"
USER = "vanphong"


def compare(place: Place, rounds: int) -> tuple[float, float, int]:
    """Median seconds of the portal's file and of the raw writer with the same cells, in turn; and the rows."""
    place.portal.connection.request("GET", ADDRESS, headers={"Cookie": place.cookies[USER]})
    content = place.portal.connection.getresponse().read()
    rows = list(load_workbook(BytesIO(content), read_only=True).active.iter_rows(values_only=True))
    ours, raw = [], []
    for _ in range(rounds):
        ours.append(place.download(USER, ADDRESS)[0])
        raw.append(_raw(rows))
    return median(ours), median(raw), len(rows)


def _raw(rows: list[tuple[Any, ...]]) -> float:
    begin = time.perf_counter()
    with xlsxwriter.Workbook(BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, index, value)
                elif value is not None:
                    sheet.write_string(number, index, str(value))
    return time.perf_counter() - begin
