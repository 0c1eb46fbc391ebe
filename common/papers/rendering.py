"""Papers become PDF: template and data in, the same bytes out on every machine, without any network."""

import json
from datetime import datetime, time
from pathlib import Path

import typst

from common.domain.times import CHINA
from common.papers import fonts
from common.papers.models import (
    AcceptancePaper,
    DecisionPaper,
    MandatePaper,
    NonAcceptancePaper,
    OneTimeNoticePaper,
    Paper,
    ReceiptPaper,
)
from common.papers.plain_data import as_data, missing_characters
from common.papers.qr_code import qr_svg

MEDIA_TYPE = "application/pdf"
TEMPLATES = Path(__file__).parent / "templates"
_CURRENT: dict[type, str] = {
    ReceiptPaper: "receipt-1",
    OneTimeNoticePaper: "one-time-notice-1",
    NonAcceptancePaper: "non-acceptance-1",
    AcceptancePaper: "acceptance-1",
    DecisionPaper: "decision-1",
    MandatePaper: "mandate-1",
}


def template_of(paper: Paper) -> str:
    """Return the name and version of the template ``paper`` is rendered with now, as a fact records it."""
    return _CURRENT[type(paper)]


def render(paper: Paper) -> bytes:
    """Return ``paper`` as PDF/A-2u: A4, tagged, fonts embedded, the same bytes for the same paper.

    It takes 0.03 to 0.2 s of one core, so an event loop calls it in a thread. Where the font files are
    not there it is a `PaperFontsMissingError`.
    """
    pages = _compiler(paper).compile(
        format="pdf",
        pdf_standards=["a-2u"],
        timestamp=datetime.combine(paper.head.day, time(), CHINA),
    )
    assert isinstance(pages, bytes)  # noqa: S101  # a PDF is one file: typst's type says "or a list" for PNG
    return pages


def render_pages_png(paper: Paper, ppi: float = 96) -> tuple[bytes, ...]:
    """Return one PNG per page, for looking at; ``ppi`` is pixels per inch."""
    pages = _compiler(paper).compile(format="png", ppi=ppi)
    return tuple(pages) if isinstance(pages, list) else (pages,) if pages else ()


def _compiler(paper: Paper) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template_of(paper)}.typ",
        root=TEMPLATES,
        font_paths=fonts.load(),
        ignore_system_fonts=True,
        sys_inputs={"paper": _inputs(paper)},
    )


def _inputs(paper: Paper) -> str:
    lacking = [f"U+{ord(mark):04X}" for mark in missing_characters(paper)]
    drawing = qr_svg(paper.head.qr) if paper.head.qr else ""
    return json.dumps({"paper": as_data(paper), "lacking": lacking, "qr": drawing}, ensure_ascii=False)
