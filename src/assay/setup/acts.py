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
from assay.centre.handed_out import FirstPassword
from assay.centre.models import Account, Centre, Post
from assay.corps.models import Member
from assay.corps.within import tie
from assay.kernel.acts import Actor, Context, act
from assay.kernel.refusals import Refused
from assay.kernel.tables import Problem, as_text
from assay.setup import basis
from assay.setup.accounts import ACCOUNT_COLUMNS, CENTRE_COLUMNS, Drawn, draw, hashed, weakness
from assay.setup.columns import Col
from assay.setup.duty_lines import Book, RowValues, with_duties
from assay.setup.present import Present
from assay.setup.sheets import SHEETS, Sheet

CLAUSE = "工作方案 三(一)1"
UNCHANGED = "没有变化"


class SetupRefused(Exception):
    """The workbook has problems; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} 处问题")
        self.problems = problems


@dataclass
class Counted:
    """Of a sheet: how many rows are new, how many were changed, and of how many nothing was."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __str__(self) -> str:
        said = (("新增", self.new), ("修改", self.changed))
        return "、".join(f"{what} {n}" for what, n in said if n)


@dataclass
class Installed:
    """Rows by sheet title, and the accounts that were made with a password drawn by lot."""

    rows: dict[str, Counted]
    first_passwords: list[FirstPassword]

    @property
    def said(self) -> str:
        """What was written, sheet by sheet; that nothing was, where it is so."""
        written = "；".join(f"{title} {counted}" for title, counted in self.rows.items() if str(counted))
        return written or UNCHANGED

    @property
    def same(self) -> int:
        return sum(counted.same for counted in self.rows.values())


@act("desk.install_school", duty="L1", title="建立学校资料", clause="三(一)1")
def install_school(ctx: Context, book: Book, *, file: str = "", drawn: Drawn | None = None) -> Installed:
    """Bring every sheet's rows in, new or changed; new accounts without a password get theirs from `drawn` (by account).
    Raises SetupRefused with every problem; then nothing is written."""
    work = _Work(ctx, file, drawn or {})
    new = not Centre.objects.exists()
    work.centre(book.get("中心", ()))
    work.basis(book.get(basis.DOCUMENT, ()), book.get(basis.CLAUSES, ()), new=new)
    whole = with_duties(book, work.wrong)
    for sheet in SHEETS:
        work.sheet(sheet, whole.get(sheet.title, ()))
    work.accounts(book.get("账号", ()))
    if work.problems:
        raise SetupRefused(work.problems)
    done = Installed(work.done, work.first_passwords)
    ctx.note = done.said
    return done


def check_school(actor: Actor, book: Book, *, file: str = "") -> Installed:
    """Everything that `install_school` does, undone at the end: what it would write. Raises SetupRefused with every problem."""
    with transaction.atomic():
        done = install_school(actor, book, file=file, drawn=draw(book, hashing=False))
        transaction.set_rollback(True)
    return done


