"""Every address of the portal, read from the resolver, so that a new one is walked without anybody thinking of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# The only pages that open without sign-in.
PUBLIC = {
    "login",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "health",
    "calendar_feed",
}
ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
NOWHERE = 987_654_321
WORDS = {
    "str": "khong-co",
    "slug": "khong-co",
    "path": "khong/co",
    "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
}


@dataclass(frozen=True)
class Route:
    """One address with the arguments still open."""

    name: str
    template: str
    view: Any

    @property
    def arguments(self) -> list[str]:
        return [found["name"] for found in ARGUMENT.finditer(self.template)]

    @property
    def takes_numbers(self) -> bool:
        return any(found["converter"] == "int" for found in ARGUMENT.finditer(self.template))

    def path(self, number: int = NOWHERE, **words: str) -> str:
        """The address with every number filled in with ``number`` and every word with a harmless one."""

        def fill(found: re.Match[str]) -> str:
            if found["converter"] == "int":
                return str(number)
            return words.get(found["name"], WORDS[found["converter"] or "str"])

        return "/" + ARGUMENT.sub(fill, self.template)


def all_routes() -> list[Route]:
    return list(_below(get_resolver(), "", ""))


def _below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = prefix + _text(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _below(pattern, address, inner)
        else:
            yield Route(f"{namespace}{pattern.name}", address, pattern.callback)


def _text(pattern: URLPattern | URLResolver) -> str:
    route = getattr(pattern.pattern, "_route", None)
    assert route is not None, f"{pattern.pattern} is a regular expression: use path()"
    return str(route)


def ask(client: Client, method: str, path: str, **extra: Any) -> HttpResponse:
    return getattr(client, method.lower())(path, **extra)


def finish(answer: HttpResponse) -> HttpResponse:
    """Read a streamed answer to its end, which closes its file; ``close()`` would close the test's connection too."""
    if answer.streaming:
        list(answer)  # type: ignore[call-overload]
    return answer
