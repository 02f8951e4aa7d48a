"""What is told or refused when an application is entered, and not when a letter is made or sent of it."""

from __future__ import annotations

import pytest

from tests import builders
from workflow.base.errors import Malformed


def test_a_name_is_as_long_as_a_letter_takes_it() -> None:
    assert builders.application(name="长" * 200).name == "长" * 200
    with pytest.raises(Malformed) as refused:
        builders.application(name="长" * 201)
    assert refused.value.field == "name"
    assert "200" in refused.value.text
    with pytest.raises(Malformed):
        builders.application(applicants=[{"name": "长" * 201}])


@pytest.mark.parametrize("given", ["a@b.cn, c@d.cn", "a b@c.cn", "没有"])
def test_a_mail_address_to_which_nothing_can_be_sent_is_told_of(given: str) -> None:
    made = builders.application(email=given)
    assert made.personal["email"] == given
    assert [params["value"] for text, params in made.remarks if "mail address" in text] == [given]
    assert not [text for text, _ in builders.application(email="a@b.cn").remarks if "mail address" in text]
