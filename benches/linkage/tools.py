"""The two tools as programs: each reads the files, links them, and writes the pairs."""

from __future__ import annotations

import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

from scoring import Link, read_links
from tasks import Task

HERE = Path(__file__).parent

# Of what a program said before it failed, so much is told.
LAST_LINES = 15


class ToolFailed(Exception):
    """A program could not be started or ended with an error."""


@dataclass(frozen=True)
class Run:
    """What came of one run."""

    links: list[Link]
    # From start to end of the program, reading and writing included.
    seconds: float


def contactpoint(program: Path, task: Task, folder: Path) -> Run:
    """Links a task by `contactpoint link`."""
    out = folder / f"{task.name}-contactpoint.csv"
    files = [str(path) for path in (task.left, task.right) if path]
    seconds = run([str(program), "link", *files, "--columns", str(task.columns), "--out", str(out)])
    return Run(read_links(out, within=task.right is None), seconds)


def splink(python: Path, data: Path, task: Task, plan: str, folder: Path) -> Run:
    """Links a task by Splink as a plan of `splink_links.py` sets it up."""
    out = folder / f"{plan}-splink.csv"
    script = str(HERE / "splink_links.py")
    seconds = run([str(python), script, "--plan", plan, "--data", str(data), "--out", str(out)])
    return Run(read_links(out, within=task.right is None), seconds)


def environment(folder: Path) -> Path:
    """Makes an environment with Splink, or takes the one that is there; answers its Python."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {HERE / 'requirements.txt'} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(HERE / "requirements.txt")])
    return python


def run(command: list[str]) -> float:
    """Runs a program to its end; answers how long it took."""
    started = time.monotonic()
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        reason = f"{command[0]} cannot be started ({error.strerror}): build it first, or name another"
        raise ToolFailed(reason) from error
    if ended.returncode != 0:
        said = "\n".join((ended.stdout + ended.stderr).splitlines()[-LAST_LINES:])
        raise ToolFailed(f"{' '.join(command)} ended with {ended.returncode}; its last words:\n{said}")
    return time.monotonic() - started
