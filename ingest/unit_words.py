"""The vocabulary of responsibility clauses: tables only, so that a new wording is a new entry.

All patterns are written for *plain* text: brackets of every style are ``( )``, colon, comma and semicolon are half width and
any white space but the line feed is a blank. ``plain`` keeps every offset. Inside a clause, nested brackets are hidden
behind ``HIDDEN``, so that a separator in 各县(市、区)政府 is not seen.
"""

import re

from ingest.document import Role
from ingest.fold import simplified

HIDDEN = "\x01"
STARS = "*★☆▲△※#"  # before or behind a name: 标*的为牵头单位

_SPELLINGS = {
    "(": "（〔［【﹝﹙[｛{〈⟨",
    ")": "）〕］】﹞﹚]｝}〉⟩",
    " ": "\u3000\xa0\t\r\u200b\u200c\u200d\ufeff\u2002\u2003\u2009\v\f",
    ":": "：﹕∶",
    ",": "，",
    ";": "；﹔",
    "/": "／",
    "、": "､",
    "。": "｡",
    ".": "．",
    "|": "｜",
} | {str(digit): chr(ord("０") + digit) for digit in range(10)}
_MISREAD = [
    ("责仟", "责任"),
    ("贵任单位", "责任单位"),
    ("牵关单位", "牵头单位"),
    ("单住:", "单位:"),
]  # by OCR
_PLAIN = [(found, to) for to, spellings in _SPELLINGS.items() for found in spellings] + _MISREAD
_TRADITIONAL = "責單務門縣廳區"  # hardly a clause in traditional characters lacks all of them


def plain(text: str) -> str:
    """The text with one spelling for brackets, punctuation, digits, blanks and characters, page numbers blanked; offsets stay."""
    if any(character in text for character in _TRADITIONAL):
        text = simplified(text)
    if "\n" in text:
        text = _PAGE_NUMBER.sub(lambda page: " " * len(page[0]), text)
    for found, to in _PLAIN:  # far faster than str.translate, because most are absent
        if found in text:
            text = text.replace(found, to)
    return text


_TORN = re.compile(r"([按照职责分工负牵头配合参落协])([ \n]+)([照职责分工负头合与加实助办])")
_VERB_PAIRS = re.compile("按[照职]|照职|职责|责分|分工|工负|负责|牵头|头负|配合|合负|参[与加]|落实|协[助办]")


def whole_words(spelled: str) -> str:
    """The blank or line end inside a verb (按职责分⏎工负责) moved behind it; every other offset stays."""
    at = 0
    while torn := _TORN.search(spelled, at):
        at = torn.start(2)
        if _VERB_PAIRS.fullmatch(torn[1] + torn[3]):
            spelled = spelled[:at] + torn[3] + torn[2] + spelled[torn.end() :]
    return spelled


# — 3 — or a number alone far from the margin
_PAGE_NUMBER = re.compile(
    r"\n(?:[ \t\u3000]*[—－-]{1,2}[ \u3000]?\d{1,3}[ \u3000]?[—－-]{1,2}|[ \t\u3000]{4,}\d{1,3})[ \t\u3000]*(?=\n)"
)


# --- labels: 牵头单位： 责任(配合)部门: 完成时限： -----------------------------------------------------------------

# word in the label → role; the first row that matches wins
LABEL_ROLES: tuple[tuple[str, Role], ...] = (
    (r"牵头|主责|主办|第一责任|首要责任", Role.LEAD),
    (r"配合|协办|协同|协作|协助|支持", Role.COOPERATING),
    (r"参加|参与", Role.PARTICIPATING),
    (r".", Role.RESPONSIBLE),
)


def _spaced(words: str) -> str:
    """The words, also with blanks or a line end between their characters, as extraction from pages leaves them."""
    return "(?:" + "|".join(r"\s{0,2}".join(word) for word in words.split()) + ")"


