"""Background work of the award floor: judging everybody of a review."""

from celery import shared_task

from awards import actions
from awards.models import Review
from awards.queries.reviews import waiting_for_judging


@shared_task
def judge_review(review_id: int) -> int:
    """Judge one review for whoever pressed the button."""
    review = Review.objects.filter(pk=review_id).first()
    if review is None or review.is_over:
        return 0
    return actions.judge(review, tell=actions.note_progress(review))


@shared_task
def judge_outdated() -> int:
    """Judge again where a fact has changed, or where a worker was lost in the middle."""
    return sum(
        actions.judge(review, tell=actions.note_progress(review))
        for review in waiting_for_judging(actions.PATIENCE)
    )
