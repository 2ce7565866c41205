"""A mail server that takes everything and counts the copies: just enough of SMTP for the bench, without a library."""

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
WORDS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Sink:
    """``copies`` by Message-ID; ``first`` and ``last`` are the moments of the first and the newest arrival."""

    def __init__(self) -> None:
        self.copies: Counter[bytes] = Counter()
        self.total = 0
        self.first = self.last = 0.0
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 bench\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].strip().upper()
                writer.write(WORDS.get(verb, b"250 OK\r\n"))
                if verb == b"QUIT":
                    break
                if verb == b"DATA":
                    self.take(await reader.readuntil(b"\r\n.\r\n"))
                    writer.write(b"250 OK\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a worker was killed in the middle of a word
        finally:
            writer.close()

    def take(self, content: bytes) -> None:
        found = MESSAGE_ID.search(content)
        self.copies[found[1] if found else b"?"] += 1
        self.total += 1
        self.last = time.monotonic()
        self.first = self.first or self.last


@contextmanager
def serving() -> Iterator[Sink]:
    sink, loop = Sink(), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(sink.talk, "127.0.0.1", 0, limit=2**20))
    sink.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()
