"""A panel has as many examiners as the standard asks for, or as the centre does where that is more."""

from __future__ import annotations

import pytest

from assay.arrangement.proposal import panel_minimum
from assay.catalogue.models import StandardLevel
from assay.centre.models import ParameterValue
from tests import factories as f


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of_standard", "of_centre", "needed"),
    [(3, None, 3), pytest.param(3, "5", 5, marks=pytest.mark.parameter("panel.minimum")), (5, "3", 5)],
)
def test_the_larger_of_the_standards_and_the_centres_minimum_counts(
    of_standard: int, of_centre: str | None, needed: int
) -> None:
    f.scope_row()
    rule = StandardLevel.objects.get(level__code="4")
    rule.panel_minimum = of_standard
    if of_centre:
        ParameterValue.objects.create(key="panel.minimum", value=of_centre, document_no="豫人社〔2026〕1号")
    assert panel_minimum(rule) == needed
