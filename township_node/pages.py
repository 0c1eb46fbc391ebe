"""The pages of a township node."""

from common.domain.grants import Power
from common.program.pages import TierPages
from common.web.pages.township.pages import pages
from common.web.views.frame import Place

make_pages = TierPages(
    (
        Place("/desk", "工作台", "today", Power.SEE_CASES),
        Place("/desk/cases", "办件", "cases", Power.SEE_CASES),
        Place("/desk/stations", "村站", "stations", Power.SEE_CASES),
        Place("/desk/carried", "转送", "carried", Power.SEE_CASES),
        Place("/desk/sync", "同步", "sync"),
        Place("/desk/accounts", "账号", "person", Power.KEEP_ACCOUNTS),
    ),
    pages,
)
