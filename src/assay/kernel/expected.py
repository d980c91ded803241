"""What a person saw: a page's form carries a token of each row that it shows, and an act refuses when the row is another by now.

The token says the row and a digest of its recorded facts. It is compared under the row's lock, in the transaction of the first act
that the request leads to; who comes second is told who changed what. A click that was doubled does one thing and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import QueryDict

from assay.kernel import clock
from assay.kernel.ledger import canonical_json
from assay.kernel.models import LedgerEntry, LedgerLine
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Refused

FIELD = "seen"
"""Name of the form field; a form may carry several."""
TICKED = "chosen"
"""Name of the boxes of a list."""
DOUBLE_CLICK = timedelta(seconds=30)
LOOKED_BACK = 50
LONGEST_SAID = 40
Facts = dict[str, Any]


class Changed(Refused):
    """Somebody changed it since the page was opened."""


class Repeated(Changed):
    """The same person has just done the same: nothing more is to be done."""


@dataclass
class Seen:
    """The tokens that came with a request. The first act compares them; what it leads to changes these rows rightly."""

    tokens: tuple[str, ...] = ()
    from_page: bool = False
    taken: bool = False

    def names(self, label: str) -> bool:
        return any(token.startswith(f"{label}:") for token in self.tokens)

    def take(self) -> tuple[str, ...]:
        """The tokens, once."""
        tokens, self.taken = () if self.taken else self.tokens, True
        return tokens


def token_of(row: Recorded) -> str:
    """The token of a row as it stands."""
    return f"{row.subject()}:{row.pk}:{_digest(row.facts())}"


def digest_of(rows: Iterable[Recorded]) -> str:
    """What a page says of rows too many to say it of each: another as soon as one of them is another."""
    return sha256("".join(map(token_of, rows)).encode()).hexdigest()


def require_unchanged(tokens: Iterable[str], act: str, account: int | None) -> None:
    """Compare what came with the request with what there is, under lock."""
    for token in tokens:
        label, pk, digest = [*token.split(":"), "", ""][:3]
        row = _locked(label, pk)
        if row is None:
            raise Changed("页面打开后，这一条已被删除，请返回列表刷新")
        if _digest(row.facts()) != digest:
            raise stale(row, digest, act, account)


def require_there(given: Iterable[object]) -> None:
    """Refuse when any of these rows (or of those in a list) has been removed meanwhile."""
    for one in given:
        if isinstance(one, list | tuple):
            require_there(one)
        elif isinstance(one, models.Model) and not _is_there(one):
            raise Changed(f"“{one._meta.verbose_name}”这一项已被删除，请返回列表刷新")


def _is_there(row: models.Model) -> bool:
    return row._state.adding or type(row)._default_manager.filter(pk=row.pk).exists()


def require_token(seen: Seen, label: str, title: str) -> None:
    """Refuse a page's request that does not say what it saw of the row that it changes."""
    if seen.from_page and not seen.names(label):
        raise Changed(f"页面没有说明办理“{title}”时所见的内容，请刷新页面后再办理")


def stale(row: Recorded, digest: str, act: str, account: int | None) -> Changed:
    """What to tell whoever acts on a row that is not as it was seen (`digest` of its facts then; "" when unknown)."""
    lines = LedgerLine.objects.filter(subject=row.subject(), subject_id=str(row.pk)).select_related("entry")
    history = list(lines.order_by("-entry_id")[:LOOKED_BACK])
    if not history:
        return Changed(f"页面打开后“{row}”已有改动，请刷新后再办理")
    last: LedgerEntry = history[0].entry
    if account is not None and (last.act, last.actor_id) == (act, account) and clock.now() - last.at < DOUBLE_CLICK:
        return Repeated(f"“{row}”刚才已由您办理，这次提交没有再办一次；两次填得不同的，请核对后再办理")
    before = next((line.facts for line in history if line.facts is not None and _digest(line.facts) == digest), None)
    changes = "；".join(_changes(row, before)) if before is not None else ""
    said = f"（{changes}）" if changes else ""
    return Changed(
        f"页面打开后，{last.actor_name}于 {clock.shown(last.at)} 改动了“{row}”{said}。您的改动没有写入，请看过再办理"
    )


def _locked(label: str, pk: str) -> Recorded | None:
    try:
        model = apps.get_model(label)
        found = (
            model._default_manager.select_for_update().filter(pk=pk).first() if issubclass(model, Recorded) else None
        )
    except (LookupError, ValueError):
        return None
    return found


def _digest(facts: Facts) -> str:
    return sha256(canonical_json(facts)).hexdigest()[:24]


def _changes(row: Recorded, before: Facts) -> Iterator[str]:
    """Each fact that differs, in the field's words: «名称 旧 → 新»; what is sealed is only named."""
    for name, now in row.facts(before).items():
        if name not in before or before[name] == now:
            continue
        try:
            column = row._meta.get_field(name.lstrip("#"))
        except FieldDoesNotExist:
            continue
        title = str(getattr(column, "verbose_name", name))
        yield (
            f"{title}有改动"
            if name.startswith("#")
            else f"{title} {_said(column, before[name])} → {_said(column, now)}"
        )


def _said(column: Any, value: Any) -> str:
    """A fact as people read it, shortened."""
    if value in (None, "", [], {}):
        return "空"
    if isinstance(column, models.ForeignKey):
        value = column.related_model._default_manager.filter(pk=value).first() or value
    elif isinstance(column, models.ManyToManyField):
        value = "、".join(str(one) for one in column.related_model._default_manager.filter(pk__in=value))
    elif getattr(column, "choices", None):
        value = dict(column.flatchoices).get(value, value)
    elif isinstance(value, bool):
        value = "是" if value else "否"
    text = str(value)
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"


def if_ticked(pk: object) -> str:
    """Name of the field of a token that counts when the box of the row is ticked."""
    return f"{FIELD}-{pk}"


def given_by(form: QueryDict) -> Seen:
    """The tokens of a page's request: of all that it shows, and of those rows of a list that are ticked."""
    ticked = [token for pk in form.getlist(TICKED) for token in form.getlist(if_ticked(pk))]
    return Seen(tuple(filter(None, [*form.getlist(FIELD), *ticked])), from_page=True)
