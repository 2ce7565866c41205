"""What the rules say today of a review's reference date, against what it has pinned."""

from collections.abc import Iterable
from dataclasses import dataclass

from awards.eligibility.figures import shown
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.sources import RuleSource
from awards.eligibility.standards import standard
from awards.models import CouncilSession, Review, Setting, rule_source
from awards.queries.evaluations import PREFIX
from awards.queries.reviews import rulebook_of

# Of a standard these are compared in words, the conditions with their parameters. Bonus follows the decision's day.
IN_WORDS = ("Tỷ lệ, chỉ tiêu", "Phiếu của Hội đồng", "Hồ sơ")
OF_PROVINCE = "Quy định của tỉnh"
SILENT = {"award", "name", "awards", "names"}


@dataclass(frozen=True)
class Difference:
    """An award (or the province's figures) of which the rules say something else than the review has pinned."""

    award: str
    gone: list[str]
    new: list[str]


def differences(
    review: Review, book: Rulebook | None = None, source: RuleSource | None = None
) -> list[Difference]:
    """What the rules of its own day say otherwise now; nothing before it is opened and after its end."""
    if review.pinned_at is None or review.is_over:
        return []
    new = (source or rule_source()).rulebook(review.reference_date)
    return between_books(review, book or rulebook_of(review), new)


def between_books(review: Review, old: Rulebook, new: Rulebook) -> list[Difference]:
    """Award by award of the review, then the figures."""
    codes = review.awards.order_by("order").values_list("code", flat=True)
    of_awards = [_between(new.name(code), _lines(old, code), _lines(new, code)) for code in codes]
    found = [*of_awards, _between(OF_PROVINCE, *_figures(old, new))]
    return [one for one in found if one.gone or one.new]


def rules_stand(review: Review) -> str:
    """Why the pinned rules may not be replaced now, in a sentence; nothing where they may."""
    if review.state not in (Review.State.OPEN, Review.State.NOTICE, Review.State.COUNCIL):
        return "Đợt giữ quy định đã ghim: chỉ áp dụng lại quy định trước khi Hội đồng xét xong."
    if review.is_supplementary:
        return "Đợt giữ quy định đã ghim: Hội đồng xét bổ sung theo quy định của phần đã quyết định."
    if review.sessions.filter(state=CouncilSession.State.OPEN).exists():
        return "Hội đồng đang họp theo quy định đã ghim; hãy kết thúc phiên họp trước."
    return ""


def _between(name: str, before: list[str], after: list[str]) -> Difference:
    gone = [line for line in before if line not in after]
    return Difference(name, gone, [line for line in after if line not in before])


def _lines(book: Rulebook, award: str) -> list[str]:
    """Every rule with its parameters: what a reader would call another rule is another line."""
    lines = []
    waiting = list(book.conditions.get(award, ()))
    while waiting:
        one = waiting.pop(0)
        plain = {key: value for key, value in one.asked.items() if not callable(value)}
        asked = ", ".join(f"{key} {value}" for key, value in sorted(plain.items()) if key not in SILENT)
        lines.append(
            f"{one.wording} ({one.citation}, {book.title(one.document)}){f' [{asked}]' if asked else ''}"
        )
        waiting = [*one.parts, *waiting]
    in_words = [one for one in standard(award, book) if one.section in IN_WORDS]
    return lines + [f"{one.section}: {one.text}{_source(one.citation, one.source)}" for one in in_words]


def _source(citation: str, source: str) -> str:
    return f" ({citation}, {source})" if citation else ""


def _figures(old: Rulebook, new: Rulebook) -> tuple[list[str], list[str]]:
    """The province's figures that have another value, as its page writes them. What is asked of the initiative council
    follows the day of its own session."""
    codes = [
        code
        for code in {*old.settings, *new.settings}
        if old.settings.get(code) != new.settings.get(code) and not code.startswith(PREFIX)
    ]
    changed = Setting.objects.filter(code__in=codes) if codes else ()
    return _told(changed, old), _told(changed, new)


def _told(settings: Iterable[Setting], book: Rulebook) -> list[str]:
    return [f"{one.name}: {shown(one.kind, book.settings.get(one.code), one.choices)}" for one in settings]
