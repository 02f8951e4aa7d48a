"""Keys of tables that code compares or asks for: outcomes, provisions, ways of service, codes of letters.

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


class Provision(StrEnum):
    """A point of workflow/law/provisions.toml, of which the program itself cites the provision."""

    DAY_OF_RECEIPT = "day_of_receipt"
    APPLICANT_NAMED = "applicant_named"
    IN_WRITING = "in_writing"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_CLEAR = "correction_clear"
    OPEN_BY_LAW = "open_by_law"
    ORGAN_GUIDE = "organ_guide"
    NO_FEE = "no_fee"
    COMPLAINT = "complaint"
    AGENT_AUTHORITY = "agent_authority"
    CHANGED_IN_RECONSIDERATION = "changed_in_reconsideration"
    CHANGED_IN_SUIT = "changed_in_suit"
    BY_POST_ALONE = "by_post_alone"
    BEFORE_TRANSFER = "before_transfer"
    SECRECY_ENDED = "secrecy_ended"
    FORM_OF_PAPERS = "form_of_papers"


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
