"""The command ``county-hub``."""

import sys

from common.domain.node import Tier
from common.program.main import program, run_program
from county_hub.pages import make_pages


def main() -> None:
    """Run the program; its exit code is the shell's."""
    sys.exit(run_program(program("county-hub", Tier.COUNTY, make_pages)))


if __name__ == "__main__":
    main()
