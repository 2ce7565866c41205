"""Words that look back over years: ratings, titles in a row, initiatives not yet spent, results of an index. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from awards.eligibility.facts import GRADES, LEVELS, OCCASIONS, Candidate, Initiative, Result, Title, Use
from awards.eligibility.findings import Basis, Finding, left_open, met, unmet
from awards.eligibility.words.person import day, number

Asked = Mapping[str, Any]
GRADE_ORDER = {grade: place for place, grade in enumerate(GRADES)}
LEVEL_ORDER = {level: place for place, level in enumerate(LEVELS)}
WHOSE = {"own": "", "led": " của đơn vị do mình đứng đầu", "member": " của đơn vị mình công tác"}
KINDS = {"initiative": "sáng kiến", "project": "đề tài, đề án"}


def rating(candidate: Candidate, asked: Asked) -> Finding:
    """Class ``at_least`` in each of the last ``years`` years (1); ``and_once`` asks a higher class of one of them."""
    grades, bound = list(GRADES), asked["at_least"]
    years = _years(candidate.year, asked.get("years", 1))
    unknown = [year for year in years if year not in candidate.ratings]
    low = [year for year in years if year not in unknown and _below(candidate.ratings[year], bound)]
    fact = _told({year: GRADES[candidate.ratings[year]] for year in years if year not in unknown})
    if low:
        wait = asked.get("years", 1)
        more = "" if bound == grades[-1] else " trở lên"
        return unmet(fact, f"Cần {GRADES[bound]}{more} {_span(years)}.", earliest=max(low) + wait)
    if unknown:
        return left_open(
            fact or "Chưa có xếp loại.",
            f"Chưa có xếp loại năm {', '.join(map(str, unknown))}; nhập xếp loại.",
        )
    once = asked.get("and_once")
    if once and all(grades.index(candidate.ratings[year]) < grades.index(once) for year in years):
        return unmet(fact, f"Cần ít nhất một năm {GRADES[once]}.", earliest=candidate.year + 1)
    return met(fact)


def title(candidate: Candidate, asked: Asked) -> Finding:
    """Titles held: ``in_a_row`` years up to the reviewed one, or ``times`` within ``within_years`` years, or ever.

    ``awards`` lists what counts, ``names`` how it is called. A row ends with the reviewed year (``ending: this_year``)
    or with the year before (``last_year``); with ``every`` it is of titles that come only every so many years.
    What is spent already, or was given on an occasion that may not be a basis (``excluded_occasions``), does not count,
    and the finding says so.
    """
    counted, spent, excluded = _titles(candidate, asked)
    aside = _aside(spent, excluded, asked)
    if _every(asked) > 1:
        return _in_succession(candidate, asked, counted, aside)
    if "in_a_row" in asked:
        return _in_a_row(candidate, asked, counted, aside)
    last = _ending(candidate.year, asked)
    first = last - asked["within_years"] + 1 if "within_years" in asked else None
    kept = [one for one in counted if one.year <= last and (first is None or one.year >= first)]
    needed = asked.get("times", 1)
    span = f" trong các năm {first}–{last}" if first is not None else ""
    fact = f"{_held(kept, asked['names'])}{span}.{aside}"
    lacking = needed - len(kept)
    if lacking <= 0:
        return met(fact, bases=_title_bases(kept[-needed:], asked))
    awaited = needed > 1 and _awaits(candidate, asked, last)
    if awaited and lacking == 1:
        return _this_year(fact, candidate)
    return unmet(
        fact,
        f"Cần {needed} lần{span}, thiếu {lacking} lần.",
        earliest=_soonest(candidate, asked, {one.year for one in counted}, awaited),
    )


def initiative(candidate: Candidate, asked: Asked) -> Finding:
    """``count`` (1) recognised initiatives or projects of ``kinds``, at ``level`` and with ``reach`` or farther.

    ``within_years`` (all years) counts back from the reviewed one by the year of recognition; spent ones do not count.
    ``until`` is the province's rule: recognised by the end of the reviewed ``year``, or by the ``review_day``.
    """
    kinds, needed = asked.get("kinds", list(KINDS)), asked.get("count", 1)
    level, reach = asked.get("level", "agency"), asked.get("reach", "agency")
    first = candidate.year - asked["within_years"] + 1 if "within_years" in asked else None
    last = candidate.year if asked.get("until") == "year" else candidate.day.year
    fit = [
        one
        for one in candidate.initiatives
        if one.kind in kinds
        and _reaches(one.level, level)
        and _reaches(one.reach, reach)
        and one.recognised_on <= candidate.day
        and one.recognised_on.year <= last
        and (first is None or one.recognised_on.year >= first)
    ]
    free = [one for one in fit if not _is_spent(one.spent_on, candidate, asked)]
    aside = "".join(
        f" “{one.name}” đã dùng cho {_uses(one.spent_on, asked)}." for one in fit if one not in free
    )
    words = " hoặc ".join(KINDS[kind] for kind in kinds)
    wanted = f"{needed} {words} được công nhận {LEVELS[level]}, phạm vi {LEVELS[reach]} trở lên"
    if len(free) >= needed:
        used = sorted(free, key=lambda one: (one.recognised_on, one.name))[-needed:]
        told = "; ".join(_initiative(one) for one in used)
        return met(f"{told}.{aside}", bases=[Basis("initiative", one.key, one.name) for one in used])
    others = [one for one in candidate.initiatives if one not in fit]
    lesser = "".join(f" {_initiative(one)}: chưa đủ cấp, phạm vi hoặc năm." for one in others)
    have = "; ".join(_initiative(one) for one in free) or f"Chưa có {words} phù hợp"
    return unmet(f"{have}.{aside}{lesser}", f"Cần {wanted}.", earliest=candidate.year + 1)


def result(candidate: Candidate, asked: Asked) -> Finding:
    """A published result of ``campaign`` in the reviewed year: one of ``bands``, ``minimum_score``, ``maximum_rank``.

    ``whose`` is the candidate's own result, that of the unit led, or of the unit belonged to. Who leads no unit is not
    asked for its result.
    """
    whose = asked.get("whose", "own")
    if whose == "led" and (candidate.is_leader is False or candidate.heads_unit is False):
        return met("Không phải người đứng đầu đơn vị.")
    found = [
        one
        for one in candidate.results
        if (one.campaign, one.year, one.whose) == (asked["campaign"], candidate.year, whose)
    ]
    subject = f"kết quả {asked.get('name', asked['campaign'])} năm {candidate.year}{WHOSE[whose]}"
    if not found:
        return left_open(f"Chưa có {subject}.", "Chờ công bố kết quả.")
    one = found[0]
    wants = list(_wants(one, asked))
    fact = f"{subject[0].upper()}{subject[1:]}: {_result(one)}."
    if not wants:
        return met(fact)
    return unmet(fact, f"Cần {'; '.join(wants)}.", earliest=candidate.year + 1)


def _in_a_row(candidate: Candidate, asked: Asked, counted: list[Title], aside: str) -> Finding:
    needed, last = asked["in_a_row"], _ending(candidate.year, asked)
    by_year = {one.year: one for one in counted if one.year <= last}
    awaited = _awaits(candidate, asked, last)
    end = last - 1 if awaited else last  # a year that is not decided is no gap
    run: list[Title] = []
    while len(run) < needed and end - len(run) in by_year:
        run.insert(0, by_year[end - len(run)])
    lacking = needed - len(run)
    gap = end - len(run)
    older = [year for year in sorted(by_year) if year < gap]
    fact = _held(run or [by_year[year] for year in older], asked["names"])
    if run and len(run) < needed:
        fact += f", {len(run)} năm liên tục đến năm {end}"
    if awaited and lacking <= 1:  # more years than needed before the last one still ask for the last one
        return _this_year(f"{fact}.{aside}", candidate)
    if lacking <= 0:
        return met(f"{fact}, {needed} năm liên tục.{aside}", bases=_title_bases(run, asked))
    if older or (not run and by_year):
        fact += f"; đứt quãng ở năm {gap}" + (
            f" (trước đó đạt năm {', '.join(map(str, older))})" if run else ""
        )
    return unmet(
        f"{fact}.{aside}",
        f"Cần {needed} năm liên tục đến năm {last}, thiếu {lacking} năm{_with_this_year(candidate, awaited)}.",
        earliest=candidate.year + lacking - awaited,
    )


def _in_succession(candidate: Candidate, asked: Asked, counted: list[Title], aside: str) -> Finding:
    """As a row, of titles that take years to earn: none of them more than ``every`` years after the one before."""
    needed, every, last = asked["in_a_row"], _every(asked), _ending(candidate.year, asked)
    run: list[Title] = []
    oldest = last - every + 1
    for one in sorted((one for one in counted if one.year <= last), key=lambda one: -one.year):
        if len(run) == needed or one.year < oldest:
            break
        run.insert(0, one)
        oldest = one.year - every
    fact = f"{_held(run, asked['names'])}.{aside}"
    lacking = needed - len(run)
    if lacking <= 0:
        return met(fact, bases=_title_bases(run, asked))
    awaited = _awaits(candidate, asked, last)
    if awaited and lacking == 1:
        return _this_year(fact, candidate)
    ahead = run[-1].year + every * lacking if run else candidate.year + 1 - awaited + every * (lacking - 1)
    return unmet(
        fact,
        f"Cần {needed} lần liên tục, lần sau cách lần trước không quá {every} năm, thiếu {lacking} lần.",
        earliest=max(ahead, candidate.year + 1),
    )


def _every(asked: Asked) -> int:
    """A figure of the province: nothing is every year."""
    return int(Decimal(str(asked.get("every") or 1)))


def _soonest(candidate: Candidate, asked: Asked, held: set[int], awaited: bool) -> int:
    """The first year in which there are enough, with one more in every year that is still to be decided."""
    needed, last = asked.get("times", 1), _ending(candidate.year, asked)
    open_from = last if awaited else last + 1
    for year in range(candidate.year + 1, candidate.year + needed + 1):
        end = _ending(year, asked)
        first = end - asked["within_years"] + 1 if "within_years" in asked else min(held, default=open_from)
        have = sum(first <= one < open_from for one in held) + end - max(open_from, first) + 1
        if have >= needed:
            return year
    return candidate.year + needed


def _awaits(candidate: Candidate, asked: Asked, last: int) -> bool:
    """Whether the titles of the last year are those of the reviewed one and nobody has decided on them yet."""
    if last != candidate.year or not any(award in candidate.awaited for award in asked["awards"]):
        return False
    return all((one.award not in asked["awards"] or one.year != last) for one in candidate.titles)


def _this_year(fact: str, candidate: Candidate) -> Finding:
    year = candidate.year
    wanting = f"Còn phải đạt danh hiệu của năm {year}, chưa quyết định trong đợt này."
    return left_open(fact, wanting)._replace(earliest=year)


def _with_this_year(candidate: Candidate, awaited: bool) -> str:
    return f", kể cả năm {candidate.year} chưa quyết định" if awaited else ""


def _titles(candidate: Candidate, asked: Asked) -> tuple[list[Title], list[Title], list[Title]]:
    """Those that count, those spent already, and those of an occasion that may not be a basis; one a year, in order."""
    mine = sorted(
        (
            one
            for one in candidate.titles
            if one.award in asked["awards"] and (one.decided_on is None or one.decided_on <= candidate.day)
        ),
        key=lambda one: one.year,
    )
    mine = _once_a_year(mine)
    excluded = [one for one in mine if one.occasion in asked.get("excluded_occasions", ())]
    rest = [one for one in mine if one not in excluded]
    spent = [one for one in rest if _is_spent(one.spent_on, candidate, asked)]
    return [one for one in rest if one not in spent], spent, excluded


def _once_a_year(titles: list[Title]) -> list[Title]:
    """A merit award of a year is one, however often it was written down; what it was used for is used."""
    found: dict[Any, Title] = {}
    for place, one in enumerate(titles):
        known = (one.award, one.year) if one.occasion == "regular" else place
        before = found.get(known)
        found[known] = replace(before, spent_on=(*before.spent_on, *one.spent_on)) if before else one
    return list(found.values())


def _aside(spent: list[Title], excluded: list[Title], asked: Asked) -> str:
    told = f" Năm {_list(spent)} đã dùng làm căn cứ cho danh hiệu, hình thức khác." if spent else ""
    for occasion, citation in asked.get("excluded_occasions", {}).items():
        years = [one for one in excluded if one.occasion == occasion]
        if years:
            told += f" Năm {_list(years)} khen {OCCASIONS[occasion]}, không làm căn cứ ({citation})."
    return told


def _is_spent(uses: Iterable[Use], candidate: Candidate, asked: Asked) -> bool:
    """``reuse`` is the province's rule: a basis serves once altogether, or once for each award."""
    others = [use for use in uses if (use.award, use.year) != (asked.get("award"), candidate.year)]
    if asked.get("reuse", "once") == "once_per_award":
        return any(use.award == asked.get("award") for use in others)
    return bool(others)


