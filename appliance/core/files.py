"""Every directory and file name the box uses, and the three ways to write safely.

Nothing else in the project may spell one of these names.
"""

import ctypes
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from appliance.core.errors import Busy


@dataclass(frozen=True)
class Layout:
    """Where everything lives below one data directory."""

    data: Path

    @property
    def spool_open(self) -> Path:
        """Bundles still being written by a capture program."""
        return self.data / "spool" / "open"

    @property
    def spool_lines(self) -> Path:
        """Bundles still being written by the program of the boards."""
        return self.data / "spool" / "lines"

    @property
    def spool_importing(self) -> Path:
        """Bundles that an import is making, or a recorder of many attempts at once. Worthless once that has ended."""
        return self.data / "spool" / "importing"

    @property
    def spool_ready(self) -> Path:
        """Finished bundles, handed over by rename."""
        return self.data / "spool" / "ready"

    @property
    def spool_work(self) -> Path:
        """Bundles claimed by the archiver."""
        return self.data / "spool" / "work"

    @property
    def waiting_calls(self) -> Path:
        """Which calls wait for an answer while very many begin, as the recorder noted last."""
        return self.data / "spool" / "waiting"

    @property
    def spool_kept(self) -> Path:
        """Archived bundles kept for a while (setting)."""
        return self.data / "spool" / "kept"

    @property
    def spool_quarantine(self) -> Path:
        """Bundles that cannot be processed, each with its reason beside it."""
        return self.data / "spool" / "quarantine"

    @property
    def archive(self) -> Path:
        """Finished recordings, in folders by UTC date."""
        return self.data / "archive"

    @property
    def exports(self) -> Path:
        """Archives and tables that are being prepared for download, worthless after a restart of webadmin."""
        return self.data / "exports"

    @property
    def index(self) -> Path:
        """The database."""
        return self.data / "index.sqlite"

    @property
    def settings(self) -> Path:
        """Settings without secrets."""
        return self.data / "settings.json"

    @property
    def settings_revisions(self) -> Path:
        """The last revisions of the settings."""
        return self.data / "settings-revisions"

    @property
    def settings_damaged(self) -> Path:
        """Where a settings file that could not be read is put when others take its place."""
        return self.data / "settings.json.damaged"

    @property
    def secrets(self) -> Path:
        """Secrets, mode 0600."""
        return self.data / "secrets.json"

    @property
    def sealing_key(self) -> Path:
        """The key of the secrets in the index, mode 0600."""
        return self.data / "sealing.key"

    @property
    def statements(self) -> Path:
        """The signed statements of completeness, their public key, and the wish for one."""
        return self.data / "statements"

    @property
    def statement_key(self) -> Path:
        """The key that signs the statements, mode 0600."""
        return self.data / "statement.key"

    @property
    def operations_anchor(self) -> Path:
        """The newest row of the operation log, told again outside the index."""
        return self.data / "operations-anchor.json"

    @property
    def storage_note(self) -> Path:
        """What the archiver remembers of its storage paths."""
        return self.data / "storage.json"

    @property
    def expiring(self) -> Path:
        """Calls whose recordings the archiver is deleting by a policy, to be finished after a crash."""
        return self.data / "expiring.json"

    @property
    def backups(self) -> Path:
        """Backups that are kept on the box itself."""
        return self.data / "backups"

    @property
    def backup_desk(self) -> Path:
        """What is wished for of backups, what is being done, and what was."""
        return self.data / "backup-desk"

    @property
    def backup_key(self) -> Path:
        """The recovery keys of backups, the one in use first, mode 0600."""
        return self.data / "backup.key"

    @property
    def restored(self) -> Path:
        """Touched when a backup was restored: programs that go by what it replaced start anew."""
        return self.run / "restored"

    @property
    def disks_report(self) -> Path:
        """What the disks said of themselves when they were asked last."""
        return self.run / "disks.json"

    @property
    def plugged_report(self) -> Path:
        """What is plugged into the machine now."""
        return self.run / "plugged.json"

    @property
    def recording_stopped(self) -> Path:
        """There while the archiver wants no more recordings, because no storage path has room (setting)."""
        return self.run / "recording-stopped"

    @property
    def update_bundle(self) -> Path:
        """An update that was brought to the box and is not installed yet."""
        return self.data / "update" / "bundle.raucb"

    @property
    def before_update(self) -> Path:
        """Settings, secrets and index as they were before another system was started."""
        return self.data / "update" / "before"

    @property
    def tls_certificate(self) -> Path:
        """The admin panel's certificate with its chain, PEM."""
        return self.data / "tls" / "certificate.pem"

    @property
    def tls_request(self) -> Path:
        """A request for a certificate that an authority has not answered yet, PEM."""
        return self.data / "tls" / "request.pem"

    @property
    def tls_request_key(self) -> Path:
        """The key of that request, PEM, mode 0600."""
        return self.data / "tls" / "request-key.pem"

    @property
    def tls_key(self) -> Path:
        """The key of the certificate, PEM, mode 0600."""
        return self.data / "tls" / "key.pem"

    @property
    def run(self) -> Path:
        """Sockets and locks, worthless after a reboot."""
        return self.data / "run"

    @property
    def logs(self) -> Path:
        """What the programs write, where no journal takes it."""
        return self.data / "log"

    @property
    def broker_settings(self) -> Path:
        """The message broker's configuration."""
        return self.run / "mosquitto.conf"

    @property
    def self_test(self) -> Path:
        """What became of the last test call."""
        return self.data / "selftest.json"

    @property
    def token_key(self) -> Path:
        """The key of the tokens that stand for numbers in what leaves the box, mode 0600."""
        return self.data / "token.key"

    @property
    def escalation(self) -> Path:
        """What the watchdog did about programs that stayed down."""
        return self.data / "escalation.json"

    @property
    def syslog_queue(self) -> Path:
        """Lines that wait for the syslog server."""
        return self.data / "syslog"

    @property
    def syslog_settings(self) -> Path:
        """The configuration of what carries them."""
        return self.run / "rsyslog.conf"

    @property
    def syslog_authority(self) -> Path:
        """Who signed the syslog server's certificate, PEM."""
        return self.run / "syslog-authority.pem"

    @property
    def syslog_socket(self) -> Path:
        """Where lines for the syslog server are put."""
        return self.run / "syslog.sock"

    @property
    def snmp_settings(self) -> Path:
        """The configuration of the SNMP agent, mode 0600."""
        return self.run / "snmpd.conf"

    @property
    def snmp_state(self) -> Path:
        """What the SNMP agent remembers over restarts: how often it was started."""
        return self.data / "snmp"

    @property
    def bus_socket(self) -> Path:
        """The broker's Unix listener."""
        return self.run / "bus.sock"

    @property
    def listen_socket(self) -> Path:
        """The recorder's Unix listener for live audio."""
        return self.run / "listen.sock"

    def line_cases(self, board: str) -> Path:
        """What the line doctor observed on the channels of a board: number -> `domain.doctor.Case`."""
        return self.run / f"line-cases-{board}.json"

    @property
    def listen_lines_socket(self) -> Path:
        """The Unix listener for live audio of calls on boards."""
        return self.run / "listen-lines.sock"

    @property
    def helper_socket(self) -> Path:
        """The helper's Unix listener for privileged actions."""
        return self.run / "helper.sock"

    @property
    def network_trial(self) -> Path:
        """Network settings that are tried and not confirmed yet."""
        return self.run / "network-trial.json"

    @property
    def one_time_password(self) -> Path:
        """The first administrator's one-time password, gone once used."""
        return self.run / "one-time-password"

    @property
    def signalling(self) -> Path:
        """Raw signalling of trunks and raw streams of their timeslots, a folder a trunk."""
        return self.data / "signalling"

    @property
    def corrections(self) -> Path:
        """What is planned, ordered and done of correcting past calls of trunks."""
        return self.data / "corrections"

    @property
    def licences(self) -> Path:
        """The licence files that were brought to the box."""
        return self.data / "licences"

    @property
    def first_steps(self) -> Path:
        """How far a new box has been led through its first steps."""
        return self.data / "first-steps.json"

    @property
    def capture_lock(self) -> Path:
        """Held by the one program that writes `spool/open`."""
        return self.run / "capture.lock"

    @property
    def boards_lock(self) -> Path:
        """Held by the one program that writes `spool/lines` and reads the boards."""
        return self.run / "boards.lock"

    @property
    def archiver_lock(self) -> Path:
        """Held by the one program that works on `spool/work`."""
        return self.run / "archiver.lock"

    @property
    def backup_lock(self) -> Path:
        """Held by the one program that makes and restores backups."""
        return self.run / "backup.lock"

    @property
    def settings_lock(self) -> Path:
        """Held while settings are being saved."""
        return self.run / "settings.lock"

    def make(self) -> "Layout":
        """Create every directory that is missing."""
        for path in (
            self.spool_open,
            self.spool_lines,
            self.spool_importing,
            self.spool_ready,
            self.spool_work,
            self.spool_kept,
            self.spool_quarantine,
            self.archive,
            self.run,
        ):
            path.mkdir(parents=True, exist_ok=True)
        return self


