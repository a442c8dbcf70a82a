"""What the article leaves open, made up: hosts without a name, people on the way to membership, pairings, posts, zones, training."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from graphkit.generate.hosts import Host, Hosts
from graphkit.generate.ledger import AS_OF, Ledger
from graphkit.identity.places import find_place
from graphkit.identity.spelling import short_name

_KEPT = ("城建村", "富兴村", "西华村", "南城村", "亚沟街道全店村", "松峰村")  # villages of named bodies get no other host of their own
_PRODUCTS = ("黄牛", "石材", "渔业", "笤帚", "运输", "加工", "工贸", "种植", "养殖", "粘豆包")
_IN_CHAIN = 612  # 600多名
_GROUPS = 72  # 70多个
_FULL_OF_A_BRANCH = 3
_APPLIED, _ACTIVISTS, _ADMITTED = 724, 323, 58


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many hosts of a sort, how many full members each, and what stands beside them."""

    full: tuple[int, ...]
    scopes: tuple[str, ...]
    branch: bool = False
    groups: int = 0  # the first so many have a group
    liaisons: int = 0  # the next so many a liaison only
    probationary: int = 0  # the first so many have a probationary member


_BRANCHED = _Plan((3,) * 14, ("village",) * 8 + ("cross_village",) * 2 + ("township",) * 2 + ("cross_township",) * 2, branch=True)
_OTHERS = (
    _Plan((3, 3, 4, 5, 6, 7, 8, 9, 10, 12), ("village",) * 7 + ("cross_village", "township", "cross_township"), groups=8),
    _Plan((2,) * 12, ("cross_village",) * 2 + ("village",) * 9 + ("cross_township",), groups=10, liaisons=2, probationary=6),
    _Plan((1,) * 16 + (0, 0), ("village",) * 14 + ("cross_village",) * 2 + ("township", "cross_township"), groups=16, liaisons=2),
    _Plan((0, 0, 0, 1, 1), ("village",) * 4 + ("cross_village",)),
)


def add_unnamed_hosts(hosts: Hosts) -> list[Host]:
    """Add the 59 hosts that the article counts and does not name, with the members that make up the 612."""
    kept = {find_place(name).code for name in _KEPT}
    homes = [code for code, row in hosts.ledger.villages.items() if row["kind"] == "village_committee" and code not in kept]
    hosts.ledger.rng.shuffle(homes)
    branched = [_add_host(hosts, n, scope, homes) for n, scope in enumerate(_BRANCHED.scopes)]
    others: list[Host] = []
    for plan in _OTHERS:
        made = [_add_host(hosts, len(branched) + len(others) + n, scope, homes) for n, scope in enumerate(plan.scopes)]
        _staff(hosts, plan, made)
        others += made
    _staff_branches(hosts, branched)
    _add_second_jobs(hosts, branched)
    _spread_groups(hosts, branched)
    _set_outputs(hosts, branched + others)
    for host in branched + others:
        hosts.join(host, hosts.ledger.rng.randrange(9, 15), kind="member" if hosts.ledger.chance(0.8) else "served")
    return branched + others


def _add_host(hosts: Hosts, number: int, scope: str, homes: list[str]) -> Host:
    ledger = hosts.ledger
    home = homes.pop() if scope == "village" else next(code for code in homes if len(_beside(ledger, code)) > 1)
    if scope != "village":
        homes.remove(home)
    villages, product = [home], _PRODUCTS[number % len(_PRODUCTS)]
    if scope != "village":
        villages += ledger.rng.sample(_beside(ledger, home), 2)
    if scope == "cross_township":
        villages[-1] = ledger.rng.choice([code for code in homes if code[:9] != home[:9]])
    row = ledger.villages[home]
    place = (
        short_name(row["name"])
        if scope == "village"
        else f"{row['township_name']}{'' if scope == 'township' else '跨村' if scope == 'cross_village' else '跨乡镇'}"
    )
    kind = "association" if number % 2 else "cooperative"
    name = f"{place}{product}{'协会' if number % 2 else '合作社'}（示例）"
    return hosts.add(name, kind, scope, villages, sector=product, founded_on=ledger.day(dt.date(2001, 1, 1), dt.date(2009, 12, 31)))


