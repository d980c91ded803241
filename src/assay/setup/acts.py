"""Setting a school up from the workbook: everything or nothing, and again without doubling anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assay.centre.acts.accounts import put_account
from assay.centre.acts.basis import begin, put_basis
from assay.centre.acts.settings import CENTRE
from assay.centre.models import Account, Centre, Post
from assay.corps.models import Member
from assay.corps.within import tie
from assay.kernel.acts import Actor, Context, act
from assay.kernel.clock import today
from assay.kernel.identity import (
    RESIDENT,
    contradictions,
    name_problem,
    normalise,
    own_number_problem,
    tidy_name,
    type_of_number,
)
from assay.kernel.refusals import Refused
from assay.kernel.sealing import blind_index
from assay.kernel.tables import Problem, as_text
from assay.setup import basis
from assay.setup.accounts import ACCOUNT_COLUMNS, CENTRE_COLUMNS, Drawn, FirstPassword, draw, hashed, weakness
from assay.setup.columns import Col, department, post
from assay.setup.present import Present
from assay.setup.sheets import SHEETS, Sheet

CLAUSE = "工作方案 三(一)1"
RowValues = tuple[int, Mapping[str, Any]]
Book = Mapping[str, Sequence[RowValues]]


class SetupRefused(Exception):
    """The workbook has problems; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} 处问题")
        self.problems = problems


@dataclass
class Installed:
    """Rows by sheet title, and the accounts that were made with a password drawn by lot."""

    rows: dict[str, int]
    first_passwords: list[FirstPassword]


@act("desk.install_school", duty="L1", title="建立学校资料", clause="三(一)1")
def install_school(ctx: Context, book: Book, *, file: str = "", drawn: Drawn | None = None) -> Installed:
    """Bring every sheet's rows in, new or changed; new accounts without a password get theirs from `drawn` (by account).
    Raises SetupRefused with every problem; then nothing is written."""
    work = _Work(ctx, file, drawn or {})
    new = not Centre.objects.exists()
    work.centre(book.get("中心", ()))
    work.basis(book.get(basis.DOCUMENT, ()), book.get(basis.CLAUSES, ()), new=new)
    for sheet in SHEETS:
        work.sheet(sheet, book.get(sheet.title, ()))
    work.accounts(book.get("账号", ()))
    if work.problems:
        raise SetupRefused(work.problems)
    ctx.note = "、".join(f"{title} {n}" for title, n in work.done.items() if n)
    return Installed(work.done, work.first_passwords)


def check_school(actor: Actor, book: Book, *, file: str = "") -> None:
    """Everything that `install_school` does, undone at the end. Raises SetupRefused with every problem."""
    with transaction.atomic():
        install_school(actor, book, file=file, drawn=draw(book, hashing=False))
        transaction.set_rollback(True)


