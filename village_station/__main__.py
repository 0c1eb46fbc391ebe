"""The command ``village-station``."""

import sys

from common.domain.node import Tier
from common.program.main import program, run_program
from village_station.pages import make_pages


def main() -> None:
    """Run the program; its exit code is the shell's."""
    sys.exit(run_program(program("village-station", Tier.VILLAGE, make_pages)))


if __name__ == "__main__":
    main()