def _beside(ledger: Ledger, home: str) -> list[str]:
    """Other villages of the same township."""
    return [code for code, row in ledger.villages.items() if code[:9] == home[:9] and code != home and row["kind"] == "village_committee"]


def _staff(hosts: Hosts, plan: _Plan, made: list[Host]) -> None:
    """Give hosts without a branch their groups, liaisons and few members."""
    for n, (host, full) in enumerate(zip(made, plan.full, strict=True)):
        if n < plan.groups:
            hosts.add_group(host)
        elif n < plan.groups + plan.liaisons:
            _add_liaison(hosts, host)
        for place in range(full):
            _add_worker(hosts, host, place)
        if n < plan.probationary:
            hosts.enrol(host, hosts.employ_newcomer(host, f"{host.name}预备党员", stage="probationary"), here=False)


def _add_worker(hosts: Hosts, host: Host, place: int) -> str:
    """Add a full member: the first chairs and founded it, in every fourth host also as the village's secretary."""
    chairs = place == 0
    dual = chairs and host.scope == "village" and hosts.ledger.chance(0.25) and host.home not in hosts.bodies.secretaries
    name = f"{host.name}理事长{'（兼村党支部书记）' if dual else ''}" if chairs else f"{host.name}党员{place + 1}"
    person = hosts.employ(host, name, office="理事长" if chairs else None, is_founder=True if chairs else None, is_cadre=dual)
    if not dual:
        hosts.enrol(host, person, here=not chairs and hosts.ledger.chance(0.6))
        return person
    hosts.bodies.secretaries[host.home] = person
    hosts.ledger.belong(person, hosts.bodies.of_village[host.home], primary=True, office="书记")
    for body in filter(None, (host.body, *host.groups)):
        hosts.ledger.belong(person, body, primary=False, since=dt.date(2012, 1, 1))
    return person


def _add_liaison(hosts: Hosts, host: Host) -> None:
    """Make up a member of the township's committee who keeps in touch with the host."""
    home = next(code for code in hosts.ledger.villages if code[:9] == host.home[:9])
    person = hosts.ledger.add_person(f"{host.name}联络的乡镇党委委员", home, origin="official", is_cadre=True)
    hosts.ledger.belong(person, hosts.bodies.township_of(host.home), primary=True, office="委员")
    hosts.ledger.add("Member LIAISES Cooperative", member_id=person, cooperative_id=host.id, since=dt.date(2010, 9, 1))


def _staff_branches(hosts: Hosts, branched: list[Host]) -> None:
    """Fill the hosts with a branch up to the total in the chain and the total admitted since 2010."""
    ledger = hosts.ledger
    for n, host in enumerate(branched):
        kind = "temporary_branch" if n in (9, 11) else "branch"  # 成立正式或临时党组织
        hosts.add_branch(host, kind=kind, superior=hosts.bodies.nearest(host.home) if n == 8 else None)  # one under the wrong superior
        for place in range(3):
            _add_worker(hosts, host, place)
        secretary = host.party[1]
        hosts.make_secretary(secretary, educated=n < 12)
        _make_primary(hosts, secretary, str(host.body))
        if n % 4 == 0:
            _add_liaison(hosts, host)
    newcomers = [row for row in ledger.rows["Member"] if row["admitted_on"] and row["admitted_on"] >= dt.date(2010, 1, 1)]
    missing = {stage: half - sum(row["stage"] == stage for row in newcomers) for stage, half in (("full", 30), ("probationary", _ADMITTED - 30))}
    left = _IN_CHAIN - sum(len(host.party) for host in hosts.all)
    stages = ["newcomer full"] * missing["full"] + ["newcomer probationary"] * missing["probationary"]
    stages += ["full"] * (left - len(stages))
    ledger.rng.shuffle(stages)
    for n, stage in enumerate(stages):
        _add_to_branch(hosts, branched[n % len(branched)] if n % 3 else ledger.rng.choice(branched), stage)


