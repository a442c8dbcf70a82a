"""What exists: kinds of nodes and ties, declared once, read by everything else.

Loader columns, headings, checks, store constraints, the input template, the validation of queries,
the map's legend and the model page are all made from `MODEL`.
"""

from __future__ import annotations

from graphkit.model.model import Model
from graphkit.model.types import PERIOD, Choice, Course, End, NodeType, Order, Property, Step, TieType
from graphkit.words import Text

SCHEMA_VERSION = 6
"""1 knew no end of places, people and households, and no successors; 2 no kinds of a user's own; 3 kept promises on pairings; 4 dated no stage but the
first as a member; 5 had no helping units, visits, families, neighbours and federations, and knew a date to the day or not at all."""


def _key(heading: Text, meaning: Text, *, name: str = "id", digits: int | None = None) -> Property:
    return Property(name, "string", heading, meaning, Text("不可为空", "may not be empty"), required=True, digits=digits)


def _name(personal: bool = False) -> Property:
    meaning = Text("本人姓名", "the person's own name") if personal else Text("通行的名称", "the name in use")
    return Property("name", "string", Text("姓名" if personal else "名称", "name"), meaning, personal=personal)


_ID = Text("编号", "id")
_HOUSEHOLDS = Text("户", "households")
_OFFICES = "、".join(("书记", "副书记", "委员", "组长", "理事长", "秘书长"))


def _office(where: Text) -> Property:
    return Property(
        "office", "string", Text("职务", "office"), Text(f"在{where.zh}中的职务，如{_OFFICES}", f"office held in the {where.en}"),
        Text("无职务", "no office"),
    )  # fmt: skip


def _choices(**words: str) -> tuple[Choice, ...]:
    """Make choices from ``value="中文 / English"``."""
    return tuple(Choice(value, Text(*[w.strip() for w in both.split(" / ")])) for value, both in words.items())


def _lasting(since: str, since_words: tuple[Text, Text], until: str, until_words: tuple[Text, Text]) -> tuple[Property, Property]:
    """From when to when a thing was there: the columns that its kind names as beginning and end, each with heading and meaning."""
    return (
        Property(since, "date", *since_words, Text("一直如此", "as far back as known")),
        Property(until, "date", *until_words, Text("仍在", "still there"), planned=True, last_day=True),
    )


def _successor(key: str, heading: Text) -> Property:
    return Property(f"successor_{key}", "string", heading, Text("撤销后并入或改成的那一个，填本表中的主键", "what it merged into or became, by its key in this table"),
                    Text("没有", "none"))  # fmt: skip


_FROM, _TO = Text("自此日起有", "there from this day"), Text("自此日起不再有", "there no more from this day")
_SET_UP = _lasting("founded_on", (Text("设立日期", "founded on"), _FROM), "dissolved_on", (Text("撤销日期", "dissolved on"), _TO))
_ON_THE_BOOKS = _lasting("entered_on", (Text("在册起始日期", "entered on"), Text("迁入、立户或列入名册的日期", "day of moving in, or of coming onto the register")),
                         "left_on", (Text("在册终止日期", "left on"), Text("迁出、注销、出党或去世的日期", "day of moving away, of leaving the register or the Party, or of death")))  # fmt: skip

_PAIRINGS = _choices(one_to_one="一帮一 / one to one", one_to_five="一联五 / one to five", ten_a_year="每年十人 / ten a year",
                     technical="技术指导 / technical", post="设岗帮扶 / by post")  # fmt: skip

TOWNSHIP = NodeType(
    "Township", Text("乡镇", "township"), Text("乡、镇或街道", "a township, town or street"), "code",
    (
        _key(Text("代码", "code"), Text("统计用区划代码（9 位）", "statistical division code (9 digits)"), name="code", digits=9),
        _name(),
        *_SET_UP,
        _successor("code", Text("并入单位代码", "successor code")),
    ),
    since_column="founded_on", until_column="dissolved_on",
)  # fmt: skip

