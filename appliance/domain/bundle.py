"""The spool contract: what a finished capture leaves on disk, and what the archiver leaves beside a recording.

A bundle is a folder named by its `call_id` holding `media.pcap` (absent when nothing was captured), or one raw file a
line of a board (`lines`), and `manifest.json`. It is *open* while a capture program writes it, *ready* after one rename, then claimed.
Of calls that nobody answered, of which very many began at once, one folder holds the manifests of many (`calls.json`).
The record is the archive's twin of the manifest: index rows can be rebuilt from it alone.
"""

from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from appliance.domain.call import Call, Side
from appliance.domain.control import Control, ControlState, Heard, heard, replay
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import Line
from appliance.domain.policy import Decision
from appliance.domain.quality import CallQuality, CaptureDrops, StreamQuality
from appliance.domain.retention import Cause

MANIFEST_VERSION = 1
RECORD_VERSION = 1

KEPT_FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
"""`Record.bundle_kept_until` of a bundle that is never removed by age: only its packets hold the audio."""


class Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one RTP payload type means in the audio *spoken by* `side`, from `at` on.

    Source: RFC 8866 §6.6 (rtpmap), RFC 3551 §6 (static types)
    """

    at: datetime
    side: Side
    payload_type: int
    encoding: str
    clock_hz: int
    channels: int = 1
    fmtp: str = ""


class StreamKind(StrEnum):
    """What a stream is to the recording: only audio is heard in it.

    A lost branch is early media of a telephone that rang along and did not get the call; an earlier call's is what
    was still under way at the same addresses when this call began.
    """

    AUDIO = "audio"
    VIDEO = "video"
    LOST_BRANCH = "lost_branch"
    EARLIER_CALL = "earlier_call"


class Stream(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One RTP stream as the engine counted it; `side` is who speaks.

    Units: jitter in milliseconds (RFC 3550 §6.4.1). `lost` may be negative only in RTCP, never here. `snapped`: packets
    whose end the capture cut off; they are not lost.
    """

    side: Side
    source: str
    destination: str
    ssrc: int
    payload_type: int
    encoding: str
    clock_hz: int
    packets: int
    bytes: int
    expected: int
    lost: int
    duplicates: int
    reordered: int
    jitter_ms: float
    first_at: datetime
    last_at: datetime
    kind: StreamKind = StreamKind.AUDIO
    snapped: int = 0


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the SIP ladder. `label` is the method or the status code with its phrase."""

    at: datetime
    source: str
    destination: str
    transport: str
    label: str
    cseq: str = ""
    has_sdp: bool = False


class Manifest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`manifest.json`: written at open, renewed when the call changes, final before the rename.

    `policy` is what the recording rules decided at the call's beginning (None: no rules were asked), `control` the
    orders that were obeyed since, in order. `reason` is what capture already knows (no answer, policy, encrypted …); the archiver decides the rest.
    `capture_drops`: when the port lost packets, of this call or of others, while the call was up.
    `lines`: of a call on a board, in place of streams; `mixed`: they are heard on one track, else each side has its own.
    """

    v: int = MANIFEST_VERSION
    call: Call
    complete: bool = False
    interface: str = ""
    payloads: list[Payload] = []
    streams: list[Stream] = []
    messages: list[Message] = []
    marks: list[Mark] = []
    reason: Reason | None = None
    capture_drops: list[CaptureDrops] = []
    policy: Decision | None = None
    control: list[Control] = []
    lines: list[Line] = []
    mixed: bool = False

    @property
    def heard(self) -> Heard | None:
        """What of the call may be heard by rules and orders; None when nothing may."""
        if self.policy is None:
            return Heard(None, None, ())
        return heard(self.policy.begun, self.control, look_back=self.policy.look_back)

    @property
    def withheld(self) -> Reason | None:
        """Why nothing of the call may be heard; None when something may."""
        if self.policy is None or self.heard is not None:
            return None
        if self.policy.begun is ControlState.EXCLUDED:
            return self.policy.reason or Reason.POLICY
        is_discarded = replay(self.policy.begun, self.control).state is ControlState.DISCARDED
        return Reason.DISCARDED if is_discarded else Reason.NOT_STARTED


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One RTP stream as it was archived, counted anew from the bundle.

    `payload_sha256`: of the payload bytes in sequence order without duplicates, lower-case hex; of the decrypted
    ones when the call carries the mark `decrypted` and a key opened them.
    `codec` is the encoding name of the SDP (PCMA, G722 …), `decoded` tells whether it could be played.
    """

    side: Side
    codec: str
    ssrc: int
    source: str
    destination: str
    packets: int
    lost: int
    duplicates: int
    reordered: int
    jitter_ms: float
    payload_sha256: str
    first_at: datetime
    last_at: datetime
    decoded: bool = True
    kind: StreamKind = StreamKind.AUDIO
    quality: StreamQuality | None = None


class Decryption(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the keys found in the signalling of encrypted audio, in packets.

    `failed` ones no key proved genuine; they are not in the recording. Without any key the audio stays unread, as it
    does with DTLS-SRTP, whose keys never pass by in clear.
    """

    keys: int
    authentic: int
    failed: int


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """A finished audio file. `file` is relative to the archive. Channel 0 = caller, 1 = callee.

    `starts_at` is the moment of sample 0; `length_s` is the length of the file, which may begin before the
    answer when there was early media. `peaks_file` is relative too. `storage` is the storage path it was filed below,
    "" for the archive of the data directory; a file that was moved to another one is found there.
    """

    file: str
    format: str
    sha256: str
    bytes: int
    sample_rate_hz: int
    channels: int
    starts_at: datetime
    length_s: float
    peaks_file: str
    storage: str = ""


class Expiry(msgspec.Struct, frozen=True, kw_only=True):
    """The policy of retention that took a recording, as it stood then; `policy` "" is that of the rest. Units: 0 = no limit."""

    policy: str
    cause: Cause
    keep_days: int = 0
    most_gib: float = 0.0


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """Who had a recording deleted and why, and what it was: the name, size and hash of the file that is gone.

    `expiry` is set when it was a policy and nobody in particular.
    """

    by: str
    why: str
    asked_at: datetime
    at: datetime
    recording: Recording
    expiry: Expiry | None = None


class Record(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`<name>.json` in the archive: the ledger's whole knowledge of one call.

    Either `recording` or `reason` is set, never both, never neither; `deletion` goes with `deleted` and `expired`.
    """

    v: int = RECORD_VERSION
    manifest: Manifest
    tracks: list[Track] = []
    marks: list[Mark] = []
    reason: Reason | None = None
    recording: Recording | None = None
    quality: CallQuality | None = None
    decryption: Decryption | None = None
    bundle_kept_until: datetime | None = None
    archived_at: datetime | None = None
    deletion: Deletion | None = None

    @property
    def call(self) -> Call:
        """The call itself."""
        return self.manifest.call
