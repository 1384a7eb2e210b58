"""The program `snmp`: runs the SNMP agent (snmpd) as the settings want it, and nothing while they do not.

A program of its own, because only this one may open a port below 1024.
"""

import sys

from appliance.bus.client import Bus
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.settings.monitoring import Snmp
from appliance.settings.storage import Kept
from appliance.system import snmp
from appliance.system.attendant import Attendant

_LOOK_S = 2.0
_PULSE_S = 60.0


async def main(service: Service, options: Options) -> None:
    """Keep the agent running until told to stop."""
    layout = options.layout.make()
    kept = Kept(layout)
    bus = Bus(layout.bus_socket, service.name, service.clock)
    answerer = [sys.executable, "-m", "appliance.commands.tapeline", "snmp", "--data", str(layout.data)]
    agent = Attendant(layout.snmp_settings, lambda _: snmp.agent_command(layout), service.clock)
    pulse = service.pulse("looking", _PULSE_S)
    async with bus:
        service.on_status(bus.report)
        service.ready()
        while not await service.sleep(_LOOK_S):
            pulse.beat()
            kept.renewed()
            wanted = kept.now.monitoring.snmp
            text = snmp.agent_configuration(wanted, answerer) if _is_wanted(wanted) else None
            agent.keep(text)
            _report(service, wanted, agent.problem)
    agent.close()


def _is_wanted(wanted: Snmp) -> bool:
    return wanted.enabled and bool(wanted.authentication or wanted.community)


def _report(service: Service, wanted: Snmp, problem: str) -> None:
    if not wanted.enabled:
        service.status("switched off", "已关闭")
    elif not _is_wanted(wanted):
        service.status(
            "waits for a passphrase or a community in the settings", "等待在设置中填写认证口令或团体字"
        )
    elif problem:
        service.status(f"the agent does not run: {problem}", f"SNMP 代理未运行：{problem}")
    else:
        service.status(f"answers on port {wanted.port}", f"正在端口 {wanted.port} 应答")
