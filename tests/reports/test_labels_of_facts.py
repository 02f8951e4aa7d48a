"""What a fact is called where a case is told: its name, without the choices offered as it is typed."""

from __future__ import annotations

import pytest

from workflow.base.messages import speaking
from workflow.procedure import act_forms
from workflow.reports.views import facts


@pytest.mark.parametrize(("language", "marks"), [("zh_CN", "：（，"), ("en", ":(")])
def test_no_label_holds_the_list_of_its_choices(language: str, marks: str) -> None:
    """Every choice of every act: a label that holds them leaves no room for the one that was made."""
    with speaking(language):
        labels = {
            f"{event}.{field.name}": facts.label(field)
            for event, spec in act_forms.specs().items()
            for field in spec.fields
            if field.type == "choice"
        }
    assert len(labels) > 5
    assert {name: text for name, text in labels.items() if set(text) & set(marks) or not text} == {}
