"""What a unit's name looks like: the grammar behind every split, as compiled tables.

A name is PREFIX (市, 各县, 武汉市, 雄安新区) + BODY (functions: 文化和旅游, 市场监管) + SUFFIX (局, 委, 办 …), a branch of a national
body (人行…支行, …海关), a body of its own kind (团市委, 市残联) or a group (各区政府, 有关部门).
"""

import re

from ingest.unit_words import HIDDEN

# What administrations deal with; a name's body is a sequence of these, so 和 inside it never separates two units.
_FUNCTION_WORDS = """
发展和改革 发展改革 发展与改革 改革发展 发改 改革 经济和信息化 经济信息化 经济信息 经信 工业和信息化 工业信息化 工业信息 工信 信息化 信息
工业 经济 经贸 经济贸易 教育 体育 教体 教科 科技 科学技术 科技创新 民族宗教 民族 宗教 民宗 公安 公安交管 民政 司法 财政
人力资源和社会保障 人力资源社会保障 人力资源 社会保障 人力社保 人社 社保 社会 自然资源 规划和自然资源 自然资源和规划 国土资源 国土 资源
规划 生态环境 环境保护 环保 生态 环境 住房和城乡建设 住房城乡建设 城乡建设 住房建设 住房城市建设 住房保障 住房 房屋管理 房屋 房产 房管
住建 建设 城建 城乡 城市管理 城市 城管 城管执法 综合执法 执法 行政执法 综合行政执法 市政 市容 园林 园林绿化 绿化 林业 林草 草原
交通运输 交通 运输 港口 港航 航运 口岸 物流 铁路 民航 公路 水利 水务 水 湖泊 农业农村 农业 农村 农牧 农牧业 畜牧 畜牧业 渔业 海洋
农机 乡村振兴 扶贫 扶贫开发 商务 商务粮食 招商 投资促进 投促 贸易 会展 文化和旅游 文化旅游 文旅 文化 旅游 文体 广电 广播电视 新闻出版
新闻出版广电 电影 版权 文物 文广 卫生健康 卫生 健康 卫健 卫生计生 卫生和计划生育 计划生育 中医药 中医药管理 医疗保障 医疗 医保 药品
退役军人事务 退役军人 应急管理 应急 安全生产 安全监管 安监 消防救援 消防 人民防空 人防 地震 审计 国有资产监督管理 国有资产 国资 国资监管
集体资产 集体资产监管 市场监督管理 市场监管 市监 工商 工商行政管理 质量技术监督 质监 食品药品监管 食品药品监督管理 食品药品 食药 药品监管
药品监督管理 药监 知识产权 统计 机关事务 机关事务管理 管理 监督 监管 监督管理 服务 服务管理 行政审批 行政审批服务 审批 审批服务 政务服务
政务服务管理 政务服务和大数据 政务 数据 数据管理 大数据 大数据发展 大数据发展管理 大数据管理 数字经济 数字 营商环境 营商环境建设 金融
金融工作 地方金融 地方金融工作 地方金融监管 地方金融监督管理 金融监管 金融发展 金融服务 税务 国税 地税 国家税务 气象 粮食 粮食和物资储备
粮食和储备 物资储备 储备 供销 供销合作 能源 煤炭 信访 外事 外办 外事侨务 侨务 港澳 港澳台 台港澳 台湾 台湾事务 对台 信用 机构编制
编制 编委 编 法制 研究 政研 参事 地方志 档案 保密 密码 老龄 老干部 妇女 儿童 青年 烟草 烟草专卖 邮政 邮政管理 通信 通信管理 无线电
公积金 住房公积金 公共资源 公共资源交易 公共服务 党群工作 群众工作 社会工作 人才 人才工作 招才 招才引智 军民融合 国防动员 国防科工 监狱
监狱管理 戒毒 移民 库区 移民安置 南水北调 调水 水文 河长制 防汛抗旱 城市更新 更新 城乡规划 搬迁 征收 征迁 建筑 墙改 散装水泥 轨道交通
重点项目 重点工程 重大项目 项目 口岸办 合作交流 经济合作 经济技术合作 经合 协作 对口支援 社会组织 精神文明 文明 爱国卫生 爱卫 红十字
双拥 国安 国家安全 海事 海警 渔政 劳动 劳动保障 劳动就业 就业 劳动监察 劳动保障监察 残疾人 质量 标准化 标准 新型工业化 中小企业 民营经济
民营经济发展 乡镇企业 开放 开放合作 自贸 自贸区 临空 国际 国际贸易 会议 事务 发展 外经贸 外经 外贸 对外经济贸易 对外贸易 对外经济合作 经促 经济促进 营商 促进 保障 建设管理 综合 城市综合执法 宣传 组织 统战
网信 政法 文史 党校 行政 院 科 学 广播 影视 体 机关 直属 编办 事业发展 优化 优化营商环境 融媒体 新闻
"""
FUNCTION = "|".join(sorted(_FUNCTION_WORDS.split(), key=len, reverse=True))
BODY = rf"(?:(?:{FUNCTION})[和与及、]?)+"
# bodies that are no 局 or 委: 市残联, 省总工会
_SPECIAL = (
    "教委|科委|建委|农委|商委|体委|计委|总工会|工会|妇联|残联|文联|科协|侨联|社科联|工商联|台联|作协|记协|法学会|红十字会|贸促会|供销社|供销合作社|供销总社|供销合作总社|法院|检察院|中级人民法院|人民法院|人民检察院|"
    "人大|政协|人大常委会|公安局|党校|行政学院|社会主义学院|编委办|编办|外办|台办|侨办|国资委|发改委|金融办|国安办|纪委|纪委监委|监委|法制办|扶贫办|农办|人才办|文明办|网信办|政法委|信访局|科学院|社科院|农科院|农业科学院|电视台|广播电视台|日报社|政府研究室"
)
PARTY = "组织部|宣传部|统战部|政法委|网信办|编办|改革办|军民融合办|金融办|农办|台办|外办|国安办|老干部局|党校|办公室|办公厅|政研室|保密办|社会工作部|社工部|巡察办|财经办|人才办|文明办|教育工委|直属机关工委|全面依法治[省市区县]办"
SUFFIX = r"(?:局|厅|委员会|委|办公室|办公厅|办|部门|部|院|中心|处|会|署|社|所|站|总局|总署|总队|支队|大队)"
LOCAL = rf"(?:{BODY}{SUFFIX}|{_SPECIAL})"
LEVEL = r"(?:省|市|区|县|州|盟|旗|地区|新区|示范区|试验区|开发区|经开区|高新区|园区|镇|街道)"
# PREFIX of a name, as far as another name may leave it out
PREFIXED = re.compile(
    rf"(?P<prefix>(?:各|全)?[一-鿿]{{0,8}}?{LEVEL}{HIDDEN}*(?:[、和]?{LEVEL}{HIDDEN}*){{0,8}}?)"
    rf"(?:(?P<party>党?委)(?:{PARTY})|管委会(?={LOCAL}$)|(?P<local>{LOCAL}))$"
)
ELIDED_LOCAL = re.compile(rf"{LOCAL}$")
ELIDED_PARTY = re.compile(rf"(?:{PARTY})$")
NATIONAL = re.compile(
    r"国家|国务院|中央|中共|中国|全国|最高|.*(?:总局|总署)$|人行|人民银行|.*(?:海关|证监局|银监局|保监局|监分局)$|地方金融"
)

