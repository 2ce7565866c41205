"""The Sở: its units through time, its people, where each works, and who holds which role from when to when."""

from organization.models.accounts import Acting, ImportBatch, OpenSession, User
from organization.models.asking import AskedBy
from organization.models.people import (
    Appointment,
    Person,
    PersonQuerySet,
    Post,
    Posting,
    PostingQuerySet,
    entrusted_to,
)
from organization.models.units import DatedQuerySet, Succession, Unit, UnitKind, UnitName, UnitQuerySet

__all__ = [
    "Acting",
    "Appointment",
    "AskedBy",
    "DatedQuerySet",
    "ImportBatch",
    "OpenSession",
    "Person",
    "PersonQuerySet",
    "Post",
    "Posting",
    "PostingQuerySet",
    "Succession",
    "Unit",
    "UnitKind",
    "UnitName",
    "UnitQuerySet",
    "User",
    "entrusted_to",
]
