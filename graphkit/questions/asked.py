"""Which questions there are; cheap to ask, for every command does."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING

from graphkit.errors import ParameterError
from graphkit.questions.question import Question
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding

ROOMS = ("coverage", "bridges", "reach", "promises", "people", "annual_return", "plans", "figures")
"""Folders of `graphkit.questions`, whose module ``question`` holds a question as ``QUESTION``, or several as ``QUESTIONS``; in the order in which they are shown."""


@cache
def list_questions() -> tuple[Question, ...]:
    """Return the questions that graphkit answers about a district, in the order in which they are shown.

    Examples
    --------
    >>> [question.name for question in list_questions()]
    ['gaps', 'bridges', 'reach', 'promises', 'admission', 'training', 'founders', 'secretaries', 'reserve-pool', 'succession', 'posts', 'annual-return', 'plan', 'figures']
    """
    modules = [importlib.import_module(f"graphkit.questions.{room}.question") for room in ROOMS]
    return tuple(question for module in modules for question in (module.QUESTIONS if hasattr(module, "QUESTIONS") else (module.QUESTION,)))


def question_of(function: str) -> Question | None:
    """Return the question that the function of this name answers, if there is one."""
    return next((question for question in list_questions() if question.function == function), None)


def need_question(finding: Finding) -> Question:
    """Return the question that a finding answers; ParameterError if it answers none of graphkit's."""
    question = question_of(finding.question)
    if question is None:
        known = [q.function for q in list_questions()]
        raise ParameterError(
            Text(
                f"{finding.question} 不是 graphkit 的问题；现有 {'、'.join(known)}",
                f"{finding.question} is no question of graphkit; there are {', '.join(known)}",
            ),
        )
    return question
