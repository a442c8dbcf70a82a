"""The command line: ``graphkit``, in Chinese and English; exit codes 0 done, 2 usage, 3 data, 4 store or file."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from graphkit.cli import asking, bringing, cypher, deciding, explaining, inspecting, showing  # noqa: F401 - each adds its commands
from graphkit.cli.options import app
from graphkit.cli.reading import Interrupted
from graphkit.cli.words import choose_language, say_usage_error, translate, translate_help_pages
from graphkit.errors import EngineError, GraphkitError, ParameterError, QueryError, StoreError, WriteError
from graphkit.files import say_refusal
from graphkit.words import Lang, Text

__all__ = ["main"]

DONE, USAGE, DATA, STORE, STOPPED, CLOSED = 0, 2, 3, 4, 130, 141

_HEADINGS = {
    USAGE: Text("用法有误", "Usage"),
    DATA: Text("数据有误", "Data"),
    STORE: Text("数据库有误", "Store"),
    STOPPED: Text("已中断", "Stopped"),
}
_ENGINE = Text("计算引擎", "Engine")
_FILE = Text("文件有误", "File")
_ADVICE = {  # of a store or a file that refused, the error itself says what became of the data
    USAGE: Text("看说明：graphkit --help", "Help: graphkit --help"),
    DATA: Text("逐条看问题：graphkit check 文件或文件夹", "See every problem: graphkit check SOURCE"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    words : sequence of str, optional
        The words after ``graphkit``; those of this process if not given.

    Returns
    -------
    int
        0 done, 2 wrong usage, 3 wrong data, 4 a store that refused or is away or a file that
        cannot be read or written, 130 stopped by the user.

    Examples
    --------
    >>> main(["--version"])
    graphkit 0.1.0
    0
    """
    words = list(sys.argv[1:] if words is None else words)
    _keep_printing()
    lang = choose_language(words, os.environ)
    command = typer.main.get_command(app)
    translate(command, lang)
    if not words or "--help" in words:
        translate_help_pages(lang)
    try:
        return _run(command, words, lang)
    except (typer.TyperException, GraphkitError, OSError, typer.Abort, KeyboardInterrupt) as error:
        return _explain(error, lang)


def _explain(error: BaseException, lang: Lang) -> int:
    """Say what went wrong, under its true heading, and return the exit code."""
    code, heading, message = DATA, None, ""
    match error:
        case typer.TyperException():
            code, message = USAGE, say_usage_error(error, lang)
        case WriteError():
            code, heading, message = STORE, _FILE, error.say(lang)
        case EngineError():
            code, heading, message = STORE, _ENGINE, error.say(lang)
        case GraphkitError():
            code, message = _code_of(error), error.say(lang)
        case BrokenPipeError():  # whoever read what we print has seen enough
            _drop_output()
            return CLOSED
        case OSError():
            code, heading, message = STORE, _FILE, f"{error.filename or ''}: {say_refusal(error, lang)}".lstrip(": ")
        case Interrupted():
            code, message = STOPPED, f"Ctrl-C\n{error.after.say(lang)}"
        case _:
            code, message = STOPPED, "Ctrl-C"
    return _refuse(code, message, lang, heading=heading)


def _run(command: Any, words: list[str], lang: Lang) -> int:
    """Run the command and bring what it printed to where it goes: Python itself would say only after the end that it could not.

    The parser's own `main` would turn Ctrl-C into an exit code, and what is to be said about it would be lost.
    """
    code = DONE
    try:
        with command.make_context("graphkit", words, obj=lang) as context:
            command.invoke(context)
    except typer.Exit as end:
        code = end.exit_code
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
        raise
    return code


def _drop_output() -> None:
    """Let what could not be printed go."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep_printing() -> None:
    """A terminal of another encoding gets question marks for what it cannot show, not a failure half way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _code_of(error: GraphkitError) -> int:
    if isinstance(error, (ParameterError, QueryError)):
        return USAGE
    return STORE if isinstance(error, StoreError) else DATA


def _refuse(code: int, message: str, lang: Lang, *, heading: Text | None = None) -> int:
    """Print one clear block on standard error and return the exit code; advice is added where the message itself names no command."""
    lines = [message]
    if code in _ADVICE and "graphkit " not in message:
        lines.append(_ADVICE[code].say(lang))
    body = "\n".join(lines).replace("\n", "\n  ")
    sys.stderr.write(f"{(heading or _HEADINGS[code]).say(lang)}\n  {body}\n")
    return code
