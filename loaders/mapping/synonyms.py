"""What offices call the columns of the model, in both languages: from this a first draft of a mapping is made, for a person to correct."""

from __future__ import annotations

SUBJECTS: dict[str, tuple[str, ...]] = {
    "Member": ("党员名册", "党员名单", "党员花名册", "党员台账", "积极分子", "发展对象", "党员", "members", "roster"),
    "Household": ("农户台账", "农户名册", "户籍", "贫困户", "困难户", "结对帮扶", "帮扶台账", "农户", "households"),
    "Cooperative": ("合作社台账", "合作社名册", "专业合作社", "合作组织", "产业化组织", "合作社", "cooperatives"),
    "Branch": ("党组织台账", "党组织名册", "党支部名册", "基层党组织", "党支部", "党组织", "branches"),
    "Village": ("村名单", "行政村", "村基本情况", "villages"),
}
"""Words in the name of a file or sheet that say what its rows are about."""

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "Member": {
        "id": ("党员编号", "人员编号", "编号", "工号", "member id", "id"),
        "name": ("姓名", "党员姓名", "名字", "name"),
        "stage": ("发展阶段", "党员类别", "人员类别", "政治面貌", "类别", "stage"),
        "applied_on": ("申请入党时间", "申请入党日期", "递交申请书时间", "申请时间", "applied on", "date of application"),
        "activist_on": ("确定为积极分子时间", "确定积极分子时间", "确定为入党积极分子时间", "列为积极分子时间", "activist on"),
        "candidate_on": ("确定为发展对象时间", "确定发展对象时间", "列为发展对象时间", "candidate on"),
        "admitted_on": ("入党时间", "入党日期", "入党年月", "admitted on", "date of admission"),
        "full_on": ("转正时间", "转正日期", "转为正式党员时间", "full member on", "date of full membership"),
        "birth_year": ("出生年", "出生年月", "出生日期", "身份证号", "身份证号码", "公民身份号码", "birth year", "year of birth", "id number"),
        "education": ("文化程度", "学历", "education"),
        "origin": ("来源", "人员来源", "origin"),
        "is_cadre": ("是否干部", "是否村干部", "村干部", "is cadre"),
        "in_reserve_pool": ("是否后备干部", "后备干部", "reserve"),
    },
    "Household": {
        "id": ("农户编号", "户编号", "户号", "编号", "household id", "id"),
        "people": ("人口", "家庭人口", "人口数", "家庭人口数", "人数", "people", "size"),
        "is_poor": ("是否困难户", "是否贫困户", "贫困户", "困难户", "户类型", "农户类型", "poor"),
    },
    "Cooperative": {
        "id": ("合作社编号", "合作组织编号", "编号", "注册号", "cooperative id", "id"),
        "name": ("名称", "合作社名称", "合作组织名称", "单位名称", "name"),
        "kind": ("类别", "类型", "依托类别", "组织类别", "kind", "type"),
        "sector": ("门类", "产业", "行业", "主营产业", "经营范围", "主导产业", "sector"),
        "founded_on": ("成立日期", "成立时间", "注册日期", "注册时间", "创建时间", "founded on"),
        "output_yuan": ("年产值", "产值", "年销售额", "年收入", "经营收入", "annual output", "output"),
        "scope": ("范围", "经营范围类别", "scope"),
    },
    "Branch": {
        "id": ("党组织编号", "支部编号", "党支部编号", "编号", "branch id", "id"),
        "name": ("党组织名称", "支部名称", "党支部名称", "名称", "name"),
        "kind": ("党组织类别", "组织类别", "类别", "类型", "kind"),
        "management": ("管理方式", "隶属方式", "management"),
        "founded_on": ("成立日期", "成立时间", "批准成立时间", "founded on"),
    },
    "Village": {
        "code": ("村代码", "代码", "区划代码", "行政区划代码", "village code", "code"),
        "name": ("村名", "村名称", "名称", "行政村", "village", "name"),
        "households": ("户数", "总户数", "全村户数", "households"),
    },
}
"""Headings of the columns of each kind, the likeliest first."""

