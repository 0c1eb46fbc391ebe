"""Every limit of files handed in, in one place (docs/spec/limits.md, ADR 0018)."""

FILE_MAX = 20_971_520
"""Bytes of one file; a photograph of a phone is 3 to 15 MB."""
PIXELS_MAX = 64_000_000
"""Pixels of one picture; phones take up to 50 million."""
PAGES_MAX = 30
"""Pages of one file."""
SIDE_MIN = 160
"""Pixels of the shorter side of a page kept: below it nothing can be read."""
PAGE_BYTES_MAX = 1_048_576
"""Bytes of a page kept."""
ANSWER_MAX = 1 + PAGES_MAX * (4 + PAGE_BYTES_MAX)
"""Bytes a worker may answer."""
MEMORY_MAX = 1_073_741_824
"""Bytes of address space of a worker."""
SECONDS_MAX = 60
"""Processor seconds of a worker."""
WAIT_MAX = 120
"""Seconds a worker may take in all, other work on the machine included."""
WORKERS_MAX = 2
"""Workers at once in one program."""
