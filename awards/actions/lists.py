"""Settling, reopening and exporting a list."""

from typing import Any

from django.db import transaction

from awards import mails, queries
from awards.models import AwardList
from awards.workflow import AWARD_LIST
from core.journal import record
from core.workflow import check_version, lock

FILE_KINDS = {"xlsx": "Excel", "docx": "Word"}


@transaction.atomic
def settle(award_list: AwardList, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Close the list and tell the Director and the council."""
    _still_as_read(award_list, version, AwardList.State.DRAFT)
    whole, _ = queries.totals(award_list)
    AWARD_LIST.advance(award_list, "settle", by=by, comment=comment or whole.text)
    _next_version(award_list)
    mails.list_settled(award_list)


@transaction.atomic
def reopen(award_list: AwardList, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Open a settled list again; those who were told it was settled are told this as well."""
    _still_as_read(award_list, version, AwardList.State.SETTLED)
    AWARD_LIST.advance(award_list, "reopen", by=by, comment=comment)
    _next_version(award_list)
    mails.list_reopened(award_list)


def _still_as_read(award_list: AwardList, version: int | None, state: str) -> None:
    """The version counts only in the state the move starts from: a second press is told by the procedure."""
    lock(award_list)
    if award_list.state == state:
        check_version(award_list, version)


def _next_version(award_list: AwardList) -> None:
    award_list.version += 1
    award_list.save(update_fields=["version"])


@transaction.atomic
def note_export(award_list: AwardList, kind: str, *, rows: int, by: Any) -> None:
    """Who took the list out of the portal, when, in which version."""
    data = {"kind": kind, "rows": rows, "version": award_list.version}
    record(award_list, "export", by=by, label=f"Xuất {FILE_KINDS[kind]}", comment=f"{rows} dòng.", data=data)
