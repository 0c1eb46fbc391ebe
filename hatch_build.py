"""Fetch the browser files and fonts from npm and copy them where the wheel packs them.

The build runs this as a hook; ``python hatch_build.py`` does the same for a working tree. An installed
wheel needs no Node: what is copied here travels inside it.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = "common/web/static/vendor"
FONTS = "common/papers/fonts"
COPIES = {
    "htmx.org/dist/htmx.min.js": f"{STATIC}/htmx.min.js",
    "htmx.org/LICENSE": f"{STATIC}/htmx.LICENSE",
    "@picocss/pico/css/pico.min.css": f"{STATIC}/pico.min.css",
    "@picocss/pico/LICENSE.md": f"{STATIC}/pico.LICENSE",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": f"{FONTS}/NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": f"{FONTS}/NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": f"{FONTS}/NotoSansSC.LICENSE",
}


def fetch(root: Path) -> None:
    """Install what ``package-lock.json`` names under ``root`` and copy the files we use.

    Args:
        root: the folder of ``package.json``.

    Raises:
        SystemExit: there is no npm here.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not here: install Node.js 20 or later with npm (Debian: nodejs npm).")
    # The fonts package has an app framework as its peer, which we do not want.
    subprocess.run([npm, "ci", "--ignore-scripts", "--omit=peer", "--no-progress"], cwd=root, check=True)
    for source, target in COPIES.items():
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / "node_modules" / source, root / target)


class BrowserFiles(BuildHookInterface[Any]):
    """Runs :func:`fetch` before a wheel is packed; an editable install gets them from ``make setup``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's shape
        """Fetch unless ``version`` says the wheel is an editable one."""
        if version != "editable":
            fetch(Path(self.root))


if __name__ == "__main__":
    fetch(Path(__file__).parent)
