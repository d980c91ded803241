"""Numbers that the province gave: what is known of them, and what is left for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assay.batches.models import Batch
from assay.catalogue.models import Level
from assay.centre.models import Centre
from assay.certificates.models import Certificate, GivenNumber
from assay.certificates.number_book import Expected
from assay.certificates.queries import to_number
from assay.kernel.clock import shown_day, today
from assay.kernel.refusals import Refused

CLAUSE = "人社鉴发〔2019〕2号"


def by_province() -> bool:
    """Whether the centre gets its numbers from the province."""
    return Centre.objects.get().number_source == "imported"


def levels() -> dict[str, str]:
    return dict(Level.objects.order_by("rank").values_list("code", "certificate_title"))


def expected() -> Expected:
    """What numbers that come in now have to fit. Numbers of the year to come may be given before it begins."""
    year = today().year
    known = {
        number: f"已于 {shown_day(at.date())}导入过" for number, at in GivenNumber.objects.values_list("number", "at")
    }
    known |= dict.fromkeys(Certificate.objects.values_list("number", flat=True), "已经用在证书上")
    return Expected(Centre.objects.get().body_code, (year, year + 1), levels(), known)


def left(year: int) -> Counter[str]:
    """How many numbers of each level nobody has yet."""
    rows = GivenNumber.objects.filter(certificate=None, year=year).values_list("level_code", flat=True)
    return Counter(rows)


def needed(batch: Batch) -> Counter[str]:
    """How many of each level the batch is about to need."""
    return Counter(to_number(batch).order_by().values_list("application__line__level__code", flat=True))


def require_enough(batch: Batch, year: int) -> None:
    """Raises Refused when somebody would get no number, and says how many of which level are lacking."""
    there, titles = left(year), levels()
    short = {code: (count, there[code]) for code, count in needed(batch).items() if count > there[code]}
    if short:
        said = "，".join(
            f"{titles.get(code, code)}需 {count} 个，现有 {has} 个" for code, (count, has) in short.items()
        )
        raise Refused(f"省中心给的 {year} 年证书编号不够：{said}。请先在“省中心编号”导入", CLAUSE)


@dataclass(frozen=True)
class Supply:
    """The numbers of one level and year."""

    year: int
    level: str
    given: int
    left: int
    next: str

    @property
    def used(self) -> int:
        return self.given - self.left


def supplies() -> list[Supply]:
    """By year, newest first, and level."""
    titles: Mapping[str, str] = levels()
    rows: dict[tuple[int, str], list[GivenNumber]] = {}
    for row in GivenNumber.objects.order_by("pk"):
        rows.setdefault((row.year, row.level_code), []).append(row)
    found = []
    for year, code in sorted(rows, reverse=True):
        given = rows[year, code]
        free = [row.number for row in given if row.certificate_id is None]
        found.append(Supply(year, titles.get(code, code), len(given), len(free), free[0] if free else ""))
    return found
