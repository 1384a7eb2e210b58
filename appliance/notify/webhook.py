"""Notices by webhook: one POST an address, the event as JSON, signed when there is a key.

Source: Standard Webhooks 1.0 (headers, what is signed), RFC 2104, RFC 9110 §15
"""

import base64
import hashlib
import hmac
import time

from tornado.httpclient import HTTPClient, HTTPClientError, HTTPRequest

from appliance.notify import Undelivered, Unwanted
from appliance.settings.webhook import Webhook

TIMEOUT_S = 20.0
_AGAIN = frozenset({408, 425, 429})
"""Refusals of a client's request that time may mend."""
_MOST_ANSWER_BYTES = 65_536


class WebhookNotifier:
    """Posts events."""

    def __init__(self, settings: Webhook) -> None:
        self._settings = settings

    def send(self, receivers: tuple[str, ...], title: str, content: str) -> str:
        """Post the event to each address; the answer's status line.

        Raises: Undelivered, Unwanted
        """
        del title
        return "; ".join(self._post(address, content.encode()) for address in receivers)

    def _post(self, address: str, body: bytes) -> str:
        # The same event has the same name however often it is posted: receivers know a repetition by it.
        name, stamp = f"evt_{hashlib.sha256(body).hexdigest()[:24]}", str(int(time.time()))
        headers = {"Content-Type": "application/json", "webhook-id": name, "webhook-timestamp": stamp}
        if self._settings.key:
            headers["webhook-signature"] = "v1," + signature(self._settings.key, name, stamp, body)
        request = HTTPRequest(
            address,
            method="POST",
            headers=headers,
            body=body,
            connect_timeout=TIMEOUT_S,
            request_timeout=TIMEOUT_S,
            follow_redirects=False,
            validate_cert=self._settings.verify,
            user_agent="Tapeline",
            decompress_response=False,
        )
        client = HTTPClient(max_body_size=_MOST_ANSWER_BYTES)
        try:
            answer = client.fetch(request)
        except HTTPClientError as error:
            said = f"{error.code} {error.message}"
            # 599 is the library's own word for no answer at all.
            if error.code < 500 and error.code not in _AGAIN:
                raise Unwanted(peer=address, answer=said) from error
            raise Undelivered(peer=address, answer=said) from error
        except (OSError, ValueError) as error:
            raise Undelivered(peer=address, answer=str(error) or type(error).__name__) from error
        finally:
            client.close()
        return f"{answer.code} {answer.reason}"


def signature(key: str, name: str, stamp: str, body: bytes) -> str:
    """The base64 of HMAC-SHA-256 over `name.stamp.body`; a key as `whsec_…` is base64, any other one is its letters."""
    secret = base64.b64decode(key.removeprefix("whsec_")) if key.startswith("whsec_") else key.encode()
    signed = hmac.digest(secret, f"{name}.{stamp}.".encode() + body, "sha256")
    return base64.b64encode(signed).decode()


def make(settings: Webhook) -> WebhookNotifier:
    """The notifier `webhook`."""
    return WebhookNotifier(settings)