MINISTRY = (
    r"(?:财政|教育|科技|科学技术|公安|民政|司法|自然资源|生态环境|水利|商务|交通运输|农业农村|文化和旅游|应急管理|外交|"
    r"人力资源社会保障|人力资源和社会保障|工业和信息化|住房城乡建设|住房和城乡建设|退役军人事务)部"
    r"|(?:税务|海关|市场监管|市场监督管理|广电|体育)总[局署]"
)

# --- is it a unit at all --------------------------------------------------------------------------------------

# 各市发改、财政、人社等部门 are one group; without 各 each is a name that lacks its ending
FIELDS = rf"(?:{FUNCTION})+"
GROUP_OF_FIELDS = re.compile(
    rf"(?:各[级地市县区]{{0,2}}|有关|相关){FIELDS}(?:、{FIELDS})+(?:等(?:有关|相关)?)?(?:行政|主管|监管|职能)?部门"
)
FIELD = re.compile(rf"[省市区县州]?{FIELDS}$")

_ENDING = (
    "局|厅|委|部|办|院|会|署|社|所|站|各地|处|科|室|队|校|中心|政府|海关|行|中支|公司|集团|联|协|人大|政协|街道|乡|镇|单位|部门|机构|企业|高校|大学|学院|园区|开发区|经开区|高新区|新区|示范区|团场|"
    "试验区|功能区|保税区|度假区|风景区|工业区|产业园|科技园|地区|区县|县区|市县|市州|州市|旗县|区市|县市|乡镇|镇街|镇街道|兵团|工作组|专项工作组|机关|运营商|馆|台|网|报|小组|专班|班|专组|组织|团体|基金|交易所|电网|铁路|机场|港|港务|"
    "协会|学会|商会|联盟|基地|平台公司|营管部|党委|党组|党工委|工委|团委|团|法院|银行|保险|支公司|电力|移动|联通|电信|铁塔|烟草|书院|各方|主体|行业|委办局|两委|社区|村|法人|律师|主任委员|智库|厂|店|矿|农场|林场|企|团中央|军区|大院"
)
_PLACES = "市|区|县|州|盟|旗|省|自治区|自治州|直辖市|地方"
ENDS = re.compile(rf"(?:{_ENDING}){HIDDEN}*$")
PLACE = re.compile(
    rf"(?:(?:各|全|相关|有关|所有|涉及|其他)[一-鿿{HIDDEN}]{{0,14}}|[一-鿿]{{1,12}})(?:{_PLACES}){HIDDEN}*$"
)
_PROSE = re.compile(
    r"的(?!市)|由(?!贸)|或者|应当|应该|必须|可以|能够|不(?!动产)|没有|及时|把|被|让|给予|他们|如果|凡|若干|通过|进行|根据|按照|以及其|是否|什么|如何|为了|由于|经[^济信贸开营合促管]|[一-鿿]*[了着]|“?谁|可[^再]|须|要(?!素)|并|采取|认为|自行|予以|实行|加强|推动|"
    r"符合|属于|有权|之|且|均|将|已|仍|每|致|此|该|只|至|我们|你|您|也|就(?!业)|都(?=[要应可有是能须由需得不必没])"
)
# place names that hold such a word; they are masked before anybody looks for prose
_PLACE_LIKE_PROSE = re.compile("且末|(?:东|乐|周)至|可克达拉|将乐|荥经|让胡路|高要|之江|均安|机要")
_BARE = re.compile(
    r"(?:单位|部门|机构|机关|企业|学校|医院|政府|高校|大学|学院|协会|公司|集团|银行|社区|组织|委员会|中心|办公室|专人|行业|主体|本(?!溪)[一-鿿]{1,3}|以上|[甲乙丙双]方|团体|小组|队|室|院|会|所|处|村|社|厂|店|部|局|行|港|团|科|台|班|校|馆|网|报|农场|人民政府|县级|市级|省级|委|办|厅|乡|镇|街道)$"
)
_NAME_SHAPE = re.compile(rf"(?!{HIDDEN})[一-鿿A-Za-z0-9“”\"·\-—{HIDDEN}]{{2,45}}$")


