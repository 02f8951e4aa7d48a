"""Keys of settings.toml. A mere list of names, for every clock asks for some and would wait for an enum."""

from __future__ import annotations


class SettingKey:
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


def names() -> set[str]:
    """All of them."""
    return {value for name, value in vars(SettingKey).items() if name.isupper()}
