"""A real SIP phone (pjsua2) in a process of its own, told what to do by JSON lines.

The library aborts its process on many mistakes and needs one thread for everything, so each phone is a child
process: commands come on standard input, events go to standard output, one JSON object a line.

Commands: {"do": "call", "to": uri, "from": number, "name": display, "play": wav, "hangup_after_s": n, "headers": {..}},
{"do": "hangup"|"hold"|"resume"|"update", "id": n}, {"do": "dtmf", "id": n, "digits": "12#"}, {"do": "quit"}.
Options: --address, --port, --answer-after-s, --ring-s, --refuse 486, --play wav, --codec PCMA, --transport udp|tcp.
At most four calls at once (the library's limit).
"""

import argparse
import json
import os
import select
import sys
import time
import traceback

import pjsua2 as pj


def say(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


class PhoneCall(pj.Call):
    def __init__(
        self, phone: "Phone", account: pj.Account, call_id: int = pj.PJSUA_INVALID_ID, play: str = ""
    ) -> None:
        super().__init__(account, call_id)
        self.phone = phone
        self.play = play
        self.player: pj.AudioMediaPlayer | None = None
        self.answer_at: float | None = None
        self.hangup_at: float | None = None
        self.hangup_after_s: float | None = None

    def onCallState(self, prm) -> None:  # noqa: N802 - the library's name
        info = self.getInfo()
        say(
            "state", id=info.id, state=info.stateText, code=info.lastStatusCode, sip_call_id=info.callIdString
        )
        if (
            info.state == pj.PJSIP_INV_STATE_CONFIRMED
            and self.hangup_after_s is not None
            and self.hangup_at is None
        ):
            self.hangup_at = time.monotonic() + self.hangup_after_s
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.player = None
            self.phone.calls.pop(info.id, None)
            self.phone.ended.append(self)

    def onCallMediaState(self, prm) -> None:  # noqa: N802
        info = self.getInfo()
        for index, media in enumerate(info.media):
            if media.type != pj.PJMEDIA_TYPE_AUDIO or media.status != pj.PJSUA_CALL_MEDIA_ACTIVE:
                continue
            if self.player is None and self.play:
                self.player = pj.AudioMediaPlayer()
                self.player.createPlayer(self.play, 0)
            if self.player is not None:
                self.player.startTransmit(self.getAudioMedia(index))
            say("media", id=info.id, index=index)

    def onDtmfDigit(self, prm) -> None:  # noqa: N802
        say("dtmf", id=self.getInfo().id, digit=prm.digit)


class PhoneAccount(pj.Account):
    def __init__(self, phone: "Phone") -> None:
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm) -> None:  # noqa: N802
        self.phone.incoming(self, prm.callId)


