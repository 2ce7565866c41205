"""Addresses of the pages, and what the browser sends from the edit page."""

from typing import Any

from django.urls import reverse

from scoring.models import Achievement


def address(name: str, achievement: Achievement | None = None, *more: Any) -> str:
    return reverse(f"scoring:{name}", args=[achievement.pk, *more] if achievement else [])


def typed(achievement: Achievement, **changes: Any) -> dict[str, Any]:
    """What the browser sends from the edit page."""
    return {
        "version": achievement.version,
        "page": "trang-a",
        "title": achievement.title,
        "criterion": achievement.criterion_id or "",
        "happened_on": "20/05/2025",
        "quantity": "1",
        "measure": achievement.measure,
        "role": achievement.role,
        "result": achievement.result,
        "co-TOTAL_FORMS": "2",
        "co-INITIAL_FORMS": "0",
        "co-0-person": "",
        "co-0-share": "",
        "co-1-person": "",
        "co-1-share": "",
        **changes,
    }
