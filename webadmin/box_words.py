"""Words of the pages that set the box itself up: network, time, web access, first steps, in both languages."""

from appliance.core.text import Text

BOX_WORDS: dict[str, Text] = {
    "network.title": Text(en="Network", zh="网络"),
    "network.ports": Text(en="Ports", zh="网口"),
    "network.box": Text(en="The box in the network", zh="设备网络"),
    "network.access": Text(en="Who may reach the box", zh="访问控制"),
    "network.bonds": Text(en="Joined ports", zh="网口绑定"),
    "network.bonds.more": Text(
        en="Several cables to the same switch count as one port: when one is pulled, another goes on.",
        zh="多根网线接到同一交换机并作为一个网口使用：其中一根断开时，其余继续工作。",
    ),
    "network.bonds.add": Text(en="Join ports", zh="添加绑定"),
    "network.bonds.remove": Text(en="Part {name}", zh="解除 {name}"),
    "network.absent": Text(en="Not in this machine", zh="本机无此网口"),
    "network.by_default": Text(en="By default", zh="默认"),
    "network.counters": Text(
        en="{errors} errors, {dropped} dropped since the start", zh="启动以来：错误 {errors}，丢弃 {dropped}"
    ),
    "network.no_address": Text(en="No address", zh="无地址"),
    "network.routes": Text(en="Further routes", zh="附加路由"),
    "network.route.to": Text(en="Network, as 10.9.0.0/16", zh="目标网络，如 10.9.0.0/16"),
    "network.route.via": Text(en="Gateway", zh="网关"),
    "network.route.add": Text(en="Add a route", zh="添加路由"),
    "network.route.remove": Text(en="Remove the route to {to}", zh="删除到 {to} 的路由"),
    "network.try": Text(en="Try for 90 seconds", zh="试用 90 秒"),
    "network.try.more": Text(
        en="The settings are put in force at once. If nobody confirms them, the box returns to the present ones by itself.",
        zh="设置立即生效；若无人确认，设备将自动恢复为当前设置。",
    ),
    "network.trial": Text(en="New network settings are being tried.", zh="正在试用新的网络设置。"),
    "network.trial.left": Text(
        en="In {seconds} s the box returns to the saved ones.", zh="{seconds} 秒后将自动恢复为已保存的设置。"
    ),
    "network.trial.keep": Text(en="Keep these settings", zh="保留这些设置"),
    "network.trial.back": Text(en="Go back now", zh="立即恢复"),
    "network.trial.lost": Text(
        en="This address does not answer any more. Open the panel at its new address, sign in and confirm there:",
        zh="此地址已无应答。请在新地址打开管理界面，登录后确认：",
    ),
    "network.trial.homes": Text(en="The panel's new addresses:", zh="管理界面的新地址："),
    "network.trial.kept": Text(en="The network settings are kept.", zh="网络设置已保留。"),
    "network.trial.gone": Text(
        en="Nobody confirmed the network settings: the saved ones are in force again.",
        zh="无人确认网络设置，已恢复为保存的设置。",
    ),
    "network.probe": Text(en="Look at the network", zh="网络测试"),
    "network.probe.kind": Text(en="Test", zh="测试项目"),
    "network.probe.ping": Text(en="Ping", zh="PING 测试"),
    "network.probe.trace": Text(en="Way to a host", zh="路由跟踪"),
    "network.probe.lookup": Text(en="Look up a name", zh="域名查询"),
    "network.probe.port": Text(en="Try a port", zh="端口测试"),
    "network.probe.host": Text(en="Host or address", zh="主机或地址"),
    "network.probe.port_number": Text(en="Port", zh="端口"),
    "network.probe.start": Text(en="Start", zh="开始"),
    "network.probe.stop": Text(en="Stop", zh="停止"),
    "network.probe.output": Text(en="What was found", zh="测试结果"),
    "network.sample": Text(en="Packets of a mirror port", zh="镜像网口抓包"),
    "network.sample.more": Text(
        en="A capture file for Wireshark. It holds calls: handle it like a recording.",
        zh="可用 Wireshark 打开的抓包文件。文件含通话内容，请按录音保密。",
    ),
    "network.sample.port": Text(en="Mirror port", zh="镜像网口"),
    "network.sample.none": Text(en="There is no mirror port.", zh="没有镜像网口。"),
    "network.sample.packets": Text(en="At most packets", zh="最多包数"),
    "network.sample.seconds": Text(en="At most seconds", zh="最长秒数"),
    "network.sample.take": Text(en="Take packets", zh="开始抓包"),
    "network.sample.empty": Text(en="No packet came in that time.", zh="该时间内没有收到数据包。"),
    "network.sample.got": Text(en="{size} taken", zh="已抓取 {size}"),
}
