"""In a form: `{% seen row … %}` is what the page shows of the rows that the form's act will change (`kernel.expected`), `{% shown
form … %}` what its fields showed before anybody typed (`kernel.meanwhile`)."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.db.models import Model
from django.forms import BaseForm, BaseFormSet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assay.kernel.expected import FIELD, if_ticked, token_of
from assay.kernel.meanwhile import FIELD as SHOWN
from assay.kernel.meanwhile import shown_by
from assay.kernel.recorded import Recorded

register = template.Library()


@register.simple_tag
def seen(*rows: Recorded | str, as_loaded: bool = False) -> SafeString:
    """Hidden fields, one a row; none for a row that is not kept yet, or that the page has none of (""). Read anew, for a form's
    own row holds what was typed; a list of rows that nobody typed into goes `as_loaded`, without a query each."""
    known = [row for row in rows if isinstance(row, Recorded) and row.pk]
    kept = known if as_loaded else [type(row)._default_manager.filter(pk=row.pk).first() for row in known]
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}">', ((FIELD, token_of(row)) for row in kept if row is not None)
    )


@register.simple_tag
def seen_if_ticked(row: Model, rows: Sequence[Recorded]) -> SafeString:
    """Of a list with boxes: what the line of `row` shows of the rows that an act on it will change. It counts when the box is ticked."""
    name = if_ticked(row.pk)
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}" form="chosen-form">', ((name, token_of(one)) for one in rows)
    )


@register.simple_tag
def shown(*parts: BaseForm | BaseFormSet) -> SafeString:
    """One hidden field for forms and the rows of form sets; it stays as it was while the page comes back to be mended."""
    forms = [form for part in parts for form in (part.initial_forms if isinstance(part, BaseFormSet) else [part])]
    return format_html('<input type="hidden" name="{}" value="{}">', SHOWN, shown_by(*forms))