_DUTY = _spaced(
    "牵头 主责 责任 负责 落实 实施 考核 配合 协办 协同 协作 协助 参加 参与 主办 承办 支持 指导 监管 推进 执行 整改 承担 完成 统筹"
)
# 责任处（室）; inside a clause the nested bracket is hidden
_BODY = rf"(?:{_spaced('单位 部门 处室 科室 股室 机构 机关 主体 地区 各方')}|[处科股](?:\([室科处]\)|{HIDDEN}{{3}})室?)"
_KIND = r"(?:第一|首要|主要|主体|属地|行业|监管|行业监管|共同|具体|联合|相关|其他|其它|工作|任务|政策|分工|组织|市级|省级|区级|县级|市直|省直|区直|县直|厅内|局内)"
UNIT_LABEL = (
    rf"{_KIND}?{_DUTY}{{1,3}}(?:[及和与、/]{_DUTY}{{1,2}}|\({_DUTY}{{1,2}}\))*(?:{_KIND}|考核)?\s{{0,2}}{_BODY}"
    rf"(?:\((?:{_BODY}|{_DUTY}{{1,2}}{_BODY})\)|{HIDDEN}{{4,32}}(?=\s*:)|[及和与、/](?:{_BODY}|{_DUTY}{{1,2}}{_BODY}|责任人|负责人))*"
)
_DIVISION = r"(?:责任|任务|工作|职责)?分工(?:责任)?"
_DUTY_OF = r"(?:主体|属地|行业|监管|行业监管|部门监管)(?:管理)?责任"
SHORT_LABEL = rf"(?:{_DUTY_OF}|牵头|责任|负责|配合|协办|协同|参与|参加|主办|落实|{_DIVISION})"
OTHER_LABEL = (
    r"(?:(?:计划|拟|预计)?(?:完成|办理|整改|落实|实施|推进|工作|进度|政策|执行){0,2}(?:时限|时间|期限|时间节点|节点|进度)(?:要求|安排)?"
    r"|(?:牵头|分管|责任|负责|联系|市级|包保|包联|挂钩|挂帅)?(?:领导|市领导|责任人|负责人|联系人|联络员|联系电话|电话)"
    r"|(?:督办|督导|督查|监督|验收)(?:检查)?(?:单位|部门|机构)"  # who looks on does not answer for it
    r"|工作目标|目标任务|工作任务|任务来源|政策依据|备注|数据来源)"
)
_COLON = r"(?:[\s*]{0,3}[:]|\s?——)"  # **责任单位**： where the text is Markdown
# inside a clause a label may have lost its colon (牵头单位市商务局 责任单位市财政局)
LABEL = re.compile(
    rf"(?P<unit>{UNIT_LABEL})\)?(?:{_COLON}|\s*(?:为|是(?!指)|[-—―]+)|(?P<bare>[\s|]+|[;,]|(?=[市省区县州各国厅人中])))"
    rf"|(?<![一-鿿])(?P<short>{SHORT_LABEL}){_COLON}"
    rf"|(?P<other>{OTHER_LABEL})(?:{_COLON}|为)"
)
LABEL_START = rf"(?:{UNIT_LABEL}|{SHORT_LABEL}|{OTHER_LABEL})\)?{_COLON}"
DEADLINE_LABEL = re.compile(r"时限|时间|期限|节点|进度")
# what may stand before a label at the start of its line: （二）配合单位, ➤牵头单位
ITEM = r"[ ]*(?:\([一二三四五六七八九\d]\)|\d[.、]|[➤▲●◆■◇○★☆※·*—-]{1,2})?[ ]*"
_FIRST = (
    "牵主责负落实考配协参承支指监督验推执整完统部职第首属行共具联相其工任政分组市省区县厅局" + r" (\d➤▲●◆■◇○★☆※·*—-"
)
"""What an anchor can begin with: most places are passed over at one look."""
# labels that start a clause also outside brackets; the rest (协办单位…) only continues one
ANCHOR = re.compile(
    rf"(?=[{_FIRST}])(?:"
    rf"(?:牵头|主责|责任|负责|落实|考核|承担|统筹|实施(?:单位|部门|主体)|{_KIND}(?:牵头|责任|负责|配合))[^:\n。,;]{{0,18}}{_COLON}"
    rf"|(?:牵头|责任)(?:单位|部门)\([^():\n]{{2,30}}\){_COLON}"
    rf"|(?:责\s{{1,2}}任|牵\s{{1,2}}头)\s{{0,2}}{_spaced('单位 部门')}{_COLON}"
    rf"|(?<=\(){UNIT_LABEL}\)|(?<![一-鿿])(?:牵头|责任|{_DUTY_OF}|{_DIVISION}){_COLON}"
    # 配合单位 on a line of its own follows another label; 协办单位 and 参加单位 also stand in programmes of events
    rf"|(?<=\n){ITEM}(?:配合|协同|协助)(?:责任)?(?:单位|部门|处室|科室){_COLON}"
    # 责任单位 alone on its line, names below; 责任单位 市水务局: a row of a table, or a line that lost its colon
    r"|(?<=\n)[ ]*(?:牵头|责任)(?:单位|部门)(?= *\n(?!\s{0,6}(?:牵头|责任)(?:单位|部门) *\n))"
    r"|(?<=\n)(?:牵头|责任)(?:单位|部门)(?:[ |]+|为)(?=[市省区县州各国全](?!.{0,3}(?:责任|牵头))))"
)
# a web page's own footer, not a clause: 公开程序：… 责任部门：…
FOOTER = re.compile(
    r"公开(?:程序|形式|方式|时限|时间|范围|属性|责任|类别|载体|场所|主体|渠道)|索引号|信息来源|责任编辑|发布(?:机构|单位|时间)"
)

# --- verbs: …按职责分工负责, …牵头, …配合 -----------------------------------------------------------------------

