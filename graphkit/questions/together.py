"""Several answers together: each known by the question that it answers, all of one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from graphkit.errors import ParameterError
from graphkit.questions.asked import question_of
from graphkit.questions.finding import Finding
from graphkit.words import Text


def by_question(findings: Mapping[str, Finding] | Iterable[Finding]) -> dict[str, Finding]:
    """Return findings under the names of what they answer: ``gaps``, ``bridges``, ``reach``; any other under its own key or function.

    Raises
    ------
    ParameterError
        If two of them answer the same question, or something else than a finding is given.

    Examples
    --------
    >>> import pandas as pd
    >>> from graphkit.questions.finding import SUBJECT_COLUMNS
    >>> from graphkit.words import Text
    >>> rows = pd.DataFrame({"subject_kind": [], "subject_id": []})
    >>> list(by_question({"holes": Finding("find_coverage_gaps", Text("空白点", "gaps"), rows, SUBJECT_COLUMNS)}))
    ['gaps']
    """
    if isinstance(findings, Finding):
        raise ParameterError(Text("回答要放在列表或字典里：[finding]", "findings are given as a list or a mapping: [finding]"))
    named = findings.items() if isinstance(findings, Mapping) else ((None, finding) for finding in findings)
    known: dict[str, Finding] = {}
    for key, finding in named:
        if not isinstance(finding, Finding):
            given = type(finding).__name__
            raise ParameterError(Text(f"这里要的是 Finding，而不是 {given}", f"a Finding is wanted, not {given}"))
        name = _name_of(finding, key)
        if name in known:
            raise ParameterError(Text(f"有两项回答同属 {name}：请只给一项", f"two findings answer {name}: give one"))
        known[name] = finding
    return known


def common_day(findings: Mapping[str, Finding]) -> dt.date | None:
    """Return the day all findings speak of; ParameterError if they differ."""
    days = sorted({finding.as_of for finding in findings.values() if finding.as_of is not None})
    if len(days) > 1:
        listed = [str(day) for day in days]
        raise ParameterError(
            Text(
                f"各项回答的日期不同：{'、'.join(listed)}；请都按同一天提问",
                f"the findings speak of different days: {', '.join(listed)}; ask all questions as of one day",
            ),
        )
    return days[0] if days else None


def _name_of(finding: Finding, key: str | None) -> str:
    question = question_of(finding.question)
    return question.name if question else key or finding.question
