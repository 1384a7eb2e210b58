"""The panel as the box serves it: on every address of both families."""

import http.client

from appliance.daemons.webadmin import main
from tests.rigs.web import Web


async def everywhere(service, options):
    await main(service, options._replace(address="::"))


def test_both_families_of_addresses_are_served(layout, free_port):
    with Web(layout, free_port, program=everywhere):
        for host in ("127.0.0.1", "::1"):
            connection = http.client.HTTPConnection(host, free_port, timeout=30)
            connection.request("GET", "/api/v1/session")
            assert connection.getresponse().status == 200, host
            connection.close()