VERB_ROLES: tuple[tuple[str, Role], ...] = (
    (r"牵头|主办|(?<!负责)统筹|主责", Role.LEAD),
    (r"配合|协助|协办|支持|协同(?!负责|落实|推进)", Role.COOPERATING),
    (r"参与|参加", Role.PARTICIPATING),
    (r".", Role.RESPONSIBLE),
)
_MANNER = (
    r"(?:结合(?:各自|本地|当地|工作)?实际|(?:按照?|依照?|依据|根据|结合)(?:照)?(?:各自|有关|相关|本?部门|单位|工作|“?三定”?(?:方案|规定)?|法定|管理|属地)*"
    r"(?:职责|职能|职权|权限|分工|任务|原则|管理)(?:范围|权限|和|及|与|任务|职责|分工|规定|要求|内)*"
    r"|分别|分工|分级|归口|对口|予以|给予|加快|扎实|稳步|有序|共同|联合|各自|具体|统筹|认真|(?<!群团|社会|人民|青团)组织|协同|积极|密切|协调|抓好|做好|全力|分头|逐级|严格|依法|合力|推动|加强|跟踪|抓|总|双)"
)
_ACT = r"(?:负总责|牵头|负责|落实|配合|参与|参加|协助|(?<!政)协办|实施|推进|办理|承担|完成|执行|支持|指导|主办|承办|统筹|督导|督促|监督|监管|考核|主责|工作|分工协作|协作|协同|抓总|各负其责)"
# …为牵头单位，…为责任单位; 列第一位的为牵头单位 is a rule, not this
_IS_LABEL = rf"(?<![的位个首者门家名])(?:为|作为){UNIT_LABEL}(?=\s*(?:$|[,;。、]))"
VERB = re.compile(
    rf"{_IS_LABEL}|(?<=[局厅委部办府会院区县市镇乡街道位门构业校司团地方{HIDDEN}])(?:持续|长期)(?:{_ACT}){{1,2}}(?=$|[\s,;。、)])"
    rf"|(?:按照?|依据)(?:各自)?(?:职责|职能)(?:分工)?(?=$|[,;。])"  # without a verb of its own
    rf"|(?<![前底内年月日末])(?<!持续)(?<!长期)(?<!常态化)(?:均|都|要|需|须|应)?(?:{_MANNER}[,、]?){{0,4}}{_ACT}(?:{_MANNER}|{_ACT}){{0,4}}(?:相关|有关|各项)?(?:到位|工作|任务|完成)?(?=$|[\s,;。、):]|各?省|各?市|各?区|各?县|各|有关|相关|其他|列|排|下同)"
)
# 市公安局负责交通管控，市交通局负责运力组织: what is done stands behind the verb
VERB_WITH_OBJECT = re.compile(
    rf"(?:{_MANNER}){{0,3}}(?:牵头)?(?:负责|牵头|配合|协助|承担|参与|指导|督促|落实)(?!人|单位|部门|同志|领导|制度|机制|主体|机构|解释)"
    r"[^,;。:()\n]{2,40}?(?=$|[,;。]|、(?=[^,;。、]{2,20}(?:负责|牵头|配合|协助|承担|参与)))"
)
# behind a label: 市商务局研究提出，市政府审批
TASK = re.compile(
    r"(?<=[局厅委部办府院行])(?:研究(?:制定|起草)|审[批核定]|核[定拨]|(?:研究)?提出(?!意见|建议)|拟定|起草|制定|编制|拨付|报批|把关|保障(?=$|[,;。、]))"
    r"[^,;。、:()\n]{0,20}(?<![局厅委部办院室心处科])(?=$|[,;。、])"
)

# --- what stands in a clause and is not a unit -------------------------------------------------------------------

DEADLINE = re.compile(
    r"(?:(?:执行)?(?:到|于|自|从|至|力争|计划|在)?(?:\d{2,4}|[二一][〇○零九○O\d一二三四五六七八]{3})(?:年|[-—~至]\d{2,4})"
    r"|(?:到|于|自|从)?\d{1,2}月|长期|持续|常态|贯穿|全[年程]|[上下]半年|第?[一二三四1-4]季度|年度|[“\"]?十[三四五]五[”\"]?(?:期间|时期|末)|每[年季月周]|年[内底初]|今年|明年|当年|即[日时行]|立即|近期|按[时期]|随时|实时|阶段性|月底|"
    r"\d+个?(?:工作日|月|日|天)|已完成|本年度|逐年|定期|适时|启动)"
)
NOTE = re.compile(
    r"^(?:下同|以[下上]|上述|其[他余](?:单位|部门)?(?:的)?[为是]|其余均|不再|均[为需由须]|[列排].{0,8}(?:首|第[一1]|前|先)|.{0,4}(?:名列|首列)|分工负责为|"
    r"第一(?:个|家|位)?.{0,4}[为是]|首位.{0,4}[为是]|为牵头|含?下同|简称|注[:]?|详见|见附件|待定|无$|按.{0,8}(?:原则|规定|要求)|涉及|负责人|排名)"
    r"|(?:[为是]牵头(?:单位|部门|责任)|下同$|不再.{0,6}列|不一一列)"
)
ALIAS = re.compile(r"\((?:以下)?(?:统|合|简|并)?称")
