"""Everything that can be wrong with a campaign file, told with the line where it stands."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.calculations import band_problems, deadline_problems, sums, time_in_words
from campaigns.methods import decimal, number, problems_of
from campaigns.models import (
    EMULATION_STAGES,
    INDEX_STAGES,
    LEAF_FACTS,
    AppliesTo,
    Campaign,
    People,
    Period,
    Recipient,
    Stage,
)
from core import clock
from core.models import LegalDocument
from core.reference import Record, ReferenceError

LEAF_KEYS = {"code", "name", *LEAF_FACTS}
NODE_KEYS = {"code", "name", "children"}
CAMPAIGN_KEYS = ("code", "name", "short_name", "kind", "starts_on", "ends_on")


def check_plan(data: Any) -> None:
    """Raise one ReferenceError that names everything wrong, a line each."""
    found = list(_problems(data))
    if found:
        raise ReferenceError(
            "\n".join(str(ReferenceError.at(source, sentence)) for source, sentence in found)
        )


Problem = tuple[Any, str]


def _problems(data: Any) -> Iterator[Problem]:
    if not isinstance(data, Record):
        yield None, "tệp phải là một nhóm khóa: giá trị."
        return
    wanted = {"campaign": Record, "years": list, "bands": Record, "criteria_sets": list}
    missing = [name for name, kind in wanted.items() if not isinstance(data.get(name), kind)]
    if missing:
        yield data, f"thiếu hoặc sai mục {', '.join(missing)}."
        return
    is_index = data["campaign"].get("kind") == Campaign.Kind.INDEX
    yield from _campaign(data["campaign"])
    yield from _years(data["years"], is_index)
    yield from _bands(data, is_index)
    yield from _sets(data)


def _campaign(campaign: Record) -> Iterator[Problem]:
    missing = [name for name in CAMPAIGN_KEYS if not campaign.get(name)]
    if missing:
        yield campaign, f"phong trào thiếu {', '.join(missing)}."
        return
    if campaign["kind"] not in Campaign.Kind.values:
        yield campaign, f"không có hình thức phong trào “{campaign['kind']}”."
    if (launcher := campaign.get("launched_by")) and launcher not in Campaign.Launcher.values:
        yield (
            campaign,
            f"launched_by là một trong {', '.join(Campaign.Launcher.values)}, không phải “{launcher}”.",
        )
    starts_on, ends_on = campaign["starts_on"], campaign["ends_on"]
    if not _is_day(starts_on) or not _is_day(ends_on):
        yield campaign, "starts_on và ends_on phải là ngày dạng 2022-03-09."
    elif ends_on < starts_on:
        yield campaign, "ends_on sớm hơn starts_on."
    cited = [code for code in (campaign.get("plan"), *(campaign.get("legal_basis") or [])) if code]
    known = set(LegalDocument.objects.filter(code__in=cited).values_list("code", flat=True))
    for code in cited:
        if code not in known:
            yield campaign, f"văn bản “{code}” không có trong legal_documents.yaml."


def time_of(item: Record) -> tuple[Any, Any]:
    """The round that an item of the file is about: its year and the part of it."""
    return item.get("year"), item.get("period", Period.YEAR)


def _years(years: list[Any], is_index: bool) -> Iterator[Problem]:
    for year in years:
        if not isinstance(year, Record) or not isinstance(year.get("year"), int):
            yield years and year, "mỗi năm phải có year là một số."
            return
        period, people = year.get("period", Period.YEAR), year.get("people", People.ALL)
        if period not in Period.values or (period != Period.YEAR and not is_index):
            yield year, f"năm {year['year']}: không có kỳ đánh giá “{period}”, hoặc chỉ bộ chỉ số mới có kỳ."
            return
        if people not in People.values:
            yield year, f"năm {year['year']}: people phải là {', '.join(People.values)}."
    for value, times in Counter(map(time_of, years)).items():
        if times > 1:
            yield next(year for year in years if time_of(year) == value), f"{time_in_words(*value)} lặp lại."
    for year in years:
        yield from _deadlines(year, INDEX_STAGES if is_index else EMULATION_STAGES)


def _deadlines(year: Record, known: tuple[Stage, ...]) -> Iterator[Problem]:
    rows = year.get("deadlines")
    if not isinstance(rows, list) or not all(isinstance(row, Record) for row in rows):
        yield year, f"năm {year['year']} phải có danh sách deadlines."
        return
    for row in rows:
        if row.get("stage") not in known:
            yield row, f"không có công đoạn “{row.get('stage')}”."
        elif not _is_day(row.get("due_on")):
            yield row, "due_on phải là ngày dạng 2022-03-09."
    stages = {row.get("stage"): row for row in rows}
    if len(stages) < len(rows):
        yield year, f"năm {year['year']} có công đoạn lặp lại."
    dated = [
        (Stage(stage).label, stages[stage]["due_on"])
        for stage in known
        if stage in stages and _is_day(stages[stage].get("due_on"))
    ]
    for sentence in deadline_problems(year["year"], dated, clock.today()):
        yield year, sentence


def _bands(data: Record, is_index: bool) -> Iterator[Problem]:
    """An index that scores units or people alone has no classes of the others."""
    bands: Record = data["bands"]
    for recipient in Recipient:
        rows = bands.get(recipient.value)
        if is_index and rows is None and any(bands.get(one.value) for one in Recipient):
            continue
        if not isinstance(rows, list) or not all(isinstance(row, Record) for row in rows):
            yield bands, f"thiếu danh sách mức xếp loại “{recipient.value}”."
            continue
        wrong = [row for row in rows if not row.get("name") or _points(row.get("lower_bound")) is None]
        for row in wrong:
            yield row, 'mỗi mức cần name và lower_bound trong dấu nháy, ví dụ "90".'
        if not wrong:
            listed = [(row["name"], Decimal(row["lower_bound"]), row.get("colour", "blue")) for row in rows]
            for sentence in band_problems(recipient.label, listed):
                yield rows[0] if rows else bands, sentence
        for row in rows:
            yield from _conditions(row, data)


def _conditions(row: Record, data: Record) -> Iterator[Problem]:
    """Ceiling and gates of a class; a gate names a criterion that every set of the file has."""
    ceiling = row.get("ceiling_percent")
    if ceiling is not None and not 0 < (_points(ceiling) or 0) <= 100:
        yield row, 'ceiling_percent phải là số từ 0 đến 100 trong dấu nháy, ví dụ "20".'
    gates = row.get("gates", [])
    if not isinstance(gates, list) or not all(_is_gate(gate) for gate in gates):
        yield row, 'mỗi điều kiện của gates cần code, op (">=" hoặc ">") và bound trong dấu nháy.'
        return
    for item in data["criteria_sets"]:
        if isinstance(item, Record) and isinstance(item.get("criteria"), list):
            leaves = [node for node in walk(item["criteria"]) if isinstance(node, Record)]
            known = {node.get("code") for node in leaves if "children" not in node}
            for gate in gates:
                if gate["code"] not in known:
                    yield row, f"gates nêu tiêu chí “{gate['code']}” mà bộ tiêu chí không có."


def _is_gate(gate: Any) -> bool:
    if not isinstance(gate, Mapping) or set(gate) != {"code", "op", "bound"}:
        return False
    return gate["op"] in (">=", ">") and _points(gate["bound"]) is not None


def _sets(data: Record) -> Iterator[Problem]:
    planned = {time_of(year) for year in data["years"] if isinstance(year, Record)}
    written: dict[Any, Record] = {}
    for item in data["criteria_sets"]:
        if not isinstance(item, Record) or not item.get("title"):
            yield item if isinstance(item, Record) else data, "mỗi bộ tiêu chí cần year và title."
            continue
        year = time_of(item)
        if year not in planned:
            yield item, f"năm {item.get('year')} không có trong danh sách years."
        if year in written:
            yield item, f"năm {item.get('year')} có hai bộ tiêu chí."
        if "same_as" in item:
            earlier = written.get((item["same_as"], year[1]))
            if earlier is None or "same_as" in earlier:
                yield (
                    item,
                    f"same_as phải là một năm ở trên có danh sách criteria, không phải “{item['same_as']}”.",
                )
        else:
            yield from _tree(item)
        written[year] = item


def _tree(item: Record) -> Iterator[Problem]:
    declared, criteria = item.get("declared_max"), item.get("criteria")
    if not isinstance(criteria, list) or not criteria:
        yield item, "bộ tiêu chí thiếu danh sách criteria."
        return
    nodes = list(walk(criteria))
    codes = Counter(node.get("code") for node in nodes if isinstance(node, Record))
    for node in nodes:
        if not isinstance(node, Record):
            yield item, "mỗi tiêu chí phải là một nhóm khóa: giá trị."
            return
        if codes[node.get("code")] > 1:
            yield node, f"mã tiêu chí “{node.get('code')}” lặp lại."
        yield from _node(node)
    leaves = [node for node in nodes if "children" not in node and _points(node.get("max_score")) is not None]
    total = sums(
        ((node.get("applies_to", ""), Decimal(node["max_score"])) for node in leaves), Recipient.values
    )
    for recipient in Recipient:
        said = _points(declared.get(recipient.value)) if isinstance(declared, Mapping) else None
        if said is None:
            yield item, f'declared_max thiếu {recipient.value} trong dấu nháy, ví dụ "100".'
        elif said != total[recipient]:
            yield (
                item,
                (
                    f"năm {item.get('year')}, {recipient.label.lower()}: các tiêu chí cộng lại được "
                    f"{number(total[recipient])} điểm, declared_max ghi {number(said)}."
                ),
            )


def _node(node: Record) -> Iterator[Problem]:
    if not node.get("code") or not node.get("name"):
        yield node, "tiêu chí thiếu code hoặc name."
    is_group = "children" in node
    unknown = set(node) - (NODE_KEYS if is_group else LEAF_KEYS)
    if unknown:
        yield node, f"tiêu chí {node.get('code')} có khóa lạ: {', '.join(sorted(map(str, unknown)))}."
    if is_group:
        if not isinstance(node["children"], list) or not node["children"]:
            yield node, f"nhóm {node.get('code')} không có tiêu chí nào."
        return
    points = _points(node.get("max_score"))
    if points is None or points <= 0:
        yield node, f'tiêu chí {node.get("code")}: max_score phải là số dương trong dấu nháy, ví dụ "4".'
        return
    if node.get("applies_to") not in AppliesTo.values:
        yield node, f"tiêu chí {node.get('code')}: applies_to phải là collective, individual hoặc both."
    for sentence in problems_of(str(node.get("method") or ""), node.get("params") or {}, points):
        yield node, f"tiêu chí {node.get('code')}: {sentence}"


def walk(nodes: list[Any]) -> Iterator[Any]:
    """All nodes, parents before children."""
    for node in nodes:
        yield node
        if isinstance(node, Record) and isinstance(node.get("children"), list):
            yield from walk(node["children"])


def _points(value: Any) -> Decimal | None:
    return decimal(value) if isinstance(value, str) else None


def _is_day(value: Any) -> bool:
    return type(value) is date
