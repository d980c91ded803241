"""An edit form that comes second: what I changed stays, what I left alone follows the other, and where both of us changed one
field the page shows what the other wrote beside what I typed.

The page carries what its forms showed when it was opened (`{% shown form %}`). An act that finds the row changed (`expected`)
refuses; `told` then gives the form to show, which has the row's new values wherever nobody touched the field here. Saved again, it
writes only what was meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.forms.boundfield import BoundField
from django.http import QueryDict

from assay.kernel.expected import Changed
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Refused

FIELD = "shown"
LONGEST_SAID = 300
NEVER = ["\0"]
"""What no field shows."""
HOW_TO_GO_ON = "您没有动过的各栏已换成现在的内容，您改过的仍在；两人都改了的，该栏下写明了别人所填。核对后再保存"
F = TypeVar("F", bound=forms.BaseForm)
Values = list[str]
Shown = Mapping[str, Values]


def shown_by(*parts: forms.BaseForm) -> str:
    """What the forms showed when the page was opened: as it was sent with them, or as they show it now."""
    sent = next((str(form.data[FIELD]) for form in parts if form.is_bound and FIELD in form.data), None)
    return sent if sent is not None else opened(*parts)


def opened(*parts: forms.BaseForm) -> str:
    """What the forms show when nobody has typed."""
    return json.dumps({form.add_prefix(name): left_alone(form[name]) for form in parts for name in _typed_into(form)})


def read(data: Mapping[str, Any]) -> Shown:
    """What the page says that it showed; nothing when it does not say, or says nonsense."""
    try:
        found = json.loads(data.get(FIELD, ""))
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) and all(_values(one) for one in found.values()) else {}


def told(form: F, refused: Refused, again: Callable[[], F]) -> F:
    """The form to show after a refusal: as it was sent; after another's change, with that taken in. `again` makes the form anew
    from what there is now."""
    message = refused.message
    if isinstance(refused, Changed):
        try:
            form = taken_in(form, again())
        except ObjectDoesNotExist:
            pass
        else:
            message = f"{message}。{HOW_TO_GO_ON}"
    form.add_error(None, message)
    return form


def require_as_shown(sent: forms.ModelForm, again: Callable[[], forms.ModelForm]) -> None:
    """Refuse when another changed a field of which the ledger keeps no fact: of the others the row's token speaks (`expected`)."""
    was, row = read(sent.data), sent.instance
    if not was or row.pk is None:
        return
    fresh = again()
    kept = {*row.FACTS, *row.SEALED} if isinstance(row, Recorded) else set()
    changed = [
        str(bound.label)
        for bound in (fresh[name] for name in _typed_into(fresh) if name not in kept)
        if bound.html_name in was and _moved(bound, was[bound.html_name], _of(sent.data, bound.html_name))
    ]
    if changed:
        raise Changed(f"页面打开后，{'、'.join(changed)}已由别人改动。您的改动没有写入，请看过再办理")


def _moved(bound: BoundField, was: Values, mine: Values) -> bool:
    """Whether the field is another by now than it was shown, and not just as it was sent."""
    now = _comparable(bound, left_alone(bound))
    return now not in (_comparable(bound, was), _comparable(bound, mine))


def taken_in(sent: F, fresh: F) -> F:
    """`fresh` (the form as it opens now) with what was changed in `sent`, each conflict named at its field."""
    was, data = read(sent.data), QueryDict(mutable=True)
    conflicts = {}
    for name in sent.data:
        if name != FIELD:  # the page opens anew: it shows what there is now
            data.setlist(name, _of(sent.data, name))
    for name in _typed_into(fresh):
        bound = fresh[name]
        key, now = bound.html_name, left_alone(bound)
        mine = _comparable(bound, _of(sent.data, key))
        if key in was and mine == _comparable(bound, was[key]):
            data.setlist(key, now)
        elif _moved(bound, was.get(key, NEVER), _of(sent.data, key)):
            conflicts[name] = f"别人现在填的是“{said(bound, now)}”，上面是您填的：再保存，即以您填的为准"
    fresh.data, fresh.is_bound = data, True
    for name, text in conflicts.items():
        fresh.add_error(name, text)
    return fresh


def left_alone(bound: BoundField) -> Values:
    """What a browser sends of a field that nobody touches."""
    initial = bound.form.get_initial_for_field(bound.field, bound.name)
    value = bound.field.prepare_value(initial)
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    formatted = widget.format_value(value)
    if isinstance(formatted, list | tuple):
        return [str(one) for one in formatted]
    return ["" if formatted is None else str(formatted)]


def said(bound: BoundField, values: Values) -> str:
    """The values as people read them."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "是" if values else "否"
    if isinstance(widget, forms.Select | forms.CheckboxSelectMultiple | forms.RadioSelect):
        titles = dict(_flat(widget.choices))
        values = [titles.get(one, one) if one else "" for one in values]
    text = "、".join(filter(None, values)) or "空"
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"


def _typed_into(form: forms.BaseForm) -> Iterable[str]:
    """The fields that carry what somebody typed or chose, apart from files, which no page can show again."""
    return [name for name, field in form.fields.items() if not (field.disabled or field.widget.needs_multipart_form)]


def _of(data: Any, key: str) -> Values:
    """All values of a name, of a request's data or of a plain mapping."""
    if hasattr(data, "getlist"):
        return [str(one) for one in data.getlist(key)]
    return [str(data[key])] if key in data else []


def _comparable(bound: BoundField, values: Values) -> Values:
    """So that the same is equal: a browser ends lines its own way, and sends nothing or something else for the same tick."""
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return ["on"] if values and values[0].lower() != "false" else []
    plain = sorted("\n".join(one.splitlines()).strip() for one in values)
    return plain if plain != [""] else []


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for value, title in choices:
        if isinstance(title, list | tuple):
            yield from _flat(title)
        else:
            yield str(value), str(title)


def _values(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)
