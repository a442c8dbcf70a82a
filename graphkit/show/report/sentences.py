"""How texts in two languages are put together."""

from __future__ import annotations

from collections.abc import Sequence

from graphkit.words import Text


def same(value: object) -> Text:
    """Return a text that is the same in both languages."""
    return Text(str(value), str(value))


def join(texts: Sequence[Text], separator: Text | None = None) -> Text:
    """Return one text of several, with `separator` between them."""
    between = separator or Text("", "")
    return Text(between.zh.join(t.zh for t in texts), between.en.join(t.en for t in texts))


def flow(sentences: Sequence[Text], lang: str) -> str:
    """Return sentences as they follow each other in one language."""
    return ("" if lang == "zh" else " ").join(sentence.say(lang) for sentence in sentences)


def stop(sentence: object, mark: str) -> str:
    """Return a sentence that ends in `mark`, unless it has ended already."""
    text = str(sentence).rstrip()
    return text if text.endswith((".", "。", "；", ";")) else text + mark