VILLAGE = NodeType(
    "Village", Text("村", "village"), Text("村民委员会或社区居委会", "a village or residents' committee"), "code",
    (
        _key(Text("代码", "code"), Text("统计用区划代码（12 位）", "statistical division code (12 digits)"), name="code", digits=12),
        _name(),
        Property("kind", "string", Text("类别", "kind"), Text("村还是社区", "village or residents' committee"),
                 choices=_choices(village_committee="村委会 / village committee", residents_committee="居委会 / residents' committee",
                                  other="其他 / other")),
        Property("households", "integer", Text("户数", "households"), Text("全村户数", "households in the village"), unit=_HOUSEHOLDS, minimum=0),
        *_SET_UP,
        _successor("code", Text("并入单位代码", "successor code")),
    ),
    since_column="founded_on", until_column="dissolved_on",
)  # fmt: skip

COOPERATIVE = NodeType(
    "Cooperative", Text("合作组织", "co-operative"),
    Text("产业链上的经营主体：基地、协会、园区、企业、合作社、联合社",
         "a host on the industry chain: base, association, park, processor, co-operative, federation"),
    "id",
    (
        _key(_ID, Text("合作组织的编号", "id of the co-operative")),
        _name(),
        Property("kind", "string", Text("类别", "kind"), Text("依托的类别", "kind of host"),
                 choices=_choices(base="生产基地 / production base", association="行业协会 / association", park="示范园区 / demonstration park",
                                  processor="农产品加工企业 / processor", cooperative="合作社 / co-operative", federation="联合社 / federation")),
        Property("scope", "string", Text("范围", "scope"), Text("经营跨越的范围，决定党组织隶属", "how far it reaches; decides the superior body"),
                 Text("由经营村推断", "inferred from the villages it operates in"),
                 choices=_choices(village="村内 / within a village", cross_village="跨村 / cross-village", township="乡镇 / township",
                                  cross_township="跨乡镇 / cross-township")),
        Property("sector", "string", Text("门类", "sector"), Text("产业门类", "line of business")),
        Property("founded_on", "date", Text("成立日期", "founded on"), Text("成立的日期", "day of founding")),
        Property("output_yuan", "integer", Text("年产值", "annual output"), Text("年产值，元", "yearly output in yuan"), unit=Text("元", "yuan"), minimum=0),
        Property("dissolved_on", "date", Text("注销日期", "dissolved on"), _TO, Text("仍在", "still there"), planned=True, last_day=True),
        _successor("id", Text("并入组织编号", "successor id")),
    ),
    since_column="founded_on", until_column="dissolved_on",
)  # fmt: skip

BRANCH = NodeType(
    "Branch", Text("党组织", "branch"), Text("党委、党总支、党支部、党小组或联络岗", "a committee, general branch, branch, group or liaison post"), "id",
    (
        _key(_ID, Text("党组织的编号", "id of the branch")),
        _name(),
        Property("kind", "string", Text("类别", "kind"), Text("党组织的类别", "kind of Party body"),
                 choices=_choices(committee="党委 / committee", general_branch="党总支 / general branch", branch="党支部 / branch",
                                  joint_branch="联合党支部 / joint branch", temporary_branch="临时党支部 / temporary branch", group="党小组 / group",
                                  liaison_post="党建联络岗 / liaison post")),
        Property("management", "string", Text("管理方式", "management"), Text("由谁管理", "who manages it"),
                 choices=_choices(direct="直接管理 / direct", territorial="属地管理 / territorial", sector="行业协会统管 / sector")),
        Property("founded_on", "date", Text("成立日期", "founded on"), Text("批准成立的日期", "day of approval"), Text("一直如此", "as far back as known")),
        Property("dissolved_on", "date", Text("撤销日期", "dissolved on"), Text("自此日起撤销", "dissolved from this day"),
                 Text("仍在", "still there"), planned=True, last_day=True),
        _successor("id", Text("并入党组织编号", "successor id")),
    ),
    since_column="founded_on", until_column="dissolved_on",
)  # fmt: skip

