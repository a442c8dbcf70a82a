"""Files of other programs, read in a process of its own, which may take so much memory and so much time and no more.

Such readers make a table dense as they open it, so that a far cell or a repeated one ends the process, with no exception to catch.
What ends is then this child, and the file is refused. Between the two processes goes, for each sheet, a line about it, then its cells as Arrow.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from graphkit.words import Text
from loaders.sheets import Area, Grid

MEMORY = 3 * 2**30  # bytes of addresses
SECONDS = 60
BROKEN = "damaged"  # what is said of a file at which its reader crashed
_REFUSED = 3
_CRASHES = tuple(
    -getattr(signal, name) for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL") if hasattr(signal, name)
)  # an abort may be a want of memory


@dataclass(frozen=True, slots=True)
class Apart:
    """What came of reading in another process: grids, or why there are none.

    Attributes
    ----------
    grids : tuple of Grid
        The sheets.
    refused : str or None
        What the reader said of the file.
    overran : bool
        Whether the process ended at a bound of memory or time.
    """

    grids: tuple[Grid, ...] = ()
    refused: str | None = None
    overran: bool = False


def read_apart(path: Path, data: bytes, module: str, arguments: Sequence[str] = ()) -> Apart:
    """Run `module`, one of ours that ends in `run_child`, on `data`; `path` is what the grids name."""
    here = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])}
    try:
        run = subprocess.run(  # noqa: S603 - our own module, with no word of the user but the name of an encoding
            [sys.executable, "-m", module, *arguments], input=data, capture_output=True, check=False, timeout=SECONDS, env=environment
        )
    except subprocess.TimeoutExpired:
        return Apart(overran=True)
    if run.returncode == _REFUSED:
        said = run.stderr.decode(errors="replace").strip().splitlines()  # the last line is ours, those before it may be the reader's
        return Apart(refused=said[-1][:200] if said else BROKEN)
    if run.returncode in _CRASHES:
        return Apart(refused=BROKEN)
    return Apart(overran=True) if run.returncode else Apart(tuple(_unpack(path, run.stdout)))


def _pack(grids: list[Grid]) -> bytes:
    sink = io.BytesIO()
    for grid in grids:
        about = {"name": grid.name, "merged": grid.merged, "notes": [[note.zh, note.en] for note in grid.notes]}
        table = pa.table({f"f{n}": column for n, column in enumerate(grid.columns)}).replace_schema_metadata({"about": json.dumps(about)})
        stream = io.BytesIO()
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
        sink.write(len(stream.getvalue()).to_bytes(8, "big") + stream.getvalue())
    return sink.getvalue()


def _unpack(path: Path, packed: bytes) -> list[Grid]:
    grids = []
    while packed:
        size = int.from_bytes(packed[:8], "big")
        table = pa.ipc.open_stream(packed[8 : 8 + size]).read_all()
        packed = packed[8 + size :]
        about: dict[str, Any] = json.loads((table.schema.metadata or {})[b"about"])
        merged: tuple[Area, ...] = tuple((top, left, bottom, right) for top, left, bottom, right in about["merged"])
        notes = tuple(Text(zh, en) for zh, en in about["notes"])
        columns = tuple(column.combine_chunks() for column in table.columns)
        grids.append(Grid(path, about["name"], columns, np.arange(1, table.num_rows + 1), merged=merged, notes=notes))
    return grids


# In the child


def run_child(read: Callable[[bytes, list[str]], list[Grid]]) -> int:
    """Read what comes in by `read`, which has the arguments too, and write out the sheets; the exit code tells the parent what happened."""
    _limit_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a reader prints is no part of the answer
    try:
        packed = _pack(read(sys.stdin.buffer.read(), sys.argv[1:]))
    except MemoryError:
        return 1
    except Exception as error:  # noqa: BLE001  # whatever a damaged file brings about is told by its name alone
        sys.stderr.write(f"\n{error if isinstance(error, Refused) else type(error).__name__}")
        return _REFUSED
    with answers:
        answers.write(packed)
    return 0


class Refused(Exception):  # no error of ours: a word from the child to the parent
    """What a reader says of a file that it does not read, in words that hold nothing of it."""


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such limits has the time limit alone
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
