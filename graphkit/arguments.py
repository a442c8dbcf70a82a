"""What a caller may give: one guard for each kind of argument, the same at every door."""

from __future__ import annotations

from graphkit.errors import ParameterError


def need_lang(lang: str) -> None:
    """Raise ParameterError unless `lang` is ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> need_lang("zh")
    """
    if lang not in ("zh", "en"):
        raise ParameterError(f"lang is 'zh' or 'en', not {lang!r}", zh=f"lang 只能是 'zh' 或 'en'，不能是 {lang!r}")
