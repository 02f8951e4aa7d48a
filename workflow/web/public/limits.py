"""Limits against floods and guessing, kept in memory: no address is stored, and none survives a restart.

A browser that runs scripts may do a proof of work (a puzzle over SHA-256, as altcha has it) and is then
allowed ten times as much; without scripts everything works at the lower rate.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
from collections.abc import Callable
from time import monotonic, time

# Who has one address of the new kind has all of its first half.
_NETWORK = 64
HOUR = 3600.0
WORKED = 10  # how much more a proof of work allows
# The puzzle: a number below this whose hash with the salt is the given one; half are tried on average.
_NUMBERS = 50_000
_LIFE = 3600
_FEW = 1000
_MOST_KEYS = 100_000


def client_of(host: str) -> str:
    """By what a client is told from others: its address, and of IPv6 the network of one household."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _NETWORK), strict=False).network_address)


class Buckets:
    """So much an hour for each key, refilled evenly."""

    def __init__(self, an_hour: int, clock: Callable[[], float] = monotonic) -> None:
        self._most = an_hour
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._left: dict[bytes, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, who: str, times: int = 1, cost: float = 1.0) -> bool:
        """Whether this one may; `times` as much as others where he has earned it."""
        return self._taken(who, times, cost, cost)

    def empty(self, who: str) -> bool:
        """Whether he has nothing left, without taking anything."""
        return not self._taken(who, 1, 1.0, 0.0)

    def _taken(self, who: str, times: int, needs: float, cost: float) -> bool:
        key = hmac.digest(self._secret, who.encode(), "sha256")[:16]
        most, now = float(self._most * times), self._clock()
        with self._lock:
            if len(self._left) >= _MOST_KEYS:
                self._left = {one: had for one, had in self._left.items() if now - had[1] < HOUR}
                if len(self._left) >= _MOST_KEYS:
                    self._left.clear()
            # What was used is kept, so that a proof of work raises the limit of one who is at it.
            used, then = self._left.get(key, (0.0, now))
            used = max(0.0, used - (now - then) * most / HOUR)
            if used + needs > most:
                return False
            self._left[key] = (used + cost, now)
            return True


class Puzzles:
    """Puzzles for browsers, each good once and for an hour."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock
        self._used: dict[str, float] = {}
        self._look = _FEW
        self._lock = threading.Lock()

    def new(self) -> dict[str, str]:
        """A puzzle: find the number that with the salt has this hash."""
        salt = f"{secrets.token_hex(12)}.{int(self._clock()) + _LIFE}"
        number = secrets.randbelow(_NUMBERS)
        challenge = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
        return {
            "salt": salt,
            "challenge": challenge,
            "most": str(_NUMBERS),
            "seal": self._seal(salt, challenge),
        }

    def solved(self, answer: str, *, use: bool = True) -> bool:
        """Whether `salt:number:seal` solves a puzzle of ours that was not used before; `use` uses it up."""
        salt, _, rest = answer[:400].partition(":")
        number, _, seal = rest.partition(":")
        until = salt.partition(".")[2]
        if not (until.isdecimal() and number.isdecimal() and len(number) < 12):
            return False
        challenge = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
        right = hmac.compare_digest(self._seal(salt, challenge).encode(), seal.encode())
        if not right or self._clock() > float(until):
            return False
        with self._lock:
            if len(self._used) >= self._look:
                # Looked through now and then: not for each of many at once.
                self._used = {one: when for one, when in self._used.items() if when > self._clock()}
                self._look = max(_FEW, 2 * len(self._used))
            if salt in self._used:
                return False
            if use:
                self._used[salt] = float(until)
        return True

    def _seal(self, salt: str, challenge: str) -> str:
        return hmac.digest(self._secret, f"{salt} {challenge}".encode(), "sha256").hex()
