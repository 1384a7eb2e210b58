"""The register of daemons: one module each, named like its program, its unit and its topic.

To add one: `daemons/<name>.py` with `async def main(service, options)` and its line here.
"""

import importlib
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from appliance.core.errors import NotFound
from appliance.core.files import Layout
from appliance.core.service import Service
from appliance.core.text import Text

DAEMONS: dict[str, Text] = {
    "recorder": Text(
        en="captures mirrored calls and hands them over as bundles", zh="采集镜像端口上的通话并生成录音包"
    ),
    "boards": Text(
        en="records analog lines and E1 trunks and hands their calls over as bundles",
        zh="录制模拟线路与 E1 中继并生成录音包",
    ),
    "archiver": Text(
        en="makes recordings from bundles and keeps the index", zh="将录音包转换为录音并维护索引"
    ),
    "watchdog": Text(en="checks whether the box does its work", zh="检查设备是否正常工作"),
    "backup": Text(en="makes, brings away and restores backups", zh="制作、存放与恢复备份"),
    "notifier": Text(en="tells people of alarms", zh="发送告警通知"),
    "snmp": Text(en="answers those who ask by SNMP", zh="应答 SNMP 查询"),
    "timesync": Text(en="keeps the box's clock right", zh="校准设备时钟"),
    "helper": Text(en="does what needs root, for the other programs", zh="代其他程序执行特权操作"),
    "webadmin": Text(en="serves the admin panel and the API", zh="提供管理界面与 API"),
}


class Options(NamedTuple):
    """What the command line tells a daemon beside its settings; each takes what concerns it.

    `interface` overrides the setting, `mirror` stands in while the setting is empty; `captures` are files to be recorded instead of an interface. With `tls` the panel
    is served encrypted on `port`, and port 80 leads there. With `measure_only` the clock is never set. On `test_line` the box calls itself.
    """

    layout: Layout
    interface: str = ""
    captures: tuple[str, ...] = ()
    address: str = "127.0.0.1"
    port: int = 8080
    tls: bool = False
    mirror: str = ""
    test_line: str = ""
    measure_only: bool = False


def make(name: str) -> Callable[[Service, Options], Awaitable[None]]:
    """The coroutine function of a daemon.

    Raises: NotFound for a name that is not registered
    """
    if name not in DAEMONS:
        raise NotFound(what=name)
    module: Any = importlib.import_module(f"appliance.daemons.{name}")
    main: Callable[[Service, Options], Awaitable[None]] = module.main
    return main
