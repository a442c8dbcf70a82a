"""The corpus of messy files: each a kind of mess found in real ones, and what must come out of it, written by hand. All people in it are made up."""

from tests.messy_files import RIGHT, book, locked_by_quote, ods, sheets, zipped

ZONES = [("z1", "东区"), ("z2", "西区")]
JAPANESE = [("z1", "田中太郎"), ("z2", "すずき")]
LATIN = [("z1", "Müller"), ("z2", "José Peña")]
H = "编号,人口\n"
TRADITIONAL = "id,name\nz1,東區\nz2,西區\n"
HOUSES = [("h1", 3), ("h2", 2)]


def zones(text, codec):
    return {"责任区.csv": text.encode(codec)}


# name: (files, table, columns, rows)
READ = {
    "UTF-8": (zones(RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "UTF-8 with a mark": (zones(RIGHT, "utf-8-sig"), "Zone", ("id", "name"), ZONES),
    "GB18030": (zones(RIGHT, "gb18030"), "Zone", ("id", "name"), ZONES),
    "Big5": (zones(TRADITIONAL, "big5"), "Zone", ("id", "name"), [("z1", "東區"), ("z2", "西區")]),
    "cp1252, which decodes as Chinese": (zones("id,name\nz1,Müller\nz2,José Peña\n", "cp1252"), "Zone", ("id", "name"), LATIN),
    "Shift-JIS": (zones("id,name\nz1,田中太郎\nz2,すずき\n", "cp932"), "Zone", ("id", "name"), JAPANESE),
    "UTF-16 with a mark": (zones(RIGHT, "utf-16"), "Zone", ("id", "name"), ZONES),
    "UTF-16 without, little end first": (zones(RIGHT, "utf-16-le"), "Zone", ("id", "name"), ZONES),
    "UTF-16 without, big end first": (zones(RIGHT, "utf-16-be"), "Zone", ("id", "name"), ZONES),
    "a rare surname of four bytes": (zones("id,name\nz1,𬱖镕\n", "gb18030"), "Zone", ("id", "name"), [("z1", "𬱖镕")]),
    "tabs": (zones(RIGHT.replace(",", "\t"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "tabs in UTF-16, as a spreadsheet saves Unicode text": (zones(RIGHT.replace(",", "\t"), "utf-16"), "Zone", ("id", "name"), ZONES),
    "semicolons": (zones(RIGHT.replace(",", ";"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "full-width commas": (zones(RIGHT.replace(",", "，"), "gb18030"), "Zone", ("id", "name"), ZONES),
    "full-width commas, one within a cell": (zones('编号，名称\nz1，"东，区"\n', "utf-8"), "Zone", ("id", "name"), [("z1", "东，区")]),
    "commas within cells of a file of tabs": (zones("编号\t名称\nz1\t东,区\nz2\t西区\n", "utf-8"), "Zone", ("id", "name"), [("z1", "东,区"), ("z2", "西区")]),
    "Windows line ends": (zones(RIGHT.replace("\n", "\r\n"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "old Macintosh line ends": (zones(RIGHT.replace("\n", "\r"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "no line end at the end": (zones(RIGHT.rstrip(), "utf-8"), "Zone", ("id", "name"), ZONES),
    "a line break within a cell": (zones('编号,名称\nz1,"东\n区"\nz2,西区\n', "utf-8"), "Zone", ("id", "name"), [("z1", "东\n区"), ("z2", "西区")]),
    "a quotation mark within a cell": (zones('编号,名称\nz1,东"区\nz2,西区\n', "utf-8"), "Zone", ("id", "name"), [("z1", '东"区'), ("z2", "西区")]),
    "a title above, without separators": (zones("某区责任区名册\n" + RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "a title above, as a spreadsheet exports it": (zones("某区责任区名册,\n制表：某某,\n" + RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "a blank line above": (zones("\n" + RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "blank lines between": (zones("编号,名称\n\nz1,东区\n,\nz2,西区\n\n", "utf-8"), "Zone", ("id", "name"), ZONES),
    "headings on every page": (zones("编号,名称\nz1,东区\n编号,名称\nz2,西区\n", "utf-8"), "Zone", ("id", "name"), ZONES),
    "a total below": ({"农户.csv": (H + "h1,3\nh2,2\n合计,5\n").encode()}, "Household", ("id", "people"), HOUSES),
    "a total with a gap and a colon": ({"农户.csv": (H + "h1,3\n小　计,3\nh2,2\n总计：,5\n").encode()}, "Household", ("id", "people"), HOUSES),
    "a note and a signature below": ({"农户.csv": (H + "h1,3\nh2,2\n备注：以上为常住,\n填表人：某某,\n").encode()}, "Household", ("id", "people"), HOUSES),
    "full-width digits": ({"农户.csv": (H + "h1,３\nh2,２\n").encode()}, "Household", ("id", "people"), HOUSES),
    "blanks of every kind": ({"农户.csv": (H + "\u3000h1 , 3\nh2\u00a0,2\n").encode()}, "Household", ("id", "people"), HOUSES),
    "dates of every form": (
        {"培训.csv": "编号,举办日期\nt1,2012-04-30\nt2,2012/4/30\nt3,2012.4.30\nt4,2012年4月30日\nt5,２０１２．４．３０\n".encode()},
        "Training", ("id", "held_on"), [(f"t{n}", "2012-04-30") for n in range(1, 6)],
    ),
    "a workbook": ({"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", 2]])}, "Household", ("id", "people"), HOUSES),
    "a sheet of counts beside the list": (
        {"a.xlsx": sheets(农户=[["编号", "人口"], ["h1", 3], ["h2", 2]], 农户统计=[["村", "户数", "困难户数"], ["甲村", 30, 4], ["乙村", 20, 1]])},
        "Household", ("id", "people"), HOUSES,
    ),
    "blank rows above a workbook's table": ({"a.xlsx": book([[], [], ["编号", "人口"], ["h1", 3], ["h2", 2]])}, "Household", ("id", "people"), HOUSES),
    "a workbook with macros": ({"a.xlsm": book([["编号", "人口"], ["h1", 3], ["h2", 2]])}, "Household", ("id", "people"), HOUSES),
    "an OpenDocument sheet": ({"a.ods": ods([["编号", "人口"], ["h1", "3"], ["h2", "2"]])}, "Household", ("id", "people"), HOUSES),
    "titles merged over a workbook's table": (
        {"a.xlsx": book([["某村农户名册", None], ["编号", "人口"], ["h1", 3], ["h2", 2]], merge=["A1:B1"])}, "Household", ("id", "people"), HOUSES,
    ),
    "cells merged downwards": (
        {"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", None]], merge=["B2:B3"])}, "Household", ("id", "people"), [("h1", 3), ("h2", 3)],
    ),
    "hidden rows, columns and sheet": (
        {"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", 2]], hidden_rows=[3], hidden_columns=["B"], hidden=True)}, "Household", ("id", "people"), HOUSES,
    ),
    "signatures below a workbook's table": (
        {"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", 2], ["合 计", 5], ["填表人：某某", None]])}, "Household", ("id", "people"), HOUSES,
    ),
    "folders within a folder": ({"2012/甲村/农户.csv": (H + "h1,3\n").encode(), "2012/乙村/农户.csv": (H + "h2,2\n").encode()}, "Household", ("id", "people"), HOUSES),
    "locks and hidden files beside": ({"农户.csv": (H + "h1,3\nh2,2\n").encode(), "~$农户.csv": b"x", ".农户.csv": b"x"}, "Household", ("id", "people"), HOUSES),
    "an archive": ({"all.zip": zipped({"农户.csv": (H + "h1,3\nh2,2\n").encode()})}, "Household", ("id", "people"), HOUSES),
    "an archive with folders and a workbook": (
        {"all.zip": zipped({"甲/农户.xlsx": book([["编号", "人口"], ["h1", 3]]), "乙/农户.csv": (H + "h2,2\n").encode(), "__MACOSX/农户.csv": b"x"})},
        "Household", ("id", "people"), HOUSES,
    ),
    "a column that the table does not have": ({"农户.csv": "编号,人口,备注\nh1,3,常住\nh2,2,\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a column without a heading": ({"农户.csv": "编号,人口,\nh1,3,?\nh2,2,\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a heading mistyped": ({"农户.csv": "编号,人囗\nh1,3\nh2,2\n".encode()}, "Household", ("id", "people"), [("h1", None), ("h2", None)]),
    "numbers of the columns below the headings": ({"农户.csv": "编号,人口\n甲,1\nh1,3\nh2,2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "letters for the columns below a workbook's headings": (
        {"a.xlsx": book([["编号", "人口", "备注"], ["甲", "乙", "丙"], ["h1", 3, None], ["h2", 2, None]])}, "Household", ("id", "people"), HOUSES,
    ),
    "a total above the rows": ({"农户.csv": "编号,人口\n合计,5\nh1,3\nh2,2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a part of the total below it": ({"农户.csv": "编号,人口\nh1,3\nh2,2\n合计,5\n其中：困难户,3\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a table that goes on under its headings": ({"农户.csv": "编号,人口\nh1,3\n（续表）,\n编号,人口\nh2,2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "numbers of pages between the rows": ({"农户.csv": "编号,人口\nh1,3\n第1页 共2页,\nh2,2\n第2页 共2页,\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a line of units above the headings": ({"农户.csv": "某村农户表,\n,单位：人\n编号,人口\nh1,3\nh2,2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "rows numbered ahead and never filled": (
        {"a.xlsx": book([["序号", "编号", "人口"], [1, "h1", 3], [2, "h2", 2], [3, None, None], [4, None, None]])}, "Household", ("id", "people"), HOUSES,
    ),
    "a first line that names the separator": ({"农户.csv": "sep=;\n编号;人口\nh1;3\nh2;2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a comma at the end of every row": ({"农户.csv": "编号,人口\nh1,3,\nh2,2,\n".encode()}, "Household", ("id", "people"), HOUSES),
    "a comma at the end of the headings alone": ({"农户.csv": "编号,人口,\nh1,3\nh2,2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "headings with blanks in them": ({"农户.csv": "编　号,人 口\nh1,3\nh2,2\n".encode()}, "Household", ("id", "people"), HOUSES),
    "ids of full width": ({"农户.csv": (H + "ｈ１,3\nh２,2\n").encode()}, "Household", ("id", "people"), HOUSES),
    "codes that a spreadsheet made numbers of": (
        {"村.csv": "代码,名称\n230112104001.0,甲村\n".encode()}, "Village", ("code", "name"), [("230112104001", "甲村")],
    ),
    "midnight after a day": ({"培训.csv": "编号,举办日期\nt1,2012-04-30 00:00:00\n".encode()}, "Training", ("id", "held_on"), [("t1", "2012-04-30")]),
    "a stroke for what does not apply": ({"农户.csv": (H + "h1,/\nh2,——\n").encode()}, "Household", ("id", "people"), [("h1", None), ("h2", None)]),
    "the error of a formula": ({"农户.csv": (H + "h1,#REF!\nh2,2\n").encode()}, "Household", ("id", "people"), [("h1", None), ("h2", 2)]),
    "a number that is none": ({"农户.csv": (H + "h1,三四个\nh2,2\n").encode()}, "Household", ("id", "people"), [("h1", None), ("h2", 2)]),
    "yes and no in several ways": (
        {"农户.csv": "编号,是否困难户\nh1,是\nh2,no\nh3,1\nh4,\n".encode()}, "Household", ("id", "is_poor"),
        [("h1", True), ("h2", False), ("h3", True), ("h4", None)],
    ),
    "one kind in two folders": ({"农户.csv": (H + "h1,3\nh2,2\n").encode(), "2/农户.csv": (H + "h3,1\n").encode()}, "Household", ("id", "people"), [*HOUSES, ("h3", 1)]),
}  # fmt: skip


def mapped(table, *cells, read=(), places=()):
    """A mapping that says one kind of node of each row."""
    return "\n".join([*places, "[[read]]", *read, "[[read.node]]", f'table = "{table}"', *cells]) + "\n"


HELPS = '[[read.tie]]\ntable = "Member HELPS Household"\nmember_id = "帮扶人"\nhousehold_id = "户"\nkind = "=one_to_one"\n'
PEOPLE = mapped("Household", 'id = "户"', 'people = "人口"')
VILLAGE = 'code = {place = ["乡镇", "村"]}'
ACHENG = ("[places]", 'list = "acheng-2023"')

# name: (files, mapping, table, columns, rows); a file that begins with ../ stands beside the mapping
MAPPED = {
    "units in cells": ({"a.csv": "户,人口\nh1,3人\nh2,2口人\n".encode()}, PEOPLE, "Household", ("id", "people"), HOUSES),
    "Chinese numerals": ({"a.csv": "户,人口\nh1,三\nh2,两\n".encode()}, PEOPLE, "Household", ("id", "people"), HOUSES),
    "words for unknown": ({"a.csv": "户,人口\nh1,不详\nh2,-\n".encode()}, PEOPLE, "Household", ("id", "people"), [("h1", None), ("h2", None)]),
    "amounts in 万元, as the heading says": (
        {"a.csv": "社,年产值（万元）\nc1,1.5\nc2,20\n".encode()},
        mapped("Cooperative", 'id = "社"', 'output_yuan = {column = "年产值（万元）", unit = "万元"}'), "Cooperative", ("id", "output_yuan"), [("c1", 15_000), ("c2", 200_000)],
    ),
    "more than, taken as the least": (
        {"a.csv": "社,产值\nc1,20余万元\nc2,\"1,200元\"\n".encode()},
        mapped("Cooperative", 'id = "社"', 'output_yuan = {column = "产值", inexact = "low"}'), "Cooperative", ("id", "output_yuan"), [("c1", 200_000), ("c2", 1_200)],
    ),
    "days known to the month": (
        {"a.csv": "社,成立\nc1,2010年3月\nc2,2010.03\nc3,2010年3月5日\n".encode()},
        mapped("Cooperative", 'id = "社"', 'founded_on = {column = "成立", date = "year_month"}'), "Cooperative", ("id", "founded_on"),
        [("c1", "2010-03-01"), ("c2", "2010-03-01"), ("c3", "2010-03-05")],
    ),
    "days as serial numbers": (
        {"a.csv": "社,成立\nc1,40238\n".encode()}, mapped("Cooperative", 'id = "社"', 'founded_on = "成立"'), "Cooperative", ("id", "founded_on"), [("c1", "2010-03-01")],
    ),
    "an identity number where a year of birth is asked": (
        {"a.csv": "号,身份证号\nm1,11010519491231002X\n".encode()},
        mapped("Member", 'id = "号"', 'birth_year = {column = "身份证号", take = "id_birth_year"}'), "Member", ("id", "birth_year"), [("m1", 1949)],
    ),
    "several helpers in one cell": (
        {"a.csv": "户,帮扶人\nh1,m1、m2\nh2,m1/m3\n".encode()},
        mapped("Household", 'id = "户"', read=['split = {"帮扶人" = "、/"}']) + '[[read.node]]\ntable = "Member"\nid = "帮扶人"\n' + HELPS,
        "Member HELPS Household", ("member_id", "household_id"), [("m1", "h1"), ("m2", "h1"), ("m1", "h2"), ("m3", "h2")],
    ),
    "the same as above, in words": (
        {"a.csv": "户,帮扶人\nh1,m1\nh2,同上\nh3,〃\n".encode()},
        mapped("Household", 'id = "户"') + '[[read.node]]\ntable = "Member"\nid = "帮扶人"\n' + HELPS,
        "Member HELPS Household", ("member_id", "household_id"), [("m1", "h1"), ("m1", "h2"), ("m1", "h3")],
    ),
    "headings of two rows, merged": (
        {"a.xlsx": book([["户", "家庭情况", None], [None, "人口", "类型"], ["h1", 3, "贫困户"], ["h2", 2, None]], merge=["A1:A2", "B1:C1"])},
        mapped("Household", 'id = "户"', 'people = "家庭情况 / 人口"'), "Household", ("id", "people"), HOUSES,
    ),
    "a form, one record a sheet": (
        {"a.xlsx": book([["户编号：", "h1"], ["人 口", 3]], title="一户")},
        mapped("Household", 'id = "户编号"', 'people = "人口"', read=['layout = "form"']), "Household", ("id", "people"), [("h1", 3)],
    ),
    "what the name of the file says": (
        {"甲组-3.csv": "户\nh1\n".encode()}, mapped("Household", 'id = {make = ["组", "户"]}', read=['name = "{组}-{n:int}"']), "Household", ("id",), [("甲组-h1",)],
    ),
    "years side by side": (
        {"a.csv": "社,2010,2011\nc1,t1,t2\nc2,,t3\n".encode()},
        mapped("Training", 'id = "t"', read=['unpivot = {columns = "20*", into = ["年", "t"]}']), "Training", ("id",), [("t1",), ("t2",), ("t3",)],
    ),
    "village names as people write them": (
        {"a.csv": "乡镇,村\n亚沟镇,全店村村民委员会\n阿什河街道,城建村村\n".encode()}, mapped("Village", VILLAGE, places=ACHENG), "Village", ("code",), [("230112011205",), ("230112005200",)],
    ),
    "a township by its former name": (
        {"a.csv": "乡镇,村\n料甸满族乡,西华村\n".encode()}, mapped("Village", VILLAGE, places=ACHENG), "Village", ("code",), [("230112013206",)],
    ),
    "a village that was merged since": (
        {"a.csv": "村\n甲村\n".encode(), "../list.csv": "code,name,until,successor\n230112000001,甲村,2019-01-01,230112000002\n230112000002,乙村,,\n".encode()},
        mapped("Village", 'code = {place = ["村"]}', places=("[places]", 'list = "list.csv"', "on = 2023-01-01")), "Village", ("code",), [("230112000002",)],
    ),
    "villages of a province's list, with parents, of which one county is meant": (
        {"a.csv": "村\n甲县东镇东风村\n胜利\n".encode(), "../list.csv": "code,name,parent\n2301,甲县,\n2302,乙县,\n230101,东镇,2301\n230201,东镇,2302\n230101000001,东风村,230101\n230201000001,东风村,230201\n230201000002,胜利村,230201\n".encode()},
        mapped("Village", 'code = {place = ["村"]}', places=("[places]", 'list = "list.csv"', 'within = "甲县"')), "Village", ("code",), [("230101000001",), ("230201000002",)],
    ),
    "villages of which nobody has the codes": (
        {"a.csv": "乡镇,村\n东镇,甲村村委会\n西镇,甲村\n,乙村\n东镇,乙\n".encode()}, mapped("Village", VILLAGE, places=("[places]", 'list = "names"')), "Village", ("code",), [("东镇-乙村",), ("东镇-甲村",), ("西镇-甲村",)],
    ),
    "days in words, without marks, and of two digits": (
        {"a.csv": "社,成立\nc1,二〇一〇年三月五日\nc2,2010年3月5号\nc3,20100305\nc4,10.3.5\nc5,民国99年3月5日\n".encode()}, mapped("Cooperative", 'id = "社"', 'founded_on = "成立"'),
        "Cooperative", ("id", "founded_on"), [("c1", "2010-03-05"), ("c2", "2010-03-05"), ("c3", "2010-03-05"), ("c4", None), ("c5", None)],
    ),
    "a line of who reports and when above, signatures side by side below": (
        {"a.xlsx": book([["某县农户表", None], ["填报单位：某村", "2012年4月"], ["户", "人口"], ["h1", 3], ["h2", 2], ["制表：某某", "审核：某某"]])}, PEOPLE,
        "Household", ("id", "people"), HOUSES,
    ),
    "a subtotal for each village, merged with its name": (
        {"a.xlsx": book([["村", "户", "人口"], ["甲村", "h1", 3], [None, "小计", 3], ["乙村", "h2", 2], [None, "小计", 2], ["合计", None, 5]], merge=["A2:A3", "A4:A5"])},
        PEOPLE, "Household", ("id", "people"), HOUSES,
    ),
    "a column to be kept as it is": (
        {"a.csv": "户,人口,家庭收入\nh1,3,2万\n".encode()}, PEOPLE + '[extra]\nkeep = {income = "家庭收入"}\n', "Household", ("id", "people", "income"), [("h1", 3, "2万")],
    ),
}  # fmt: skip


# name: (files, what is said)
REFUSED = {
    "an encoding of the East of Europe": (zones("id,name\nz1,Paweł Żółć\n", "cp1250"), "--encoding"),
    "Cyrillic": (zones("id,имя\nz1,Иван\n", "cp1251"), "--encoding"),
    "Korean, whose bytes are common Chinese characters": (zones("id,name\nz1,김철수\nz2,박영희\n", "cp949"), "--encoding"),
    "UTF-32": (zones(RIGHT, "utf-32-be"), "zero bytes"),
    "one byte spoilt in UTF-8": ({"责任区.csv": RIGHT.encode() + b"z3,\xff\n"}, "line 4 is not in UTF-8"),
    "two separators that fit alike": (zones("编号;名称,x\nz1;东区,x\n", "utf-8"), "--separator"),
    "a stray quotation mark": ({"农户.csv": locked_by_quote(at=(10,)).encode()}, "row 11"),
    "two of them, hundreds of rows apart": ({"农户.csv": locked_by_quote(at=(10, 500)).encode()}, "quotation mark"),
    "two of them, in rows one after the other": ({"农户.csv": b'id,people\nh1,"3\nh2,2"\nh3,4\n'}, "quotation mark"),
    "two of them, in a file of one column": ({"Zone.csv": b'id\n"z1\nz2"\nz3\n'}, "quotation mark"),
    "text named .xlsx": ({"a.xlsx": RIGHT.encode()}, "rename it to .csv"),
    "a web page named .xls": ({"a.xls": b"<html><table><tr><td>x</td></tr></table></html>"}, "web page"),
    "XML named .xls": ({"a.xls": b'<?xml version="1.0"?><Workbook/>'}, "web page or XML"),
    "a damaged .xls": ({"a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 3000}, "xlsx"),
    "a damaged .ods": ({"a.ods": ods([["编号"]])[:-200]}, "xlsx"),
    "an OpenDocument cell repeated a million times": ({"a.ods": ods([["编号"]], repeated='table:number-rows-repeated="1048576"')}, "xlsx"),
    "an archive that is none": ({"a.zip": b"PK\x03\x04 and nothing"}, "archive"),
    "an archive without tables": ({"a.zip": zipped({"readme.md": b"x"})}, "no table"),
    "numbers of Apple": ({"a.numbers": b"x"}, "cannot be read"),
}

# name: the same in Chinese
MESSES = {
    "UTF-8": "UTF-8",
    "UTF-8 with a mark": "UTF-8，带 BOM",
    "GB18030": "GB18030",
    "Big5": "Big5",
    "cp1252, which decodes as Chinese": "cp1252，按中文也能解码",
    "Shift-JIS": "Shift-JIS",
    "UTF-16 with a mark": "UTF-16，带 BOM",
    "UTF-16 without, little end first": "UTF-16，无 BOM，小端",
    "UTF-16 without, big end first": "UTF-16，无 BOM，大端",
    "a rare surname of four bytes": "四字节的生僻姓",
    "tabs": "制表符分列",
    "tabs in UTF-16, as a spreadsheet saves Unicode text": "UTF-16 制表符，即“Unicode 文本”",
    "semicolons": "分号分列",
    "full-width commas": "全角逗号分列",
    "full-width commas, one within a cell": "全角逗号分列，格里还有一个",
    "commas within cells of a file of tabs": "制表符分列，格里有逗号",
    "Windows line ends": "Windows 换行",
    "old Macintosh line ends": "旧 Macintosh 换行",
    "no line end at the end": "最后一行没有换行",
    "a line break within a cell": "格里有换行",
    "a quotation mark within a cell": "格里有引号",
    "a title above, without separators": "上面有标题，没有分隔符",
    "a title above, as a spreadsheet exports it": "上面有标题和制表人，由电子表格导出",
    "a blank line above": "上面有空行",
    "blank lines between": "中间有空行",
    "headings on every page": "每页重复表头",
    "a total below": "下面有合计",
    "a total with a gap and a colon": "小计、总计，带空格和冒号",
    "a note and a signature below": "下面有备注和填表人",
    "full-width digits": "全角数字",
    "blanks of every kind": "各种空白",
    "dates of every form": "各种写法的日期",
    "a workbook": "工作簿",
    "a sheet of counts beside the list": "名单旁边有统计表",
    "blank rows above a workbook's table": "工作簿表上方有空行",
    "a workbook with macros": "带宏的工作簿",
    "an OpenDocument sheet": "OpenDocument 表格",
    "titles merged over a workbook's table": "标题合并在表上方",
    "cells merged downwards": "向下合并的单元格",
    "hidden rows, columns and sheet": "隐藏的行、列和表",
    "signatures below a workbook's table": "工作簿表下有合计和填表人",
    "folders within a folder": "文件夹里还有文件夹",
    "locks and hidden files beside": "旁边有锁定文件和隐藏文件",
    "an archive": "压缩包",
    "an archive with folders and a workbook": "压缩包里有文件夹和工作簿",
    "a column that the table does not have": "多余的列",
    "a column without a heading": "没有表头的列",
    "a heading mistyped": "写错的表头",
    "numbers of the columns below the headings": "表头下的栏次",
    "letters for the columns below a workbook's headings": "工作簿表头下的甲乙丙",
    "a total above the rows": "合计在各行之上",
    "a part of the total below it": "合计之下的“其中”",
    "a table that goes on under its headings": "续表",
    "numbers of pages between the rows": "各行之间的页码",
    "a line of units above the headings": "表头上方的单位",
    "rows numbered ahead and never filled": "预先编好序号而没有填的行",
    "a first line that names the separator": "首行写明分隔符",
    "a comma at the end of every row": "每行末尾多一个逗号",
    "a comma at the end of the headings alone": "只有表头末尾多一个逗号",
    "headings with blanks in them": "表头里有空格",
    "ids of full width": "全角的编号",
    "codes that a spreadsheet made numbers of": "代码被电子表格变成数字",
    "midnight after a day": "日期后面带零点",
    "a stroke for what does not apply": "用斜杠、横线表示不适用",
    "the error of a formula": "公式的错误值",
    "a number that is none": "不是数字的数字",
    "yes and no in several ways": "是与否的几种写法",
    "one kind in two folders": "同一类分在两个文件夹",
    "units in cells": "格里带单位",
    "Chinese numerals": "中文数字",
    "words for unknown": "表示不知道的字样",
    "amounts in 万元, as the heading says": "表头写明万元",
    "more than, taken as the least": "“余”取其下限",
    "days known to the month": "只知道月份的日期",
    "days as serial numbers": "日期是序号",
    "an identity number where a year of birth is asked": "要出生年而填了身份证号",
    "several helpers in one cell": "一格里几个帮扶人",
    "the same as above, in words": "同上",
    "headings of two rows, merged": "两行合并的表头",
    "a form, one record a sheet": "一表一户的表单",
    "what the name of the file says": "文件名里的内容",
    "years side by side": "各年并列的列",
    "village names as people write them": "村名的各种写法",
    "a township by its former name": "乡镇的旧名",
    "a village that was merged since": "已撤并的村",
    "villages of a province's list, with parents, of which one county is meant": "全省名单带上级代码，只指其中一个县的村",
    "villages of which nobody has the codes": "都没有代码的村",
    "days in words, without marks, and of two digits": "汉字日期、无分隔的日期、两位年份",
    "a line of who reports and when above, signatures side by side below": "上有填报单位和日期，下有并排的签名",
    "a subtotal for each village, merged with its name": "各村小计，与村名合并",
    "a column to be kept as it is": "照原样保留的列",
    "an encoding of the East of Europe": "东欧的编码",
    "Cyrillic": "西里尔字母",
    "Korean, whose bytes are common Chinese characters": "韩文，字节恰是常用汉字",
    "UTF-32": "UTF-32",
    "one byte spoilt in UTF-8": "UTF-8 里坏了一个字节",
    "two separators that fit alike": "两种分隔符都说得通",
    "a stray quotation mark": "多出一个引号",
    "two of them, hundreds of rows apart": "多出两个引号，相隔几百行",
    "two of them, in rows one after the other": "多出两个引号，在相邻两行",
    "two of them, in a file of one column": "多出两个引号，只有一列",
    "text named .xlsx": "文本而名为 .xlsx",
    "a web page named .xls": "网页而名为 .xls",
    "XML named .xls": "XML 而名为 .xls",
    "a damaged .xls": "损坏的 .xls",
    "a damaged .ods": "损坏的 .ods",
    "an OpenDocument cell repeated a million times": "OpenDocument 里重复一百万次的格",
    "an archive that is none": "不是压缩包的压缩包",
    "an archive without tables": "没有表格的压缩包",
    "numbers of Apple": "苹果的 Numbers",
}