class Phone:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.calls: dict[int, PhoneCall] = {}
        self.ended: list[PhoneCall] = []
        self.accounts: dict[str, PhoneAccount] = {}
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.userAgent = "Tapeline demonstration phone"
        config.logConfig.level = config.logConfig.consoleLevel = options.log
        config.medConfig.noVad = True
        config.medConfig.clockRate = config.medConfig.sndClockRate = 16000
        config.medConfig.ecTailLen = 0
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port = options.port
        transport.boundAddress = options.address
        kind = pj.PJSIP_TRANSPORT_TCP if options.transport == "tcp" else pj.PJSIP_TRANSPORT_UDP
        self.endpoint.transportCreate(kind, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            wanted = codec.codecId.lower().startswith(options.codec.lower() + "/")
            self.endpoint.codecSetPriority(codec.codecId, 255 if wanted else 0)
        self.account(options.number, options.name)
        say("ready", port=options.port)

    def account(self, number: str, name: str) -> PhoneAccount:
        if number not in self.accounts:
            config = pj.AccountConfig()
            transport = ";transport=tcp" if self.options.transport == "tcp" else ""
            config.idUri = f'"{name}" <sip:{number}@{self.options.address}{transport}>'
            config.mediaConfig.transportConfig.boundAddress = self.options.address
            config.mediaConfig.transportConfig.port = self.options.rtp_port
            config.mediaConfig.transportConfig.portRange = 200
            config.mediaConfig.srtpUse = (
                pj.PJMEDIA_SRTP_MANDATORY if self.options.srtp else pj.PJMEDIA_SRTP_DISABLED
            )
            config.mediaConfig.srtpSecureSignaling = 0
            if self.options.session_expires:
                config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
                config.callConfig.timerSessExpiresSec = self.options.session_expires
            account = PhoneAccount(self)
            account.create(config, not self.accounts)
            self.accounts[number] = account
        return self.accounts[number]

    def incoming(self, account: PhoneAccount, call_id: int) -> None:
        call = PhoneCall(self, account, call_id, self.options.play)
        info = call.getInfo()
        called = info.localUri.split("sip:")[-1].split("@")[0]
        say("incoming", id=info.id, called=called, sip_call_id=info.callIdString)
        answer = pj.CallOpParam()
        refuse = self.options.refuse or (486 if called.startswith("busy") else 0)
        if refuse:
            answer.statusCode = refuse
            call.answer(answer)
            self.ended.append(call)
            return
        self.calls[info.id] = call
        answer.statusCode = 183 if self.options.early_media else 180
        call.answer(answer)
        if self.options.answer_after_s >= 0 and not called.startswith("silent"):
            call.answer_at = time.monotonic() + self.options.answer_after_s

    def do(self, command: dict) -> None:
        kind = command["do"]
        if kind == "call":
            account = self.account(
                command.get("from", self.options.number), command.get("name", self.options.name)
            )
            call = PhoneCall(self, account, play=command.get("play", self.options.play))
            call.hangup_after_s = command.get("hangup_after_s")
            parameters = pj.CallOpParam(True)
            for name, value in command.get("headers", {}).items():
                header = pj.SipHeader()
                header.hName, header.hValue = name, value
                parameters.txOption.headers.push_back(header)
            call.makeCall(command["to"], parameters)
            info = call.getInfo()
            self.calls[info.id] = call
            if "cancel_after_s" in command:
                call.hangup_at = time.monotonic() + command["cancel_after_s"]
            say("calling", id=info.id, sip_call_id=info.callIdString, tag=command.get("tag"))
            return
        call = self.calls[command["id"]]
        parameters = pj.CallOpParam(True)
        if kind == "hangup":
            call.hangup(pj.CallOpParam())
        elif kind == "hold":
            call.setHold(parameters)
        elif kind == "resume":
            parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
            call.reinvite(parameters)
        elif kind == "update":
            call.update(parameters)
        elif kind == "dtmf":
            call.dialDtmf(command["digits"])
        elif kind == "transfer":
            call.xfer(command["to"], pj.CallOpParam())
        else:
            say("error", problem=f"unknown command {kind}")

    def run(self) -> None:
        buffered = b""
        os.set_blocking(0, False)
        while True:
            self.endpoint.libHandleEvents(10)
            self.ended.clear()
            now = time.monotonic()
            for call in list(self.calls.values()):
                if call.answer_at is not None and now >= call.answer_at:
                    call.answer_at = None
                    answer = pj.CallOpParam()
                    answer.statusCode = 200
                    call.answer(answer)
                if call.hangup_at is not None and now >= call.hangup_at:
                    call.hangup_at = None
                    call.hangup(pj.CallOpParam())
            if not select.select([0], [], [], 0)[0]:
                continue
            chunk = os.read(0, 65536)
            if not chunk:
                return
            buffered += chunk
            *lines, buffered = buffered.split(b"\n")
            for line in lines:
                command = json.loads(line)
                if command["do"] == "quit":
                    return
                try:
                    self.do(command)
                except (pj.Error, KeyError) as error:
                    say("error", problem=str(error), command=command)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", required=True)
    parser.add_argument("--port", type=int, default=5060)
    parser.add_argument("--rtp-port", type=int, default=20000)
    parser.add_argument("--number", default="1000")
    parser.add_argument("--name", default="Phone")
    parser.add_argument("--codec", default="PCMA")
    parser.add_argument("--transport", choices=("udp", "tcp"), default="udp")
    parser.add_argument("--answer-after-s", type=float, default=0.5)
    parser.add_argument("--early-media", action="store_true")
    parser.add_argument("--srtp", action="store_true")
    parser.add_argument("--session-expires", type=int, default=0)
    parser.add_argument("--refuse", type=int, default=0)
    parser.add_argument("--play", default="")
    parser.add_argument("--log", type=int, default=0)
    code = 1
    try:
        Phone(parser.parse_args()).run()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        sys.stderr.flush()
        # The library wants its objects destroyed in an exact order, or aborts; the process is ending anyway.
        os._exit(code)


if __name__ == "__main__":
    main()
