"""Many rows written at once: the named columns of the given rows, nothing else."""

from __future__ import annotations

import pytest

from assay.applications.models import Person
from assay.kernel.recorded import rewrite
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_only_the_named_columns_of_the_given_rows_are_written() -> None:
    one, two, other = (f.person() for _ in range(3))
    for person in (one, two):
        person.class_name, person.phone = f"班 {person.pk}", "13900000000"
    rewrite([one, two], ["class_name"])
    after = Person.objects.in_bulk([one.pk, two.pk, other.pk])
    assert [after[p.pk].class_name for p in (one, two)] == [one.class_name, two.class_name]
    assert after[other.pk].class_name == other.class_name != one.class_name
    assert all(person.phone != "13900000000" for person in after.values())
    assert after[one.pk].id_number == one.id_number
    assert Person.objects.count() == 3


def test_no_rows_are_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        rewrite([], ["class_name"])


@pytest.mark.parametrize("kind", ["not saved", "not whole", "twice"])
def test_rows_that_would_not_be_rewritten_but_made_or_lost_are_refused(kind: str) -> None:
    person = f.person()
    given = {"not saved": [Person()], "not whole": [Person.objects.only("name").get()], "twice": [person, person]}
    with pytest.raises(ValueError, match="each once"):
        rewrite(given[kind], ["class_name"])
    assert Person.objects.count() == 1
