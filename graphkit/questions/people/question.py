"""The questions about people: admission, training, founders, secretaries, the reserve pool, succession, the four posts."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphkit.errors import ParameterError
from graphkit.questions.question import Option, Question, Summary
from graphkit.words import Text, same, say_number

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.extract import Extract
    from graphkit.questions.finding import Finding


class _OfPeople(Question):
    """A question whose module in this folder holds its function, and how it is summed up, told and extracted."""

    on_pages = False
    plot_inches = 0
    room: str

    @property
    def _module(self) -> Any:
        return importlib.import_module(f"graphkit.questions.people.{self.room}")

    def ask(self, source: Tables, *, as_of: dt.date | None = None, **options: Any) -> Finding:
        finding: Finding = getattr(self._module, self.function)(source, as_of=as_of, **options)
        return finding

    def summarise(self, finding: Finding) -> Summary:
        summary: Summary = self._module.summarise(finding)
        return summary

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        del names
        said: list[Text] = self._module.tell(finding)
        return said

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        found: list[Extract] = self._module.extract(finding, names)
        return [_lay_out(self.summarise(finding)), *found]


def _lay_out(summary: Summary) -> Extract:
    """The lines of a summary as a table of a page."""
    from graphkit.questions.extract import lay_out_counts

    rows = [[cell if isinstance(cell, Text) else _say(cell) for cell in row] for row in summary.rows]
    return lay_out_counts(summary.title, summary.headings, rows)


def _say(cell: object) -> Text:
    return same(say_number(cell) if isinstance(cell, (int, float)) else cell)


class Admission(_OfPeople):
    """How far has everybody come on the way into the Party?"""

    name, function, room = "admission", "find_admission_funnel", "admission"
    heading = Text("发展党员", "Admission")
    asks = Text("发展党员：走到哪一步，多久了，谁在培养？", "Admission: how far has everybody come, since when, and brought on by whom?")
    explains = Text(
        "每个阶段有多少人在、多少人走到过，进入现阶段多少天（日期未登记的不算 0 天），谁培养或培养过谁。",
        "How many stand in each stage and how many have reached it, the days in the present stage (a day not on record is not 0 days), and who mentors or "
        "mentored whom.",
    )
    nothing = Text("没有登记申请入党的人或党员（以此日为准）。", "Nobody who applied or was admitted is recorded as of the day.")
    options = (Option("since", "", Text("只看这一天（YYYY-MM-DD）以后申请的人。", "Only those who applied on or after this day, YYYY-MM-DD.")),)

    def ask(self, source: Tables, *, as_of: dt.date | None = None, since: dt.date | str | None = None, **options: Any) -> Finding:
        return super().ask(source, as_of=as_of, since=_read_since(since), **options)


def _read_since(since: dt.date | str | None) -> dt.date | None:
    if not isinstance(since, str):
        return since
    try:
        return dt.date.fromisoformat(since) if since else None
    except ValueError:
        raise ParameterError(Text("since 须是形如 YYYY-MM-DD 的日期", "since is a date, YYYY-MM-DD")) from None


class TrainingReach(_OfPeople):
    """How many different people came to training?"""

    name, function, room = "training", "find_training_reach", "training"
    heading = Text("培训覆盖", "Training")
    asks = Text("培训：实际多少人、多少户参加过，谁没有？", "Training: how many different people and households came, and who never did?")
    explains = Text(
        "一人参加几期只计一人，人次另列；每种形式办了几期、多少人、多少户；哪些党员没有登记参加。",
        "Whoever came several times is one person, attendances stand beside; sessions, people and households of each form; members with none on record.",
    )
    nothing = Text("没有登记人员和农户（以此日为准）。", "No person and no household is recorded as of the day.")


class Founders(_OfPeople):
    """Which co-operatives did cadres or members found?"""

    name, function, room = "founders", "find_founders", "founders"
    heading = Text("创建人", "Founders")
    asks = Text(
        "创建人：哪些合作组织由干部或党员创建，创建人还在吗？", "Founders: which co-operatives did cadres or members found, and are they still there?"
    )
    explains = Text(
        "每个合作组织登记了几名创建人，其中多少是干部、党员，多少仍在、任职；没有登记创建人的，无从判断，占比给出区间。",
        "How many founders each co-operative has on record, how many are cadres or members, still there, in office; without any on record it cannot be "
        "told, and the share is an interval.",
    )
    nothing = Text("没有登记合作组织（以此日为准）。", "No co-operative is recorded as of the day.")


class Secretaries(_OfPeople):
    """Who leads each body, how old and how schooled?"""

    name, function, room = "secretaries", "find_secretaries", "secretaries"
    heading = Text("书记", "Secretaries")
    asks = Text("书记：谁任书记，年龄和文化程度如何，哪里没有？", "Secretaries: who leads each body, how old and how schooled, and where is none?")
    explains = Text(
        "每个党组织的书记；产业党组织和其他党组织分别的平均年龄、大专及以上占比，未知的给出区间；一人任几处只计一次。",
        "The secretary of each body; mean age and schooling of industry bodies and of the others, an interval where it is unknown; who leads several "
        "counts once.",
    )
    nothing = Text("没有登记设书记的党组织（以此日为准）。", "No body that has a secretary is recorded as of the day.")
    options = (Option("office", "书记", Text("表中怎样写这个职务。", "The office as it is written in the register.")),)


class ReservePool(_OfPeople):
    """Who is in the reserve pool?"""

    name, function, room = "reserve-pool", "find_reserve_pool", "reserve"
    heading = Text("后备干部", "Reserve pool")
    asks = Text("后备干部：谁在库中，来自哪里，谁已任职？", "Reserve pool: who is listed, from where, and who holds an office already?")
    explains = Text(
        "登记为后备干部的人，按居住乡镇；多少是党员，多少已任职；没有登记是否后备干部的不计入。",
        "Those listed, by the township they live in; how many are members, how many hold an office already. Of whom it is not on record is not counted.",
    )
    nothing = Text("没有登记后备干部（以此日为准）。", "Nobody is recorded in the reserve pool as of the day.")


class Succession(_OfPeople):
    """Where a helper ended, who took over?"""

    name, function, room = "succession", "find_succession", "succession"
    heading = Text("接替", "Succession")
    asks = Text(
        "接替：结对结束以后，谁接了手，隔了多久，哪里没有人？", "Succession: where a helper ended, who took over, how long after, and where nobody?"
    )
    explains = Text(
        "每次结束的结对：其后最先开始的另一人、间隔天数；没有人接替的，现在是否另有人结对。同一人重新结对不算接替。",
        "For each pairing that ended: who else began next and how many days later; where nobody did, whether somebody helps now. The same person again "
        "is no successor.",
    )
    nothing = Text("没有登记结束的结对（以此日为准）。", "No pairing that ended is recorded as of the day.")


class Posts(_OfPeople):
    """In which villages are the four posts held?"""

    name, function, room = "posts", "find_posts", "posts"
    heading = Text("四种岗位", "The four posts")
    asks = Text("四种岗位：哪些村有人任岗，哪些没有？", "The four posts: in which villages are they held, and where not?")
    explains = Text(
        "每个村每种岗位有几人任岗；无职党员是否有岗，另见 graphkit gaps 的 s52。",
        "How many hold each post in each village; whether members without office have one is rule s52 of graphkit gaps.",
    )
    nothing = Text("没有登记村（以此日为准）。", "No village is recorded as of the day.")


QUESTIONS = (Admission(), TrainingReach(), Founders(), Secretaries(), ReservePool(), Succession(), Posts())