class _Work:
    def __init__(self, ctx: Context, file: str, drawn: Drawn) -> None:
        self.ctx, self.file, self.drawn = ctx, file, drawn
        self.first_passwords: list[FirstPassword] = []
        self.problems: list[Problem] = []
        self.done: dict[str, Counted] = {}
        self.looked_up: dict[tuple[str, str], Any] = {}
        self.is_demo = Centre.objects.filter(is_demo=True).exists()

    def wrong(self, sheet: str, row: int, column: str, message: str) -> None:
        self.problems.append(Problem(self.file, sheet, row, column, message))

    def values(self, sheet: str, row: int, given: Mapping[str, Any], columns: Sequence[Col]) -> dict[str, Any] | None:
        """The row's values by field; None when any of them is wrong (all are named). A column that the sheet does not have says
        nothing."""
        before = len(self.problems)
        found: dict[str, Any] = {}
        for column in columns:
            if column.shown_only or (column.title not in given and not column.required):
                continue
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
        counted = self.done[sheet.title] = Counted()
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
                    self._write(sheet, present, values, counted)
                except Refused as refusal:
                    refused.append((number, values, refusal.message))
            if len(refused) == len(waiting):
                for number, _, said in refused:
                    self.wrong(sheet.title, number, sheet.about, said)
                break
            waiting = [(number, values) for number, values, _ in refused]

    def _completed(self, sheet: Sheet, number: int, values: dict[str, Any]) -> bool:
        """What the line means as a whole; every problem at its own column."""
        wrong = list(sheet.complete(values))
        for column, said in wrong:
            self.wrong(sheet.title, number, column, said)
        return not wrong

    def _write(self, sheet: Sheet, present: Present, values: Mapping[str, Any], counted: Counted) -> None:
        """The row, new or changed, under the same rules as on its page; one that is as it was stays untouched. Raises Refused."""
        row = present.row(values)
        if not present.differs(row, values):
            counted.same += 1
            return
        row, new = copy(row), row._state.adding  # refused, the one that is there stays as it was
        sheet.kind.put(self.ctx, row, present.filled(row, values))
        present.keep(row)
        counted.new, counted.changed = counted.new + new, counted.changed + (not new)

    def centre(self, rows: Sequence[RowValues]) -> None:
        for number, given in rows[:1]:
            values = self.values("中心", number, given, CENTRE_COLUMNS)
            if values is None:
                continue
            there = Centre.objects.first()
            centre = there or Centre(pk=1)
            changed = [field for field, value in values.items() if getattr(centre, field) != value]
            for field in changed:
                setattr(centre, field, values[field])
            self.is_demo = centre.is_demo
            if there is not None and not changed:
                self.done["中心"] = Counted(same=1)
                continue
            try:
                CENTRE.put(self.ctx, centre)
            except Refused as refused:
                self.wrong("中心", number, "", refused.message)
            else:
                self.done["中心"] = Counted(new=int(there is None), changed=int(there is not None))

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
                self.done[basis.DOCUMENT] = Counted(new=1)
            elif given is not None:
                changed = put_basis(self.ctx, given) is not None
                self.done[basis.DOCUMENT] = Counted(changed=int(changed), same=int(not changed))
        except Refused as refused:
            self.wrong(basis.DOCUMENT, number, "", refused.message)

    def accounts(self, rows: Sequence[RowValues]) -> None:
        counted = self.done["账号"] = Counted()
        self.looked_up.clear()
        for number, given in rows:
            values = self.values("账号", number, given, ACCOUNT_COLUMNS)
            if values is None:
                continue
            account = Account.objects.filter(username=values["username"]).first()
            new = account is None
            account = account or self._new_account(number, values)
            if account is None:
                continue
            drawn = new and account.username in self.drawn and not values.get("password")
            must_change = drawn or values.get("must_change", True)
            posts: list[Post] = values.get("posts", [])
            changed = new or self._differs(account, values, posts)
            account.name = values["name"]
            account.department = values.get("department", account.department)
            try:
                if changed:
                    put_account(self.ctx, account, posts, must_change_password=must_change)
            except Refused as refused:
                self.wrong("账号", number, "姓名", refused.message)
                continue
            if drawn:
                self.first_passwords.append(self.drawn[account.username].of(account))
            changed = self._tie(account, values.get("member")) or changed
            counted.new += new
            counted.changed += changed and not new
            counted.same += not changed

    @staticmethod
    def _differs(account: Account, values: Mapping[str, Any], posts: Sequence[Post]) -> bool:
        """Whether a line says of an account what is not so yet."""
        held = set(account.appointments.filter(until=None).values_list("post", flat=True))
        department = values.get("department", account.department)
        return account.name != values["name"] or account.department != department or not {p.pk for p in posts} <= held

    def _new_account(self, number: int, values: dict[str, Any]) -> Account | None:
        """With the password of the workbook, which has to be a good one unless the school is made up, or with one drawn by lot."""
        account = Account(username=values["username"], name=values["name"], kind="staff")
        given, drawn = values.get("password"), self.drawn.get(values["username"])
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

    def _tie(self, account: Account, member: Member | None) -> bool:
        """The member of the corps whose account this is; whether that is new."""
        if member is None or member.account_id == account.pk:
            return False
        tie(self.ctx, member, account)
        return True
