"""Whose claims are whose to look at: those that name the department, and those of people whom it has on its roster, whatever
department they chose when they signed up."""

from __future__ import annotations

from django.db.models import Q

from assay.applications.models import Person


def concerning(department: int | None) -> Q:
    """The claims that a department has to do with; none for nobody's."""
    if department is None:
        return Q(pk=None)
    return Q(department=department) | Q(id_index__in=Person.objects.filter(department=department).values("id_index"))