MEDIA_FILE = "media.pcap"
LINE_SUFFIX = ".g711"
MANIFEST_FILE = "manifest.json"
CALLS_FILE = "calls.json"
REASON_FILE = "reason.json"
KEEP_FILE = "keep.json"
ATTEMPTS_FILE = "attempts.json"
PEAKS_SUFFIX = ".peaks"
STATEMENTS_FOLDER = "statements"
STORAGE_MARK_FILE = ".tapeline-storage"


def fsync_file(path: Path) -> None:
    """Make what was written to a file survive a power cut."""
    _fsync(path, os.O_RDONLY)


def fsync_directory(path: Path) -> None:
    """Make renames and new names inside `path` survive a power cut."""
    _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file_system(path: Path) -> None:
    """Make everything written so far on the file system of `path` survive a power cut.

    Source: syncfs(2); reports write errors since Linux 5.8
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _libc.syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(path))
    finally:
        os.close(descriptor)


_libc = ctypes.CDLL(None, use_errno=True)


def write_atomically(path: Path, content: bytes, *, mode: int = 0o640, durable: bool = True) -> None:
    """Replace `path` so that a reader or a power cut sees the old or the new content, never a part.

    `durable=False` skips the two fsyncs, for files that can be rebuilt.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        fsync_directory(path.parent)


class Lock:
    """An exclusive lock on a file, held until closed or the process ends.

    Raises: Busy when another process holds it
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise Busy(what=path.name) from error

    def close(self) -> None:
        """Let go."""
        self._file.close()