_STAGES = (
    ("applicant", "applied_on", Text("申请入党日期", "applied on"), Text("递交入党申请书的日期", "day of the application")),
    ("activist", "activist_on", Text("确定为积极分子日期", "activist on"), Text("确定为入党积极分子的日期", "day on which the person was made an activist")),
    ("candidate", "candidate_on", Text("确定为发展对象日期", "candidate on"), Text("确定为发展对象的日期", "day on which the person was made a candidate")),
    ("probationary", "admitted_on", Text("入党日期", "admitted on"), Text("成为预备党员的日期", "day of admission, as a probationary member")),
    ("full", "full_on", Text("转正日期", "full member on"), Text("转为正式党员的日期", "day on which the person became a full member")),
)  # fmt: skip

MEMBER = NodeType(
    "Member", Text("党员与培养对象", "member"), Text("党员、预备党员、发展对象、积极分子或申请人", "a Party member, or a person on the way to be one"), "id",
    (
        _key(_ID, Text("人员编号，勿用身份证号", "id of the person; not a national ID number")),
        _name(personal=True),
        Property("stage", "string", Text("发展阶段", "stage"), Text("发展党员的阶段", "stage of admission"),
                 choices=_choices(not_applied="未申请入党 / not applied", applicant="申请人 / applicant", activist="入党积极分子 / activist", candidate="发展对象 / candidate",
                                  probationary="预备党员 / probationary", full="正式党员 / full member"),
                 course=Course(tuple(Step(stage, date) for stage, date, *_ in _STAGES), "not_applied")),
        *(Property(date, "date", heading, meaning, Text("还没有到这一步，或未知", "not reached, or unknown"), earliest="1921-07-01")
          for _, date, heading, meaning in _STAGES),
        Property("birth_year", "integer", Text("出生年", "birth year"), Text("公历年份", "calendar year"), unit=Text("年", "year"), minimum=1900, maximum=2100),
        Property("education", "string", Text("文化程度", "education"), Text("最高学历", "highest schooling"),
                 choices=_choices(primary="小学及以下 / primary or less", junior="初中 / junior secondary", senior="高中或中专 / senior secondary",
                                  college="大专 / college", university="本科及以上 / university")),
        Property("origin", "string", Text("来源", "origin"), Text("来自何处", "where the person comes from"),
                 choices=_choices(farmer="农民 / farmer", graduate="大中专毕业生 / graduate", veteran="复员退伍军人 / veteran", returnee="回乡务工人员 / returned worker",
                                  official="在职人员 / serving official")),
        Property("is_cadre", "boolean", Text("是否干部", "is cadre"), Text("村级以上干部", "a cadre of the village or above")),
        Property("in_reserve_pool", "boolean", Text("是否后备干部", "in reserve pool"), Text("已列入后备干部人才库", "listed in the pool of reserve cadres")),
        *_ON_THE_BOOKS,
    ),
    since_column="entered_on", until_column="left_on",
    orders=(Order("birth_year", "applied_on", doubted=("birth_year", "applied_on")),
            Order("birth_year", "admitted_on", years=18, doubted=("birth_year", "admitted_on"))),
)  # fmt: skip

HOUSEHOLD = NodeType(
    "Household", Text("农户", "household"), Text("农户", "a rural household"), "id",
    (
        _key(_ID, Text("农户的编号", "id of the household")),
        Property("people", "integer", Text("人口", "people"), Text("家庭人口", "people in the household"), unit=Text("人", "people"), minimum=0),
        Property("is_poor", "boolean", Text("是否困难户", "is poor"), Text("登记的困难户或贫困户", "registered as poor")),
        Property("head_name", "string", Text("户主姓名", "name of head"), Text("户主的姓名", "name of the head of the household"), personal=True),
        *_ON_THE_BOOKS,
        _successor("id", Text("并入农户编号", "successor id")),
    ),
    since_column="entered_on", until_column="left_on",
)  # fmt: skip

TRAINING = NodeType(
    "Training", Text("培训", "training"), Text("一期培训", "one training session"), "id",
    (
        _key(_ID, Text("培训的编号", "id of the session")),
        Property("held_on", "date", Text("举办日期", "held on"), Text("开班日期", "first day")),
        Property("form", "string", Text("形式", "form"), Text("培训形式", "form of the session"),
                 choices=_choices(night_school="党员夜校 / night school", forum="党员论坛 / forum", mobile_school="流动党校 / mobile school",
                                  field="田间地头 / in the field", other="其他 / other")),
        Property("topic", "string", Text("主题", "topic"), Text("培训主题", "subject taught")),
    ),
    since_column="held_on",
)  # fmt: skip

