"""The district of the article: every body it names and every figure it publishes, filled up with made-up people.

What is real: the 178 units of the list of 2023, the bodies that the article names, the figures it publishes.
What is made up: every person and household, the bodies it does not name, and everything it leaves open;
``examples/acheng/README.md`` says which is which, and which total is taken to lie within which.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.generate.dating import date_admission
from graphkit.generate.filling import (
    add_open_promises,
    add_posts_and_zones,
    add_trainings,
    add_unnamed_hosts,
    add_village_secretaries,
    hand_over,
    keep_the_rules,
    pair_up,
    recruit,
)
from graphkit.generate.hosts import Bodies, Host, Hosts
from graphkit.generate.ledger import Ledger
from graphkit.identity.places import find_place
from graphkit.words import Text


def generate_acheng(*, seed: int = 2012) -> Tables:
    """Make the article's district: 17 industry branches, 72 groups, 69 hosts, 612 members in the chain.

    Every body that the article names and every figure it publishes stands in the rows, for any seed; people and
    households are made up, under ids and role names. Figures such as 70多 ("70-odd") stand as one number that fits.

    Parameters
    ----------
    seed : int, 0 or more
        Seed of what is made up; ``examples/acheng`` holds the district of the default.

    Returns
    -------
    Tables
        Sound by `graphkit.data.checks.check_tables`, except for two reports made on purpose: members whom no branch
        manages. Current on 2012-04-30, the last date the article gives a figure for.

    Raises
    ------
    ParameterError
        If `seed` is below 0.

    Examples
    --------
    >>> tables = generate_acheng()
    >>> tables["Village"].num_rows, tables["Cooperative"].num_rows
    (178, 69)

    References
    ----------
    刘义: 产业链上建党组织推进党建与发展双赢, 浙江在线, 2012-11-19. National Bureau of Statistics, division codes, 2023.
    """
    if seed < 0:
        raise ParameterError(Text(f"种子须不小于 0，而不是 {seed}", f"seed must be 0 or more, not {seed}"))
    ledger = Ledger(seed)
    bodies = Bodies(ledger)
    hosts = Hosts(ledger, bodies)
    named = _add_named_hosts(hosts)
    others = add_unnamed_hosts(hosts)
    recruit(hosts, frogs=named.frogs)
    add_village_secretaries(hosts)
    pair_up(hosts, others, xihua=named.xihua)
    add_posts_and_zones(hosts, others)
    add_trainings(ledger)
    keep_the_rules(hosts)
    hand_over(hosts)
    add_open_promises(hosts, others)
    date_admission(ledger)
    return ledger.to_tables("acheng")


@dataclass(frozen=True, slots=True)
class _Named:
    frogs: Host
    xihua: tuple[Host, Host]


def _add_named_hosts(hosts: Hosts) -> _Named:
    _add_rice_of_chengjian(hosts)
    _add_federation_of_jinlongshan(hosts)
    _add_federation_of_feiketu(hosts)
    xihua = _add_associations_of_xihua(hosts)
    frogs = _add_frogs_of_songfengshan(hosts)
    _add_cattle_of_nancheng(hosts)
    _add_buns_of_quandian(hosts)
    _add_green_rice(hosts)
    _add_dairy(hosts)
    return _Named(frogs, xihua)


def _code(name: str) -> str:
    return find_place(name, on=dt.date(2012, 4, 30)).code


def _add_rice_of_chengjian(hosts: Hosts) -> None:
    """1998, four founders (党员干部和群众: who of them is a member is not said), 217 households brought along."""
    village = _code("城建村")
    host = hosts.add("城建村稻米协会", "association", "village", [village], sector="水稻", founded_on=dt.date(1998, 1, 1))
    hosts.add_group(host)
    secretary = hosts.employ(host, "城建村稻米协会秘书长（兼村党支部书记）", office="秘书长", is_founder=True, birth_year=1956, is_cadre=True)
    hosts.ledger.belong(secretary, hosts.bodies.of_village[village], primary=True, office="书记")
    hosts.ledger.belong(secretary, host.groups[0], primary=False, office="组长")
    hosts.bodies.secretaries[village] = secretary
    chair = hosts.employ(host, "城建村稻米协会理事长", office="理事长", is_founder=True, birth_year=1958)
    hosts.enrol(host, chair, here=False)
    for number in (3, 4):
        hosts.employ(host, f"城建村稻米协会创建人{number}", stage=None, is_founder=True)
    hosts.join(host, 217, kind="served")


def _add_federation_of_jinlongshan(hosts: Hosts) -> None:
    """Eight members, a branch of their own; the article gives it as its example of the rule within a village."""
    host = hosts.add("金龙山镇米面经营联合社", "federation", "village", [_code("富兴村")], sector="米面")
    hosts.add_branch(host)
    people = [hosts.employ(host, f"金龙山镇米面经营联合社党员{n}", office="理事长" if n == 1 else None) for n in range(1, 9)]
    for n, person in enumerate(people):
        hosts.enrol(host, person, here=True, office="书记" if n == 0 else None)
    hosts.join(host, 12, kind="member")
    hosts.make_secretary(people[0], educated=True)


def _add_federation_of_feiketu(hosts: Hosts) -> None:
    """Eight serving officials and twelve farmers, three teams, 278 households served."""
    township = _code("蜚克图镇")
    villages = [code for code in hosts.ledger.villages if code.startswith(township)]
    host = hosts.add("蜚克图镇粮食经营联合社", "federation", "township", villages, sector="粮食")
    hosts.add_branch(host)
    teams = ("技术指导组", "流通销售组", "帮扶组")
    for n in range(20):
        serving = n < 8
        name = f"蜚克图镇粮食经营联合社{'在职党员' if serving else '农民党员'}{n + 1 if serving else n - 7}"
        person = hosts.employ(host, name, origin="official" if serving else "farmer", office="理事长" if n == 8 else None)
        home = hosts.bodies.townships[township] if serving else None
        hosts.enrol(host, person, here=not serving and n % 3 != 1, team=teams[n % 3], office="书记" if n == 8 else None, home=home)
        if n == 8:
            hosts.make_secretary(person, educated=True)
    hosts.join(host, 278, kind="served")


def _add_associations_of_xihua(hosts: Hosts) -> tuple[Host, Host]:
    """31 members in the groups of two associations, which the article does not name."""
    village = _code("西华村")
    first, second = (
        hosts.add(f"西华村协会{which}（名称不详）", "association", "village", [village], sector=sector)
        for which, sector in (("甲", "种植"), ("乙", "养殖"))
    )
    for host, count in ((first, 16), (second, 15)):
        hosts.add_group(host)
        for n in range(1, count + 1):
            person = hosts.employ(host, f"{host.name.removesuffix('（名称不详）')}党员{n}", office="理事长" if n == 1 else None)
            hosts.enrol(host, person, here=False, office="组长" if n == 1 else None)
        hosts.join(host, 20, kind="member")
    return first, second


def _add_frogs_of_songfengshan(hosts: Hosts) -> Host:
    """The chair brought twelve to apply; one was admitted and elected to the village branch's committee."""
    villages = [code for code, row in hosts.ledger.villages.items() if code.startswith(_code("松峰山镇")) and row["kind"] == "village_committee"]
    host = hosts.add("松峰山镇林蛙养殖协会", "association", "township", villages, sector="林蛙")
    hosts.add_group(host)
    chair = hosts.employ(host, "松峰山镇林蛙养殖协会理事长", office="理事长", birth_year=1944, village=villages[0], admitted_on=dt.date(1975, 7, 1))
    hosts.enrol(host, chair, here=False)
    admitted = hosts.employ_newcomer(host, "松峰山镇林蛙养殖协会会员（新党员）", stage="full", village=villages[0])
    hosts.ledger.belong(admitted, hosts.bodies.of_village[villages[0]], primary=True, office="委员")
    hosts.ledger.add("Member MENTORS Member", mentor_id=chair, mentee_id=admitted)
    for n in range(2, 13):
        stage = "activist" if n < 6 else "applicant"
        person = hosts.employ(host, f"松峰山镇林蛙养殖协会会员{n}", stage=stage)
        hosts.ledger.add("Member MENTORS Member", mentor_id=chair, mentee_id=person)
    hosts.join(host, 15, kind="member")
    return host