def _title_bases(titles: list[Title], asked: Asked) -> list[Basis]:
    return [Basis("title", one.key, f"{asked['names']} năm {one.year}") for one in titles]


def _held(titles: list[Title], names: str) -> str:
    return f"{names} năm {_list(titles)}" if titles else f"Chưa có {names}"


def _list(titles: list[Title]) -> str:
    return ", ".join(str(one.year) for one in titles)


def _uses(uses: Iterable[Use], asked: Asked) -> str:
    names: Callable[[str], str] = asked.get("name_of", str)
    return ", ".join(f"{names(use.award)} năm {use.year}" for use in uses)


def _ending(year: int, asked: Asked) -> int:
    return year - 1 if asked.get("ending", "this_year") == "last_year" else year


def _years(last: int, many: int) -> list[int]:
    return list(range(last - many + 1, last + 1))


def _span(years: list[int]) -> str:
    return f"năm {years[0]}" if len(years) == 1 else f"{len(years)} năm liên tục {years[0]}–{years[-1]}"


def _below(grade: str, bound: str) -> bool:
    return GRADE_ORDER[grade] < GRADE_ORDER[bound]


def _reaches(level: str, bound: str) -> bool:
    return LEVEL_ORDER[level] >= LEVEL_ORDER[bound]


def _told(grades: dict[int, str]) -> str:
    told = "; ".join(f"năm {year} {grade}" for year, grade in grades.items())
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _initiative(one: Initiative) -> str:
    return (
        f"{KINDS[one.kind].capitalize()} “{one.name}” được công nhận {LEVELS[one.level]} ngày "
        f"{day(one.recognised_on)}, phạm vi {LEVELS[one.reach]}"
    )


def _wants(one: Result, asked: Asked) -> Iterable[str]:
    bands, score, rank = asked.get("bands"), asked.get("minimum_score"), asked.get("maximum_rank")
    if bands and one.band not in bands:
        yield f"xếp loại {' hoặc '.join(bands)}"
    if score is not None and (one.score is None or one.score < Decimal(str(score))):
        yield f"từ {number(Decimal(str(score)))} điểm"
    if rank is not None and (one.rank is None or one.rank > rank):
        yield f"xếp từ thứ {rank} trở lên"


def _result(one: Result) -> str:
    parts = [f"{number(one.score)} điểm"] if one.score is not None else []
    parts += [f"xếp loại {one.band}"] if one.band else []
    parts += [f"xếp thứ {one.rank}"] if one.rank is not None else []
    return ", ".join(parts) or "đã công bố"
