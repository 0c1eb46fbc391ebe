"""One of each paper, with a rare surname and everything that may stand on it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from common.papers.models import (
    AcceptancePaper,
    DecisionPaper,
    MandatePaper,
    NonAcceptancePaper,
    OneTimeNoticePaper,
    Paper,
    ReceiptPaper,
)
from common.papers.parts import (
    ClockedTime,
    Contact,
    Due,
    Head,
    MaterialHanded,
    MaterialMissing,
    NextStep,
    Party,
    Remedy,
)

NUMBER = "0417-26-00458-2"
BODY = "雄县行政审批局"

HEAD = Head(
    number="雄县昝岗便民〔2026〕收0458号",
    issuer="雄县昝岗镇东庄村综合服务站",
    receipt_number=NUMBER,
    item="城乡居民基本养老保险待遇申领",
    applicant=Party("𬱖秀兰", "1306**********1024", "138****5678"),
    contact=Contact(
        "昝岗镇东庄村综合服务站",
        "0312-5550101",
        "东庄村村委会院内",
        "工作日 8:30—11:30、14:30—17:30",
        "帮办员小李",
    ),
    day=date(2026, 11, 23),
    agent=Party("𬱖建国", "1306**********3317", "139****0001", "儿子"),
    check_code="7F3A-91C2-0D4E-B865",
    qr="https://xiong.example/q/4kf0q2x7m9v1c8a3",
    sample=True,
)
MATERIALS = (
    MaterialHanded("居民身份证", 1, original_seen=True, note="正反面照片2张"),
    MaterialHanded("户口簿（首页、本人页）", 2, original_seen=True),
    MaterialHanded("社会保障卡或银行卡", note="照片1张"),
)
MISSING = (
    MaterialMissing(
        "待遇领取申请表",
        "表格第2页没有签名，需要本人签字或按指印",
        "本站可以打印空表，在站里填就行",
        "送到本站，或拍照发给帮办员",
        date(2026, 12, 7),
    ),
    MaterialMissing("一寸免冠照片", "近六个月内，白底", "照相馆或用手机拍，由本站打印"),
)
RECEIPT = ReceiptPaper(
    head=HEAD,
    lawful_receiver=True,
    authority=BODY,
    materials=MATERIALS,
    taken=ClockedTime(datetime(2026, 11, 23, 2, 15, 33, tzinfo=UTC), 3200, 400),
    missing=MISSING,
    insisted=True,
    next_steps=(
        NextStep("材料由本站送到昝岗镇，再送到雄县行政审批局。"),
        NextStep(
            "材料不齐的，雄县行政审批局会一次告诉您还缺什么；到期不告诉的，从收件之日起就是受理。",
            date(2026, 11, 30),
        ),
        NextStep("补齐的材料交到本站，不用跑县里。"),
    ),
    query_code="458120",
    helper="李小敏",
)
REGISTRATION = replace(
    RECEIPT,
    lawful_receiver=False,
    missing=(),
    insisted=False,
    query_code="",
    taken=ClockedTime(datetime(2026, 11, 23, 2, 15, 33, tzinfo=UTC)),
)
NOTICE = OneTimeNoticePaper(
    head=replace(HEAD, number="雄审批〔2026〕告0093号", issuer=BODY, day=date(2026, 11, 25)),
    authority=BODY,
    received=date(2026, 11, 23),
    missing=MISSING,
    consequences=("补齐以后，从补齐的那一天起受理。", "补正期间不计入办理时限。"),
    next_steps=(NextStep("把补的材料交到东庄村综合服务站。", date(2026, 12, 7)),),
)
NON_ACCEPTANCE = NonAcceptancePaper(
    head=replace(HEAD, number="雄审批〔2026〕拒0002号", issuer=BODY, day=date(2026, 11, 25)),
    authority=BODY,
    received=date(2026, 11, 23),
    refused=date(2026, 11, 25),
    reasons=("申请人的户籍和参保地都在容城县，本县没有办理这件事的职权。",),
    whose="容城县人力资源和社会保障局（容城县政务服务中心2楼）",
    remedies=(
        Remedy("申请行政复议", "60日", "雄县人民政府"),
        Remedy("提起行政诉讼", "6个月", "雄县人民法院"),
    ),
)
ACCEPTANCE = AcceptancePaper(
    head=replace(HEAD, number="雄审批〔2026〕受0088号", issuer=BODY, day=date(2026, 11, 25)),
    authority=BODY,
    received=date(2026, 11, 23),
    accepted=date(2026, 11, 25),
    promised=Due("5个工作日", date(2026, 12, 2)),
    statutory=Due("20个工作日", date(2027, 1, 4), provisional=True),
    notes=("要公示7天，这7天不计入。",),
    next_steps=(NextStep("审查完就作决定，结果送到东庄村综合服务站。", date(2026, 12, 2)),),
)
GRANT = DecisionPaper(
    head=replace(HEAD, number="雄审批〔2026〕准0071号", issuer=BODY, day=date(2026, 12, 1)),
    authority=BODY,
    accepted=date(2026, 11, 25),
    decided=date(2026, 12, 1),
    granted=True,
    outcome="从2026年12月起，按月发给城乡居民基本养老保险待遇。",
    reasons=("申请人年满60周岁，累计缴费满15年，未领取国家规定的其他基本养老保障待遇。",),
    legal_basis=("《国务院关于建立统一的城乡居民基本养老保险制度的意见》（国发〔2014〕8号）",),
    next_steps=(NextStep("决定书和待遇核定表送到东庄村综合服务站，凭收件号来取。", date(2026, 12, 15)),),
)
REFUSAL = replace(
    GRANT,
    head=replace(HEAD, number="雄审批〔2026〕否0004号", issuer=BODY, day=date(2026, 12, 1)),
    granted=False,
    outcome="不予发给城乡居民基本养老保险待遇。",
    reasons=(
        "经核对，申请人累计缴费8年，不满15年。",
        "申请人可以按规定补缴；补缴满15年后可以再次申请，已交的材料不用重交。",
    ),
    remedies=(
        Remedy("申请行政复议", "60日", "雄县人民政府"),
        Remedy("提起行政诉讼", "6个月", "雄县人民法院"),
    ),
    next_steps=(),
)
MANDATE = MandatePaper(
    head=replace(HEAD, number="雄县昝岗便民〔2026〕委0031号", agent=None),
    helper=Party("李小敏", phone="0312-5550101", relation="东庄村帮办员"),
    powers=("代为填写和递交申请材料", "代为接收补正通知和决定书", "不得代为作出承诺、放弃权利或领取钱款"),
    valid_from=date(2026, 11, 23),
    valid_until=date(2027, 5, 22),
)
ALL: dict[str, Paper] = {
    "receipt": RECEIPT,
    "registration": REGISTRATION,
    "notice": NOTICE,
    "non-acceptance": NON_ACCEPTANCE,
    "acceptance": ACCEPTANCE,
    "grant": GRANT,
    "refusal": REFUSAL,
    "mandate": MANDATE,
}
