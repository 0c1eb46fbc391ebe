"""The addresses of a way to apply, and who may open them."""

from functools import partial

from common.domain.grants import Power
from common.web.pages.applying import checking, materials, receipts, who
from common.web.pages.applying.way import Step, Way, step
from common.web.routing import FORM_BYTES, UPLOAD_BYTES, Door, Page, page

_STEPS: tuple[tuple[str, Step, Step], ...] = (
    ("who", who.show_who, who.take_who),
    ("materials", materials.show_materials, materials.take_materials),
    ("check", checking.show_check, checking.take_check),
    ("confirm", checking.show_confirm, checking.take_confirm),
)


def pages(way: Way, access: Power | Door) -> tuple[Page, ...]:
    """Return the pages of every step, the draft's pictures and the receipt."""
    draft = way.of("{draft}")
    steps = []
    for name, shown, taken in _STEPS:
        largest = UPLOAD_BYTES if name == "materials" else FORM_BYTES
        steps.append(page("GET", f"{draft}/{name}", access, step(way, shown)))
        steps.append(page("POST", f"{draft}/{name}", access, step(way, taken), largest=largest))
    return (
        *steps,
        page("GET", f"{draft}/files/{{code}}/{{at:[0-9]{{1,3}}}}", access, step(way, materials.show_file)),
        page("GET", f"{draft}/receipt", access, partial(receipts.show_receipt, way)),
        page("GET", f"{draft}/receipt.pdf", access, partial(receipts.print_receipt, way)),
    )
