"""A small telephone network in namespaces of its own, with a mirror port as a switch has.

    [caller ns 10.77.0.1] --- bridge ns --- [callee ns 10.77.0.2]
                                  └─ every packet entering a bridge port is copied (tc mirred) to
                                     the mirror port, whose other end is in the namespace of whoever asked.

Needs root. Everything is named with this process's number and removed by `close`.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence

_NEXT = iter(range(1_000_000))


def sh(*words: str, check: bool = True) -> str:
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if check and done.returncode:
        message = f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}"
        raise RuntimeError(message)
    return done.stdout


class MirrorLab:
    """`mirror` is the interface to record; `caller` and `callee` are namespaces with an address each."""

    caller_address = "10.77.0.1"
    callee_address = "10.77.0.2"

    def __init__(self) -> None:
        self._mark = f"{os.getpid() % 100000}{next(_NEXT)}"
        self.caller = f"tlcaller{self._mark}"
        self.callee = f"tlcallee{self._mark}"
        self.bridge = f"tlbridge{self._mark}"
        self.mirror = f"tlm{self._mark}"
        try:
            self._make()
        except RuntimeError:
            self.close()
            raise

    def _make(self) -> None:
        for name in (self.caller, self.callee, self.bridge):
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
            # Router solicitations and the like are noise on a telephone network.
            sh(
                "ip",
                "netns",
                "exec",
                name,
                "sysctl",
                "-qw",
                "net.ipv6.conf.default.disable_ipv6=1",
                check=False,
            )
        sh("ip", "-n", self.bridge, "link", "add", "br0", "type", "bridge")
        sh("ip", "-n", self.bridge, "link", "set", "br0", "up")
        sh("ip", "link", "add", self.mirror, "type", "veth", "peer", "name", "mirror", "netns", self.bridge)
        # A mirror port has no address; one that appeared later would look to browsers like a change of network.
        sh("ip", "link", "set", "dev", self.mirror, "addrgenmode", "none")
        sh("ip", "link", "set", self.mirror, "up")
        sh("ip", "-n", self.bridge, "link", "set", "mirror", "up")
        for namespace, address in ((self.caller, self.caller_address), (self.callee, self.callee_address)):
            port = "p" + address[-1]
            sh(
                "ip",
                "-n",
                namespace,
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                self.bridge,
            )
            sh("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")
            sh("ip", "-n", namespace, "link", "set", "eth0", "up")
            # Large virtual segments never exist on a real mirror port.
            sh(
                "ip",
                "netns",
                "exec",
                namespace,
                "ethtool",
                "-K",
                "eth0",
                "tso",
                "off",
                "gso",
                "off",
                "tx",
                "off",
                check=False,
            )
            sh("ip", "-n", self.bridge, "link", "set", port, "master", "br0", "up")
            sh("tc", "-n", self.bridge, "qdisc", "add", "dev", port, "clsact")
            sh(
                *("tc", "-n", self.bridge, "filter", "add", "dev", port, "ingress", "protocol", "all"),
                *("u32", "match", "u32", "0", "0", "action", "mirred", "egress", "mirror", "dev", "mirror"),
            )

    def inside(self, namespace: str, *command: str) -> Sequence[str]:
        """The command line that runs a command inside one of the namespaces."""
        return ("ip", "netns", "exec", namespace, *command)

    def address(self, namespace: str, address: str) -> None:
        """Give a namespace one more address, as a further phone or a PBX."""
        sh("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")

    def lose(self, address: str, *, on_the_wire: bool) -> None:
        """From now on every eighth RTP packet from this address is lost: by the network, or only by the mirror.

        RTP of payload type 0 to 127 with its marker off; SIP begins with a letter, RTCP has the marker's bit on.
        """
        port = "p" + address[-1]
        match = ("match", "u8", "0x80", "0xff", "at", "28", "match", "u8", "0x00", "0x80", "at", "29")
        eighth = ("match", "u8", "0x00", "0x07", "at", "31")
        hole = ("link", "add", "hole", "type", "veth", "peer", "name", "bottom")
        sh("ip", "-n", self.bridge, *hole, check=False)
        sh("ip", "-n", self.bridge, "link", "set", "hole", "up")
        # What a filter has taken goes to no further one, and so not to the mirror.
        fate = ("action", "mirred", "egress", "redirect", "dev", "hole") if on_the_wire else ("flowid", "1:1")
        sh(
            *(
                "tc",
                "-n",
                self.bridge,
                "filter",
                "add",
                "dev",
                port,
                "ingress",
                "protocol",
                "ip",
                "pref",
                "1",
            ),
            *("u32", "match", "ip", "protocol", "17", "0xff", *match, *eighth, *fate),
        )

    def lose_no_more(self) -> None:
        """All losses end."""
        for port in ("p1", "p2"):
            sh("tc", "-n", self.bridge, "filter", "del", "dev", port, "ingress", "pref", "1", check=False)

    def close(self) -> None:
        """Remove everything; safe to repeat."""
        sh("ip", "link", "del", self.mirror, check=False)
        for name in (self.caller, self.callee, self.bridge):
            sh("ip", "netns", "del", name, check=False)


@contextlib.contextmanager
def mirror_lab() -> Iterator[MirrorLab]:
    lab = MirrorLab()
    try:
        yield lab
    finally:
        lab.close()
