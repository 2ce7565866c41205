"""Letters of the open period. None says what was written, of whom, or what the answer is: that is read on the page.

They are private: in the list of letters somebody of the Office would else find who complains of him.
"""

from collections.abc import Iterable
from typing import Any

import rules
from django.urls import reverse

from awards.models import Comment, Complaint
from awards.queries.notices import last_day
from core.outbox import post
from organization import roles
from organization.models import Unit
from organization.queries import users_heading, users_with_role


def comment_came(comment: Comment) -> None:
    """To those of the Office who may answer it; where none may, to the Director."""
    permission = "awards.answer_comment"
    to = _office(permission, comment) or _agency(permission, comment)
    _tell_of_comment("comment_came", comment, to, due=last_day(comment.period))


def comment_answered(comment: Comment) -> None:
    _tell_of_comment("comment_answered", comment, [comment.author] if comment.author.is_active else [])


def complaint_came(complaint: Complaint) -> None:
    """To those of the Office who may handle it; where none may, to the Director; where he may not either, to those who
    supervise, who note that it went to the level above."""
    to, level = _office("awards.handle_complaint", complaint), "office"
    if not to:
        to = _agency("awards.handle_complaint", complaint)
        level = "director"
    if not to:
        inspectors = users_with_role(roles.INSPECTOR)
        to = [one for one in inspectors if rules.has_perm("awards.forward_complaint", one, complaint)]
        level = "above"
    _tell_of_complaint("complaint_came", complaint, to, level=level)


def complaint_given(complaint: Complaint) -> None:
    """To whom the Director has named for it."""
    _tell_of_complaint("complaint_given", complaint, [complaint.handler] if complaint.handler else [])


def complaint_received(complaint: Complaint) -> None:
    """To its author, with the day until which it is looked at."""
    _tell_of_complaint("complaint_received", complaint, _author(complaint))


def complaint_extended(complaint: Complaint) -> None:
    """To its author: until which day it is resolved now."""
    _tell_of_complaint("complaint_extended", complaint, _author(complaint))


def complaint_decided(complaint: Complaint) -> None:
    """To its author: accepted, not accepted, or resolved."""
    _tell_of_complaint("complaint_decided", complaint, _author(complaint))


def _office(permission: str, document: Any) -> list[Any]:
    return [one for one in users_with_role(roles.OFFICE) if rules.has_perm(permission, one, document)]


def _agency(permission: str, document: Any) -> list[Any]:
    """The Director, and who stands in for him."""
    agency = users_heading(Unit.objects.filter(parent__isnull=True).first())
    return [one for one in agency if rules.has_perm(permission, one, document)]


def _author(complaint: Complaint) -> list[Any]:
    author = complaint.author
    return [author] if author and author.is_active else []


def _tell_of_comment(letter: str, comment: Comment, to: Iterable[Any], **context: Any) -> None:
    post(
        f"awards/private/{letter}",
        f"{letter}:{comment.pk}:{comment.version}",
        to=to,
        about=comment,
        link=reverse("awards:comment_detail", args=[comment.pk]),
        context={"review": comment.period.review, **context},
    )


def _tell_of_complaint(letter: str, complaint: Complaint, to: Iterable[Any], **context: Any) -> None:
    post(
        f"awards/private/{letter}",
        f"{letter}:{complaint.pk}:{complaint.version}",
        to=to,
        about=complaint,
        link=reverse("awards:complaint_detail", args=[complaint.pk]),
        context={"review": complaint.review, "complaint": complaint, **context},
    )
