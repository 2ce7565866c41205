"""The programs behind `make run` are started again when they die, and none outlives the command."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUPERVISOR = """
    import sys
    from emulation_portal import processes
    from emulation_portal.processes import Program, Programs

    processes.FIRST_PAUSE, processes.PATIENCE = 0.1, 1.0
    programs = Programs(lambda sentence: print(sentence, flush=True))
    with programs.guarded():
        for number, code in enumerate(sys.argv[1:]):
            program = programs.start(Program(f"p{number}", [sys.executable, "-c", code]))
            print("pid", program.process.pid, flush=True)
        programs.watch()
    print("ended", flush=True)
"""
SLEEPS = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " print('deaf', flush=True); time.sleep(60)"
)
HAS_CHILD = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    " print('child', child.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def supervise():
    started = []

    def start(*codes):
        command = [sys.executable, "-c", textwrap.dedent(SUPERVISOR), *codes]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def word_after(process, word):
    """Read the output up to a line that starts with the word, and return the rest of that line."""
    for line in process.stdout:
        if line.startswith(word):
            return line.removeprefix(word).strip()
    raise AssertionError(f"the output ended without {word!r}: {process.stderr.read()}")


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(pid, seconds=5):
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_program_without_a_traceback(supervise, number):
    process = supervise(SLEEPS, SLEEPS)
    pids = [int(word_after(process, "pid")), int(word_after(process, "pid"))]
    process.send_signal(number)
    out, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert out.endswith("ended\n")
    assert errors == ""
    assert not any(is_alive(pid) for pid in pids)


def test_a_program_that_ignores_the_request_is_killed(supervise):
    process = supervise(STUBBORN)
    pid = int(word_after(process, "pid"))
    word_after(process, "deaf")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert not is_alive(pid)


def test_what_a_program_started_goes_with_it(supervise):
    process = supervise(HAS_CHILD)
    child = int(word_after(process, "child"))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    wait_until_gone(child)


def test_a_program_that_dies_is_started_again_after_a_growing_pause(supervise):
    process = supervise("print('born', flush=True)")
    for _ in range(3):
        word_after(process, "born")
        assert "đã dừng (mã 0)" in word_after(process, "Tiến trình")


def test_programs_end_when_the_command_is_killed(supervise):
    process = supervise(SLEEPS)
    pid = int(word_after(process, "pid"))
    os.kill(process.pid, signal.SIGKILL)
    wait_until_gone(pid)
