"""From an HTTP request to a function of the route table and back: who, may they, decode, act, encode, errors.

The one place where our errors become statuses, and the only one that answers an unexpected exception.
"""

import http
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from tornado.web import HTTPError, RequestHandler, stream_request_body

from appliance.core import log
from appliance.core.errors import (
    ApplianceError,
    Conflict,
    Corrupt,
    Denied,
    Invalid,
    Later,
    NotFound,
    Refused,
    TooLarge,
)
from appliance.core.problem import invalid
from appliance.core.text import Language, Text
from appliance.domain.roles import Permission
from appliance.store import people, tokens
from webadmin import audit
from webadmin.deeds import is_logged
from webadmin.exports import TooManyExports
from webadmin.files import Answer
from webadmin.operation import Asked, Operation
from webadmin.panel import Panel
from webadmin.refusals import (
    BadAddress,
    BadToken,
    BodyTooLarge,
    MethodNotAllowed,
    NotJson,
    OnlyLooking,
    PasswordChangeNeeded,
    RangeNotSatisfiable,
    SecondFactorNeeded,
    SignInNeeded,
    UpgradeNeeded,
    WrongPassword,
)
from webadmin.second_factor import WrongCode, WrongPasskey
from webadmin.throttle import Throttled
from webadmin.tickets import TicketExpired
from webadmin.visitor import Visitor

_logger = log.get(__name__)

COOKIE = "tapeline"
CSRF_HEADER = "X-CSRF-Token"
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LONG_AGO = 1.0
_FROM_START = "bytes=0-"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

STATUS: tuple[tuple[type[ApplianceError], int], ...] = (
    (NotJson, 400),
    (BadAddress, 400),
    (SignInNeeded, 401),
    (WrongPassword, 401),
    (WrongCode, 401),
    (WrongPasskey, 401),
    (TicketExpired, 401),
    (Denied, 403),
    (NotFound, 404),
    (MethodNotAllowed, 405),
    (Conflict, 409),
    (TooLarge, 413),
    (RangeNotSatisfiable, 416),
    (UpgradeNeeded, 426),
    (Invalid, 422),
    (Corrupt, 422),
    (Throttled, 429),
    (TooManyExports, 429),
    (Refused, 422),
    (Later, 503),
    (ApplianceError, 500),
)
"""The first row whose class fits decides; tests hold that every class of errors has its place."""

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "media-src 'self' blob:; font-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Server": "Tapeline",
}

INTERNAL = Text(en="Something went wrong here; the log knows more.", zh="内部错误，详情请查看系统日志。")


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong: `code` for machines, `message` for people, `field` where one field is to blame."""

    code: str
    message: str
    field: str | None = None


class ErrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every answer of 400 and above."""

    error: ErrorBody


def status_of(error: ApplianceError) -> int:
    """The HTTP status that an error stands for."""
    return next(status for family, status in STATUS if isinstance(error, family))