def _add_to_branch(hosts: Hosts, host: Host, stage: str) -> None:
    if stage == "full":
        _add_worker(hosts, host, len(host.party))
        return
    person = hosts.employ_newcomer(host, f"{host.name}新党员{len(host.party) + 1}", stage=stage.removeprefix("newcomer "))
    hosts.enrol(host, person, here=hosts.ledger.chance(0.6))


def _add_second_jobs(hosts: Hosts, branched: list[Host]) -> None:
    """Let some two dozen members work in a second host, one that has a branch: they tie the two together."""
    for n in range(24):
        first, second = hosts.ledger.rng.sample(hosts.all, 1)[0], branched[n % len(branched)]
        if first.party and first is not second:
            person = hosts.ledger.rng.choice(first.party)
            if not any(hosts.ledger.where("Member WORKS_IN Cooperative", member_id=person, cooperative_id=second.id)):
                hosts.ledger.add("Member WORKS_IN Cooperative", member_id=person, cooperative_id=second.id, since=dt.date(2011, 3, 1))


def _make_primary(hosts: Hosts, person: str, body: str) -> None:
    """Let a body's secretary belong to it and to no other as primary."""
    rows = hosts.ledger.rows["Member BELONGS_TO Branch"]
    rows[:] = [row for row in rows if row["member_id"] != person]
    founded = next(hosts.ledger.where("Branch", id=body))["founded_on"]
    hosts.ledger.belong(person, body, primary=True, office="书记", since=founded)


def _spread_groups(hosts: Hosts, branched: list[Host]) -> None:
    """Add groups within the larger hosts until there are as many as published."""
    left = _GROUPS - sum(len(host.groups) for host in hosts.all)
    for n in range(left):
        hosts.add_group(branched[n % len(branched)])


def _set_outputs(hosts: Hosts, unnamed: list[Host]) -> None:
    """27 of the 69 with an output over 500,000 yuan; a few are unknown."""
    ledger = hosts.ledger
    high = 27 - sum((row.get("output_yuan") or 0) > 500_000 for row in ledger.rows["Cooperative"])
    for n, host in enumerate(unnamed):
        row = next(ledger.where("Cooperative", id=host.id))
        low = None if n % 7 == 6 else ledger.rng.randrange(6, 49) * 10_000
        row["output_yuan"] = ledger.rng.randrange(52, 300) * 10_000 if n < high else low


def recruit(hosts: Hosts, *, frogs: Host) -> None:
    """Add those who applied since 2010 and are not members yet: 724 less 323 applicants, 323 less 58 activists and candidates."""
    ledger = hosts.ledger
    already = [row["stage"] for row in ledger.rows["Member"]]
    stages = ["applicant"] * (_APPLIED - _ACTIVISTS - already.count("applicant"))
    stages += ["candidate"] * 40 + ["activist"] * (_ACTIVISTS - _ADMITTED - 40 - already.count("activist"))
    places = [host for host in hosts.all if host is not frogs]
    for n, stage in enumerate(stages):
        host = places[n % len(places)]
        word = {"applicant": "申请人", "activist": "积极分子", "candidate": "发展对象"}[stage]
        founds = not host.party and n < len(places)
        person = hosts.employ(
            host, f"{host.name}{word}{n + 1}", stage=stage, office="理事长" if founds else None, is_founder=True if founds else None
        )
        if host.party and ledger.chance({"applicant": 0.12, "activist": 0.75, "candidate": 0.9}[stage]):
            since = ledger.day(dt.date(2010, 3, 1), dt.date(2012, 3, 31))
            ledger.add("Member MENTORS Member", mentor_id=ledger.rng.choice(_full(ledger, host) or host.party), mentee_id=person, since=since)


