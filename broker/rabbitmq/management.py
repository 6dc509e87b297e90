"""RabbitMQ's management HTTP API, as much of it as provisioning needs."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

from broker.port import BrokerError

_TIMEOUT_S = 60


class Management:
    """An administrator's access. Calls block: run them in a thread. Passwords show nowhere.

    Raises
    ------
    BrokerError
        from every call: when the server does not answer, or with its status and the path asked for.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise BrokerError("the management URL has to begin with http:// or https://")
        self.user = user
        self._url = url.rstrip("/")
        self._login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def get(self, *path: str) -> Any:
        """What is there, or None when nothing is."""
        return self._call("GET", path, None)

    def put(self, *path: str, body: dict[str, Any]) -> None:
        self._call("PUT", path, body)

    def post(self, *path: str, body: dict[str, Any]) -> Any:
        """Returns what the server answers, None for nothing."""
        return self._call("POST", path, body)

    def delete(self, *path: str) -> None:
        """Deleting what is not there is not an error."""
        self._call("DELETE", path, None)

    def _call(self, method: str, path: tuple[str, ...], body: dict[str, Any] | None) -> Any:
        where = "/api/" + "/".join(quote(part, safe="") for part in path)
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self._url + where,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": self._login, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404 and method in ("GET", "DELETE"):
                    return None
                reason = _reason(error)
            raise BrokerError(f"RabbitMQ answered {error.code} to {method} {where}{reason}") from None
        except OSError as error:
            raise BrokerError(f"RabbitMQ's management API does not answer: {type(error).__name__}") from None
        return json.loads(text) if text else None


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        answer = json.loads(error.read())
    except (ValueError, OSError):
        return ""
    return f": {answer.get('reason', '')}" if isinstance(answer, dict) else ""
