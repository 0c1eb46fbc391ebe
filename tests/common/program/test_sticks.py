"""Sticks plugged in: what is mounted is one, what only lies there is none."""

from pathlib import Path

from common.program.sticks import MOUNTS, mounted_below

TOLD = r"""24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw
31 27 8:1 / /media/wang/JIUJIN\0401 rw,nosuid shared:5 - exfat /dev/sdb1 rw
32 27 8:2 / /run/media/wang/DISK ro - vfat /dev/sdc1 ro
33 27 8:3 / /mediathek/x rw - ext4 /dev/sdd1 rw
34 27 8:4 / /media rw - tmpfs tmpfs rw
"""


def test_mount_points_below_the_parents_are_sticks_and_others_are_not() -> None:
    found = mounted_below(TOLD, [Path("/media"), Path("/run/media")])
    assert found == [Path("/media/wang/JIUJIN 1"), Path("/run/media/wang/DISK")]


def test_this_machine_tells_its_mounts_in_that_form() -> None:
    assert Path("/proc") in mounted_below(MOUNTS.read_text(encoding="utf-8"), [Path("/")])
