"""Plain facts of the machine from /proc and /etc: what is mounted, which system it is, memory, uptime."""

from pathlib import Path

_RELEASE_FILES = (Path("/etc/os-release"), Path("/usr/lib/os-release"))


def mounts() -> dict[Path, tuple[str, str, str]]:
    """Source: proc_pidmounts(5), fstab(5) for the escapes."""
    found = {}
    for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines():
        device, path, kind, options, *_ = line.split(" ")
        found[Path(path.replace(r"\040", " "))] = (device, kind, options)
    return found


def release() -> dict[str, str]:
    """What the system calls itself. Source: os-release(5)."""
    for path in _RELEASE_FILES:
        if path.exists():
            pairs = [line.partition("=") for line in path.read_text("utf-8", "replace").splitlines()]
            return {name: value.strip("\"'") for name, equals, value in pairs if equals}
    return {}


def memory() -> dict[str, int]:
    """What there is and what is free. Units: bytes. Source: proc_meminfo(5)."""
    pairs = [line.split() for line in Path("/proc/meminfo").read_text("ascii").splitlines()]
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in pairs if len(words) > 2}


def uptime_s() -> float:
    """How long the machine has been up. Source: proc_uptime(5)."""
    return float(Path("/proc/uptime").read_text("ascii").split()[0])
