"""The OpenAPI document, made from the route table and the structs that decode and encode.

Source: OpenAPI Specification 3.1.1
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from appliance.domain.roles import PERMISSION_TEXT, Permission
from webadmin.handler import COOKIE, CSRF_HEADER, ErrorAnswer
from webadmin.operation import PARTS, Nothing, Operation, Route, SocketRoute

VERSION = "1"
_TEMPLATE = "#/components/schemas/{name}"
_WRITES = ("POST", "PUT", "DELETE")
_LANGUAGE = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "Language of messages, before Accept-Language.",
    "schema": {"type": "string", "enum": ["en", "zh"]},
}


def document(routes: Iterable[Route], sockets: Iterable[SocketRoute], prefix: str) -> dict[str, Any]:
    """The whole document."""
    routes, sockets = tuple(routes), tuple(sockets)
    types = _types(routes)
    schemas, components = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
    schema_of = dict(zip(map(_key, types), schemas, strict=True))
    paths: dict[str, Any] = {}
    for route in routes:
        item = paths.setdefault(prefix + route.path, {"parameters": [*_parts(route.parts), _LANGUAGE]})
        for method, operation in route.operations.items():
            item[method.lower()] = _operation(method, operation, schema_of, components)
    for socket in sockets:
        paths[prefix + socket.path] = {
            "parameters": [*_parts(socket.parts), _LANGUAGE],
            "get": _socket(socket),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tapeline", "version": VERSION, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "write": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
            },
        },
    }


def _types(routes: tuple[Route, ...]) -> list[Any]:
    found: dict[str, Any] = {_key(ErrorAnswer): ErrorAnswer}
    for route in routes:
        for operation in route.operations.values():
            wanted = [operation.query, operation.body]
            if not operation.media and operation.answer is not type(None):
                wanted.append(operation.answer)
            found |= {_key(kind): kind for kind in wanted}
    return list(found.values())


def _key(kind: Any) -> str:
    return str(kind)


def _operation(
    method: str, operation: Operation, schema_of: dict[str, Any], components: dict[str, Any]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.act.__module__.rpartition('.')[2]}_{operation.act.__name__}",
        "description": f"Permission: {PERMISSION_TEXT[operation.permission].en}.",
        "parameters": _query(operation.query),
        "responses": _answers(operation, schema_of),
        "security": _security(operation.permission, is_write=method in _WRITES),
    }
    if operation.body is not Nothing:
        schema = schema_of[_key(operation.body)]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    components.setdefault("Nothing", {})
    return described


def _socket(socket: SocketRoute) -> dict[str, Any]:
    return {
        "summary": f"WebSocket: {socket.summary}",
        "operationId": f"socket_{socket.path.partition('/')[0]}",
        "description": f"Permission: {PERMISSION_TEXT[socket.permission].en}.",
        "responses": {
            "101": {"description": "The connection becomes a WebSocket (RFC 6455)."},
            "default": _error(),
        },
        "security": _security(socket.permission, is_write=False),
    }


def _query(query: type[msgspec.Struct]) -> list[dict[str, Any]]:
    schema = msgspec.json.schema(query, ref_template="{name}")
    definitions = schema["$defs"]
    found = definitions[query.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in found.get("required", ()),
            "schema": _resolved(inner, definitions),
        }
        for name, inner in found["properties"].items()
    ]


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema with every reference replaced by what it names."""
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        return {**_resolved(definitions[schema["$ref"]], definitions), **rest}
    return {name: _resolved(value, definitions) for name, value in schema.items()}


def _answers(operation: Operation, schema_of: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {"default": _error()}
    if operation.answer is type(None):
        return {"204": {"description": "Done."}, **answers}
    schema = {} if operation.media else schema_of[_key(operation.answer)]
    kinds = operation.media.split(", ") if operation.media else ["application/json"]
    content = {kind: {"schema": schema} for kind in kinds}
    return {
        str(operation.status): {"description": HTTPStatus(operation.status).phrase, "content": content},
        **answers,
    }


def _error() -> dict[str, Any]:
    schema = {"$ref": _TEMPLATE.format(name=ErrorAnswer.__name__)}
    return {"description": "Refused or failed.", "content": {"application/json": {"schema": schema}}}


def _parts(names: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^({PARTS[name]})$"},
        }
        for name in names
    ]


def _security(permission: Permission, *, is_write: bool) -> list[dict[str, Any]]:
    needed: dict[str, Any] = {}
    if permission is not Permission.OPEN:
        needed["session"] = []
    if is_write:
        needed["write"] = []
    return [needed] if needed else []
