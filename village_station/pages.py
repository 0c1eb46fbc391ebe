"""The pages of a village station: the villagers' without an account, the helper's behind sign-in."""

from common.domain.grants import Power
from common.program.pages import TierPages
from common.web.pages.village.pages import pages
from common.web.views.frame import Place

make_pages = TierPages(
    (
        Place("/desk", "今天", "today"),
        Place("/desk/apply", "代办申请", "apply", Power.TAKE_IN),
        Place("/desk/cases", "办件", "cases", Power.SEE_CASES),
        Place("/desk/sync", "同步", "sync"),
        Place("/desk/accounts", "账号", "person", Power.KEEP_ACCOUNTS),
    ),
    pages,
    public=True,
)