def is_unit(piece: str) -> bool:
    """Whether a hidden-bracket, blank-free piece of plain text can only be read as a body or a group of bodies."""
    if not _NAME_SHAPE.match(piece) or _BARE.match(piece) or _is_prose(piece):
        return False
    return bool(ENDS.search(piece) or PLACE.match(piece))


def could_be_unit(piece: str) -> bool:
    """Whether a piece in a labelled list may stand for a body, although no ending says so (中铁济南局 … 崂山).

    A level alone does where the next name has the rest: 省、市残联.
    """
    return piece in LEVELS_ALONE or (
        bool(_NAME_SHAPE.match(piece)) and not _is_prose(piece) and not _COUNTED.match(piece)
    )


_COUNTED = re.compile(r"\d(?!\d*[GＧ])")  # 3家企业, but 5G产业联盟


def _is_prose(piece: str) -> bool:
    return bool(_PROSE.search(piece) and _PROSE.search(_PLACE_LIKE_PROSE.sub(HIDDEN, piece)))


# a list whose members miss what its last member has: 高等学校和科研院所主管部门
_NEEDS_MORE = re.compile(r"(?:学校|高校|院校|院所|医院|企业|机构)$")
_HAS_MORE = re.compile(r"(?:主管|管理|行政|监管)(?:部门|单位|机构)$")


def share_ending(left: str, right: str) -> bool:
    """Whether the ending of ``right`` belongs to ``left`` too, so that they are one group."""
    together = _NEEDS_MORE.search(left) and _HAS_MORE.search(right)
    return bool(together or (PLACE.match(left) and not PLACE.match(right) and not right.endswith("兵团")))


def is_official(name: str) -> bool:
    """Whether a unit belongs to the state by its form (市水务局, 各区政府, 有关部门), and is no company, school or association."""
    if _ENTERPRISE.search(name):
        return False
    return bool(LEVELLED.match(name) or _OFFICIAL.search(name))


_ENTERPRISE = re.compile(r"(?:公司|企业|集团|厂|店|高校|大学|学院|学校|医院|院所|协会|商会|合作社|农场|园区|主体)$")
_OFFICIAL = re.compile(r"部门|政府|管委会|办事处|各级|各(?:地|[省市区县州盟旗镇乡])|.(?:[局厅委办署]|街道|乡镇)$")
LEVELS_ALONE = frozenset("省市区县州")
LEVELLED = re.compile(
    rf"(?:[省市区县州盟旗厅局]|国家|国务院|中央|人民银行|人行|{MINISTRY}|[一-鿿]{{2,4}}(?:省|市|区|县|州|海关|监局))"
)
COLLECTIVE = re.compile(
    r"^(?:各|全[省市区县]各|所有|全体|其他|其它|有关|相关|地方各级|沿线|属地)|各(?:级|有关|相关|市|县|区|省|地|部门|单位|设区|镇|乡)|有关|相关|"
    r"(?:主管|管理|牵头|责任|行业|成员|执法|监管|职能|承担|所属|直属|业务|审批|服务)(?:部门|单位|机构)|(?:部门|单位|机构|企业|高校|院校|学校|科研院所)$|市县|区县|市直园区"
)
# a bare second half that belongs to the collective before it: 各部门和单位, 各有关部门、单位
BARE_TAIL = re.compile(
    r"(?:单位|部门|机构|企业|政府|人民政府|街道|镇|乡|企事业单位|园区|开发区|管委会|办事处|团体|组织|功能区|科研院所|高校|院校)"
    rf"{HIDDEN}*$"
)
