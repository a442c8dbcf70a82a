"""The two languages of the command line: which one to speak, and every help text in both."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphkit.words import Lang, Text

if TYPE_CHECKING:
    import typer

_CHINESE: dict[str, str] = {}

_PANELS = {"argument": Text("参数", "Arguments"), "option": Text("选项", "Options"), "command": Text("命令", "Commands")}
_SHOW_HELP = Text("显示这页说明并退出。", "Show this message and exit.")
_CHINESE_CHARACTER = re.compile(r"[\u4e00-\u9fff]")

# What the argument parser says, by its own English words.
_COMPLAINTS = (
    (r"No such option: (\S+?)\.?(?: \(?Possible options?: (.+?)\)?| Did you mean (.+?)\??)?$", "没有选项 {0}"),
    (r"No such command '(.+?)'\.(?: Did you mean (.+?)\?)?$", "没有命令 {0}"),
    (r"Missing argument '(.+?)'\.", "缺少参数 {0}"),
    (r"Missing option '(.+?)'\.", "缺少选项 {0}"),
    (r"Missing command\.", "缺少命令"),
    (r"Option '(.+?)' requires an argument\.", "选项 {0} 后面缺少值"),
    (r"Got unexpected extra arguments? \((.+?)\)", "多余的参数：{0}"),
    (r"Invalid value for (.+?): (.+)", "{0} 的值无效：{1}"),
)


def both(zh: str, en: str) -> str:
    """Register a help text in both languages and return the English one, by which `translate` finds the Chinese."""
    _CHINESE[en] = zh
    return en


def choose_language(words: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Choose the language to speak: ``--lang``, else GRAPHKIT_LANG, else the locale, else Chinese.

    Examples
    --------
    >>> choose_language(["gaps", "a.gk", "--lang", "en"], {})
    'en'
    >>> choose_language([], {"LANG": "en_GB.UTF-8"}), choose_language([], {"LANG": "C.UTF-8"})
    ('en', 'zh')
    """
    asked = [after for word, after in itertools.pairwise(words) if word == "--lang"]
    asked += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    settings = [*asked[-1:], *(environment.get(name, "") for name in ("GRAPHKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))]
    for setting in settings:
        for lang in ("zh", "en"):
            if setting.lower().startswith(lang):
                return "zh" if lang == "zh" else "en"
    return "zh"


def translate(command: Any, lang: Lang) -> None:
    """Put the help of `command`, its parameters and its sub-commands into `lang`."""
    command.help = keep_language(command.help or "", lang)
    command.get_help_option = _speak_in_help_option(command.get_help_option, lang)
    for parameter in command.params:
        parameter.help = _in_chinese(parameter.help) if lang == "zh" else parameter.help
        parameter.rich_help_panel = _PANELS[parameter.param_type_name].say(lang)
    for child in getattr(command, "commands", {}).values():
        child.rich_help_panel = (_in_chinese(child.rich_help_panel) if lang == "zh" else child.rich_help_panel) or _PANELS["command"].say(lang)
        translate(child, lang)


def translate_help_pages(lang: Lang) -> None:
    """Put the few words that the help pages themselves add into `lang`."""
    from typer import rich_utils

    if lang == "zh":
        rich_utils.REQUIRED_LONG_STRING, rich_utils.DEFAULT_STRING = "【必填】", "【默认：{}】"


def keep_language(text: str, lang: Lang) -> str:
    r"""Keep the paragraphs of `text` in one language: those with a Chinese character, or those without.

    Examples
    --------
    >>> keep_language("The map.\n\n地图。", "zh")
    '地图。'
    """
    return "\n\n".join(part for part in text.split("\n\n") if bool(_CHINESE_CHARACTER.search(part)) == (lang == "zh"))


def say_usage_error(error: typer.TyperException, lang: Lang) -> str:
    """What was wrong with the command line, in `lang`."""
    message = error.format_message()
    if lang == "en":
        return message
    for pattern, chinese in _COMPLAINTS:
        if found := re.match(pattern, message):
            likely = next((part for part in found.groups()[1:] if part), None)
            said = chinese.format(*found.groups())
            return said if likely is None or "{1}" in chinese else f"{said}；是否想用 {likely}？"
    return message


def _speak_in_help_option(get_option: Callable[[Any], Any], lang: Lang) -> Callable[[Any], Any]:
    """The parser makes --help itself, one for each command, when it is first asked for."""

    def get_help_option(context: Any) -> Any:
        option = get_option(context)
        option.help, option.rich_help_panel = _SHOW_HELP.say(lang), _PANELS["option"].say(lang)
        return option

    return get_help_option


def _in_chinese(text: str | None) -> str | None:
    return text if text is None else _CHINESE.get(text, text)
