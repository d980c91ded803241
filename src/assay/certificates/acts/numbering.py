"""Where certificate numbers come from: counted by the centre, or given by the province and imported (rules.md §6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assay.certificates import blanks, given_numbers, numbers
from assay.certificates.given_numbers import CLAUSE
from assay.certificates.models import Certificate, GivenNumber, NumberCounter
from assay.certificates.number_book import counted, problems_of
from assay.kernel.acts import Context, act
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut


def require_from_province() -> None:
    """Raises Refused where the centre counts its numbers itself."""
    if not given_numbers.by_province():
        raise Refused("本中心自行编号，不需要导入编号。由省中心给号的，请先在“中心信息”改“证书编号来源”", CLAUSE)


@act("certificates.import_numbers", duty="E13", title="导入证书编号", clause="四(一)8", guard=require_from_province)
def import_numbers(ctx: Context, *, given: Sequence[str], source: str) -> list[GivenNumber]:
    """Take in numbers that the province gave, in their order, all of them or none. `source`: the file or letter that they came in."""
    blanks.hold()
    require_from_province()
    expected = given_numbers.expected()
    problems = [(number, said) for number in given for said in problems_of(number, expected)]
    twice = sorted({number for number in given if given.count(number) > 1}) if len(set(given)) < len(given) else []
    if problems or twice or not given:
        said = [*(text for _, text in problems), *(f"“{number}”重复" for number in twice)]
        raise Refused("；".join(dict.fromkeys(said)) or "没有证书编号", CLAUSE)
    rows = GivenNumber.objects.bulk_create(
        [
            GivenNumber(
                number=number, year=2000 + numbers.year_of(number), level_code=numbers.level_of(number),
                source=uncut(source, 200, "来源"), by=ctx.actor.name, at=ctx.at,
            )
            for number in given
        ],
        batch_size=500,
    )  # fmt: skip
    ctx.note = f"导入 {len(rows)} 个：{counted(given, expected.levels)}；来源 {source}"[:200]
    ctx.record_all(rows)
    return rows


class Counters:
    """The serials of one body and year; each level's row is locked when first asked for. Numbers that the province once gave are left
    out: a centre may have changed over to counting by itself."""

    def __init__(self, body_code: str, year: int) -> None:
        self._body, self._year = body_code, year
        self._rows: dict[str, NumberCounter] = {}
        self._taken: set[str] = set()

    def next(self, level_code: str) -> str:
        row = self._rows.get(level_code)
        if row is None:
            NumberCounter.objects.get_or_create(body_code=self._body, year=self._year, level_code=level_code)
            row = NumberCounter.objects.select_for_update().get(
                body_code=self._body, year=self._year, level_code=level_code
            )
            self._rows[level_code] = row
            self._taken |= self._known(level_code)
        while True:
            row.last += 1
            number = numbers.compose(self._body, self._year, level_code, row.last)
            if number not in self._taken:
                return number

    def _known(self, level_code: str) -> set[str]:
        beginning = f"{self._body}{self._year % 100:02d}{level_code}"
        certificates = Certificate.objects.filter(number__startswith=beginning).values_list("number", flat=True)
        given = GivenNumber.objects.filter(number__startswith=beginning).values_list("number", flat=True)
        return {*certificates, *given}

    def used(self, certificates: Sequence[Certificate]) -> list[NumberCounter]:
        """What is to be recorded once the certificates are there."""
        for row in self._rows.values():
            row.save()
        return list(self._rows.values())


class Given:
    """The numbers that the province gave, level by level in the order in which they came in. Within an act that has asked
    `require_enough` under the lock."""

    def __init__(self, year: int) -> None:
        self._free: dict[str, list[GivenNumber]] = defaultdict(list)
        self._used: dict[str, GivenNumber] = {}
        for row in GivenNumber.objects.select_for_update().filter(certificate=None, year=year).order_by("-pk"):
            self._free[row.level_code].append(row)

    def next(self, level_code: str) -> str:
        row = self._free[level_code].pop()
        self._used[row.number] = row
        return row.number

    def used(self, certificates: Sequence[Certificate]) -> list[GivenNumber]:
        """What is to be recorded once the certificates are there."""
        for certificate in certificates:
            self._used[certificate.number].certificate = certificate
        rows = list(self._used.values())
        rewrite(rows, ["certificate_id"])
        return rows


def source_of(body_code: str, year: int) -> Counters | Given:
    """Where the numbers of certificates that are issued in a year come from."""
    return Given(year) if given_numbers.by_province() else Counters(body_code, year)
