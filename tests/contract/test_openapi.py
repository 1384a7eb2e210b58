import json
import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from appliance.domain.roles import Permission
from webadmin.openapi import document
from webadmin.operation import PARTS, Nothing
from webadmin.routes import PREFIX, ROUTES, SOCKETS


@pytest.fixture(scope="module")
def openapi():
    return json.loads(json.dumps(document(ROUTES, SOCKETS, PREFIX)))


def test_the_document_is_valid_openapi(openapi):
    validate(openapi, cls=OpenAPIV31SpecValidator)


def test_every_row_of_the_route_table_is_described(openapi):
    described = {
        (path, method) for path, item in openapi["paths"].items() for method in item if method != "parameters"
    }
    wanted = {(PREFIX + route.path, method.lower()) for route in ROUTES for method in route.operations}
    assert described == wanted | {(PREFIX + socket.path, "get") for socket in SOCKETS}


def test_every_operation_has_its_own_id_and_a_summary(openapi):
    operations = [
        operation
        for item in openapi["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert all(operation["summary"] for operation in operations)


def test_what_needs_a_session_says_so(openapi):
    for route in ROUTES:
        for method, operation in route.operations.items():
            described = openapi["paths"][PREFIX + route.path][method.lower()]
            needed = {name for row in described["security"] for name in row}
            assert ("session" in needed) == (operation.permission is not Permission.OPEN)
            assert ("write" in needed) == (method != "GET")


def test_answers_always_carry_all_their_fields(openapi):
    """A page must not have to know defaults: what the API itself defines has no optional fields in answers."""
    schemas = openapi["components"]["schemas"]
    for name in (
        "RowView",
        "CallsPage",
        "Home",
        "SessionAnswer",
        "LiveCallWithMedia",
        "Why",
        "LadderStep",
        "UserView",
        "CommissioningAnswer",
        "CommissionedRow",
        "MirrorAnswer",
        "PortView",
        "SecondAsked",
        "AccountView",
        "SessionView",
        "PasskeyView",
        "TokenView",
        "OperationsPage",
        "OperationView",
        "Verification",
        "LdapResult",
    ):
        assert set(schemas[name]["required"]) == set(schemas[name]["properties"]), name


def test_every_variable_part_is_known_and_harmless():
    for route in (*ROUTES, *SOCKETS):
        assert set(route.parts) <= set(PARTS)
        filled = re.compile(PREFIX + route.pattern)
        assert (
            not filled.fullmatch(PREFIX + route.path.replace("{call_id}", "../x"))
            if "{call_id}" in route.path
            else True
        )


def test_no_two_rows_answer_one_address():
    paths = [route.path for route in (*ROUTES, *SOCKETS)]
    assert len(set(paths)) == len(paths)


def test_readings_take_no_body():
    for route in ROUTES:
        for method in ("GET", "DELETE"):
            if method in route.operations:
                assert route.operations[method].body is Nothing
