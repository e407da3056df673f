"""How people write the name of a public body: abbreviations, spoken forms, and words that only look like a name.

Everything here is a table about Chinese government in general; what is known of single units stands in seeds/units.toml.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One row, one body of work: every way to write it in a unit's name, the fullest first, the shortest last.
ABBREVIATIONS: tuple[tuple[str, ...], ...] = (
    ("发展和改革", "发展改革", "发改"),
    ("经济和信息化", "经济信息化", "经信"),
    ("工业和信息化", "工业信息化", "工信"),
    ("人力资源和社会保障", "人力资源社会保障", "人力社保", "人社"),
    ("市场监督管理", "市场监管", "市监"),
    ("卫生健康", "卫健"),
    ("住房和城乡建设", "住房城乡建设", "住建"),
    ("城乡建设", "城建"),
    ("住房保障和房屋管理", "住房保障房管", "房管"),
    ("自然资源和规划", "自然资源规划", "规划和自然资源", "规划自然资源", "自规"),
    ("自然资源和城乡建设", "自然资源城乡建设"),
    ("住房和城市更新", "住房城市更新"),
    ("文化和旅游", "文化旅游", "文旅"),
    ("文化广电和旅游", "文化广电旅游", "文广旅"),
    ("文化广电旅游体育", "文广旅体"),
    ("广播电视", "广电"),
    ("生态环境", "环保"),
    ("农业农村", "农业"),
    ("交通运输", "交通"),
    ("应急管理", "应急"),
    ("退役军人事务", "退役军人"),
    ("医疗保障", "医保"),
    ("国有资产监督管理", "国有资产监管", "国资"),
    ("地方金融监督管理", "地方金融监管"),
    ("地方金融管理",),
    ("金融监督管理", "金融监管"),
    ("科学技术", "科技"),
    ("科技创新", "科创"),
    ("工商行政管理", "工商"),
    ("质量技术监督", "质监"),
    ("食品药品监督管理", "食品药品监管", "食药监"),
    ("药品监督管理", "药品监管", "药监"),
    ("银行保险监督管理", "银行保险监管", "银保监"),
    ("证券监督管理", "证券监管", "证监"),
    ("城市管理执法", "城市管理", "城管执法", "城管"),
    ("园林和林业", "园林林业", "园林"),
    ("林业和草原", "林业草原", "林草"),
    ("水行政主管", "水务", "水利"),
    ("粮食和物资储备", "粮食物资储备", "粮食和储备", "粮储"),
    ("政务服务和大数据管理", "政务服务大数据管理", "政务服务数据管理", "政数"),
    ("行政审批服务", "行政审批"),
    ("机关事务管理", "机关事务", "机关事务服务"),
    ("网络安全和信息化", "网络安全信息化", "网信"),
    ("机构编制",),
    ("知识产权", "知产"),
    ("外事", "外办"),
    ("民族宗教事务", "民族宗教", "民宗"),
    ("港澳台事务", "港澳台"),
    ("通信管理", "通管"),
    ("邮政管理", "邮管"),
    ("烟草专卖", "烟草"),
    ("疾病预防控制", "疾控"),
    ("公共资源交易管理", "公共资源交易"),
    ("招商促进", "招商"),
    ("投资促进", "投促"),
    ("乡村振兴",),
    ("数据资源管理", "大数据管理", "大数据", "数据"),
    ("统计",),
    ("审计",),
    ("信访",),
    ("商务",),
    ("教育",),
    ("财政",),
    ("司法行政", "司法"),
    ("公安",),
    ("民政",),
    ("税务",),
    ("体育",),
    ("气象",),
)

# Endings that stand for each other, and the spoken endings that any body takes.
ENDINGS: tuple[tuple[str, ...], ...] = (
    ("委员会", "委"),
    ("办公室", "办"),
    ("管理局",),
    ("总局",),
    ("局",),
    ("厅",),
    ("部",),
    ("署",),
)
SPOKEN_ENDINGS = ("部门", "那边", "这边", "这条线", "那条线", "条线", "口")

# Stems so distinct that people use them without any ending: 发改和经信共同负责哪几项.
ALONE = _words("发改 经信 工信 人社 卫健 市监 住建 网信 招才 城管 药监 银保监 民宗 自规 文广旅")

# Written form → (what may not follow it, what may not stand before it): the letters of a name inside ordinary words.
GUARDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "发改": (tuple("造进良变革装性动"), tuple("开研激引触爆触沙")),
    "经信": (tuple("息用任赖仰服"), tuple("已曾")),
    "工信": (tuple("息用任赖"), tuple("员职")),
    "人社": (tuple("保会区交团部厅"), tuple("个本法他")),
    "卫健": ((), ()),
    "市监": (tuple("测管控督察护狱理"), tuple("城")),
    "住建": (tuple("筑设议成造部厅"), tuple("居")),
    "网信": (tuple("息用任号"), ()),
    "招才": (tuple("引"), ()),
    "城管": (tuple("网理道"), ()),
    "药监": (tuple("测控"), ()),
    "海关": (
        (
            "总署",
            "特殊",
            "编码",
            "数据",
            "监管",
            "法",
            "手续",
            "进出口",
            "统计",
            "代码",
            "关员",
            "税则",
            "估价",
            "商品",
            "验",
            "通关",
            "查验",
        ),
        (),
    ),
    "人行": ((*"道为业使动驶政程李贷走列步横过", "天桥", "通道", "地下"), tuple("个法本他私商客行工机无")),
    "信保": (tuple("证护障持诚密"), tuple("诚")),
    "各区": (tuple("域块间段"), ()),
    "开发区": (("内", "企业", "和高新"), ()),
    "银保监": (("会", "分"), ()),
}

# The beginning of a form → what before it makes it part of another body's name: 住房和城乡建设部门, 省地方金融监管局.
NOT_PRECEDED: dict[str, tuple[str, ...]] = {
    "城乡建设": ("住房", "住房和", "资源和"),
    "金融监": ("地方",),
    "数据": ("大",),
    "宣传": ("委",),
    "税务": ("地方", "电子"),
    "市": ("各", "超", "城", "股", "门", "夜", "楼"),
}

# These name the group only by themselves: 各区政府, 由区政府, but not 天河区政府, 地区政府, 高新技术开发区.
COLLECTIVE_FORMS = frozenset({"区政府", "区人民政府", "开发区", "开发区管委会"})
_MAY_PRECEDE_GROUP = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[各由和与及归是问找请让到跟叫给对的个每我们咱本该哪向报经些市或在]|有关|相关|所在)$"
)

# A last character that belongs to the next word: 科技局面, 财政部门, 金融办法, 国资委托.
NOT_FOLLOWED: dict[str, tuple[str, ...]] = {
    "局": ("面",),
    "办": tuple("理法学事公好案成"),
    "部": tuple("门署"),
    "委": tuple("托派"),
    "口": tuple("岸号径碑袋味语"),
    "行": tuple("业"),
    "府": ("采购", "工作报告", "购买", "投资", "引导", "补助", "补贴", "性"),
}
STILL_FOLLOWS = ("面临", "面向", "面对", "面前", "办公室", "派出", "派驻")

PROVINCES = _words(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 "
    "青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
CITIES = _words(
    "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 "
    "包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 "
    "长春 吉林 四平 辽源 通化 白山 松原 白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 "
    "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 "
    "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 "
    "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 "
    "菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源 武汉 黄石 十堰 宜昌 襄阳 鄂州 "
    "荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 "
    "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 "
    "防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 "
    "广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 楚雄 红河 文山 "
    "拉萨 日喀则 昌都 林芝 山南 那曲 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 "
    "定西 陇南 临夏 甘南 西宁 海东 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 喀什 石河子"
)
PLACES = PROVINCES | CITIES

_LEVELS = ("国家", "全国", "中国", "中央", "国务院", "兵团", "各市", "省", "区", "县", "州", "盟", "旗", "镇", "乡")
_NO_LEVEL = ("园区", "保税区", "示范区", "社区", "片区", "试验区", "小区", "地区")

_LEVEL_PREFIX = re.compile(r"^(?:国家|全国|中国|中央|自治区|自治州|[省市区县州盟旗])")
_PLACE_PREFIX = re.compile(
    rf"^(?:{'|'.join(sorted(PLACES, key=len, reverse=True))})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|省|市|地区|州)?"
)
_ANYBODY = re.compile(
    "(?:各级|各|等|[省市区县][级直]?|政府|其他|其它|直属)*(?:有关|相关|成员|主管|责任|行业)*(?:部门|单位|机构|企业|地区|地方|方面|高校|院校)"
)
_BARE_ENDING = re.compile(r"(?:局|委|厅|办|署|委员会|办公室|管委会|部|总工会|中心|集团|公司|银行|海关)$")
_TOO_GENERAL = _words(
    "政府办公厅 政府办公室 政府办 委办公厅 委办公室 委办 本部 总部 外办 总局 总署 中心 公司 集团 银行 海关 分公司 委员会 办公室 管委会 管理局 管理委员会"
)


def is_anybody(name: str) -> bool:
    """Whether the words name no body at all (有关部门, 各有关单位): a question that holds them asks about none."""
    return bool(_ANYBODY.fullmatch(name))


def core_of(name: str) -> str:
    """The name without the level or place before it: 市商务局, 武汉市商务局 → 商务局; 国家税务总局 → 税务总局."""
    core = _PLACE_PREFIX.sub("", name)
    return _LEVEL_PREFIX.sub("", core) if not core.startswith(("市场", "区块", "国家公园")) else core


def stem_of(name: str) -> str:
    """What the body works on, without place and ending: 市商务局 → 商务; empty when the name has no known ending."""
    core = _OF_THE_PARTY.sub("", core_of(name))
    for endings in ENDINGS:
        for ending in endings:
            if core.endswith(ending) and len(core) - len(ending) >= 2:
                return core[: -len(ending)]
    return ""


_OF_THE_PARTY = re.compile(r"^委(?=.{2,}[部办]$)")
"""市委宣传部 without its 市: what it works on is 宣传."""


def aliases_of(name: str) -> tuple[str, ...]:
    """Other ways to write a name (folded text in, folded text out) by the tables above, the name itself first."""
    core = core_of(name)
    prefix = name[: len(name) - len(core)]
    written = dict.fromkeys([name])
    for form in _forms(core):
        written[prefix + form] = None
        if len(form) >= 3 and _BARE_ENDING.search(form) and form not in _TOO_GENERAL:
            written[form] = None
    return tuple(written)


_EACH_GOVERNMENT = re.compile(r"各([区县镇市])(?:人民)?政府$")


def spoken_forms(name: str) -> tuple[str, ...]:
    """商务部门, 财政那边, and the bare stem where it is distinct (发改, 经信)."""
    stem = stem_of(name)
    if group := _EACH_GOVERNMENT.match(name):
        return tuple(group[1] + form for form in ("级政府", "一级政府", "级人民政府", "这一级政府"))
    if not stem:
        return ()
    stems = _same_work(stem)
    with_ending = [short + ending for short in stems for ending in SPOKEN_ENDINGS]
    return (*with_ending, *(short for short in stems if short in ALONE))


def _forms(core: str) -> list[str]:
    """Every abbreviation of the work × every equal ending."""
    stem, ending = core, ""
    same_endings: tuple[str, ...] = ("",)
    for endings in ENDINGS:
        found = next((known for known in endings if core.endswith(known) and len(core) > len(known)), None)
        if found:
            stem, ending, same_endings = core[: -len(found)], found, endings
            break
    return [short + tail for short in _same_work(stem) for tail in dict.fromkeys((ending, *same_endings))]


def _same_work(stem: str) -> tuple[str, ...]:
    for row in ABBREVIATIONS:
        if stem in row:
            return (stem, *(form for form in row if form != stem))
    return (stem,)


# ---- what may stand around a name


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the letters are a name here, not part of other words (财政部门, 个人行为, 科技局面)."""
    written, before, following = text[start:end], text[max(0, start - 4) : start], text[end : end + 4]
    not_after, not_before = GUARDS.get(written, ((), ()))
    if following.startswith(not_after) or before.endswith(not_before):
        return False
    if any(written.startswith(form) and before.endswith(other) for form, other in NOT_PRECEDED.items()):
        return False
    if written in COLLECTIVE_FORMS and (not _MAY_PRECEDE_GROUP.search(before) or before.endswith("市区")):
        return False
    return not following.startswith(NOT_FOLLOWED.get(written[-1], ())) or following.startswith(STILL_FOLLOWS)


