"""Coverage gaps: of whom does a written rule ask something, and is it met?"""

from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.coverage.summary import summarise_coverage

__all__ = ["find_coverage_gaps", "summarise_coverage"]