class _Work:
    def __init__(self, ctx: Context, file: str, drawn: Drawn) -> None:
        self.ctx, self.file, self.drawn = ctx, file, drawn
        self.first_passwords: list[FirstPassword] = []
        self.problems: list[Problem] = []
        self.done: dict[str, int] = {}
        self.looked_up: dict[tuple[str, str], Any] = {}
        self.is_demo = Centre.objects.filter(is_demo=True).exists()

    def wrong(self, sheet: str, row: int, column: str, message: str) -> None:
        self.problems.append(Problem(self.file, sheet, row, column, message))

    def values(self, sheet: str, row: int, given: Mapping[str, Any], columns: Sequence[Col]) -> dict[str, Any] | None:
        """The row's values by field; None when any of them is wrong (all are named)."""
        before = len(self.problems)
        found: dict[str, Any] = {}
        for column in columns:
            raw = given.get(column.title, "")
            if column.required and not as_text(raw):
                self.wrong(sheet, row, column.title, "不能为空")
                continue
            try:
                found[column.field] = self._read(column, raw)
            except ValueError as unreadable:
                self.wrong(sheet, row, column.title, str(unreadable))
        return found if len(self.problems) == before else None

    def _read(self, column: Col, raw: Any) -> Any:
        if not column.looked_up:
            return column.read(raw)
        asked = (column.title, as_text(raw))
        if asked not in self.looked_up:
            self.looked_up[asked] = column.read(raw)
        return self.looked_up[asked]

    def sheet(self, sheet: Sheet, rows: Sequence[RowValues]) -> None:
        """Row by row. What cannot stand beside the others as they still are, like a weight that grows by what the next one loses, is
        tried again after them."""
        kept = 0
        self.looked_up.clear()
        present = Present(sheet)
        waiting = [
            (number, values)
            for number, given in rows
            if (values := self.values(sheet.title, number, given, sheet.columns)) is not None
            and self._completed(sheet, number, values)
        ]
        while waiting:
            refused: list[tuple[int, dict[str, Any], str]] = []
            for number, values in waiting:
                try:
                    self._write(sheet, present, values)
                except Refused as refusal:
                    refused.append((number, values, refusal.message))
                else:
                    kept += 1
            if len(refused) == len(waiting):
                for number, _, said in refused:
                    self.wrong(sheet.title, number, sheet.about, said)
                break
            waiting = [(number, values) for number, values, _ in refused]
        self.done[sheet.title] = kept

    def _completed(self, sheet: Sheet, number: int, values: dict[str, Any]) -> bool:
        """Of a member the index by which the row is found; and what contradicts the ID number, at its own column."""
        if sheet.model is not Member:
            return True
        values["id_number"] = normalise(values["id_number"])
        wrong = own_number_problem(values["id_number"], today())
        if wrong:
            self.wrong(sheet.title, number, "身份证号", wrong)
            return False
        values["id_index"] = blind_index(RESIDENT, values["id_number"])
        values["name"] = tidy_name(values["name"])
        odd = name_problem(values["name"])
        if odd:
            self.wrong(sheet.title, number, "姓名", odd)
        kind = type_of_number(values["id_number"])
        against = [said for _, said in contradictions(kind, values["id_number"], sex=values["sex"])]
        for said in against:
            self.wrong(sheet.title, number, "性别", said)
        return not (odd or against)

    def _write(self, sheet: Sheet, present: Present, values: Mapping[str, Any]) -> None:
        """The row, new or changed, under the same rules as on its page; one that is as it was stays untouched. Raises Refused."""
        row = present.row(values)
        if present.differs(row, values):
            row = copy(row)  # refused, the one that is there stays as it was
            sheet.kind.put(self.ctx, row, present.filled(row, values))
            present.keep(row)

    def centre(self, rows: Sequence[RowValues]) -> None:
        for number, given in rows[:1]:
            values = self.values("中心", number, given, CENTRE_COLUMNS)
            if values is None:
                continue
            centre = Centre.objects.first() or Centre(pk=1)
            for field, value in values.items():
                setattr(centre, field, value)
            self.is_demo = centre.is_demo
            try:
                CENTRE.put(self.ctx, centre)
            except Refused as refused:
                self.wrong("中心", number, "", refused.message)
            else:
                self.done["中心"] = 1

    def basis(self, rows: Sequence[RowValues], clauses: Sequence[RowValues], *, new: bool) -> None:
        """On what the rules rest. A new centre that says nothing of it begins with the national rules."""
        number, said = rows[0] if rows else (0, None)
        values = self.values(basis.DOCUMENT, number, said, basis.DOCUMENT_COLUMNS) if said is not None else None
        given = basis.given(values, clauses, self.wrong)
        if self.problems or not Centre.objects.select_for_update().exists():
            return
        try:
            if new:
                begin(self.ctx, given)
                self.done[basis.DOCUMENT] = 1
            elif given is not None:
                self.done[basis.DOCUMENT] = int(put_basis(self.ctx, given) is not None)
        except Refused as refused:
            self.wrong(basis.DOCUMENT, number, "", refused.message)

    def accounts(self, rows: Sequence[RowValues]) -> None:
        kept = 0
        for number, given in rows:
            values = self.values("账号", number, given, ACCOUNT_COLUMNS)
            if values is None:
                continue
            account = Account.objects.filter(username=values["username"]).first()
            account = account or self._new_account(number, values)
            if account is None:
                continue
            account.name = values["name"]
            account.department = department(values["department"]) if values["department"] else None
            new = account._state.adding
            drawn = new and account.username in self.drawn and not values["password"]
            posts = self._posts(number, values["posts"])
            try:
                put_account(self.ctx, account, posts, must_change_password=drawn or values["must_change"])
            except Refused as refused:
                self.wrong("账号", number, "姓名", refused.message)
                continue
            if drawn:
                self.first_passwords.append(self.drawn[account.username].of(account))
            self._tie(number, account, values["member"])
            kept += 1
        self.done["账号"] = kept

    def _new_account(self, number: int, values: dict[str, Any]) -> Account | None:
        """With the password of the workbook, which has to be a good one unless the school is made up, or with one drawn by lot."""
        account = Account(username=values["username"], name=values["name"], kind="staff")
        given, drawn = values["password"], self.drawn.get(values["username"])
        if given:
            problem = "" if self.is_demo else weakness(given, account)
            if problem:
                self.wrong("账号", number, "初始密码", f"{problem}留空则由系统生成，导入后打印")
                return None
            account.password = hashed(given)
        elif drawn is not None:
            account.password = drawn.hashed
        else:
            self.wrong("账号", number, "初始密码", "没有生成密码：请重新上传一次")
            return None
        return account

    def _posts(self, number: int, titles: list[str]) -> list[Post]:
        found = [(title, post(title)) for title in titles]
        for title in (title for title, there in found if there is None):
            self.wrong("账号", number, "岗位", f"岗位“{title}”不存在")
        return [there for _, there in found if there is not None]

    def _tie(self, number: int, account: Account, id_number: str) -> None:
        """The member of the corps whose account this is."""
        if not id_number:
            return
        member = Member.objects.filter(id_index=blind_index(RESIDENT, normalise(id_number))).first()
        if member is None:
            self.wrong("账号", number, "人员身份证号", "人员表中没有这个人")
            return
        tie(self.ctx, member, account)
