"""The search finds Chinese words too: a run of Chinese characters is indexed, and asked for, by its pairs of neighbours."""

from __future__ import annotations

import re
from itertools import pairwise

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
SPLIT_IN_BROWSER = """
function splitQuery(query) {
  const runs = query.match(/[\\u3400-\\u9fff]+|[^\\s\\p{P}\\p{S}\\u3400-\\u9fff]+/gu) || [];
  return runs.flatMap((run) =>
    /^[\\u3400-\\u9fff]{2,}$/.test(run) ? Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2)) : [run],
  );
}
"""


class SearchBoth(SearchEnglish):
    """English words by their stems, Chinese ones by pairs of characters."""

    js_splitter_code = SPLIT_IN_BROWSER

    def split(self, input: str) -> list[str]:  # noqa: A002 - named by Sphinx
        """Return the terms of a text."""
        return [term for run in RUN.findall(input) for term in _split_run(run)]


def _split_run(run: str) -> list[str]:
    chinese = len(run) > 1 and "\u3400" <= run[0] <= "\u9fff"
    return ["".join(pair) for pair in pairwise(run)] if chinese else [run]


def setup(app: Sphinx) -> dict[str, bool]:
    """Put this search in the place of the English one."""
    app.add_search_language(SearchBoth)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
