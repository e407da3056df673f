"""What the bodies of Chinese government see to, in everyday words: whoever does not know a name tells a body by its work.

General knowledge, like the abbreviations of names; what is known of single bodies stands in seeds/units.toml.
"""

from collections.abc import Collection

from ingest.aliases import ABBREVIATIONS

# A part of the name → what people say that such a body sees to.
MATTERS: dict[str, tuple[str, ...]] = {
    name: tuple(matters.split())
    for name, matters in (
        ("商务", "商务 外贸 内贸 对外贸易 贸易 商贸 招商引资"),
        ("经信", "经信 工信 工业 信息化 工业和信息化 工业信息化 工厂 制造业"),
        ("科技", "科技 科研 科学 科学技术 科技创新 技术"),
        ("教育", "教育 学校 高校 大学 办学 教书 教学"),
        ("市场监管", "市场监管 市场 市场秩序 工商 质监 质检 质量 营业执照 食品安全"),
        ("卫健", "卫健 卫生 卫生健康 卫计 健康 医院 医疗 医生 看病"),
        ("海关", "海关 报关 通关 清关 过关 进出口 进出境 关口"),
        ("税务", "税务 税收 税 国税 地税 国地税"),
        ("城乡建设", "城乡建设 城建 住建 建设 建筑 施工 工地 房子"),
        ("住房和城乡建设", "住建 住房 建筑 施工 工地 房子"),
        ("文化和旅游", "文旅 文化 旅游 文化旅游 景区 文博"),
        ("司法", "司法 法律 律师 律所 公证 法制"),
        ("宣传", "宣传 舆论"),
        ("人行", "人行 央行 货币 货币政策 货币信贷"),
        ("银保监", "银保监 银行保险 银行 保险"),
        ("证监", "证监 证券 股票 股市 上市公司 资本市场"),
        ("金融工作", "金融 地方金融"),
        ("地方金融", "金融 地方金融"),
        ("国资", "国资 国有资产 国企 国有企业"),
        ("发改", "发改 发展改革 发展和改革 改革 立项"),
        ("信用保险", "信保 信用保险 出口信用保险 出口保险"),
        ("招才", "招才 引才 招才引智 人才引进"),
        ("人社", "人社 人事 社保 人力资源 人力社保 社会保障 就业 劳动 劳动保障 用工"),
        ("财政", "财政 钱 钱袋子 国库 拨款 拨钱"),
        ("农业农村", "农业 农村 种地 农机 三农"),
        ("交通运输", "交通 运输 公路 客运"),
        ("生态环境", "环保 环境 生态环境 污染"),
        ("自然资源", "土地 国土 规划 矿产"),
        ("应急管理", "应急 安全生产"),
        ("民政", "民政 养老 低保 婚姻 社会救助"),
        ("公安", "公安 治安 户籍 户口"),
        ("水利", "水利 河道 水"),
        ("水务", "水务 供水 排水 水"),
        ("医疗保障", "医保 医疗保障"),
        ("退役军人", "退役军人 退伍军人"),
        ("审计", "审计"),
        ("统计", "统计"),
        ("体育", "体育"),
    )
}


def seeing_to(matter: str, names: Collection[str]) -> list[str]:
    """Which of the bodies see to the matter; empty where it is nobody's that is known."""
    parts = [part for name, matters in MATTERS.items() if matter in matters for part in _ways_to_write(name)]
    return [name for name in names if any(part in name for part in parts)]


def _ways_to_write(name: str) -> tuple[str, ...]:
    return next((row for row in ABBREVIATIONS if name in row), (name,))
