"""The answers together, for the map, the report and the demonstration."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from graphkit.cli.progress import show_step
from graphkit.questions.asked import list_questions
from graphkit.words import Lang

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.finding import Finding


def answer_all(tables: Tables, *, as_of: dt.date | None, lang: Lang, **options: Any) -> dict[str, Finding]:
    """Answer every question about a district as of one day; each takes its own of the `options`."""
    day = as_of or dt.date.today()  # noqa: DTZ011 - the day of the user's calendar
    answers = {}
    for question in list_questions():
        if question.on_pages:
            own = {option.name: options[option.name] for option in question.options if option.name in options}
            with show_step(tables.model.terms.put(question.heading).say(lang)):
                answers[question.name] = question.ask(tables, as_of=day, **own)
    return answers


def add_for_report(tables: Tables, answers: dict[str, Finding], *, rules: str = "acheng-2010", **_others: Any) -> dict[str, Finding]:
    """The answers, and for the report those about people and the annual return, of the same day and pack.

    A pack that asks for no body by the number of members is of another field, and has none of these.
    """
    from graphkit.questions.annual_return.question import QUESTION
    from graphkit.questions.people.question import QUESTIONS
    from graphkit.rules.reader import read_rule_pack

    pack = read_rule_pack(rules)
    spoken = [[{clause.fact for condition in conditions for clause in condition} for conditions in (rule.asked, rule.met)] for rule in pack]
    if not any("own_bodies" in met and asked & {"full_members", "party_members"} for asked, met in spoken):
        return answers
    day = answers["gaps"].as_of
    people = {question.name: question.ask(tables, as_of=day) for question in QUESTIONS}
    return {**answers, **people, QUESTION.name: QUESTION.ask(tables, as_of=day, rules=pack)}
