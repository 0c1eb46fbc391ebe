"""The QR of a paper."""

from common.papers.qr_code import qr_svg


def test_a_qr_is_a_drawing_and_the_same_again() -> None:
    drawing = qr_svg("https://xiong.example/q/4kf0q2x7m9v1c8a3")
    assert drawing.startswith("<svg")
    assert drawing == qr_svg("https://xiong.example/q/4kf0q2x7m9v1c8a3")
    assert drawing != qr_svg("https://xiong.example/q/4kf0q2x7m9v1c8a4")
