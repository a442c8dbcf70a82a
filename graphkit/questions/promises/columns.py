"""The columns of the answer on promises, and what a promise may come to."""

from __future__ import annotations

from graphkit.model.kinds import MODEL
from graphkit.questions.finding import SUBJECT_COLUMNS, Column
from graphkit.words import Text

OUTCOMES = {
    "short": Text("登记不足承诺", "less on record than promised"),
    "running": Text("期限未满，登记尚不足", "period still running, less on record so far"),
    "unknown": Text("无从判断", "cannot be told"),
    "not_begun": Text("期限尚未开始", "period not begun"),
    "met": Text("登记已达承诺", "as much on record as promised"),
}
"""What a promise comes to, in the order in which they are shown."""


def words_of(name: str) -> dict[str, Text]:
    """Return the words of the fixed values of a column of promises."""
    return {choice.value: choice.heading for column in MODEL.node_type("Promise").properties if column.name == name for choice in column.choices}


_NAMED = Text("不会为空", "never missing")
_UNIT = Text("按承诺的单位", "in the unit of the promise")
_UNMEASURED = Text("没有登记可以对照，或期限尚未开始", "nothing on record speaks of it, or its period has not begun")
_BOUNDLESS = Text(
    "没有登记可以对照，或有的户人口未知，没有上限", "nothing on record speaks of it, or a household of unknown size leaves no upper bound"
)

COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("promise_id", Text("承诺编号", "promise"), Text("承诺的编号", "id of the promise"), _NAMED),
    Column("kind", Text("承诺内容", "kind"), Text("哪一种结对，或增收；各种不相加", "which kind of pairing, or income; kinds are never added up"), Text("未知", "unknown"), values=words_of("kind")),
    Column("target", Text("承诺数", "promised"), Text("承诺的总数", "how many were promised in all"), Text("未知", "unknown"), _UNIT),
    Column("unit", Text("单位", "unit"), Text("承诺数以什么计", "what the number counts"), Text("未知", "unknown"), values=words_of("unit")),
    Column("from_on", Text("期限起", "from"), Text("期限从这一天算起", "first day of the period"), Text("没有期限", "no period")),
    Column("until_on", Text("期限止", "until"), Text("到这一天为止，不含这一天", "the period ends before this day"), Text("没有期限：一直如此", "no period: it holds on")),
    Column("households", Text("登记结对农户", "households on record"),
           Text("以同一方式结对的农户，每户计一次：有起止的，期限内结过对的；没有的，当天结对的", "households paired in the same kind, each once: with a beginning and an end, those paired at any time in the period; without, those paired on the day"),
           Text("没有登记可以对照，或期限尚未开始", "nothing on record speaks of it, or its period has not begun"), Text("户", "households")),
    Column("households_of_unknown_size", Text("其中人口未知", "of these, of unknown size"), Text("其中人口未登记的户", "those of them whose people are not recorded"), _UNMEASURED, Text("户", "households")),
    Column("recorded_low", Text("登记至少", "on record, lowest"), Text("按承诺的单位，至少登记了多少；人数按户的人口", "on record at least, in the unit of the promise; people by the size of the households"), _UNMEASURED, _UNIT),
    Column("recorded_high", Text("登记至多", "on record, highest"), Text("同上，至多多少", "the same at most"), _BOUNDLESS, _UNIT),
    Column("shortfall_low", Text("不足至少", "shortfall, lowest"), Text("比承诺至少少多少；一项的多出不抵另一项的不足", "less than promised by at least so many; the surplus of one promise makes up for no other"), _UNMEASURED, _UNIT),
    Column("shortfall_high", Text("不足至多", "shortfall, highest"), Text("同上，至多多少", "the same at most"), _UNMEASURED, _UNIT),
    Column("surplus_low", Text("多出至少", "surplus, lowest"), Text("比承诺至少多多少", "more than promised by at least so many"), _UNMEASURED, _UNIT),
    Column("surplus_high", Text("多出至多", "surplus, highest"), Text("同上，至多多少", "the same at most"), _BOUNDLESS, _UNIT),
    Column("outcome", Text("结果", "outcome"), Text("登记与承诺相比；没有登记不等于没有做", "what is on record against what was promised; not on record is not the same as not done"), _NAMED, values=OUTCOMES),
)  # fmt: skip
TITLE = Text(
    "承诺与登记：谁承诺了多少，同一单位、同一期限内登记了多少", "Promises: who promised how much, and what is recorded in the same unit and period"
)
