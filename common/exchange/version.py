"""What runs here, as it calls itself to other nodes."""

from importlib.metadata import version

PROGRAM = f"jiujin/{version('jiujin')}"
