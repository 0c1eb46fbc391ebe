"""The pages of the county hub."""

from common.domain.grants import Power
from common.program.pages import TierPages
from common.web.pages.hub.pages import pages
from common.web.views.frame import Place

make_pages = TierPages(
    (
        Place("/desk", "工作台", "today", Power.SEE_CASES),
        Place("/desk/cases", "办件", "cases", Power.SEE_CASES),
        Place("/desk/nodes", "站点", "nodes", Power.KEEP_NODES),
        Place("/desk/catalogue", "事项目录", "catalogue", Power.KEEP_CATALOGUE),
        Place("/desk/grants", "授权", "grants", Power.KEEP_GRANTS),
        Place("/desk/accounts", "账号", "person", Power.KEEP_ACCOUNTS),
    ),
    pages,
)
