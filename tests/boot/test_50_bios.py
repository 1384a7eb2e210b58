"""The same image on a machine with the old BIOS."""

from tests.rigs.boxed import signed_in
from tests.rigs.vm import BOOT_S, vm


def test_the_image_starts_from_the_old_bios_as_well(image, tmp_path, figures):
    with vm(image, tmp_path, bios=True) as machine:
        machine.start()
        assert not machine.shell.run("ls /sys/firmware/efi").text.startswith("config")
        machine.shell.run("systemctl is-system-running --wait", BOOT_S)
        assert machine.shell.run("systemctl --failed --no-legend --plain").text == ""
        assert signed_in(machine).admin.get("session").status == 200
        figures["systemd-analyze"] = machine.shell.ask("systemd-analyze time").splitlines()[0]