def _add_cattle_of_nancheng(hosts: Hosts) -> None:
    """One member leads fifty others; the fifty stand as a household each."""
    host = hosts.add("南城村黄牛协会", "association", "village", [_code("南城村")], sector="黄牛", output_yuan=5_100_000)
    hosts.add_group(host)
    hosts.enrol(host, hosts.employ(host, "南城村黄牛协会带头党员", office="理事长"), here=False)
    hosts.join(host, 50, kind="member")


def _add_buns_of_quandian(hosts: Hosts) -> None:
    """800-odd members; 3.6 million yuan of profit at 1,200 a head are 3,000 people."""
    host = hosts.add("全店村粘豆包协会", "association", "village", [_code("亚沟镇全店村")], sector="粘豆包", output_yuan=9_600_000)
    for _ in range(2):
        hosts.add_group(host)
    for n, office in enumerate(("理事长", "秘书长")):
        person = hosts.employ(host, f"全店村粘豆包协会{office}", office=office, is_founder=n == 0, is_cadre=n == 0)
        hosts.enrol(host, person, here=False)
    made = set(hosts.join(host, 806, kind="member"))
    larger = set(hosts.ledger.rng.sample(sorted(made), 3000 - 3 * 806))
    for row in hosts.ledger.rows["Household"]:
        if row["id"] in made:
            row["people"] = 4 if row["id"] in larger else 3


def _add_green_rice(hosts: Hosts) -> None:
    """816 households in the district; one association stands for however many there were."""
    villages = [_code(name) for name in ("海沟村", "红旗村", "翻身村", "双兰村", "民丰村", "延川村")]
    host = hosts.add("绿色水稻农民协会", "association", "cross_township", villages, sector="水稻", output_yuan=2_400_000)
    hosts.add_branch(host)
    for n in range(20):
        person = hosts.employ(host, f"绿色水稻农民协会党员{n + 1}", office="理事长" if n == 1 else None)
        hosts.enrol(host, person, here=n < 12, office="书记" if n == 0 else None)
        if n == 0:
            hosts.make_secretary(person, educated=True)
    for n, stage in enumerate(("full", "full", "probationary", "probationary")):
        hosts.enrol(host, hosts.employ_newcomer(host, f"绿色水稻农民协会新党员{n + 1}", stage=stage), here=False)
    hosts.join(host, 816, kind="member")


def _add_dairy(hosts: Hosts) -> None:
    """253 households in the district; a liaison, no body."""
    villages = [_code(name) for name in ("双河村", "北川村", "新明村", "中和村")]
    host = hosts.add("奶牛协会", "association", "cross_township", villages, sector="奶牛", output_yuan=1_300_000)
    for n, office in enumerate(("理事长", None)):
        hosts.enrol(host, hosts.employ(host, f"奶牛协会党员{n + 1}", office=office), here=False)
    hosts.enrol(host, hosts.employ_newcomer(host, "奶牛协会预备党员", stage="probationary"), here=False)
    hosts.join(host, 253, kind="member")
