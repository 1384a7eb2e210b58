"""Settings of the recorder: what is captured and how much may be held."""

from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting


class Capture(Section, frozen=True, kw_only=True):
    """Recording from a mirror port."""

    interface: Annotated[
        str,
        setting(
            Text(en="Mirror port", zh="镜像端口"),
            help=Text(
                en="Network interface that receives the switch's mirror; several are separated by commas.",
                zh="接收交换机镜像流量的网卡；多个网卡以逗号分隔。",
            ),
            max_length=255,
            pattern=r"^([A-Za-z0-9_.:-]{1,15}( *, *[A-Za-z0-9_.:-]{1,15}){0,15})?$",
            reload="recorder",
        ),
    ] = ""
    sip_ports: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=65535)]],
        setting(
            Text(en="SIP ports", zh="SIP 信令端口"),
            help=Text(
                en="Ports on which telephones and exchange speak SIP, UDP and TCP alike. A carrier often has one of its own, as 5080.",
                zh="话机与交换系统使用的 SIP 端口（UDP 与 TCP 通用）。运营商常使用自己的端口，例如 5080。",
            ),
            min_length=1,
            max_length=64,
            reload="recorder",
        ),
    ] = msgspec.field(default_factory=lambda: [5060])
    sip_anywhere: Annotated[
        bool,
        setting(
            Text(en="Find SIP on other ports", zh="识别其他端口上的 SIP"),
            help=Text(
                en="Also look for SIP messages on ports that are not listed.",
                zh="在未列出的端口上也识别 SIP 消息。",
            ),
            reload="recorder",
        ),
    ] = True
    duplicate_ms: Annotated[
        int,
        setting(
            Text(en="Count copies once within", zh="重复报文去重时间窗"),
            help=Text(
                en="A mirror may show a packet twice (both ports, both VLANs, inside a tunnel and plain). "
                "Copies within this time count once; 0 keeps them.",
                zh="镜像可能重复同一报文（两个端口、两个 VLAN、隧道内外）。此时间内的重复只计一次；0 表示不去重。",
            ),
            unit="ms",
            ge=0,
            le=1000,
            reload="recorder",
        ),
    ] = 50
    vxlan_ports: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=65535)]],
        setting(
            Text(en="VXLAN ports", zh="VXLAN 端口"),
            help=Text(
                en="Where cloud and data-centre switches wrap the mirror in VXLAN; empty = such packets are not opened.",
                zh="云平台或数据中心交换机以 VXLAN 封装镜像流量时使用的 UDP 端口；留空则不解封装。",
            ),
            max_length=16,
            reload="recorder",
        ),
    ] = msgspec.field(default_factory=lambda: [4789])
    tzsp_ports: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=65535)]],
        setting(
            Text(en="TZSP ports", zh="TZSP 端口"),
            help=Text(
                en="Routers that send what they see, such as MikroTik.",
                zh="以 TZSP 转发抓包的路由器，例如 MikroTik。",
            ),
            max_length=16,
            reload="recorder",
        ),
    ] = msgspec.field(default_factory=lambda: [37008])
    hep_ports: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=65535)]],
        setting(
            Text(en="HEP ports", zh="HEP 端口"),
            help=Text(
                en="Capture agents of Homer and PBXs that speak HEP version 3.",
                zh="Homer 采集代理及支持 HEP v3 的 PBX。",
            ),
            max_length=16,
            reload="recorder",
        ),
    ] = msgspec.field(default_factory=lambda: [9060])
    ring_mib: Annotated[
        int,
        setting(
            Text(en="Capture ring", zh="抓包环形缓冲"),
            help=Text(
                en="Memory shared with the kernel; 64 MiB bridges about a second at 2000 calls.",
                zh="与内核共享的内存；2000 路通话时 64 MiB 约可缓冲一秒。",
            ),
            unit="MiB",
            ge=4,
            le=2048,
            reload="recorder",
        ),
    ] = 64
    store_keys: Annotated[
        bool,
        setting(
            Text(en="Store which keys are pressed", zh="保存按键内容"),
            help=Text(
                en="Off: key presses stand neither in the ledger nor in the kept packets (RFC 4733, SIP INFO, KPML); keys still "
                "control recordings. Tones that can be heard in the audio itself stay.",
                zh="关闭后，台账和保留的数据包中均不保存按键（RFC 4733、SIP INFO、KPML）；按键控制仍然有效。语音中可听到的按键音不受影响。",
            ),
            reload="recorder",
        ),
    ] = True
    threads: Annotated[
        int,
        setting(
            Text(en="Capture threads", zh="抓包线程数"),
            help=Text(
                en="One is enough for 2000 calls; more share the packets of one port among processors.",
                zh="一个线程足以处理 2000 路通话；更多线程可将同一网口的报文分给多个处理器。",
            ),
            ge=1,
            le=16,
            reload="recorder",
        ),
    ] = 1
    hold_s: Annotated[
        float,
        setting(
            Text(en="Hold early audio for", zh="早到语音保留"),
            help=Text(
                en="Audio seen before its signalling is kept this long, so that first words are not lost.",
                zh="早于信令到达的语音保留此时长，避免丢失首句。",
            ),
            unit="s",
            ge=0,
            le=60,
            reload="recorder",
        ),
    ] = 6.0
    hold_mib: Annotated[
        int,
        setting(
            Text(en="Memory for early audio", zh="早到语音内存"),
            help=Text(
                en="Most that is kept for audio without signalling yet; beyond it the oldest goes, and its call may miss its first words.",
                zh="尚无信令的语音最多占用的内存；超出时丢弃最早的部分，对应通话可能缺少首句。",
            ),
            unit="MiB",
            ge=1,
            le=2048,
            reload="recorder",
        ),
    ] = 64
    join_late: Annotated[
        bool,
        setting(
            Text(en="Record calls already up", zh="录制已在进行的通话"),
            help=Text(
                en="Audio without signalling, as after a restart, becomes a recording marked “joined late”.",
                zh="没有信令的语音（例如重启后）将录为“中途接入”的录音。",
            ),
            reload="recorder",
        ),
    ] = True
    join_late_after_s: Annotated[
        float,
        setting(
            Text(en="Audio without signalling counts as a call after", zh="无信令语音判为通话的时长"),
            help=Text(
                en="How long audio must flow before it is taken for a call whose beginning was missed. Too short: announcements become calls.",
                zh="语音持续多久才判定为错过开头的通话。过短会把提示音误判为通话。",
            ),
            unit="s",
            ge=0.5,
            le=60,
            reload="recorder",
        ),
    ] = 3.0
    media_timeout_s: Annotated[
        int,
        setting(
            Text(en="End a call without audio after", zh="无语音判定通话结束"),
            help=Text(
                en="Used when the end of a call is not seen in signalling. Calls on hold are given the session timer.",
                zh="未见挂断信令时使用。保持中的通话按会话定时器处理。",
            ),
            unit="s",
            ge=5,
            le=86400,
            reload="recorder",
        ),
    ] = 60
    setup_timeout_s: Annotated[
        int,
        setting(
            Text(en="End an unanswered call after", zh="未接通呼叫的超时"),
            help=Text(
                en="A call that rings this long without an answer or an end counts as over. Longer than the exchange lets it ring.",
                zh="振铃超过此时长仍无应答或挂断则视为结束；应大于交换系统的振铃时限。",
            ),
            unit="s",
            ge=10,
            le=3600,
            reload="recorder",
        ),
    ] = 200
    session_timeout_s: Annotated[
        int,
        setting(
            Text(en="End a silent call at the latest after", zh="静默通话最长保留"),
            help=Text(
                en="For calls on hold, or muted, whose end was not seen. Nothing is lost when one goes on: it is joined again.",
                zh="用于未见挂断信令的保持或静音通话。若通话仍在继续，会自动重新接入。",
            ),
            unit="s",
            ge=60,
            le=86400,
            reload="recorder",
        ),
    ] = 7200
    linger_ms: Annotated[
        int,
        setting(
            Text(en="Keep listening after the end for", zh="挂断后继续采集"),
            help=Text(
                en="Last words often arrive after the message that ends the call.",
                zh="最后的语音往往晚于挂断信令到达。",
            ),
            unit="ms",
            ge=0,
            le=10000,
            reload="recorder",
        ),
    ] = 500
    interaction_s: Annotated[
        float,
        setting(
            Text(en="Join the legs of a call within", zh="关联同一通话各段的时间窗"),
            help=Text(
                en="Two legs through a PBX belong together when the second starts within this time.",
                zh="经过 PBX 的两段呼叫在此时间内发起则视为同一通话。",
            ),
            unit="s",
            ge=0,
            le=60,
            reload="recorder",
        ),
    ] = 5.0
    pickup_codes: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]{1,16}$")]],
        setting(
            Text(en="Pick-up codes", zh="代接功能码"),
            help=Text(
                en="What is dialled to take a call that rings elsewhere, with or without the number behind it.",
                zh="代接其他话机振铃来电时所拨的功能码，其后可带被代接号码。",
            ),
            max_length=16,
            reload="recorder",
        ),
    ] = msgspec.field(default_factory=lambda: ["*8", "**"])
    park_numbers: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]{1,16}$")]],
        setting(
            Text(en="Numbers where calls are parked", zh="通话驻留号码"),
            help=Text(
                en="A call transferred to one of these and fetched by dialling one of them is one conversation.",
                zh="转接到这些号码并通过拨打其中号码取回的通话视为同一次通话。",
            ),
            max_length=256,
            reload="recorder",
        ),
    ] = []
    aliases: Annotated[
        list[
            Annotated[
                str,
                msgspec.Meta(pattern=r"^[0-9A-Fa-f.:]{2,39}=[0-9A-Fa-f.:]{2,39}$"),
            ]
        ],
        setting(
            Text(en="Translated addresses", zh="地址转换（NAT）对照"),
            help=Text(
                en="inside=outside, where a telephone or PBX has another address in packets than in signalling.",
                zh="格式为“内部地址=外部地址”，用于数据包地址与信令中地址不一致的话机或 PBX。",
            ),
            max_length=256,
            reload="recorder",
        ),
    ] = []
    service_addresses: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=64)]],
        setting(
            Text(en="Trunk addresses", zh="中继地址"),
            help=Text(
                en="ip or ip:port of the carrier side; tells incoming from outgoing calls.",
                zh="运营商侧的 IP 或 IP:端口，用于区分呼入与呼出。",
            ),
            max_length=64,
            reload="recorder",
        ),
    ] = []
    trunk_channels: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f.:]{2,39}=[1-9][0-9]{0,4}$")]],
        setting(
            Text(en="Channels of trunks", zh="中继通道数"),
            help=Text(
                en="ip=channels, as ordered from the carrier: the statistics then tell how full a trunk over IP was and how "
                "many calls found it full. Boards know theirs.",
                zh="格式为“IP=通道数”，即向运营商订购的并发数：统计据此给出 IP 中继的占用率与呼损。板卡中继无需填写。",
            ),
            max_length=64,
        ),
    ] = []
    keep_free_mib: Annotated[
        int,
        setting(
            Text(en="Stop recording audio below", zh="低于此剩余空间停止录音"),
            help=Text(
                en="The ledger goes on; recording resumes when space is free.",
                zh="台账继续记录；空间恢复后继续录音。",
            ),
            unit="MiB",
            ge=16,
            le=1048576,
            reload="recorder",
        ),
    ] = 512
    flush_s: Annotated[
        float,
        setting(
            Text(en="Write audio to disk every", zh="语音写盘间隔"),
            help=Text(
                en="What is not written yet is lost when the recorder is killed. Shorter means more and smaller writes.",
                zh="录音程序被强制终止时，尚未写入的部分会丢失。间隔越短，写入越频繁。",
            ),
            unit="s",
            ge=0.1,
            le=2,
            reload="recorder",
        ),
    ] = 1.0
    fsync_s: Annotated[
        float,
        setting(
            Text(en="Secure audio against power loss every", zh="防断电落盘间隔"),
            help=Text(
                en="What a power cut may cost at most. 0 leaves it to the system, which may wait half a minute.",
                zh="断电时最多丢失的时长。0 表示由操作系统决定，可能长达半分钟。",
            ),
            unit="s",
            ge=0,
            le=60,
            reload="recorder",
        ),
    ] = 4.0
