"""The command line: ``graphkit``, in Chinese and English; exit codes 0 done, 2 usage, 3 data, 4 store."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import typer

from graphkit.cli.commands import app
from graphkit.cli.words import choose_language, say_usage_error, translate, translate_help_pages
from graphkit.errors import GraphkitError, ParameterError, QueryError, StoreError
from graphkit.schema import Lang, Text

__all__ = ["main"]

DONE, USAGE, DATA, STORE, STOPPED = 0, 2, 3, 4, 130

_HEADINGS = {
    USAGE: Text("用法有误", "Usage"),
    DATA: Text("数据有误", "Data"),
    STORE: Text("数据库有误", "Store"),
    STOPPED: Text("已中断", "Stopped"),
}
_ADVICE = {
    USAGE: Text("看说明：graphkit --help", "Help: graphkit --help"),
    DATA: Text("逐条看问题：graphkit check 文件或文件夹", "See every problem: graphkit check SOURCE"),
    STOPPED: Text(
        "若在装入：文件夹里原有内容没有改动；服务器上已写入的部分保留着，再装一次即可接着完成。",
        "If it was a load: a folder is as it was before; on a server what was written is kept, and the same load goes on from there.",
    ),
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
        0 done, 2 wrong usage, 3 wrong data, 4 a store that refused or is away, 130 stopped by the user.

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
        return int(command.main(args=words, prog_name="graphkit", standalone_mode=False, obj=lang) or DONE)
    except typer.TyperException as error:
        return _refuse(USAGE, say_usage_error(error, lang), lang)
    except GraphkitError as error:
        return _refuse(_code_of(error), error.say(lang), lang)
    except OSError as error:
        return _refuse(DATA, f"{error.filename or ''}: {error.strerror or type(error).__name__}".lstrip(": "), lang)
    except (typer.Abort, KeyboardInterrupt):
        return _refuse(STOPPED, "Ctrl-C", lang)


def _keep_printing() -> None:
    """A terminal of another encoding gets question marks for what it cannot show, not a failure half way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _code_of(error: GraphkitError) -> int:
    if isinstance(error, (ParameterError, QueryError)):
        return USAGE
    return STORE if isinstance(error, StoreError) else DATA


def _refuse(code: int, message: str, lang: Lang) -> int:
    """Print one clear block on standard error and return the exit code."""
    advice = "" if code not in _ADVICE or "graphkit " in message else f"\n  {_ADVICE[code].say(lang)}"  # a store says itself what became of the data
    body = message.replace("\n", "\n  ")
    sys.stderr.write(f"{_HEADINGS[code].say(lang)}\n  {body}{advice}\n")
    return code
