"""QR codes as drawings that stay sharp on paper."""

from io import BytesIO

import segno


def qr_svg(text: str) -> str:
    """Return an SVG of the QR for ``text`` (error correction M or better, quiet zone of four modules)."""
    drawing = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawing, kind="svg", border=4, xmldecl=False, nl=False, omitsize=True)
    return drawing.getvalue().decode()
