"""What an award asks for on a day, as lines that people read, and how two days differ. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from awards.eligibility.facts import GRADES, OCCASIONS
from awards.eligibility.figures import shown
from awards.eligibility.provisions import PAPERS, Condition, Threshold
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.words.person import EMPLOYMENTS

BASES = {"members": "tổng số thành viên Hội đồng", "present": "số thành viên có mặt"}
COUNTED = {"members": "số người của đơn vị", "qualified": "số người, tập thể đủ tiêu chuẩn"}
CONNECTIVES = {"all": "Đủ các điều kiện sau", "any": "Một trong các điều kiện sau"}


@dataclass(frozen=True)
class Line:
    """One rule in words: ``depth`` connectives above it, and its ``change`` since another day."""

    section: str
    text: str
    citation: str = ""
    source: str = ""
    is_confirmed: bool = True
    depth: int = 0
    change: str = "same"


def standard(award: str, rulebook: Rulebook) -> list[Line]:
    """Everything that the rulebook says about the award; empty where it has no such award."""
    if award not in rulebook.conditions:
        return []
    lines = [line for one in rulebook.conditions[award] for line in _conditions(one, rulebook, 0)]
    lines += [
        Line(
            "Tỷ lệ, chỉ tiêu",
            f"Không quá {shown('percent', one.percent, {})} {_counted(one.of, rulebook)}"
            + (f", ít nhất {one.minimum}" if one.minimum else ""),
            one.citation,
            rulebook.title(one.document),
            one.is_confirmed,
        )
        for one in rulebook.quotas
        if one.award == award
    ]
    vote = rulebook.thresholds.get(award)
    if vote:
        title = rulebook.title(vote.document)
        lines.append(Line("Phiếu của Hội đồng", _votes(vote), vote.citation, title, vote.is_confirmed))
    lines += [Line("Hồ sơ", PAPERS[paper]) for paper in rulebook.papers.get(award, ())]
    bonus = rulebook.coefficients.get(award)
    if bonus:
        text = f"{shown('number', bonus.value, {})} lần mức lương cơ sở"
        title = rulebook.title(bonus.document)
        lines.append(Line("Tiền thưởng", text, bonus.citation, title, bonus.is_confirmed))
    return lines


def ceilings(rulebook: Rulebook) -> list[Line]:
    """How many may be rated in the highest class."""
    found = []
    for one in rulebook.ceilings:
        text = f"Không quá {shown('percent', one.percent, {})} số {GRADES[one.of]} được xếp loại {GRADES[one.grade]}"
        if one.raised_percent is not None:
            text += f" (đến {shown('percent', one.raised_percent, {})} nếu cơ quan có kết quả nổi trội)"
        whom = EMPLOYMENTS.get(one.employment, "mọi đối tượng")
        source = rulebook.title(one.document)
        found.append(
            Line(
                "Xếp loại", f"Với {whom}: {text[0].lower()}{text[1:]}", one.citation, source, one.is_confirmed
            )
        )
    return found


def compared(before: Sequence[Line], after: Sequence[Line]) -> list[Line]:
    """The later lines, and between them those that are gone; section by section."""
    sections = list(dict.fromkeys(one.section for one in [*after, *before]))
    return [
        line
        for section in sections
        for line in _compared(
            [one for one in before if one.section == section],
            [one for one in after if one.section == section],
        )
    ]


def _compared(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Line]:
    matcher = SequenceMatcher(
        a=[_essence(one) for one in before], b=[_essence(one) for one in after], autojunk=False
    )
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind == "equal":
            yield from after[start:stop]
            continue
        yield from (replace(one, change="removed") for one in before[first:last])
        yield from (replace(one, change="added") for one in after[start:stop])


def _essence(line: Line) -> tuple[str, int]:
    return line.text, line.depth


def _conditions(one: Condition, rulebook: Rulebook, depth: int) -> Iterator[Line]:
    text = one.wording
    if one.word == "n_of":
        text = f"{text or 'Đạt'} (ít nhất {one.asked['n']} trong các điều kiện sau)"
    elif one.word in CONNECTIVES and not text.startswith("Một trong"):
        text = f"{text}: {CONNECTIVES[one.word].lower()}" if text else CONNECTIVES[one.word]
    if one.occasion:
        text = f"{text} (khen {OCCASIONS[one.occasion]})"
    yield Line("Tiêu chuẩn", text, one.citation, rulebook.title(one.document), one.is_confirmed, depth)
    for part in one.parts:
        yield from _conditions(part, rulebook, depth + 1)


def _counted(of: str, rulebook: Rulebook) -> str:
    return COUNTED.get(of) or f"số đạt “{rulebook.name(of)}”"


def _votes(vote: Threshold) -> str:
    sign = "Trên" if vote.is_more_than else "Từ"
    end = "" if vote.is_more_than else " trở lên"
    secret = ", bỏ phiếu kín" if vote.is_secret else ""
    return f"{sign} {shown('percent', vote.percent, {})} {BASES[vote.base]}{end}{secret}"
