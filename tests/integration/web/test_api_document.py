"""Schemathesis asks what the OpenAPI document offers, and holds every answer against what it promises.

Requests are the same in every run. Two ask: an administrator, and somebody who knows the calls of one extension only.
Each is a session that is renewed when a request has ended it.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appliance.domain.access import ScopeKind
from appliance.domain.roles import Permission
from appliance.store import people, roles
from appliance.store.database import open_database
from tests.integration.web.conftest import fill, new_layout
from tests.rigs.broker import Broker
from tests.rigs.ports import free_port
from tests.rigs.web import Browser, Web
from webadmin.openapi import document
from webadmin.routes import PREFIX, ROUTES

EXAMPLES = 5
NOT_RUN_HERE = {"no-helper", "unreachable", "timed-out"}


def no_fault_of_ours(context, answer, case):
    """As `not_a_server_error`, but that a program which does not run in this test is missed is the truth."""
    if answer.status_code == 503 and answer.json()["error"]["code"] in NOT_RUN_HERE:
        return None
    return not_a_server_error(context, answer, case)


CHECKS = [no_fault_of_ours, status_code_conformance, content_type_conformance, response_schema_conformance]
QUIETLY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PERIOD = people.Timeouts(timedelta(hours=1), timedelta(hours=1))

DOCUMENT = schemathesis.openapi.from_dict(
    document(ROUTES, (), PREFIX), config=SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
)
OPERATIONS = {found.ok().label: found.ok() for found in DOCUMENT.get_all_operations()}

pytestmark = [
    # What schemathesis says of parts of the document that it has no strategy for; not of our answers.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(120),
]


class Asker:
    """One person with a session of their own, who may be disabled, thrown out or renamed: then another one comes."""

    def __init__(self, web: Web, make: Callable[[int], people.Person]) -> None:
        self._web = web
        self._make = make
        self._numbers = count(1)
        self.browser = Browser(web.port)

    def here(self) -> Browser:
        """The browser, signed in."""
        shown = self.browser.get("session").json if self.browser.cookie else {"user": None}
        if shown["user"] is None or shown["user"]["must_change"] or shown["user"]["must_enrol"]:
            self.browser = Browser(self._web.port)
            number = next(self._numbers)
            database = open_database(self._web.layout)
            token = f"token-{id(self)}-{number}"
            where = ("127.0.0.1", "test")
            person = self._make(number)
            people.open_session(database, person.id, token, datetime.now(UTC), PERIOD, where)
            database.close()
            self.browser.cookie = f"tapeline={token}"
            assert self.browser.get("session").json["user"] is not None
        return self.browser


@pytest.fixture(scope="module")
def box():
    layout = new_layout()
    recorded, refused, *_ = fill(layout)
    database = open_database(layout)
    every = roles.create(database, "every right", set(Permission), None).id
    some = roles.create(database, "some rights", set(Permission) - {Permission.FULL_NUMBERS}, None).id

    def person(name: str, rights: people.Rights) -> people.Person:
        return people.create(database, name, rights, "hash", datetime.now(UTC), one_time=False)

    broker = Broker(layout.run).start()
    with Web(layout, free_port()) as web:
        web.administrator()
        askers = {
            "administrator": Asker(web, lambda number: person(f"a{number}", people.Rights(every))),
            "scoped": Asker(
                web,
                lambda number: person(
                    f"s{number}", people.Rights(some, kind=ScopeKind.EXTENSIONS, extensions=("1002",))
                ),
            ),
        }
        yield web, askers, {"call_id": [recorded, refused], "interaction_id": [recorded]}
    broker.kill()
    database.close()
    shutil.rmtree(layout.data)


def test_every_row_of_the_table_is_asked():
    wanted = {f"{method} {PREFIX}{route.path}" for route in ROUTES for method in route.operations}
    assert set(OPERATIONS) == wanted


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("who", ["administrator", "scoped"])
def test_answers_are_what_the_document_promises(box, who, label):
    web, askers, known = box
    operation = OPERATIONS[label]
    kinds = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE])

    @given(data=st.data())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=QUIETLY,
    )
    def ask(data):
        case = data.draw(operation.as_strategy(generation_mode=data.draw(kinds)))
        for name in case.path_parameters or {}:
            case.path_parameters[name] = data.draw(
                st.sampled_from([*known.get(name, ["1"]), case.path_parameters[name]])
            )
        browser = askers[who].here()
        headers = {"Cookie": browser.cookie, "X-CSRF-Token": browser.token}
        answer = case.call(base_url=f"http://127.0.0.1:{web.port}", headers=headers, timeout=30)
        case.validate_response(answer, checks=CHECKS)

    ask()
