"""What is filled in for an arrangement is taken as it is meant, or asked again: never replaced by something else in silence."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.urls import reverse

from assay.arrangement.forms import ArrangeForm
from assay.arrangement.models import SessionRoom
from assay.arrangement.proposal import Options
from tests import factories as f

RIGHT = {"theory_days": "1", "morning": "08:00", "noon": "12:30", "afternoon": "14:00", "evening": "18:30"}


def test_the_form_as_it_stands_is_the_usual_day() -> None:
    form = ArrangeForm(RIGHT)
    assert form.is_valid()
    assert form.options() == Options()


def test_hours_and_days_are_taken_as_they_are_filled_in() -> None:
    form = ArrangeForm({**RIGHT, "theory_days": "3", "morning": "09:15", "evening": "17:00"})
    assert form.is_valid()
    options = form.options()
    assert options.theory_days == 3
    assert options.day.windows == ((time(9, 15), time(12, 30)), (time(14), time(17)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"theory_days": "三"}, {"theory_days": "0"}, {"theory_days": "11"}, {"morning": "8点"}, {"noon": ""},
        {"noon": "07:00"}, {"afternoon": "12:00"}, {"evening": "14:00"},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_asked_again_and_nothing_is_arranged(
    client: Any, room: SessionRoom, wrong: dict
) -> None:
    batch, before = room.session.batch, list(SessionRoom.objects.values_list("pk", flat=True))
    client.force_login(f.staff("E6"), "django.contrib.auth.backends.ModelBackend")
    sent = {**RIGHT, **wrong}
    answer = client.post(reverse("arrangement:arrange", args=[batch.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "invalid-feedback" in page or 'role="alert"' in page
    for name, value in sent.items():
        assert f'value="{value}"' in page or not value, name
    assert list(SessionRoom.objects.values_list("pk", flat=True)) == before