HEADS = ("户主", "户主姓名", "姓名", "head of household", "name")
"""Who a row is about, where no number tells."""

PEOPLE = ("Member",)
"""Kinds that are never made of a column of another table: a name is no person."""

PLACES = ("村", "村名", "所在村", "居住村", "行政村", "所属村", "村屯", "住址", "村（社区）", "village")
TOWNSHIPS = ("乡镇", "所在乡镇", "所属乡镇", "乡镇街道", "镇", "township", "town")

TIES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "Member": (
        (
            "Member BELONGS_TO Branch",
            "branch_id",
            (
                "党支部编号",
                "所在党支部编号",
                "党组织编号",
                "支部编号",
                "branch id",
                "所在党支部",
                "所在支部",
                "所属党支部",
                "所在党组织",
                "党支部",
                "branch",
            ),
        ),
        (
            "Member WORKS_IN Cooperative",
            "cooperative_id",
            ("合作社编号", "所在合作社编号", "合作组织编号", "cooperative id", "所在合作社", "从业合作社"),
        ),
        ("Member HELPS Household", "household_id", ("帮扶户编号", "结对户编号", "联系户编号", "household helped", "household id")),
    ),
    "Household": (
        (
            "Member HELPS Household",
            "member_id",
            (
                "帮扶人编号",
                "帮扶人",
                "结对帮扶人编号",
                "联系人编号",
                "帮扶责任人",
                "helper",
                "helper id",
                "帮扶党员",
                "结对党员",
                "联系党员",
                "帮扶人姓名",
            ),
        ),
        (
            "Household JOINED Cooperative",
            "cooperative_id",
            ("合作社编号", "加入合作社编号", "所在合作社编号", "cooperative id", "加入合作社", "所在合作社"),
        ),
    ),
    "Branch": (
        ("Branch REPORTS_TO Branch", "superior_id", ("上级党组织编号", "上级党组织", "隶属党组织编号", "superior")),
        ("Branch SERVES Cooperative", "cooperative_id", ("覆盖合作社编号", "合作社编号", "cooperative id")),
    ),
    "Cooperative": (),
    "Village": (),
}
"""Columns that name another thing: the tie they say, and which of its ends they are."""

TIE_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "Member HELPS Household": {
        "last_visit_on": ("最近走访日期", "最近走访", "走访日期", "走访时间", "last visit on"),
    },
    "Member BELONGS_TO Branch": {"office": ("党内职务", "支部职务", "职务", "office"), "team": ("工作小组", "党小组", "team")},
    "Member WORKS_IN Cooperative": {"office": ("合作社职务", "职务", "office")},
}
"""Headings of what a tie says beside its ends."""

PLACE_TIES = {
    "Member": "Member LIVES_IN Village",
    "Household": "Household LIVES_IN Village",
    "Cooperative": "Cooperative OPERATES_IN Village",
    "Branch": "Branch SERVES Village",
}
FIXED = {"Member HELPS Household": {"kind": "=one_to_one"}, "Member BELONGS_TO Branch": {"primary": "=yes"}}
"""What a tie must say and a register leaves out: proposed, with a question mark."""

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "stage": {"full": ("党员", "中共党员", "正式"), "probationary": ("预备",), "activist": ("积极分子",)},
    "education": {
        "primary": ("小学", "文盲", "半文盲"), "senior": ("高中", "中专", "技校", "职高"), "college": ("大专", "专科"),
        "university": ("本科", "大学", "研究生", "硕士", "博士"),
    },
    "kind": {"cooperative": ("专业合作社", "合作社"), "association": ("协会",), "processor": ("企业", "公司"), "base": ("基地",), "park": ("园区",)},
    "is_poor": {"yes": ("贫困户", "困难户", "低保户", "五保户"), "no": ("一般户", "非贫困户", "非困难户", "脱贫户")},
}  # fmt: skip
"""Words of offices for the fixed values of a column."""