def place_before(text: str, start: int, end: int) -> str | None:
    """The place or level that stands directly before text[start:end] and so belongs to it (宜昌, 省, 国家), or None."""
    if any(text[start : min(start + length, end)] in PLACES for length in (2, 3, 4)):
        return None
    before = text[max(0, start - 6) : start]
    city = before[:-1] if before.endswith(("市", "省")) else before
    for length in (4, 3, 2):
        if city[-length:] in PLACES:
            return city[-length:]
    if before.endswith(_NO_LEVEL):
        return None
    return next((level for level in _LEVELS if before.endswith(level)), None)


def can_be_in(name: str, regions: tuple[str, ...], place: str) -> bool:
    """A bureau of one city is not that of another, nor of the province; nor is a ministry in a city."""
    if place not in PLACES or name.startswith(("国家", "全国")):
        return False
    if name.startswith("省") and place not in PROVINCES:
        return False
    own = _PLACE_PREFIX.match(name)
    if not regions and own:
        return own[0].startswith(place)
    return not regions or any(region.startswith(place) for region in regions)


def is_of_level(name: str, region: str) -> bool:
    """Whether a name in a document of this region is of the region itself: 市财政局 for 武汉市, not 省财政厅."""
    return name.startswith(region[-1]) or (name.startswith(("各区", "区", "县")) and region.endswith("市"))
