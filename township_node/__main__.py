"""The command ``township-node``."""

import sys

from common.domain.node import Tier
from common.program.main import program, run_program
from township_node.pages import make_pages


def main() -> None:
    """Run the program; its exit code is the shell's."""
    sys.exit(run_program(program("township-node", Tier.TOWNSHIP, make_pages)))


if __name__ == "__main__":
    main()