def _full(ledger: Ledger, host: Host) -> list[str]:
    party = set(host.party)
    return [row["id"] for row in ledger.rows["Member"] if row["id"] in party and row["stage"] == "full"]


def add_village_secretaries(hosts: Hosts) -> None:
    """Give every village body a secretary; leave a few people in the units without a body, and in nobody's hands."""
    ledger, bodies = hosts.ledger, hosts.bodies
    for village, body in bodies.of_village.items():
        if village not in bodies.secretaries:
            person = ledger.add_person(f"{short_name(ledger.villages[village]['name'])}党组织书记", village, is_cadre=True)
            ledger.belong(person, body, primary=True, office="书记")
            bodies.secretaries[village] = person
    for village, people in zip(bodies.unserved, (4, 2, 1, 0, 1, 0), strict=True):
        for n in range(people):
            person = ledger.add_person(f"{short_name(ledger.villages[village]['name'])}党员{n + 1}", village)
            ledger.belong(person, bodies.township_of(village), primary=True)
    for village in bodies.unserved[1:3]:
        post = ledger.add_body(
            f"{short_name(ledger.villages[village]['name'])}党建联络岗",
            "liaison_post",
            superior=bodies.township_of(village),
            management="territorial",
        )
        ledger.add("Branch SERVES Village", branch_id=post, village_code=village)
    _let_slip(hosts)


def _let_slip(hosts: Hosts) -> None:
    """Four in nobody's hands, two of them assisted only; six who came from another body on a known day."""
    ledger = hosts.ledger
    ties = ledger.rows["Member BELONGS_TO Branch"]
    assisted = {tie["member_id"] for tie in ties if not tie["primary"]}
    plain = [tie for tie in ties if tie["primary"] and not tie.get("office") and not tie.get("since")]
    both = [tie for tie in plain if tie["member_id"] in assisted]
    alone = [tie for tie in plain if tie["member_id"] not in assisted]
    for tie in ledger.rng.sample(both, 2) + ledger.rng.sample(alone, 2):
        ties.remove(tie)
    for tie in ledger.rng.sample([tie for tie in plain if tie in ties], 6):
        came = ledger.day(dt.date(2009, 1, 1), dt.date(2011, 12, 31))
        elsewhere = ledger.rng.choice([body for body in hosts.bodies.of_village.values() if body != tie["branch_id"]])
        tie["since"] = came
        ledger.belong(tie["member_id"], elsewhere, primary=True, until=came)


def keep_the_rules(hosts: Hosts) -> None:
    """Mend what the made-up part would otherwise break of the article's own rules, after all else is drawn.

    A village branch has three full members (S12 asks as many of any body); whoever works beside a body that does not hold the membership is
    assisted by it (S32); the five households of a pairing lie outside the own association (S20).
    """
    _fill_village_branches(hosts)
    _let_workplaces_assist(hosts)
    _pair_outside(hosts)


def add_open_promises(hosts: Hosts, others: list[Host]) -> None:
    """Let a few promise what nothing on record keeps: technical guidance with no pairing, and income, of which no register speaks."""
    for host in others[:3]:
        hosts.ledger.promise(host.party[6], "technical", 4, promised_on=dt.date(2011, 2, 1))
    hosts.ledger.promise(
        others[0].party[0],
        "income",
        20_000,
        unit="yuan",
        promised_on=dt.date(2011, 12, 20),
        from_on=dt.date(2012, 1, 1),
        until_on=dt.date(2013, 1, 1),
    )


def hand_over(hosts: Hosts) -> None:
    """Where a pairing ended, let the next who helps others in the same way take the household over, the same day or a month later; one in three is left."""
    ledger = hosts.ledger
    pairs = ledger.rows["Member HELPS Household"]
    helpers = {tie["household_id"]: set[str]() for tie in pairs}
    for tie in pairs:
        helpers[tie["household_id"]].add(tie["member_id"])
    for n, tie in enumerate([tie for tie in pairs if tie["until"]]):
        later = {row["member_id"] for row in pairs if row["kind"] == tie["kind"] and row["member_id"] > tie["member_id"]}
        free = later - helpers[tie["household_id"]]
        if n % 3 < 2 and free:
            helpers[tie["household_id"]].add(min(free))
            ledger.add("Member HELPS Household", member_id=min(free), household_id=tie["household_id"], kind=tie["kind"],
                       since=tie["until"] + dt.timedelta(days=30 * (n % 3)), until=None, last_visit_on=dt.date(2012, 4, 10))  # fmt: skip


