"""Keys of tables that code compares or asks for: outcomes, ways of service, codes of letters.

Those of settings: setting_keys.py. All others are known to the tables alone.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """An outcome of workflow/law/outcomes.toml."""

    GRANTED = "granted"
    ALREADY_PUBLIC = "already_public"
    PUBLICATION = "publication"
    WITHHELD = "withheld"
    PARTIAL = "partial"
    REPEAT = "repeat"
    WITHDRAWN = "withdrawn"
    LAPSED_CORRECTION = "lapsed_correction"
    LAPSED_FEE = "lapsed_fee"


class Channel(StrEnum):
    """A channel of workflow/law/channels.toml by which applications come."""

    IN_PERSON = "in_person"
    POST = "post"
    POST_UNSIGNED = "post_unsigned"
    ORAL = "oral"
    ONLINE = "online"
    EMAIL = "email"


class Service(StrEnum):
    """How a letter is served."""

    POST = "post"
    HAND = "hand"
    ENTRUSTED = "entrusted"
    EMAIL = "email"
    ONLINE = "online"
    PUBLICATION = "publication"


class Letter(StrEnum):
    """The code of a letter of letters/content/kinds.toml."""

    REGISTER_SHEET = "P1"
    RECEIPT = "P2"
    CORRECTION = "P3"
    REASONS = "P4"
    EXTENSION = "P5"
    THIRD_PARTY = "P6"
    TIME_LEFT_OUT = "P8"
    OVERRULED = "P9"
    CO_MAKER = "P10"
    OTHER_ORGAN = "P11"
    FEE = "P12"
    PROOF_OF_SERVICE = "P13"
    DELAY = "P14"
    LAPSE = "D13"
    WITHDRAWAL = "D14"
    OWN_RECORDS = "D15"