ZONE = NodeType(
    "Zone", Text("责任区", "zone"), Text("党员责任区", "a zone in which a member answers for the households"), "id",
    (_key(_ID, Text("责任区的编号", "id of the zone")), _name(), *_SET_UP),
    since_column="founded_on", until_column="dissolved_on",
)  # fmt: skip

PROMISE = NodeType(
    "Promise", Text("承诺", "promise"),
    Text("党员作出的一项承诺：哪一种、多少、什么单位、什么期限；没有登记结对也算承诺",
         "one promise of a member: what, how many of which unit, and for what period; it stands also where no pairing is recorded"),
    "id",
    (
        _key(_ID, Text("承诺的编号", "id of the promise")),
        Property("kind", "string", Text("承诺内容", "kind"), Text("哪一种结对，或增收", "which kind of pairing, or income"),
                 choices=(*_PAIRINGS, *_choices(income="增收 / income"))),
        Property("target", "integer", Text("承诺数", "target"), Text("承诺的总数", "how many were promised in all"), minimum=0),
        Property("unit", "string", Text("单位", "unit"), Text("承诺数以什么计", "what the number counts"),
                 choices=_choices(households="户 / households", people="人 / people", yuan="元 / yuan")),
        Property("from_on", "date", Text("期限起", "from"), Text("期限从这一天算起", "first day of the period"), Text("没有期限", "no period"), planned=True),
        Property("until_on", "date", Text("期限止", "until"), Text("到这一天为止，不含这一天", "the period ends before this day"),
                 Text("没有期限：一直如此", "no period: it holds on"), planned=True, last_day=True),
        *_lasting("promised_on", (Text("承诺日期", "promised on"), Text("作出承诺的日期", "day of the promise")),
                  "withdrawn_on", (Text("撤回日期", "withdrawn on"), Text("自此日起不再承诺", "promised no more from this day"))),
    ),
    since_column="promised_on", until_column="withdrawn_on", orders=(Order("from_on", "until_on"),),
)  # fmt: skip

HELPING_UNIT = NodeType(
    "HelpingUnit", Text("帮扶单位", "helping unit"),
    Text("帮扶村或农户并派出人员的机关、企业、学校等单位", "an office, enterprise, school or the like that helps villages or households and sends people there"), "id",
    (
        _key(_ID, Text("帮扶单位的编号", "id of the helping unit")),
        _name(),
        Property("kind", "string", Text("类别", "kind"), Text("单位的性质", "what kind of unit it is"),
                 choices=_choices(office="机关 / office of state", institution="事业单位 / public institution", enterprise="企业 / enterprise",
                                  school="学校 / school", army="部队 / army unit", society="社会组织 / civil society", other="其他 / other")),
        *_SET_UP,
        _successor("id", Text("并入单位编号", "successor id")),
    ),
    since_column="founded_on", until_column="dissolved_on",
)  # fmt: skip

_NODES: tuple[NodeType, ...] = (TOWNSHIP, VILLAGE, COOPERATIVE, BRANCH, MEMBER, HOUSEHOLD, TRAINING, ZONE, PROMISE, HELPING_UNIT)
_UNIT_END = End("unit_id", Text("帮扶单位编号", "helping unit id"))

