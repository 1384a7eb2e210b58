"""What is read of the machine: this one's own ports and processes, and made ones whose truth is known."""

import os
import socket

from appliance.system import facts, nics, processes


def _interface(root, name, **files):
    folder = root / "sys/class/net" / name
    (folder / "statistics").mkdir(parents=True)
    for path, content in files.items():
        place = folder / path.replace("statistics_", "statistics/")
        place.write_text(f"{content}\n")
    return folder


def _machine(root):
    (root / "proc/net").mkdir(parents=True)
    _interface(root, "lo", address="00:00:00:00:00:00", carrier="1")
    real = _interface(
        root,
        "port0",
        address="02:00:00:00:00:01",
        carrier="1",
        speed="1000",
        duplex="full",
        mtu="1500",
        statistics_rx_errors="3",
        statistics_tx_errors="4",
        statistics_rx_dropped="5",
    )
    (real / "device").mkdir()
    down = _interface(root, "port1", address="02:00:00:00:00:02", carrier="0", speed="-1")
    (down / "device").mkdir()
    _interface(root, "veth9", address="02:00:00:00:00:03", carrier="1")
    return root


def test_a_port_shows_its_link_speed_and_errors(tmp_path):
    first, second = nics.nics(_machine(tmp_path))
    assert (first.name, first.link_up, first.speed_mbit, first.errors, first.dropped) == (
        "port0",
        True,
        1000,
        7,
        5,
    )
    assert (second.name, second.link_up, second.speed_mbit, second.duplex) == ("port1", False, None, "")


def test_loopback_and_virtual_ports_without_an_address_are_left_out(tmp_path):
    assert [nic.name for nic in nics.nics(_machine(tmp_path))] == ["port0", "port1"]


def test_addresses_and_gateways_of_both_families_belong_to_their_port(tmp_path):
    root = _machine(tmp_path)
    (root / "proc/net/if_inet6").write_text("fd000000000000000000000000000002 02 40 00 80 veth9\nnonsense\n")
    way = socket.inet_aton("10.1.2.3")[::-1].hex().upper() if os.sys.byteorder == "little" else "0A010203"
    (root / "proc/net/route").write_text(
        "Iface Destination Gateway Flags\n"
        f"port0 00000000 {way} 0003 0 0 0 00000000\n"
        "port0 0001020A 00000000 0001 0 0 0 00FFFFFF\n"
    )
    zero = "0" * 32
    (root / "proc/net/ipv6_route").write_text(
        f"{zero} 00 {zero} 00 fd000000000000000000000000000001 00000400 1 0 00000003 veth9\n"
    )
    found = {nic.name: nic for nic in nics.nics(root)}
    assert found["port0"].gateways == ("10.1.2.3",)
    assert found["veth9"].addresses == (nics.Address("fd00::2", 64, ""),)
    assert found["veth9"].gateways == ("fd00::1",)


def test_the_first_file_that_names_a_server_counts(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    second.write_text("# nameserver 9.9.9.9\nnameserver 10.0.0.1\nsearch x\nnameserver\nnameserver fd00::1\n")
    assert nics.name_servers((first, second)) == ["10.0.0.1", "fd00::1"]
    first.write_text("nameserver 10.0.0.9\n")
    assert nics.name_servers((first, second)) == ["10.0.0.9"]


def _process(proc, number, parent, words=(), name="python", ticks=(0, 0), pages=0, threads=1, started=1):
    folder = proc / str(number)
    folder.mkdir(parents=True)
    rest = ["S", parent, *[0] * 9, *ticks, *[0] * 4, threads, 0, started, 0, pages]
    (folder / "stat").write_text(f"{number} ({name}) " + " ".join(map(str, rest)) + " 0 0 0")
    (folder / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in words))


def test_a_program_is_found_by_its_words_and_counted_with_its_children(tmp_path):
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    words = ("python", "-m", "tapeline", "run", "archiver", "--data", "/data/one")
    _process(tmp_path, 10, 1, words, ticks=(tick, tick), pages=100, threads=3, started=50)
    _process(tmp_path, 11, 10, words, name="odd) name (", ticks=(tick, 0), pages=10, started=60)
    _process(tmp_path, 12, 11, pages=1, started=70)
    _process(tmp_path, 20, 1, (*words[:-1], "/data/other"), pages=5000, started=40)
    wanted = {"archiver": (("run", "archiver"), ("--data", "/data/one")), "recorder": (("run", "recorder"),)}
    found = processes.of_programs(wanted, tmp_path)
    assert found == {"archiver": processes.Process(10, 50, 3.0, 111 * page, 5)}


def test_the_asker_finds_itself():
    own = processes.of_own()
    assert own.process_id == os.getpid()
    assert own.memory_bytes > 0
    assert own.threads >= 1


def test_this_machine_can_be_told_of():
    assert "/proc" in {str(path) for path in facts.mounts()}
    assert facts.memory()["MemTotal"] > facts.memory()["MemAvailable"] > 0
    assert facts.uptime_s() > 0
