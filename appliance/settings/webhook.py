"""Settings of the webhook: a program of the user's own that is told of alarms."""

from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting

_RELOAD = "notifier"
_ADDRESS = r"^https?://[^\s\x00-\x1f\x7f@]{1,1000}$"


class Webhook(Section, frozen=True, kw_only=True):
    """Alarms as JSON to web addresses."""

    addresses: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=1000, pattern=_ADDRESS)]],
        setting(
            Text(en="Web addresses", zh="Webhook 地址"),
            help=Text(
                en="Each alarm is posted to all of them as JSON, when it is raised and when it is over. Empty = none.",
                zh="告警产生与消除时，以 JSON 格式 POST 到全部地址。留空表示不发送。",
            ),
            max_length=8,
            reload=_RELOAD,
        ),
    ] = []
    key: Annotated[
        str,
        setting(
            Text(en="Signing key", zh="签名密钥"),
            help=Text(
                en="With it each post carries webhook-signature (HMAC-SHA-256, as in Standard Webhooks); empty = unsigned.",
                zh="设置后每个请求携带 webhook-signature（HMAC-SHA-256，遵循 Standard Webhooks）；留空表示不签名。",
            ),
            max_length=256,
            secret=True,
            reload=_RELOAD,
        ),
    ] = ""
    verify: Annotated[
        bool,
        setting(
            Text(en="Check the certificate", zh="校验服务器证书"),
            help=Text(
                en="Off only for a server of one's own with a certificate that nobody signed.",
                zh="仅当使用自建且证书未经签发的服务器时关闭。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    only_critical: Annotated[
        bool,
        setting(
            Text(en="Critical alarms only", zh="仅发送严重告警"),
            help=Text(en="Warnings stay on the page of alarms.", zh="一般告警仍可在告警页面查看。"),
            reload=_RELOAD,
        ),
    ] = False
