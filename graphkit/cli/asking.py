"""The commands that ask: one for each question there is, made from what the question says of itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphkit.cli.options import LOOK, AsOfOption, DatabaseOption, DatasetOption, LangOption, OutOption, StoreArgument, app, lang_of
from graphkit.cli.spark import EngineOption, Engines, MasterOption, open_source
from graphkit.cli.words import both
from graphkit.questions.asked import list_questions
from graphkit.questions.question import Option, Question
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding


def with_options(command: Callable[..., None], questions: Iterable[Question]) -> Callable[..., None]:
    """Give a command that takes ``**options`` the options of these questions in their place, where the command line reads them."""
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.kind is not p.VAR_KEYWORD]
    asked = [_parameter(option) for question in questions for option in question.options]
    command.__signature__ = inspect.Signature([*own, *asked])  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in (*own, *asked)} | {"return": None}
    return command


def _parameter(option: Option) -> inspect.Parameter:
    help_ = both(option.meaning.zh, option.meaning.en)
    described = typer.Option("--" + option.name.replace("_", "-"), min=option.minimum, max=option.maximum, help=help_)
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=option.default, annotation=Annotated[type(option.default), described]
    )


def _make_command(question: Question) -> Callable[..., None]:
    def command(
        store: StoreArgument,
        *,
        as_of: AsOfOption = None,
        out: OutOption = None,
        database: DatabaseOption = None,
        dataset: DatasetOption = "district",
        lang: LangOption = None,
        **options: Any,
    ) -> None:
        need_out(out)
        engine, master = options.pop("engine", Engines.duckdb), options.pop("master", None)
        with open_source(store, lang, database, dataset, on_spark=engine == "spark", master=master) as (tables, on):
            finding = question.ask(tables, as_of=as_of, **options, **on)
        tell_answer(finding, out, lang_of(lang))

    command.__doc__ = f"{question.asks.en}\n\n{question.explains.en}\n\n{question.asks.zh}\n\n{question.explains.zh}"
    made = with_options(command, [question])
    return with_engine(made) if question.is_relational else made


def with_engine(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what counts."""
    signature = inspect.signature(command)
    chosen = [
        inspect.Parameter("engine", inspect.Parameter.KEYWORD_ONLY, default=Engines.duckdb, annotation=EngineOption),
        inspect.Parameter("master", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=MasterOption),
    ]
    command.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *chosen])  # type: ignore[attr-defined]
    command.__annotations__ |= {p.name: p.annotation for p in chosen}
    return command


def need_out(out: Path | None) -> None:
    """Refuse a file that could not be written, before the work."""
    from graphkit.questions.files import need_suffix

    if out is not None:
        need_suffix(out)


def tell_answer(finding: Finding, out: Path | None, lang: Lang) -> None:
    """Print the answer's summary, and write the whole of it where asked."""
    from graphkit.cli.summary import say_count, say_finding
    from graphkit.questions.files import write_finding

    typer.echo(say_finding(finding, lang))
    if out is not None:
        path = write_finding(finding, out, lang=lang)
        typer.echo(Text(f"{len(finding):,} 行：{path}", f"{say_count(len(finding))}: {path}").say(lang))


for _question in list_questions():
    if _question.of_district:
        app.command(_question.name, rich_help_panel=LOOK)(_make_command(_question))


@app.command("check-figures", rich_help_panel=LOOK)
def check_figures_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=both("说法表：一个 CSV 或 XLSX，每行一个说法。", "The table of claims: a CSV or XLSX, one claim a row.")),
    ],
    *,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Published figures: can they be true together?

    Gives every claim a verdict: holds, impossible, doubtful or cannot be checked, with the nearest possible values and the smallest base.

    公布的数字：能不能同时成立？

    逐条给出结论：成立、不可能、存疑或无法核对，并给出最近的可能值和最小的总数。
    """
    import loaders
    from graphkit.questions.figures.check import check_figures

    need_out(out)
    tell_answer(check_figures(loaders.load_claims(file)), out, lang_of(lang))
