"""Keys of tables that code compares or asks for: outcomes, ways of service, codes of letters, settings.

All others are known to the tables alone.
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


class SettingKey(StrEnum):
    """A point that the office settles (workflow/law/settings.toml), of which code asks how it was settled."""

    ONLINE_RECEIPT = "online_receipt"
    ROUTED_RECEIPT = "routed_receipt"
    EMAIL_REST_DAY = "email_rest_day"
    EXCLUDED_OTHER_ORGANS = "excluded_other_organs"
    EXCLUDED_REFERRAL = "excluded_referral"
    EXTENSION_SURVIVES_RESTART = "extension_survives_restart"
    NOTICE_COUNTS = "notice_counts"
    LATE_CORRECTION_RESTARTS = "late_correction_restarts"
    TRANSITION_REGULATIONS = "transition_regulations"
    SUIT_WHERE_CLOSED = "suit_where_closed"
    STATE_COUNCIL_RULING = "state_council_ruling"
    NUMBER_WITH_DI = "number_with_di"
    CORRECTION_RESTARTS_2008 = "correction_restarts_2008"
    EMAIL_SERVICE = "email_service"
    CORRECTION_DAYS = "correction_days"
    OTHER_ORGAN_DAYS = "other_organ_days"
    HAND_BACK_DAYS = "hand_back_days"
    URGING_DAYS = "urging_days"
    ONE_OFFICER_SEVERAL_STEPS = "one_officer_several_steps"
    LONGEST_TEXT = "longest_text"
    BINDING = "binding"
    SUPPLEMENT_RESTARTS = "supplement_restarts"
    DRILL_DAYS = "drill_days"
    CHECKPOINT_DAYS = "checkpoint_days"