def _fill_village_branches(hosts: Hosts) -> None:
    ledger = hosts.ledger
    full = {row["id"] for row in ledger.rows["Member"] if row["stage"] == "full"}
    there: dict[str, set[str]] = {}
    for tie in ledger.rows["Member BELONGS_TO Branch"]:
        if not tie.get("until") and tie["member_id"] in full:
            there.setdefault(tie["branch_id"], set()).add(tie["member_id"])
    for village, body in hosts.bodies.of_village.items():
        for n in range(len(there.get(body, ())), _FULL_OF_A_BRANCH):
            person = ledger.add_person(f"{short_name(ledger.villages[village]['name'])}党员（补{n}）", village)
            ledger.belong(person, body, primary=True)


def _let_workplaces_assist(hosts: Hosts) -> None:
    ledger = hosts.ledger
    belongs = {(tie["member_id"], tie["branch_id"]) for tie in ledger.rows["Member BELONGS_TO Branch"]}
    party = {row["id"] for row in ledger.rows["Member"] if row["stage"] in ("full", "probationary")}
    bodies = {host.id: host.body for host in hosts.all if host.body}
    for tie in ledger.rows["Member WORKS_IN Cooperative"]:
        person, body = tie["member_id"], bodies.get(tie["cooperative_id"])
        if body and person in party and (person, body) not in belongs:
            ledger.belong(person, body, primary=False, since=dt.date(2012, 1, 1))


def _pair_outside(hosts: Hosts) -> None:
    ledger = hosts.ledger
    works: dict[str, set[str]] = {}
    for tie in ledger.rows["Member WORKS_IN Cooperative"]:
        works.setdefault(tie["member_id"], set()).add(tie["cooperative_id"])
    joined = {(row["household_id"], row["cooperative_id"]) for row in ledger.rows["Household JOINED Cooperative"] if row["kind"] == "member"}
    homes = {row["household_id"]: row["village_code"] for row in ledger.rows["Household LIVES_IN Village"]}
    beside: dict[str, str] = {}  # for each household of the own association a neighbour who is in none
    for tie in ledger.rows["Member HELPS Household"]:
        household = tie["household_id"]
        if tie["kind"] == "one_to_five" and any((household, host) in joined for host in works.get(tie["member_id"], ())):
            if household not in beside:
                beside[household] = ledger.add_household(homes[household])
            tie["household_id"] = beside[household]


def pair_up(hosts: Hosts, others: list[Host], *, xihua: tuple[Host, Host]) -> None:
    """Pair members with households: 31 with five each in 西华村, one to one with poor households, others made up."""
    ledger = hosts.ledger
    for host in xihua:
        for member in host.party:
            for _ in range(5):
                household = ledger.add_household(host.home)
                ledger.pair(member, household, "one_to_five", target=5, since=dt.date(2010, 6, 1))
    elsewhere = [host for host in hosts.all if host not in xihua]
    _pair_with_the_poor(ledger, elsewhere)
    for host in others[:30]:
        _pair_five(ledger, host)
    for host in others[:14]:
        for household in ledger.rng.sample(host.households, 4):
            ledger.pair(host.party[2], household, "technical", target=None, since=dt.date(2010, 4, 1))


