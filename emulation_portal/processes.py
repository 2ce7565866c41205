"""Keeps a few programs running side by side: starts them, restarts what dies, stops them all. Knows no Django."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

FIRST_PAUSE = 1.0  # seconds before a program that died is started again; doubled while it keeps dying
LONGEST_PAUSE = 30.0
SETTLED = 60.0  # a program that has run this long starts again from the first pause
PATIENCE = 10.0  # seconds a program has to stop by itself
TICK = 0.2

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Runs in the new program: when we are killed without a chance to clean up, it gets SIGTERM."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Program:
    """One program in a process group of its own, so that Ctrl-C reaches it only through us."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    deaths: int = field(default=0, init=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # safe: no other thread runs when we fork
        )

    @property
    def has_ended(self) -> bool:
        if self.process is None or self.process.returncode is not None:
            return True
        # WNOWAIT leaves the dead leader in place, so that its group's number cannot belong to anyone else yet.
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def ask_to_stop(self) -> None:
        if self.process and not self.has_ended:
            self.process.terminate()

    def clear_away(self) -> int | None:
        """End whatever is left of the group and return the leader's exit code."""
        if self.process and self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return self.process.returncode if self.process else None

    def pause_after_death(self) -> float:
        if time.monotonic() - self.started_at > SETTLED:
            self.deaths = 0
        self.deaths += 1
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.deaths - 1))


class Programs:
    """The programs in the order they were started; ``say`` tells the user what happens."""

    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.running: list[Program] = []
        self.stop_requests = 0
        self._interrupting = True

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Ctrl-C, SIGTERM and a closed terminal end the block; on the way out every program is stopped."""
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in signals}
        try:
            yield
        except KeyboardInterrupt:
            pass
        finally:
            self._interrupting = False
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_requests += 1
        # Until every program runs, whatever is going on is broken off; afterwards watch() looks at the counter.
        if self._interrupting:
            raise KeyboardInterrupt

    def start(self, program: Program) -> Program:
        self.running.append(program)
        program.start()
        return program

    def watch(self) -> None:
        """Start again what dies, until somebody asks to stop."""
        self._interrupting = False
        due: dict[str, float] = {}
        while not self.stop_requests:
            for program in self.running:
                if not program.has_ended:
                    continue
                if program.name not in due:
                    code = program.clear_away()
                    pause = program.pause_after_death()
                    due[program.name] = time.monotonic() + pause
                    self.say(f"Tiến trình {program.name} đã dừng (mã {code}); chạy lại sau {pause:.0f} giây.")
                elif time.monotonic() >= due[program.name]:
                    del due[program.name]
                    program.start()
            time.sleep(TICK)

    def stop(self) -> None:
        """The first program (the broker) serves the others, so it goes last."""
        self._stop(self.running[1:])
        self._stop(self.running[:1])

    def _stop(self, programs: Iterable[Program]) -> None:
        programs = list(programs)
        requests = self.stop_requests
        for program in programs:
            program.ask_to_stop()
        deadline = time.monotonic() + PATIENCE
        # A second Ctrl-C does not wait any longer.
        while time.monotonic() < deadline and self.stop_requests <= max(requests, 1):
            if all(program.has_ended for program in programs):
                break
            time.sleep(TICK / 4)
        for program in programs:
            program.clear_away()
