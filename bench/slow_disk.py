"""A disk that takes its time: every fsync of the processes started within takes 2.9 ms, or what this disk takes longer.

The reference disk of the shop's limit commits 345 times a second. Most disks here have a cache that answers at once;
on those one commit an order costs nothing, and a group of commits can win nothing either.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYNC_S = 1 / 345

SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static int slow(const char *name, int file) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += %d;
    if (until.tv_nsec >= 1000000000) { until.tv_sec += 1; until.tv_nsec -= 1000000000; }
    int done = ((int (*)(int))dlsym(RTLD_NEXT, name))(file);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, 0);
    return done;
}
int fsync(int file) { return slow("fsync", file); }
int fdatasync(int file) { return slow("fdatasync", file); }
"""


def available() -> bool:
    """Whether such a disk can be had: a C compiler and a loader that preloads."""
    return os.name == "posix" and shutil.which("cc") is not None


@contextmanager
def slow_disk(folder: Path) -> Iterator[None]:
    """Processes started within have it; `folder` keeps the library while they run.

    Raises:
        CalledProcessError: the compiler fails.
    """
    library = folder / "slow_disk.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-x", "c", "-", "-o", str(library), "-ldl"]
    subprocess.run(command, input=SHIM % round(SYNC_S * 1e9), text=True, check=True)
    before = os.environ.get("LD_PRELOAD")
    os.environ["LD_PRELOAD"] = str(library)
    try:
        yield
    finally:
        if before is None:
            del os.environ["LD_PRELOAD"]
        else:
            os.environ["LD_PRELOAD"] = before
