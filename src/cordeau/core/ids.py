"""Identifiers: UUID version 7, so that rows sort by creation on every engine (RFC 9562)."""

import secrets
import time
from datetime import datetime
from uuid import UUID


def new_id() -> UUID:
    """A fresh identifier: 48 bits of milliseconds, 74 random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis & ((1 << 48) - 1)) << 80
    hasard = secrets.randbits(74)
    value |= 0x7 << 76 | hasard >> 62 << 64 | 0b10 << 62 | hasard & ((1 << 62) - 1)
    return UUID(int=value)


def first_id(instant: datetime) -> UUID:
    """The lowest identifier that could be drawn at this instant."""
    millis = int(instant.timestamp() * 1000)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | 0b10 << 62)
