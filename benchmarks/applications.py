"""Applications as villages write them: about 1.4 KB of JSON each, the same for every run of a size."""

import random
from collections.abc import Iterator

from common.domain.application import Application, MaterialGiven, Person
from common.domain.bodies.officer import Officer
from common.domain.bodies.requests import Submitted
from common.domain.receipt_number import ReceiptNumber

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "桂芳秀英建国志强淑兰玉梅海燕春华国庆永红文军丽娟小东立新凤霞金花德胜"
_VILLAGES = ("一铺东村", "一铺西村", "古庄头村", "黄湾村", "西槐村", "大步村", "道务村", "葛各庄村")
_REASONS = (
    "本人因脑梗后遗症行动不便，生活不能完全自理，家中由配偶长期照料，收入主要来自两亩责任田和子女补贴，现申请享受相应补贴。",
    "本人持有二级肢体残疾人证，无固定收入，子女在外打工，家庭负担较重，恳请按照政策给予生活补贴，所填内容全部属实。",
    "本户因去年夏季强降雨造成房屋受损和农作物减产，维修费用较高，已向村委会说明情况，现按规定提出申请，请予以核实。",
    "申请人年满八十周岁，户籍在本村，长期居住在本村，未在其他地方享受同类待遇，现委托村便民服务站工作人员代为填写提交。",
)


def applications(count: int, seed: int = 1) -> Iterator[Submitted]:
    """Yield ``count`` applications; names, numbers and sums are made up by chance, nobody's."""
    chance = random.Random(seed)  # noqa: S311 - samples, the same in every run
    for serial in range(1, count + 1):
        yield _application(chance, serial)


def _application(chance: random.Random, serial: int) -> Submitted:
    village = chance.choice(_VILLAGES)
    person = _person(chance, village)
    answers = {
        "共同生活的家庭成员": _household(chance),
        "申请类别": chance.choice(("首次申请", "续期申请", "变更申请")),
        "居民健康档案编号": f"130638100201{chance.randrange(10**5, 10**6)}",
        "户籍地址": f"河北省保定市雄县雄州镇{village}{chance.randrange(1, 400)}号",
        "家庭人口数": str(chance.randrange(1, 8)),
        "家庭年收入（元）": str(chance.randrange(3_000, 48_000)),
        "残疾类别": chance.choice(("肢体残疾", "视力残疾", "听力残疾", "智力残疾", "精神残疾")),
        "残疾等级": chance.choice(("一级", "二级", "三级", "四级")),
        "残疾人证号码": f"{person.identity}{chance.randrange(11, 74)}",
        "开户银行": chance.choice(
            ("雄县农村信用合作联社", "中国邮政储蓄银行雄县支行", "中国农业银行雄县支行")
        ),
        "银行账号": f"62{chance.randrange(10**14, 10**15)}{chance.randrange(100)}",
        "申请理由": chance.choice(_REASONS),
    }
    materials = tuple(MaterialGiven(code, 1, original_seen=True) for code in ("m1", "m2", "m3"))
    return Submitted(
        number=ReceiptNumber(417, 26, serial).digits,
        application=Application("YL-0001", person, "00" * 32, answers=answers, materials=materials),
        place="130638100201",
        taken_by=Officer("helper", "魏春华", "便民服务站"),
        query_digest=chance.randbytes(32).hex(),
        token_digest=chance.randbytes(32).hex(),
    )


def _household(chance: random.Random) -> str:
    kin = chance.sample(("配偶", "长子", "次子", "长女", "次女", "父亲", "母亲"), 3)
    members = [(relation, _person(chance, "")) for relation in kin]
    return "；".join(f"{relation}{one.name}，{one.identity}" for relation, one in members)


def _person(chance: random.Random, village: str) -> Person:
    name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))
    born = f"{chance.randrange(1930, 2005)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
    phone = f"1{chance.randrange(3 * 10**9, 10**10)}"
    return Person(name, f"132429{born}{chance.randrange(1000):03}X", phone, f"雄州镇{village}")
