"""Sample content for every page: long names, full lists, empty lists, errors."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from common.domain.clocks import DayUnit, Limit
from common.domain.findings import Finding
from common.domain.item import Item, Material, Necessity
from common.domain.lateness import Light
from common.domain.node import Tier
from common.domain.sentence import Sentence
from common.domain.watching import WHY_WORDS, Why
from common.domain.whereabouts import Filled, StepShown
from common.papers.qr_code import qr_svg
from common.web.views import (
    applying,
    casework,
    catalogue,
    first_run,
    network,
    pictures,
    public,
    recovery,
    signing_in,
)
from common.web.views.error import ErrorView
from common.web.views.form import Choice, Form, Paging
from common.web.views.frame import LineView, View

NOW = datetime(2026, 11, 22, 2, 32, tzinfo=UTC)
LONG = (
    "对获得省级以上农作物种子(食用菌菌种)生产经营许可证的企业变更登记事项的确认(含法定代表人、住所和经营范围)"
)
LINE = LineView(up=True, to="县里", synced_at=NOW, waiting=0, retry="/desk/sync/retry")
CUT = replace(LINE, up=False, waiting=7, export="/desk/sync/export")
ITEM = Item(
    "XX0501",
    "高龄老人津贴申请",
    (Tier.VILLAGE, Tier.TOWNSHIP),
    department="雄县民政局",
    legal_basis="《河北省老年人权益保障条例》",
    handling_mode="村级受理、乡镇决定",
    promised=Limit(5, DayUnit.WORKING),
    materials=(
        Material("m1", "身份证原件和复印件", copies=1, note="正反两面都要"),
        Material("m2", "户口簿", copies=1),
        Material("m3", "银行卡（社保卡）", Necessity.MAY_FOLLOW, note="没有的可以后补，到账前交上就行"),
        Material("m4", "近期免冠照片", Necessity.OPTIONAL, copies=2),
    ),
    sample=True,
    source="样例目录第17行",
)
LINKS = (
    public.ItemLink("a", "高龄老人津贴申请", "民政局"),
    public.ItemLink("b", "城乡居民基本养老保险参保登记", "人社局"),
    public.ItemLink("c", "农村宅基地审批", "乡镇"),
    public.ItemLink("d", "残疾人两项补贴", "残联"),
    public.ItemLink("e", "亲人过世后的手续", "多个单位一起办"),
    public.ItemLink("f", LONG, "农业农村局"),
)
STEPS = (
    StepShown("stored", "已存站内", "村里收了", Filled.DONE, NOW),
    StepShown("township", "已送到乡镇（未拆封）", "送到了", Filled.DONE, NOW + timedelta(hours=1)),
    StepShown("county", "县里已取到", "开始办", Filled.OPEN),
    StepShown("result", "有结果了", "有结果", Filled.OPEN),
)
SKIPPED = (
    STEPS[0],
    StepShown("township", "未经乡镇", "送到了", Filled.UNUSED),
    replace(STEPS[2], filled=Filled.DONE, at=NOW),
    STEPS[3],
)
FINDINGS = (
    Finding("applicant.name", "请填写姓名，和身份证上的一样。"),
    Finding("applicant.identity", "身份证号码的最后一位对不上，可能有一位抄错了，请对照身份证再看一遍。"),
)
TYPED = Form({"applicant.phone": "13800005678", "acts": "other", "agent.name": "王强"}, FINDINGS)
DRAFT = applying.Draft("/apply/0193", "高龄老人津贴申请", "昝岗镇人民政府", sample=True)
HELPED = replace(DRAFT, helper=True)
SLOTS = tuple(
    applying.MaterialSlot(
        one.code,
        one.name,
        one.necessity is Necessity.REQUIRED,
        one.necessity is Necessity.MAY_FOLLOW,
        one.note,
        files=(applying.FileShown("身份证正面", "1.2 MB", "/x"),) if one.code == "m1" else (),
    )
    for one in ITEM.materials
)
CHECKED = (
    applying.SummaryRow("申请人", "王*芳"),
    applying.SummaryRow("身份证号码", "1305**********1234"),
    applying.SummaryRow("电话", "没有填，有结果时告诉：儿子王强"),
    applying.SummaryRow("身份证原件和复印件", "照片1张，纸质1份", "materials"),
)
RECEIPT = applying.ReceiptView(
    "0417-26-00458-2",
    "493027",
    qr_svg("http://127.0.0.1:8403/q/Zk3nV0sQ9sY"),
    "高龄老人津贴申请",
    "昝岗镇人民政府",
    NOW,
    "/apply/0193/receipt.pdf",
    "收到不等于受理。办理单位会看材料，缺什么会一次告诉您，最晚2026年11月27日 星期五。",
)
LIGHTS = (Light.GREEN, Light.WARNING, Light.OVERDUE, Light.STILL)
DUES = ("还剩4个工作日", "还剩1个工作日", "已超期2个工作日", "未计时")
CASES = tuple(
    casework.CaseLine(
        "/desk/cases/1",
        f"0417-26-{at:05d}-2",
        LONG if at % 7 == 3 else "高龄老人津贴申请",
        "阿依**" if at % 5 == 1 else "王*芳",
        "西昝村综合服务站",
        ("已收件", "待补正", "已受理", "已办结")[at % 4],
        date(2026, 11, 1 + at % 20),
        DUES[at % 4],
        LIGHTS[at % 4],
        ("坚持提交",) if at % 9 == 2 else (),
    )
    for at in range(30)
)
WAITING = tuple(
    casework.WaitingCase(one.path, one.number, one.item, one.applicant, "交补正材料", one.due, one.light)
    for one in CASES[:4]
)
GROUPS = (
    casework.WaitingGroup("要补正", "没有要补正的。办理单位要补材料时，会显示在这里。", WAITING),
    casework.WaitingGroup("待交付", "没有等着领的。结果送回来以后，会显示在这里。", WAITING[:1]),
    casework.WaitingGroup("待确认", "没有要确认的。"),
    casework.WaitingGroup("待送出", "都送出去了。线路断的时候收下的件会显示在这里。"),
)
MISSING = (Choice("m1", "身份证原件和复印件"), Choice("m2", "户口簿"))
PANELS = (
    casework.Panel("accept", "受理"),
    casework.Panel("notice", "一次性告知", choices=MISSING),
    casework.Panel("refuse", "不予受理"),
    casework.Panel("review", "审核"),
    casework.Panel("decide", "决定", form=Form({}, (Finding("reason", "不予时要写明理由。"),))),
    casework.Panel("issue", "出件", refusal="您的账号不能办理“出件”，请找：李主任（首席事务代表）。"),
)
CASE = casework.CaseView(
    "/desk/cases/1",
    "0417-26-00458-2",
    "高龄老人津贴申请",
    "已收件",
    STEPS,
    "收到不等于受理。办理单位会看材料，缺什么会一次告诉您，最晚2026年11月27日 星期五。",
    (
        ("申请人", "王*芳"),
        ("身份证号码", "1305**********1234"),
        ("电话", ""),
        ("收件站", "西昝村综合服务站"),
        ("谁决定", "昝岗镇人民政府"),
    ),
    (
        casework.Clock("补正", "2026年11月27日 星期五", "还剩4个工作日", Light.GREEN),
        casework.Clock("承诺", "2026年11月24日 星期二", "还剩1个工作日", Light.WARNING),
    ),
    (
        casework.MaterialLine("身份证原件和复印件", "照片2张", path="/x"),
        casework.MaterialLine("户口簿", "还缺", missing=True),
    ),
    (casework.PaperLine("收件凭证", "0417-26-00458-2", date(2026, 11, 22), "/x"),),
    (
        casework.CourseLine(NOW, "提交", "西昝村 赵帮办", "申请人坚持提交"),
        casework.CourseLine(NOW, "收件", "西昝村综合服务站"),
        casework.CourseLine(NOW + timedelta(hours=1), "移交", "西昝村综合服务站", "交昝岗镇便民服务中心"),
    ),
    PANELS,
    ("申请人坚持提交，还缺：户口簿。",),
    unmask="/desk/cases/1/unmask",
)
VILLAGE_CASE = replace(
    CASE,
    steps=SKIPPED,
    panels=(casework.Panel("correct", "交补正材料", choices=MISSING), casework.Panel("hand_out", "交付结果")),
    done="补正材料已经交上。",
    clocks=(),
)


def _told(why: Why, **parts: str) -> network.Told:
    what, do = WHY_WORDS[why]
    return network.Told(Sentence(what, **parts), Sentence(do))


QUIET = _told(Why.SILENT, since="11月20日 10:32")
GRAVE = _told(Why.SILENCE_NEAR, since="11月18日", day="11月25日")
BATTERY = _told(Why.BATTERY)
STATIONS = tuple(
    network.StationLine(
        f"第{at}村综合服务站", f"{at:04d}", NOW - timedelta(days=at), at % 3, "准", "jiujin/0.1.0",
        "没有消息" if at > 3 else "正常", Sentence("{n}件", n=at) if at % 2 else None,
        (GRAVE, QUIET) if at > 3 else (), f"/desk/stations/{at:04d}", at > 3,
    )
    for at in range(1, 7)
)  # fmt: skip
NODE = network.NodeView(
    "西昝村综合服务站", "130638-0417", "村",
    (
        ("最近联系", Sentence("11月20日 10:32")),
        ("待送的包裹", Sentence("{n}个，{size}，从{since}起", n=7, size="312 KB", since="11月18日 09:12")),
        ("磁盘", Sentence("剩{free}，共{whole}", free="62.0 GB", whole="238.0 GB")),
        ("时钟电池", Sentence("没电了")),
        ("程序版本", Sentence("jiujin/0.1.0")),
    ),
    (GRAVE, QUIET, BATTERY), NOW, "/desk/nodes", "/desk/nodes/0417/revoke",
)  # fmt: skip
NODES = (
    network.NodeLine("130638-0001", "雄县政务服务中心", "县", 0, "本机"),
    network.NodeLine(
        "130638-0012", "昝岗镇便民服务中心", "乡镇", 1, "正常", NOW, 0,
        page="/desk/nodes/0012", revoke="/desk/nodes/0012/revoke",
    ),
    network.NodeLine(
        "130638-0417", "西昝村综合服务站", "村", 2, "没有消息", NOW, 7, warn=True,
        there=Sentence("{n}件", n=7), told=(GRAVE, QUIET), page="/desk/nodes/0417", revoke="/x",
    ),
    network.NodeLine("130638-0418", LONG, "村", 2, "已吊销"),
)  # fmt: skip
DIVISIONS = tuple(Choice(f"1306381{at:05d}", f"第{at}村") for at in range(20))
CATALOGUE = tuple(
    catalogue.CatalogueLine(
        f"XX{at:04d}",
        LONG if at % 6 == 1 else one.name,
        one.hint,
        "乡镇",
        "5个工作日",
        4,
        "在用",
        date(2026, 11, 1),
    )
    for at, one in enumerate(LINKS * 3)
)
INVITED = network.InvitedView(
    "西昝村综合服务站",
    "7K3MQ-9XWDA-2HFVN-C0R4T-8YBJE-P5GSZ-1Q",
    qr_svg("7K3MQ9XWDA2HFVNC0R4T8YBJEP5GSZ1Q"),
    NOW,
    "192.168.1.10:8022",
)
STATES = (Choice("received", "已收件"), Choice("accepted", "已受理"))

PUBLIC: dict[str, View] = {
    "home": public.HomeView(LINKS),
    "home-empty": public.HomeView(()),
    "search": public.SearchView("老人", LINKS * 5),
    "search-none": public.SearchView("飞机", (), LINKS[:3]),
    "guide": public.GuideView(
        ITEM, "昝岗镇人民政府", "交材料的村站", ("年满80周岁，户口在雄县", "没有领其他同类津贴")
    ),
    "guide-blank": public.GuideView(
        Item("XX1", LONG, (Tier.COUNTY,), sample=True),
        "县行政审批局",
        "",
        closed="这个事项现在不接收申请了。",
    ),
    "who": applying.WhoView(DRAFT),
    "who-wrong": applying.WhoView(DRAFT, TYPED),
    "materials": applying.MaterialsView(DRAFT, SLOTS, "20 MB"),
    "materials-none": applying.MaterialsView(DRAFT, (), "20 MB"),
    "check": applying.CheckView(DRAFT, CHECKED),
    "check-missing": applying.CheckView(DRAFT, CHECKED, (Finding("m2", "还缺“户口簿”。", missing=True),)),
    "check-wrong": applying.CheckView(DRAFT, CHECKED, FINDINGS),
    "confirm": applying.ConfirmView(DRAFT, "王*芳"),
    "confirm-insist": applying.ConfirmView(DRAFT, "王*芳", ("户口簿",)),
    "receipt": RECEIPT,
    "receipt-again": replace(RECEIPT, code="", missing=("户口簿",), lawful=True),
    "progress": public.ProgressView(Form({"number": "0417"}, (Finding("number", "收件号应为12位数字。"),))),
    "progress-case": public.ProgressCaseView(
        "0417-26-00458-2", "高龄老人津贴申请", "王*芳", date(2026, 11, 22), STEPS, CASE.next, ("户口簿",)
    ),
    "help": public.HelpView("赵红梅", "周一至周五 8:30–12:00", "0312-5551234"),
    "help-blank": public.HelpView(),
    "locked": signing_in.LockedView(),
    "sign-in-locked": signing_in.SignInView(locked=True),
    "unlock": signing_in.UnlockView(),
    "error": ErrorView("这一步没有做成", "已填的内容没有丢。", "A1B2C3"),
    "first-code": first_run.CodeView(Form({}, (Finding("code", "邀请码抄错了一位，请再对一遍。"),))),
    "first-compare": first_run.CompareView("雄县", "雄县政务服务中心", "192.168.1.10:8022", ("3f2a",) * 8),
    "first-enrolling": first_run.EnrolmentView("上级暂时连不上，会接着试。"),
    "first-administrator": first_run.AdministratorView("西昝村综合服务站（130638-0417）", tpm=True),
    "first-recovery": first_run.RecoveryView("7K3MQ-9XWDA-2HFVN-C0R4T-8YBJE"),
}
ARCHIVED = casework.ArchivedView(
    "0417-26-00458-2",
    LONG,
    "已办结",
    (("申请人", "王*芳"), ("结果", "准予"), ("收件", "西昝村综合服务站"), ("收件日期", "2025年11月22日")),
    "雄县政务服务中心",
    ("归档以后又有新的记录到了，结果以上面写的为准。",),
)
ERASED = casework.ErasedCase(
    "0417-26-00458-2",
    NOW.date(),
    "个人撤回同意",
    "李管理员、孙监察员",
    "雄县政务服务中心、昝岗镇便民服务中心",
    "西昝村综合服务站",
)
STAFF: dict[str, View] = {
    "today": casework.WorkbenchView("今天", GROUPS, "/desk/apply"),
    "today-recovering": casework.WorkbenchView("今天", GROUPS, "/desk/apply", recovering=True),
    "cases": casework.CasesView(CASES, Form({"q": ""}), STATES, STATES, Paging(2, 7, 204, "q=王")),
    "cases-none": casework.CasesView((), Form({"q": "没有"})),
    "cases-empty": casework.CasesView(()),
    "case": CASE,
    "case-village": VILLAGE_CASE,
    "pictures": pictures.PicturesView(
        "/desk/pictures",
        "/desk/case",
        "0417-26-00458-2",
        "困难残疾人生活补贴和重度残疾人护理补贴",
        "身份证原件和复印件",
        (
            pictures.PageShown("/desk/page.jpg", here=True, picture=True),
            pictures.PageShown("/desk/page.jpg", here=False, picture=True),
            pictures.PageShown("/desk/page.pdf", here=True, picture=False),
        ),
    ),
    "pictures-why": pictures.PicturesView(
        "/desk/pictures-why",
        "/desk/case",
        "0417-26-00458-2",
        "困难残疾人生活补贴和重度残疾人护理补贴",
        "身份证原件和复印件",
        reasons=(Choice("handle", "办理这个办件"), Choice("compare", "核对原件")),
        form=Form({}, (Finding("reason", "请先选一个理由，再点“看材料”。"),)),
    ),
    "case-archived": ARCHIVED,
    "erasures": casework.ErasuresView((ERASED, replace(ERASED, number="0417-26-00459-9", waiting=""))),
    "erasures-empty": casework.ErasuresView(()),
    "choose-item": applying.ChooseItemView("", LINKS),
    "who-helper": applying.WhoView(HELPED),
    "materials-helper": applying.MaterialsView(
        HELPED, SLOTS, "20 MB", Form({}, (Finding("m2", "还缺“户口簿”。", missing=True),))
    ),
    "sync": network.SyncView(
        CUT,
        (network.WaitingParcels("办件", "县里", 7, "312 KB", NOW),),
        NOW,
        Sentence("{n}小时前", n=3),
        ("县里没有收下1件：附件还没到齐，到齐后会接着办。",),
        "准，误差1秒",
    ),
    "sync-empty": network.SyncView(LINE, ()),
    "stations": network.StationsView(STATIONS),
    "stations-empty": network.StationsView(()),
    "carried": network.CarriedView((network.CarriedLine("西昝村综合服务站", "县里", 12, "3.4 MB", NOW),)),
    "carried-empty": network.CarriedView(()),
    "nodes": network.NodesView(
        NODES,
        (("东昝村综合服务站", NOW),),
        total=4,
        silent=1,
        looked=1,
        grave=(("西昝村综合服务站", "/desk/nodes/0417", GRAVE),),
    ),
    "node": NODE,
    "node-fine": replace(NODE, told=(), said_at=None),
    "nodes-empty": network.NodesView(()),
    "parents": network.ParentsView(
        (Choice("0001", "雄县政务服务中心"), Choice("0012", "昝岗镇便民服务中心"))
    ),
    "invite": network.InviteView("0012", "昝岗镇便民服务中心", True, DIVISIONS, "Zk3nV0"),
    "invited": INVITED,
    "recovery": recovery.RecoveryView(
        NOW,
        (
            recovery.RecoveryLine("0012", "昝岗镇便民服务中心", "已送回", NOW),
            recovery.RecoveryLine("0013", "鄚州镇便民服务中心", "已放行", NOW, "机器已报废，电话核实"),
            recovery.RecoveryLine("0417", "西昝村综合服务站", "还没有答复", None, waited=True),
        ),
        may_release=True,
    ),
    "recovery-never": recovery.RecoveryView(None, ()),
    "release": recovery.ReleaseView("/desk/recovery/0417/release", "西昝村综合服务站"),
    "revoke": network.RevokeView("/desk/nodes/0417/revoke", "130638-0417", "西昝村综合服务站", 3),
    "catalogue": catalogue.CatalogueView(CATALOGUE, Form({"q": ""}), "3f2a9c"),
    "catalogue-empty": catalogue.CatalogueView(()),
}