_TIES: tuple[TieType, ...] = (
    TieType(VILLAGE, "IN", TOWNSHIP, "place", Text("村属乡镇", "village in township"), Text("村在乡镇内", "a village lies in a township"), is_single=True),
    TieType(COOPERATIVE, "OPERATES_IN", VILLAGE, "place", Text("合作组织经营村", "co-operative operates in village"),
            Text("合作组织在村里经营", "a co-operative operates in a village"), PERIOD, ("since",)),
    TieType(BRANCH, "SERVES", COOPERATIVE, "service", Text("党组织覆盖合作组织", "branch serves co-operative"),
            Text("党组织覆盖合作组织", "a branch serves a co-operative"), PERIOD, ("since",)),
    TieType(BRANCH, "SERVES", VILLAGE, "place", Text("党组织覆盖村", "branch serves village"),
            Text("党组织覆盖村", "a branch serves a village"), PERIOD, ("since",)),
    TieType(BRANCH, "REPORTS_TO", BRANCH, "hierarchy", Text("党组织隶属", "branch reports to branch"),
            Text("党组织隶属于上级党组织", "a branch reports to its superior"), PERIOD, ("since",), target_end=End("superior_id", Text("上级党组织编号", "superior branch id")),
            is_single=True, loops="none"),
    TieType(MEMBER, "BELONGS_TO", BRANCH, "membership", Text("党员组织关系", "member belongs to branch"), Text("党员编入党组织", "a member belongs to a branch"),
            (
                Property("primary", "boolean", Text("主要管理", "primary"), Text("组织关系所在；为否时由该组织协助管理",
                         "true: the branch that manages the membership; false: an assisting one"), required=True),
                _office(Text("党组织", "branch")),
                Property("team", "string", Text("工作小组", "team"), Text("支部内的工作小组", "working team within the branch"), Text("未分组", "in no team")),
                *PERIOD,
            ), ("since",)),
    TieType(MEMBER, "WORKS_IN", COOPERATIVE, "membership", Text("人员从业", "member works in co-operative"), Text("人员在合作组织从业", "a person works in a co-operative"),
            (
                _office(Text("合作组织", "co-operative")),
                Property("is_founder", "boolean", Text("是否创建人", "is founder"), Text("参与创建", "one of those who founded it")),
                *PERIOD,
            ), ("since",)),
    TieType(MEMBER, "LIVES_IN", VILLAGE, "place", Text("人员居住村", "member lives in village"), Text("人员住在村里", "a person lives in a village"), PERIOD, ("since",)),
    TieType(HOUSEHOLD, "LIVES_IN", VILLAGE, "place", Text("农户居住村", "household lives in village"), Text("农户住在村里", "a household lives in a village"),
            PERIOD, ("since",), is_single=True),
    TieType(HOUSEHOLD, "JOINED", COOPERATIVE, "membership", Text("农户加入合作组织", "household joined co-operative"),
            Text("农户加入合作组织，或由其带动", "a household joined a co-operative, or is served by it"),
            (
                Property("kind", "string", Text("关系", "kind"), Text("会员还是带动户", "a member of it, or served by it"), Text("会员", "a member of it"),
                         choices=_choices(member="会员 / member", served="带动户 / served")),
                *PERIOD,
            ), ("since",)),
    TieType(MEMBER, "HELPS", HOUSEHOLD, "pairing", Text("结对帮扶", "member helps household"), Text("党员帮扶农户", "a member helps a household"),
            (
                Property("kind", "string", Text("结对方式", "kind"), Text("哪一种结对；不同方式不相加", "which kind of pairing; kinds are never added up"), required=True,
                         choices=_PAIRINGS),
                Property("last_visit_on", "date", Text("最近走访日期", "last visit on"), Text("最近一次走访", "day of the last recorded visit"),
                         Text("无走访记录", "no visit recorded"), last_day=True),
                *PERIOD,
            ), ("kind", "since"), orders=(Order("since", "last_visit_on"),)),
    TieType(PROMISE, "MADE_BY", MEMBER, "promise", Text("承诺人", "promise made by member"), Text("承诺由党员作出", "a promise was made by a member"), is_single=True),
    TieType(MEMBER, "MENTORS", MEMBER, "mentoring", Text("培养联系", "member mentors member"), Text("党员培养联系人员", "a member mentors another person"),
            PERIOD, ("since",),
            source_end=End("mentor_id", Text("培养联系人编号", "mentor id")), target_end=End("mentee_id", Text("培养对象编号", "mentee id")), loops="circle"),
    TieType(MEMBER, "LIAISES", COOPERATIVE, "liaison", Text("联络指导", "member liaises with co-operative"), Text("党员联系合作组织", "a member is liaison to a co-operative"),
            PERIOD, ("since",)),
    TieType(MEMBER, "HOLDS_POST_IN", VILLAGE, "post", Text("无职党员设岗", "member holds post in village"), Text("党员在村里任岗", "a member holds a post in a village"),
            (
                Property("post", "string", Text("岗位", "post"), Text("设岗定责的岗位", "which post"), required=True,
                         choices=_choices(help="帮扶责任岗 / help", technology="科技示范岗 / technology", circulation="流通服务岗 / circulation",
                                          information="信息咨询岗 / information")),
                *PERIOD,
            ), ("post", "since")),
    TieType(MEMBER, "RESPONSIBLE_FOR", ZONE, "responsibility", Text("责任区责任人", "member responsible for zone"), Text("党员负责责任区", "a member answers for a zone"),
            PERIOD, ("since",)),
    TieType(ZONE, "COVERS", HOUSEHOLD, "responsibility", Text("责任区农户", "zone covers household"), Text("责任区包含农户", "a zone covers a household"), PERIOD, ("since",)),
    TieType(MEMBER, "ATTENDED", TRAINING, "attendance", Text("党员参训", "member attended training"), Text("党员参加培训（人次）", "a member attended a session (attendances, not people)")),
    TieType(HOUSEHOLD, "ATTENDED", TRAINING, "attendance", Text("农户参训", "household attended training"),
            Text("农户参加培训（人次）", "a household attended a session (attendances, not people)")),
    TieType(MEMBER, "POSTED_BY", HELPING_UNIT, "membership", Text("派出人员", "member posted by helping unit"),
            Text("人员由帮扶单位派出", "a person is posted to the field by a helping unit"), (_office(Text("帮扶单位", "helping unit")), *PERIOD), ("since",), target_end=_UNIT_END),
    TieType(HELPING_UNIT, "ASSISTS", VILLAGE, "service", Text("单位包村", "helping unit assists village"), Text("帮扶单位帮扶村", "a unit assists a village"), PERIOD, ("since",),
            source_end=_UNIT_END),
    TieType(HELPING_UNIT, "ASSISTS", HOUSEHOLD, "service", Text("单位包户", "helping unit assists household"),
            Text("帮扶单位帮扶农户；与党员个人结对是两回事", "a unit assists a household, which is no pairing with a person"), PERIOD, ("since",),
            source_end=_UNIT_END),
    TieType(MEMBER, "PART_OF", HOUSEHOLD, "family", Text("人员所在户", "member part of household"),
            Text("人员是这一户的人；自己家不算结对", "a person is one of the household; to help one's own is no pairing"), PERIOD, ("since",), is_single=True),
    TieType(COOPERATIVE, "MEMBER_OF", COOPERATIVE, "hierarchy", Text("加入联合社", "co-operative member of federation"),
            Text("合作组织加入联合社", "a co-operative is a member of a federation"), PERIOD, ("since",),
            target_end=End("federation_id", Text("联合社编号", "federation id")), loops="none"),
    TieType(HOUSEHOLD, "NEIGHBOURS", HOUSEHOLD, "neighbourhood", Text("联户", "household neighbours household"),
            Text("两户相联（联户、邻里），一对填一行，先后不论", "two households are tied to each other as neighbours; a row for each two, in either order"),
            PERIOD, ("since",), target_end=End("neighbour_id", Text("相联农户编号", "neighbour household id")), loops="circle"),
    TieType(MEMBER, "VISITED", HOUSEHOLD, "visit", Text("走访", "member visited household"),
            Text("人员走访了农户一次；一次一行，不是结对", "a person visited a household once: a row for each visit, which is no pairing"),
            (Property("visited_on", "date", Text("走访日期", "visited on"), Text("走访的日期", "day of the visit"), Text("不可为空", "may not be empty"), required=True,
                      last_day=True),),
            ("visited_on",), happened_on="visited_on"),
)  # fmt: skip

MODEL = Model(_NODES, _TIES)
"""The shipped model: everything that graphkit itself asks about."""

COMPLETENESS = MODEL.completeness
"""The columns in which a source says what is complete, the same in every model."""
