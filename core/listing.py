"""Lists: one description of columns, filters and order serves the page, the phone and the exported sheet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core.bare import CHUNK, bare
from core.prepared import Prepared, Slots
from core.sheets import sheet_response
from core.vietnamese import fold, format_date, format_decimal, format_moment

PER_PAGE = 25
SOUGHT = 100  # rows of a narrowed list that one scan finds and counts; of a search there are no more pages
COUNTED = 15_000  # rows that are counted one by one; nobody turns six hundred pages
PLACE = 987654321  # stands for a row's number while its address is taken apart
EXPORT_LIMIT = 100_000
LONGEST_SEARCH, MOST_WORDS = 200, 10  # what a person types; more only makes the database work


@dataclass(frozen=True)
class Column:
    """One column. ``value`` gives what the sheet holds; the page shows the same, formatted.

    ``order`` names the database fields to sort by, ``badge`` the colour of a state, ``places`` fixed decimals.
    ``link`` gives the address of a row, or nothing where this user may not open it.
    """

    label: str
    value: Callable[[Any], Any]
    order: tuple[str, ...] = ()
    link: Callable[[Any], str] | None = None
    badge: Callable[[Any], str] | None = None
    places: int | None = None
    width: int = 20
    hide_on_phone: bool = False

    @cached_property
    def key(self) -> str:
        return fold(self.label).replace(" ", "-")

    @cached_property
    def _phone(self) -> str:
        return " d-none d-sm-table-cell" if self.hide_on_phone else ""

    @cached_property
    def _label(self) -> str:
        return escape(self.label)

    def text(self, row: Any) -> str:
        return self._shown(self.value(row))

    def _shown(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "Có" if value else "Không"
        if isinstance(value, Decimal | int):
            return format_decimal(value, self.places)
        if isinstance(value, datetime):
            return format_moment(value)
        if isinstance(value, date):
            return format_date(value)
        return value or ""

    def cell(self, row: Any) -> str:
        """The table cell, built here because a template per cell is what makes lists slow."""
        value = self.value(row)
        text = escape(self._shown(value))
        if self.badge and text:
            text = f'<span class="badge bg-{self.badge(row)}-lt">{text}</span>'
        if self.link and (href := self.link(row)):
            text = f'<a href="{escape(href)}">{text or "(không tên)"}</a>'
        number = (
            " text-end"
            if isinstance(value, Decimal | int)
            else " text-nowrap"
            if isinstance(value, date)
            else ""
        )
        return f'<td class="{(number + self._phone).strip()}" data-label="{self._label}">{text}</td>'


@dataclass(frozen=True)
class Filter:
    """A choice above the list. ``apply`` narrows the rows to the chosen value.

    With ``within``, the name of another filter, it is offered once that one is set, and ``choices`` is given its value.
    """

    name: str
    label: str
    choices: Callable[..., Iterable[tuple[str, str]]]
    apply: Callable[[QuerySet, str], QuerySet]
    within: str = ""

    def offered(self, query: Mapping[str, str]) -> list[tuple[str, str]]:
        if not self.within:
            return list(self.choices())
        outer = query.get(self.within)
        return list(self.choices(outer)) if outer else []


@dataclass(frozen=True)
class Listing:
    """A list of the portal: what it shows, how it is searched, filtered, ordered and exported.

    ``reads`` names the fields that its columns show (``"unit__short_name"`` of a joined row): nothing else of a row
    leaves the database. ``adds`` are figures that the database finds for each row (annotations). ``is_narrow`` says
    that this user sees few of the rows, as if he had searched for them.
    """

    title: str
    columns: Sequence[Column]
    order: tuple[str, ...]
    reads: tuple[str, ...] = ()
    adds: Mapping[str, Any] = field(default_factory=dict)
    search: tuple[str, ...] = ()
    filters: Sequence[Filter] = ()
    search_hint: str = "Tìm không cần dấu"
    empty: str = "Chưa có dòng nào."
    selectable: bool = False
    is_narrow: bool = False

    def narrow(self, rows: QuerySet, query: dict[str, str]) -> QuerySet:
        """The rows that the address asks for, in its order."""
        rows = rows.annotate(**self.adds)
        for word in fold(query.get("q", "")[:LONGEST_SEARCH]).split()[:MOST_WORDS]:
            hits = Q()
            for name in self.search:
                hits |= Q(**{f"{name}__contains": word})
            rows = rows.filter(hits)
        for chosen in self.filters:
            value = query.get(chosen.name, "")
            if value and value in dict(chosen.offered(query)):
                rows = chosen.apply(rows, value)
        return rows.order_by(*self._order(query.get("sap", "")))

    def read(self, rows: QuerySet, *, stream: bool = False) -> Iterator[Any]:
        """These rows, narrowed before, with what the columns read of them and no more."""
        if self.reads:
            model: Any = rows.model
            return bare(model, self.reads, tuple(rows.query.annotation_select)).rows(rows, stream=stream)
        return rows.iterator(chunk_size=CHUNK) if stream else iter(rows)

    def whole(self, rows: QuerySet, numbers: Sequence[int]) -> list[Any]:
        """The rows of these numbers, in their order; rows that went away meanwhile are left out."""
        model: Any = rows.model
        columns = bare(model, self.reads, tuple(self.adds))
        found = columns.dressed(self._by_number(model).ask(numbers=numbers), rows.db)
        known = {row.pk: row for row in found}
        return [known[number] for number in numbers if number in known]

    def _by_number(self, model: Any) -> Prepared:
        """Written once for a list that stays, and for all lists that read the same of a model."""
        if self.adds:
            return self.__dict__.setdefault("_numbered", _numbered(model, self.reads, self.adds))
        return _plainly_numbered(model, self.reads)

    def _order(self, wanted: str) -> tuple[str, ...]:
        descending, key = wanted.startswith("-"), wanted.lstrip("-")
        for column in self.columns:
            if column.order and column.key == key:
                fields = column.order
                turned = tuple(_turn(name) for name in fields) if descending else fields
                return (*turned, "-pk" if descending else "pk")  # an index is read from either end
        return (*self.order, "pk")


def _numbered(model: Any, reads: tuple[str, ...], adds: Mapping[str, Any]) -> Prepared:
    columns = bare(model, reads, tuple(adds))
    every = model._default_manager.order_by()
    return Prepared(lambda: columns.plain(every.annotate(**adds).filter(pk__in=Slots("numbers"))))


@cache
def _plainly_numbered(model: Any, reads: tuple[str, ...]) -> Prepared:
    return _numbered(model, reads, {})


def to(route: str) -> Callable[[Any], str]:
    """The link of a row to its own page; the address is asked for once, not row by row."""
    address = cache(lambda: addresses(route))
    return lambda row: address()(row.pk)


def addresses(route: str, *before: Any) -> Callable[[Any], str]:
    """The addresses of many rows, of which only the last argument differs: asked for once."""
    start, _, end = reverse(route, args=[*before, PLACE]).rpartition(str(PLACE))
    return lambda last: f"{start}{last}{end}"


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


@dataclass
class ListPage:
    """One page of a list, ready for ``components/listing.html``."""

    listing: Listing
    rows: QuerySet
    query: dict[str, str]
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        narrowed = self.listing.is_narrow or self.searching
        pages = _Pages(self.listing, self.rows, narrowed=narrowed, typed=bool(self.query.get("q")))
        self.page = pages.get_page(self.query.get("trang"))

    @property
    def total(self) -> int:
        """The number of rows, or the most that are counted: then ``is_longer``."""
        return self.page.paginator.count

    @property
    def is_longer(self) -> bool:
        return self.page.paginator.is_longer  # type: ignore[attr-defined]

    @property
    def body(self) -> SafeString:
        """All rows as table rows; every value is escaped by ``Column.cell``."""
        columns = self.listing.columns
        return mark_safe(  # noqa: S308 - see above
            "".join(
                f"<tr>{self._tick(row)}{''.join(column.cell(row) for column in columns)}</tr>"
                for row in self.page
            )
        )

    def _tick(self, row: Any) -> str:
        if not self.listing.selectable:
            return ""
        version = getattr(row, "version", None)
        shown = f'<input type="hidden" name="version_{row.pk}" value="{version}" form="chon-nhieu">'
        return (
            f'<td class="w-1"><input class="form-check-input" type="checkbox" name="chon" value="{row.pk}" '
            f'form="chon-nhieu" aria-label="Chọn dòng {escape(str(row))}">{shown if version else ""}</td>'
        )

    @property
    def heads(self) -> list[dict[str, str]]:
        current = self.query.get("sap", "")
        return [self._head(column, current) for column in self.listing.columns]

    def _head(self, column: Column, current: str) -> dict[str, str]:
        up, down = current == column.key, current == f"-{column.key}"
        phone = "d-none d-sm-table-cell" if column.hide_on_phone else ""
        if self.total and isinstance(column.value(self.page[0]), Decimal | int):
            phone += " text-end"
        if not column.order:
            return {"label": column.label, "phone": phone}
        target = f"-{column.key}" if up else column.key
        return {
            "label": column.label,
            "phone": phone,
            "href": self.address(sap=target, trang=""),
            "mark": "▲" if up else "▼" if down else "",
            "sorted": "ascending" if up else "descending" if down else "none",
        }

    @property
    def choices(self) -> list[dict[str, Any]]:
        offers = [(chosen, chosen.offered(self.query)) for chosen in self.listing.filters]
        return [
            {
                "name": chosen.name,
                "label": chosen.label,
                "options": _options(tuple(offered), self.query.get(chosen.name)),
            }
            for chosen, offered in offers
            if offered or not chosen.within
        ]

    @property
    def searching(self) -> bool:
        return any(self.query.get(name) for name in ["q", *(chosen.name for chosen in self.listing.filters)])

    @property
    def steps(self) -> list[dict[str, str]]:
        """The pager: first, previous, near and last pages."""
        paginator = self.page.paginator
        if paginator.num_pages < 2:
            return []
        return [
            {
                "label": str(number),
                "href": self.address(trang=str(number)),
                "current": "1" if number == self.page.number else "",
            }
            for number in paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        ]

    def address(self, **changes: str) -> str:
        query = {**self.query, **changes}
        return "?" + urlencode({name: value for name, value in query.items() if value})

    @property
    def export_address(self) -> str:
        return self.address(xuat="xlsx", trang="")


@lru_cache(64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str | None) -> SafeString:
    """Built here for the same reason as the cells, and once for the same names: a filter may offer all units."""
    return mark_safe(  # noqa: S308 - escaped piece by piece
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in choices
        )
    )


class _Pages(Paginator):
    """Where the order needs no other table, the database seeks and sorts bare numbers and then reads 25 whole rows.

    A list that fits its first page is counted by reading it, and a ``narrowed`` one by one scan that finds its first
    hundreds. Nobody reads on for words that he ``typed``: he types one more. Pages of the second half are read from
    the end, so that the last one costs what the first one costs.
    """

    def __init__(self, listing: Listing, rows: QuerySet, *, narrowed: bool, typed: bool) -> None:
        super().__init__(rows, PER_PAGE)
        self.listing, self.beginning, self.is_longer, self.typed = listing, list[Any](), False, typed
        numbered = bool(listing.reads) and rows.query.annotations.keys() <= listing.adds.keys()
        self.sought = numbered and narrowed
        self.seeks = self.sought or (numbered and not any("__" in str(name) for name in rows.query.order_by))

    def _found(self, rows: QuerySet) -> list[Any]:
        return list(rows.values_list("pk", flat=True) if self.seeks else self.listing.read(rows))

    @cached_property
    def count(self) -> int:
        some: QuerySet = self.object_list.order_by().values("pk")[: COUNTED + 1]  # type: ignore[attr-defined]
        found = some.count()
        self.is_longer = found > COUNTED
        return min(found, COUNTED)

    def get_page(self, number: int | float | str | None) -> Page:
        if self.sought or not number or number == "1":
            reach = SOUGHT if self.sought else PER_PAGE
            found = self._found(self.object_list[: reach + 1])  # type: ignore[arg-type]
            self.beginning, is_longer = found[:reach], len(found) > reach
            if not is_longer or (self.sought and self.typed):
                self.count, self.is_longer = len(self.beginning), is_longer
        return super().get_page(number)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * PER_PAGE
        last = min(first + PER_PAGE, self.count)
        if last <= len(self.beginning):
            found = self.beginning[first:last]
        elif first <= self.count // 2 or self.is_longer:
            found = self._found(self.object_list[first:last])  # type: ignore[arg-type]
        else:
            backwards = self.object_list.reverse()  # type: ignore[attr-defined]
            found = self._found(backwards[self.count - last : self.count - first])[::-1]
        return Page(self.listing.whole(self.object_list, found) if self.seeks else found, number, self)  # type: ignore[arg-type]


def list_response(
    request: HttpRequest,
    listing: Listing,
    rows: QuerySet,
    template: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page, only its table for htmx, or with ``?xuat=xlsx`` the same rows as a sheet."""
    query = request.GET.dict()
    export = query.pop("xuat", "") == "xlsx"
    rows = listing.narrow(rows, query)
    if export:
        whole = listing.read(rows[:EXPORT_LIMIT], stream=True)
        return sheet_response(listing.title, listing.columns, whole)
    page = ListPage(listing, rows, query)
    wanted = "components/listing.html" if request.headers.get("HX-Request") else template
    return render(request, wanted, {**(context or {}), "list": page})