class Guarded(RequestHandler):
    """What every handler does alike: headers, language, who asks, errors as JSON."""

    panel: Panel

    def set_default_headers(self) -> None:
        """Set the headers of every answer, errors included."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")
        if self.request.protocol == "https":
            self.set_header("Strict-Transport-Security", "max-age=31536000")

    @property
    def language(self) -> Language:
        """`?lang=` before `Accept-Language` before English."""
        asked = self.request.query_arguments.get("lang", [b""])[-1]
        wanted = asked.decode("ascii", "replace") or preferred(
            self.request.headers.get("Accept-Language", "")
        )
        return "zh" if wanted.lower().startswith("zh") else "en"

    async def visitor(self, *, seen: bool = True) -> Visitor:
        """Who asks; an unknown or outdated cookie is nobody."""
        scheme, _, value = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._bearer(value.strip())
        token = self.get_cookie(self.cookie_name) or ""
        if not token or len(token) > 128:
            return Visitor()
        session = await self.panel.ask(
            people.session, token, self.panel.now(), self.panel.timeouts, seen=seen
        )
        return (
            Visitor(
                token, session.person, session.looker, held=session.held, confirmation=session.confirmation
            )
            if session
            else Visitor(token)
        )

    async def _bearer(self, value: str) -> Visitor:
        """Whom an API token stands for.

        Source: RFC 6750 §2.1
        """
        address = self.request.remote_ip or ""
        found = await self.panel.ask(tokens.bearer, value[:128], self.panel.now(), address)
        return Visitor("", found.person, via=found.name) if found else Visitor()

    @property
    def cookie_name(self) -> str:
        """With TLS the name itself forbids other paths, hosts and plain connections (RFC 6265bis §4.1.3.2)."""
        return f"__Host-{COOKIE}" if self.request.protocol == "https" else COOKIE

    def write_cookie(self, token: str) -> None:
        """Hand the browser its token, '' = take it away."""
        self.set_cookie(
            self.cookie_name,
            token,
            expires=None if token else _LONG_AGO,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
        )

    def check_permission(self, visitor: Visitor, permission: Permission) -> None:
        """Refuse what the table of roles does not grant.

        Raises: SignInNeeded, PasswordChangeNeeded, SecondFactorNeeded, SecondPersonNeeded, Denied
        """
        if visitor.may(permission):
            return
        if visitor.person is None:
            raise SignInNeeded
        if visitor.person.must_change or visitor.held == "password":
            raise PasswordChangeNeeded
        if visitor.held:
            raise SecondFactorNeeded
        _logger.warning(
            "refused",
            extra={"user": visitor.person.name, "permission": permission, "path": self.request.path},
        )
        visitor.demand(permission)

    def check_origin(self, origin: str) -> bool:
        """Whether a page of ours is the cause; `origin` is the header's value."""
        host = self.request.headers.get("Host", "")
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()

    def compute_etag(self) -> str | None:
        """None: answers are never stored, files carry their own."""
        return None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer an exception that ended a request."""
        info = kwargs.get("exc_info")
        error = info[1] if info else None
        if isinstance(error, HTTPError):
            error = _of_http(error.status_code)
        if not isinstance(error, ApplianceError):
            self.set_status(max(status_code, 500))
            self.answer_error(ErrorBody(code="internal", message=INTERNAL.render(self.language)))
            return
        status = status_of(error)
        self.set_status(status)
        if isinstance(error, Later):
            self.set_header("Retry-After", str(max(1, round(error.after_s))))
        if isinstance(error, UpgradeNeeded):
            self.set_header("Upgrade", "websocket")
        if isinstance(error, MethodNotAllowed):
            self.set_header("Allow", error.facts["allowed"])
        if isinstance(error, RangeNotSatisfiable):
            self.set_header("Content-Range", f"bytes */{error.facts['size']}")
        message = INTERNAL.render(self.language) if status == 500 else error.message(self.language)
        field = error.facts.get("field") if isinstance(error, Invalid) else None
        self.answer_error(
            ErrorBody(code="internal" if status == 500 else error.code, message=message, field=field)
        )

    def answer_error(self, body: ErrorBody) -> None:
        """Send the error and end the request."""
        self.answer_json(ErrorAnswer(error=body))

    def answer_json(self, content: Any) -> None:
        """Send a struct as JSON and end the request."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(msgspec.json.encode(content))

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log what nobody expected; a refusal is the requester's business."""
        if isinstance(value, HTTPError) or (isinstance(value, ApplianceError) and status_of(value) < 500):
            return
        if isinstance(value, Later):
            _logger.warning("not possible now", extra={"path": self.request.path, "problem": str(value)})
            return
        _logger.error("request failed", exc_info=(typ, value, tb), extra={"path": self.request.path})  # type: ignore[arg-type]