def _pair_with_the_poor(ledger: Ledger, hosts: list[Host]) -> None:
    """206 poor households with a member each (200余户), one in four across villages; 24 with none."""
    helpers = [(member, host) for host in hosts for member in _full(ledger, host)]
    for member, host in ledger.rng.sample(helpers, 206):
        village = ledger.rng.choice(hosts).home if ledger.chance(0.25) else host.home
        since = ledger.day(dt.date(2009, 5, 1), dt.date(2011, 9, 30))
        ledger.pair(member, ledger.add_household(village, is_poor=True), "one_to_one", target=1, since=since)
    for _ in range(24):
        ledger.add_household(ledger.rng.choice(hosts).home, is_poor=True)


def _pair_five(ledger: Ledger, host: Host) -> None:
    """A member or two who promised five households, and see to three to five of the host's own; a few ended."""
    for member in host.party[1:3]:
        households = ledger.rng.sample(host.households, ledger.rng.choice((3, 4, 5, 5)))
        for household in households:
            until = dt.date(2012, 2, 1) if ledger.chance(0.08) else None
            ledger.pair(member, household, "one_to_five", target=5, since=dt.date(2010, 6, 1), until=until)


def add_posts_and_zones(hosts: Hosts, others: list[Host]) -> None:
    """Four kinds of posts for members without an office, and zones with someone who answers for them, but one."""
    ledger = hosts.ledger
    branched = others[:14]
    for n, host in enumerate(branched):
        zone = ledger.next_id("z", 2)
        ledger.add("Zone", id=zone, name=f"{host.name}党员责任区")
        for household in host.households:
            ledger.add("Zone COVERS Household", zone_id=zone, household_id=household, since=dt.date(2010, 7, 1))
        if n != 13:
            _answer_for(ledger, host, zone)
        for place, post in enumerate(("help", "technology", "circulation", "information")):
            _add_post(hosts, host, host.party[5 + place], post)


def _answer_for(ledger: Ledger, host: Host, zone: str) -> None:
    """The one who answers for a zone promised to bring along ten people a year."""
    member = host.party[4]
    ledger.add("Member RESPONSIBLE_FOR Zone", member_id=member, zone_id=zone, since=dt.date(2010, 7, 1))
    for household in ledger.rng.sample(host.households, 4):
        ledger.pair(member, household, "ten_a_year", target=10, since=dt.date(2011, 1, 1))


def _add_post(hosts: Hosts, host: Host, member: str, post: str) -> None:
    """A post at home, or in one case of four in the next village; who holds the post of help sees to two households."""
    ledger = hosts.ledger
    village = ledger.rng.choice(_beside(ledger, host.home)) if ledger.chance(0.25) else host.home
    since = ledger.day(dt.date(2010, 1, 1), dt.date(2011, 9, 30))
    ledger.add("Member HOLDS_POST_IN Village", member_id=member, village_code=village, post=post, since=since)
    if post == "help":
        for household in ledger.rng.sample(host.households, 2):
            ledger.pair(member, household, "post", target=2, since=since)


def add_trainings(ledger: Ledger) -> None:
    """57 sessions in three years; 3,712 attendances of members (3700余人次) and 6,215 of households (6200余人次)."""
    members = [row["id"] for row in ledger.rows["Member"] if row["stage"] in ("full", "probationary")]
    households = [row["id"] for row in ledger.rows["Household"]]
    forms, topics = ("night_school", "forum", "mobile_school", "field"), ("水稻", "黄牛", "奶牛", "粘豆包", "林蛙", "政策法规", "市场信息")
    for n in range(57):
        session = ledger.next_id("t", 2)
        held_on = dt.date(2009, 5, 10) + dt.timedelta(19 * n)
        ledger.add("Training", id=session, held_on=min(held_on, AS_OF), form=ledger.rng.choice(forms), topic=ledger.rng.choice(topics))
        for member in ledger.rng.sample(members, _share(3712, n)):
            ledger.add("Member ATTENDED Training", member_id=member, training_id=session)
        for household in ledger.rng.sample(households, _share(6215, n)):
            ledger.add("Household ATTENDED Training", household_id=household, training_id=session)


def _share(total: int, session: int) -> int:
    """Part of the session in the total: as even as whole numbers allow."""
    return total * (session + 1) // 57 - total * session // 57
