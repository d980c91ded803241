"""The stock of blank sheets: what came in, what became certificates, what was spoiled, what is left.

A centre that notes what it receives is kept to it: no serial is used that did not come in. One that does not may use any serial once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from assay.centre.models import Centre
from assay.certificates import serials
from assay.certificates.models import BlankReceipt, Certificate, SpoiledSheet
from assay.certificates.serials import Serial, Span
from assay.kernel.refusals import Refused

BLANKS = "人社鉴发〔2021〕1号"


def read(text: str, title: str) -> Serial:
    """A serial as it was typed. Refused when it is none."""
    found = serials.read(text)
    if found is None:
        raise Refused(f"请填写{title}（{serials.FORM}）", BLANKS)
    return found


def read_span(first: str, last: str) -> Span:
    """Sheets from the first to the last; none given for the last means the one."""
    start = read(first, "起始流水码")
    end = read(last, "终止流水码") if last.strip() else start
    if start.kind != end.kind or end.number < start.number:
        raise Refused(f"流水码 {start} 至 {end} 不是一段：前面的字母和位数须相同，终止不小于起始", BLANKS)
    return Span(start, end)


def received() -> list[Span]:
    return [
        Span(first, last)
        for one in BlankReceipt.objects.all()
        if (first := serials.read(one.first)) and (last := serials.read(one.last))
    ]


def hold() -> None:
    """Within an act: nobody else takes from the stock of sheets or of given numbers, or puts into it, until it is done."""
    list(Centre.objects.select_for_update())


def taken_from_stock(first: str, count: int, *, own: Collection[str] = ()) -> list[str]:
    """Within an act: so many serials from the first one up. Refused when one was used, other than by the sheets that are printed anew
    (`own`), or did not come in."""
    hold()
    try:
        wanted = serials.run(read(first, "起始印制流水码"), count)
    except ValueError as short:
        raise Refused(str(short), BLANKS) from short
    require_unused(wanted, own=own)
    require_received(wanted)
    return [str(serial) for serial in wanted]


def require_unused(wanted: Iterable[Serial], *, own: Collection[str] = ()) -> None:
    texts = [str(serial) for serial in wanted]
    used = {
        *Certificate.objects.filter(print_serial__in=texts).values_list("print_serial", flat=True),
        *SpoiledSheet.objects.filter(serial__in=texts).values_list("serial", flat=True),
    } - set(own)
    if used:
        raise Refused(f"印制流水码 {_said(used)} 已用过", BLANKS)


def require_received(wanted: Iterable[Serial]) -> None:
    """Nothing where the centre keeps no stock."""
    stock = received()
    strange = [serial for serial in wanted if not any(serial in span for span in stock)]
    if stock and strange:
        said = _said(map(str, strange))
        raise Refused(f"印制流水码 {said} 不在领入登记的空白证书之内，请核对号码，或先在“空白证书”登记领入", BLANKS)


def _said(texts: Iterable[str]) -> str:
    """Serials with those that follow upon each other put together."""
    found = serials.spans(serial for text in texts if (serial := serials.read(text)))
    return serials.said(found[:5]) + (f" 等 {len(found)} 段" if len(found) > 5 else "")


def _gone() -> Iterator[Serial]:
    used = Certificate.objects.exclude(print_serial="").values_list("print_serial", flat=True)
    for text in (*used, *SpoiledSheet.objects.values_list("serial", flat=True)):
        if serial := serials.read(text):
            yield serial


@dataclass(frozen=True)
class Stock:
    """What came in, and what became of it. Of sheets that never came in by a note nothing is counted."""

    received: int
    used: int
    spoiled: int
    destroyed: int
    left: tuple[Span, ...]

    @property
    def count_left(self) -> int:
        return sum(span.count for span in self.left)


def stock() -> Stock:
    """As it is now."""
    spans = received()
    sheets = SpoiledSheet.objects.aggregate(all=Count("pk"), destroyed=Count("destruction"))
    return Stock(
        sum(span.count for span in spans),
        Certificate.objects.exclude(print_serial="").count(),
        sheets["all"],
        sheets["destroyed"],
        tuple(serials.left_of(spans, _gone())),
    )


def next_serial() -> str:
    """The first sheet that is left; where no stock is kept, the one after the highest that was ever used. Empty before the first."""
    spans = received()
    if spans:
        return next((str(span.first) for span in serials.left_of(spans, _gone())), "")
    last = max(_gone(), default=None)
    return str(serials.run(last, 2)[1]) if last and last.number + 2 <= 10**last.width else ""


def used_by_batch() -> list[tuple[str, list[Span]]]:
    """The sheets that are certificates, by the batch that they were earned in."""
    found: dict[str, list[Serial]] = {}
    rows = Certificate.objects.exclude(print_serial="").order_by("application__batch__code")
    for name, text in rows.values_list("application__batch__name", "print_serial"):
        if serial := serials.read(text):
            found.setdefault(name, []).append(serial)
    return [(name, serials.spans(some)) for name, some in found.items()]