@stream_request_body
class ApiHandler(Guarded):
    """Serves one row of the route table."""

    def initialize(self, panel: Panel, operations: Mapping[str, Operation]) -> None:
        """Take what the URL specification carries."""
        self.panel = panel
        self._operations = operations
        self._body = bytearray()
        self._is_too_large = False
        self._max_body_bytes = 0
        self._operation: Operation | None = None
        self._visitor = Visitor()
        self._asked: Asked[Any, Any] | None = None
        self._is_recorded = False

    async def prepare(self) -> None:
        """Decide before the body is read: is there such a method, may this person use it, is the write meant."""
        try:
            length = int(self.request.headers.get("Content-Length") or 0)
        except ValueError as error:
            raise BadAddress from error
        operation = self._operation = self._found_operation()
        self._max_body_bytes = operation.max_body_bytes
        if length > self._max_body_bytes:
            raise BodyTooLarge(limit=self._max_body_bytes)
        self._visitor = await self.visitor()
        self.check_permission(self._visitor, operation.permission)
        if self._visitor.looker is not None and not operation.for_lookers:
            is_own = operation.permission is Permission.SELF
            if is_own or self.request.method in _WRITES:
                raise OnlyLooking
        if self.request.method in _WRITES:
            self._check_meant()

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Collect the body up to its limit; what is beyond is read and forgotten, so that the refusal arrives."""
        if len(self._body) + len(chunk) > self._max_body_bytes:
            self._is_too_large = True
            self._body.clear()
        if not self._is_too_large:
            self._body += chunk
        return None

    async def serve(self, **path: str) -> None:
        """Run the operation and send its answer."""
        if self._is_too_large:
            raise BodyTooLarge(limit=self._max_body_bytes)
        operation = self._operation
        assert operation is not None
        asked = self._asked = Asked(
            panel=self.panel,
            visitor=self._visitor,
            language=self.language,
            address=self.request.remote_ip or "",
            agent=self.request.headers.get("User-Agent", ""),
            path=path,
            query=decode_query(self.request.query_arguments, operation.query),
            body=decode_body(bytes(self._body), operation.body),
            host=self.request.headers.get("Host", ""),
            protocol=self.request.protocol or "http",
            is_continued=not self.request.headers.get("Range", _FROM_START).startswith(_FROM_START),
        )
        answer = await operation.act(asked)
        self._record(None, operation.status)
        if asked.sign_in is not None:
            self.write_cookie(asked.sign_in)
        self.set_status(operation.status)
        if isinstance(answer, Answer):
            await answer.send(self, self.panel.read)
        elif answer is None:
            self.set_status(http.HTTPStatus.NO_CONTENT)
            self.finish()
        else:
            self.answer_json(answer)

    get = head = post = put = patch = delete = options = serve

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer an exception, and log what was refused or failed."""
        super().write_error(status_code, **kwargs)
        info = kwargs.get("exc_info")
        self._record(info[1] if info else None, self.get_status())

    def _record(self, error: BaseException | None, status: int) -> None:
        """Log the operation once: before its answer leaves, which may take hours."""
        operation, asked, visitor = self._operation, self._asked, self._visitor
        if operation is None or self._is_recorded:
            return
        method = "GET" if self.request.method == "HEAD" else self.request.method or ""
        deed = operation.deed(method)
        is_stranger = visitor.actor is None and operation.permission is not Permission.OPEN
        if is_stranger or not is_logged(deed) or (asked and (asked.is_continued or asked.is_quiet)):
            return
        self._is_recorded = True
        origin = audit.Origin(self.request.remote_ip or "", self.request.headers.get("User-Agent", ""))
        audit.record(
            self.panel.operations,
            self.panel.clock,
            (operation.name, deed),
            visitor,
            origin,
            parameters=audit.told(asked) if asked else None,
            actor=asked.actor if asked else "",
            error=error if isinstance(error, ApplianceError) else None,
            status=status,
        )

    def _found_operation(self) -> Operation:
        method = "GET" if self.request.method == "HEAD" else self.request.method
        operation = self._operations.get(method or "")
        if operation is None:
            allowed = [name for name in _METHODS if name in self._operations]
            if "GET" in allowed:
                allowed.append("HEAD")
            raise MethodNotAllowed(method=self.request.method, allowed=", ".join(allowed))
        return operation

    def _check_meant(self) -> None:
        if self._visitor.via:
            return  # no other site can make a browser send a token
        origin = self.request.headers.get("Origin")
        if origin is not None and not self.check_origin(origin):
            raise BadToken
        if self.request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise BadToken
        if not self._visitor.proves(self.request.headers.get(CSRF_HEADER, "")):
            raise BadToken


class UnknownHandler(Guarded):
    """Everything below the API that is no row of the table."""

    def initialize(self, panel: Panel) -> None:
        """Take what the URL specification carries."""
        self.panel = panel

    def prepare(self) -> None:
        """Answer at once."""
        raise NotFound(what=self.request.path[:200])


def preferred(accept_language: str) -> str:
    """The language tag with the highest weight, '' when there is none.

    Source: RFC 9110 §12.5.4
    """
    best, best_weight = "", 0.0
    for part in accept_language[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        weight = 1.0
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            weight = float(value) if value.replace(".", "", 1).isdecimal() and value.isascii() else 0.0
        known = tag.lower().startswith(("en", "zh"))
        if known and weight > best_weight:
            best, best_weight = tag, weight
    return best


def decode_query(arguments: Mapping[str, list[bytes]], into: type[msgspec.Struct]) -> msgspec.Struct:
    """The parameters of an address as a struct; `lang` belongs to all.

    Raises: Invalid
    """
    plain: dict[str, str] = {}
    for name, values in arguments.items():
        if name == "lang":
            continue
        if len(values) != 1:
            raise Invalid(field=name, problem=Text(en="must be given once", zh="只能出现一次"))
        try:
            plain[name] = values[0].decode()
        except UnicodeDecodeError as error:
            raise Invalid(field=name, problem=Text(en="must be UTF-8", zh="必须为 UTF-8 编码")) from error
        if "\0" in plain[name]:
            raise Invalid(
                field=name, problem=Text(en="contains a character that is not allowed", zh="含有不允许的字符")
            )
    try:
        return msgspec.convert(plain, into, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(str(error), "query") from error


def decode_body(body: bytes, into: type[msgspec.Struct]) -> msgspec.Struct:
    """The body as a struct; no body is an empty object.

    Raises: NotJson, Invalid
    """
    try:
        return msgspec.json.decode(body or b"{}", type=into)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(problem=str(error)) from error


def _of_http(status: int) -> ApplianceError | None:
    if status == http.HTTPStatus.NOT_FOUND:
        return NotFound(what="")
    if status == http.HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed(method="", allowed="")
    return BadAddress() if 400 <= status < 500 else None
