"""Keeping reference data: for each kind of row one act that saves it and one that removes it.

A row that others lean on cannot be removed: the refusal says which. Recorded rows that go with it are recorded as gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from assay.kernel.acts import Act, Actor, Context, act, declaration_of
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Refused

M = TypeVar("M", bound=Recorded)
M_contra = TypeVar("M_contra", bound=Recorded, contravariant=True)
Many = Mapping[str, Iterable[Any]]
Check = Callable[[Context, M, Many], None]
"""Completes the row (derived fields) or raises Refused; runs before the row is validated and saved."""
GONE = "这条{}已经不在了，请刷新页面"


class Save(Protocol[M]):
    """Save a new or changed row, and return it as it was saved; `many` are its many-to-many fields. Refused when the row is not
    right."""

    def __call__(self, actor: Actor, /, row: M, many: Many | None = None) -> M: ...


class Remove(Protocol[M_contra]):
    """Remove a row. Refused when others lean on it."""

    def __call__(self, actor: Actor, /, row: M_contra) -> None: ...


@dataclass(frozen=True)
class Kind(Generic[M]):
    """A kind of row, and what has to be so of each besides what its model says: on whatever way it comes in."""

    model: type[M]
    check: Check[M]
    clause: str

    def put(self, ctx: Context, row: M, many: Many | None = None) -> M:
        """Within an act: save a new or changed row (locked) with its many-to-many fields, and record it. Raises Refused."""
        others = dict(many or {})
        self.check(ctx, row, others)
        validated(row, self.clause)
        row.save()
        for field, members in others.items():
            getattr(row, field).set(members)
        ctx.record(row)
        return row


@dataclass(frozen=True)
class Kept(Kind[M]):
    """A kind of row and the two acts that keep it."""

    save: Save[M]
    remove: Remove[M]

    @property
    def saving(self) -> Act:
        return declaration_of(self.save)


def nothing_more(ctx: Context, row: Any, many: Many) -> None:
    """The model says all."""


def keep(
    model: type[M], name: str, *, duty: str | tuple[str, ...], clause: str, check: Check[M] = nothing_more
) -> Kept[M]:
    """Declare `<room>.save_<name>` and `<room>.remove_<name>` for `model`, whose app is the room."""
    room, title = model._meta.app_label, str(model._meta.verbose_name)
    kind = Kind(model, check, clause)

    @act(f"{room}.save_{name}", duty=duty, title=f"维护{title}", clause=clause)
    def save(ctx: Context, row: M, many: Many | None = None) -> M:
        row = copy(row)  # a second try, after another was quicker, begins with the row as it was given
        there = model._default_manager.select_for_update(no_key=True)
        if row.pk is not None and not there.filter(pk=row.pk).exists():
            raise Refused(GONE.format(title), clause)
        return kind.put(ctx, row, many)

    @act(f"{room}.remove_{name}", duty=duty, title=f"删除{title}", clause=clause)
    def remove(ctx: Context, row: M) -> None:
        found = model._default_manager.select_for_update().filter(pk=row.pk).first()
        if found is None:
            raise Refused(GONE.format(title), clause)
        for subject, pk in _going(found, clause):
            ctx.record_removed(subject, pk)
        found.delete()

    return Kept(model, check, clause, save, remove)


def validated(row: models.Model, clause: str) -> None:
    """Raise Refused with everything that the model says against the row."""
    try:
        row.full_clean()
    except ValidationError as wrong:
        said = [
            f"{row._meta.get_field(field).verbose_name}：{'；'.join(texts)}"  # type: ignore[union-attr]
            if field != "__all__"
            else "；".join(texts)
            for field, texts in wrong.message_dict.items()
        ]
        raise Refused("；".join(said), clause) from wrong


def _going(row: Recorded, clause: str) -> list[tuple[type[Recorded], object]]:
    """The recorded rows that go when `row` goes, itself among them; Refused when something leans on it."""
    _nobody_lists(row, clause)
    collector = Collector(using=row._state.db or "default", origin=row)
    try:
        collector.collect([row])
    except (ProtectedError, RestrictedError) as held:
        leaning = held.protected_objects if isinstance(held, ProtectedError) else held.restricted_objects
        raise _in_use(row, leaning, clause) from held
    going = [(model, one.pk) for model, rows in collector.data.items() for one in rows]
    going += [(rows.model, pk) for rows in collector.fast_deletes for pk in rows.values_list("pk", flat=True)]
    return [(model, pk) for model, pk in going if issubclass(model, Recorded)]


def _nobody_lists(row: Recorded, clause: str) -> None:
    """Many-to-many references do not protect by themselves, and dropping one silently would change another's facts."""
    for relation in row._meta.related_objects:
        if relation.many_to_many and relation.get_accessor_name():
            leaning = getattr(row, str(relation.get_accessor_name())).all()
            if leaning.exists():
                raise _in_use(row, leaning[:200], clause)


def _in_use(row: Recorded, leaning: Iterable[models.Model], clause: str) -> Refused:
    rows = list(leaning)
    counted = Counter(str(one._meta.verbose_name) for one in rows)
    said = "、".join(f"{n} 条{title}" for title, n in counted.items())
    return Refused(f"“{row}”已被{said}使用（如“{rows[0]}”），不能删除；不再使用的可以停用或改期限", clause)
