"""Small values carried by the browser, signed with the instance's secret."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any


def sign(secret: str, usage: str, value: str) -> str:
    """A keyed digest of a value for one usage."""
    return hmac.new(secret.encode(), f"{usage}\0{value}".encode(), hashlib.sha256).hexdigest()


def seal(secret: str, usage: str, value: Any) -> str:
    """A value as a cookie nobody else can forge."""
    body = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    return f"{body}.{sign(secret, usage, body)}"


def unseal(secret: str, usage: str, sealed: str) -> Any | None:
    """The value of a sealed cookie, None when it is not ours."""
    body, _, signature = sealed.rpartition(".")
    if not hmac.compare_digest(sign(secret, usage, body).encode(), signature.encode()):
        return None
    try:
        return json.loads(base64.urlsafe_b64decode(body))
    except (ValueError, binascii.Error):
        return None
