"""Questions about the kind of commendation: for what a dossier is given, why, and what people may choose instead."""

from dataclasses import dataclass

from awards.eligibility.assessing import Assessment
from awards.eligibility.facts import OCCASIONS
from awards.eligibility.occasions import NO_BASIS, branches, given_as, occasions, told_ways
from awards.eligibility.rulebook import Rulebook
from awards.models import Award, Nomination, Review


@dataclass(frozen=True)
class GivenFor:
    """The kind of commendation, why it is this one, and the kinds that the Office may choose; none of the campaign's
    reviews and of titles that are of one kind only."""

    occasion: str
    basis: str
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return OCCASIONS[self.occasion].capitalize()


def given_for(
    review: Review, nomination: Nomination, assessment: Assessment | None, book: Rulebook
) -> GivenFor:
    """By the way that is met, the better one where several are, or as the Office has chosen: a kind that is no basis
    later may always be chosen, a better one only where it is within the standard."""
    award = nomination.award
    if review.kind != Review.Kind.ANNUAL:
        return GivenFor(review.occasion, "Đợt bình xét theo phong trào (chuyên đề).")
    found = occasions(assessment) if assessment else [review.occasion]
    forks = assessment is not None and branches(assessment)
    if not forks and award.kind != Award.Kind.COMMENDATION:
        return GivenFor(found[0], "Đợt bình xét công trạng hằng năm.")
    choices = (*found, *(one for one in NO_BASIS if one not in found))
    chosen = nomination.occasion_choice
    kind = chosen if chosen in choices else found[0]
    said = []
    if chosen:
        said.append(_of_choice(nomination, is_kept=chosen == kind))
    ways, is_met = told_ways(assessment, kind, book) if assessment else ("", False)
    if ways:
        said.append(f"{'Đạt theo' if is_met else 'Chưa cách nào được xác nhận đạt; xét theo'}: {ways}.")
    elif not forks:
        said.append("Đợt bình xét công trạng hằng năm; tiêu chuẩn không phân biệt loại khen.")
    others = " và ".join(OCCASIONS[one] for one in found[1:])
    if is_met and others and kind == found[0]:
        better = f"; tính {OCCASIONS[kind]} vì có lợi hơn cho người được khen"
        said.append(f"Cũng đạt để khen {others}{'' if chosen else better}.")
    return GivenFor(kind, " ".join(said), choices)


def resting_as(assessment: Assessment, given: GivenFor) -> Assessment:
    """What it rests on by the ways of its kind; where nobody can choose, all of it."""
    return given_as(assessment, given.occasion) if given.choices else assessment


def keep_kind(review: Review, nomination: Nomination, assessment: Assessment | None, book: Rulebook) -> None:
    """On the row, for lists and for what another award of the review may rest on; the caller saves ``KEPT``."""
    given = given_for(review, nomination, assessment, book)
    nomination.occasion, nomination.occasion_basis = given.occasion, given.basis


KEPT = ("occasion", "occasion_basis")


def _of_choice(nomination: Nomination, *, is_kept: bool) -> str:
    if is_kept:
        return f"Văn phòng Sở chọn: {nomination.occasion_reason.rstrip('.')}."
    return f"Đã chọn khen {OCCASIONS[nomination.occasion_choice]}, nhưng nay không đạt để khen loại đó."
