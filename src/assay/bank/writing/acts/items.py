"""Items: taken in, written, read; who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from assay.bank.models import (
    UNDER_REVIEW,
    ColumnMapping,
    EnemyDismissal,
    EnemyGroup,
    Item,
    ItemReading,
    ItemRemark,
    ItemVersion,
    Point,
    SecrecyAgreement,
    Specification,
)  # fmt: skip
from assay.bank.queries import on_a_closed_paper
from assay.bank.states import RemarkKind
from assay.centre.models import Account
from assay.items import rules
from assay.items.answers import PRACTICAL, TYPES
from assay.items.row import ItemRow
from assay.items.sheet import total, worth_of
from assay.kernel import files
from assay.kernel.acts import Actor, Context, act
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "工作方案 三(五)"
SECRECY = (
    "本人参与职业技能等级认定试题的编写、审定、组卷或保管，承诺：不以任何方式泄露试题、答案和评分标准；不将试题内容带离规定场所或用于"
    "培训；不利用工作之便为任何考生提供便利；发现泄密立即报告。违反承诺，愿按认定工作纪律和保密规定接受处理。"
)


def require_secrecy(ctx: Context) -> None:
    """Refused unless whoever acts has promised secrecy this year. The command line acts for the office as a whole."""
    account = ctx.actor.account_id
    if account is not None and not has_promised(account, ctx.at.year):
        raise Refused("请先签署本年度的试题保密承诺", "工作方案 三(一)2(1)⑪")


def has_promised(account: int, year: int) -> bool:
    return SecrecyAgreement.objects.filter(account_id=account, year=year).exists()


@act("bank.sign_secrecy", duty=("X4", "R4", "E7", "Q4"), title="签署保密承诺", clause="三(一)2(1)⑪")
def sign_secrecy(ctx: Context) -> SecrecyAgreement:
    """Promise secrecy for this year."""
    year = ctx.at.year
    if ctx.actor.account_id is None:
        raise Refused("承诺须由本人登录后签署", "工作方案 三(一)2(1)⑪")
    found = SecrecyAgreement.objects.filter(account_id=ctx.actor.account_id, year=year).first()
    if found:
        return found
    made = SecrecyAgreement.objects.create(
        account=Account.objects.get(pk=ctx.actor.account_id), year=year, text=SECRECY, signed_at=ctx.at
    )
    ctx.record(made)
    return made


def may_put_in_use(actor: Actor) -> bool:
    """Whether this actor's word that items were reviewed before is enough to take them into use at once."""
    return actor.holds("X4")


@act("bank.import_items", duty=("X4", "R4"), title="导入试题", clause="三(七)2", markup=True)
def import_items(
    ctx: Context,
    specification: Specification,
    rows: Sequence[ItemRow],
    *,
    approved: bool = False,
    pictures: Mapping[str, bytes] | None = None,
) -> list[Item]:
    """Add all rows, or none: every row must be sound and new. They come in as drafts for review, or in use at once where
    `approved` says that the bank was reviewed before (not everybody may say so)."""
    if approved and not may_put_in_use(ctx.actor):
        raise Refused("只有专家考评组负责人可以把已审定的试题直接列为在用", CLAUSE)
    alone_with(specification)
    points = {p.code: p for p in specification.points.select_related("range")}
    known = dict(specification.items.values_list("stem_digest", "pk"))
    for content in (pictures or {}).values():
        files.keep(content)
    made: list[tuple[Item, ItemRow]] = []
    for number, row in enumerate(rows, start=1):
        digest = rules.stem_digest(row.type, row.stem)
        problems = [message for _, message in rules.problems_by_part(row)]
        if row.point and row.point not in points:
            problems.append(f"细目表中没有鉴定点 {row.point}")
        if approved and not row.point:
            problems.append("没有鉴定点，不能直接列为在用")
        problems += place_problems(specification, points.get(row.point), row.type, row.sheet)
        if digest in known:
            problems.append(_double(known[digest]))
        known.setdefault(digest, 0)
        if problems:
            raise Refused(f"第 {number} 题：{'；'.join(problems)}", CLAUSE)
        made.append((_item(specification, points.get(row.point), row, ctx.actor.account_id), row))
    for item, _ in made:
        item.state = Item.State.IN_USE if approved else Item.State.DRAFT
    items = [item for item, _ in made]
    Item.objects.bulk_create(items, batch_size=500)
    parts = [part for item, row in made for part in _parts(item, row, ctx.actor.account_id)]
    Item.objects.bulk_create(parts, batch_size=500)
    ctx.record_all([*items, *parts])
    how = "，此前已审定，直接列为在用" if approved else "，列为草稿"
    ctx.note = f"“{specification}”导入 {len(items)} 题{how}" if items else "没有新试题"
    return items


def alone_with(specification: Specification) -> None:
    """Who else would put a stem or a point into the same specification waits: no item is there twice."""
    Specification.objects.select_for_update(no_key=True).get(pk=specification.pk)


def _double(number: int) -> str:
    """0: of the same file."""
    return f"题干与题库中试题 {number} 重复" if number else "题干与同一文件中前面的题重复"


def place_problems(specification: Specification, point: Point | None, kind: str, sheet: Mapping[str, Any]) -> list[str]:
    """Why an item cannot hang there: theory and skill apart, and a task's marks are those that its range leaves for it."""
    if (kind == PRACTICAL) != specification.is_skill:
        return [f"{TYPES[kind]}不属于{specification.get_part_display()}细目表"]
    if kind != PRACTICAL or point is None:
        return []
    worth = worth_of(point.range.weight, point.range.draw)
    said = total(sheet)
    return (
        [] if said == worth else [f"各评分点配分合计 {said}，按细目表 {point.range} 的题应为 {worth.normalize():f} 分"]
    )


def _item(specification: Specification, point: Point | None, row: ItemRow, author: int | None) -> Item:
    return Item(
        specification=specification,
        point=point,
        type=row.type,
        difficulty=row.difficulty,
        stem=row.stem,
        stem_digest=rules.stem_digest(row.type, row.stem),
        options=list(row.options),
        premises=list(row.premises),
        key=row.key,
        explanation=row.explanation,
        reference=row.reference,
        sheet=dict(row.sheet),
        author_id=author,
    )


def _parts(case: Item, row: ItemRow, author: int | None) -> list[Item]:
    parts = []
    for part in row.parts:
        item = _item(case.specification, None, part, author)
        item.case, item.state = case, case.state
        parts.append(item)
    return parts


def require_writable(item: Item | None) -> None:
    """Raises Refused for an item that is not to be written anew now: a part of a case, one under review or on a closed paper."""
    if item is None:
        return
    if item.case_id:
        raise Refused("小题请在所属的案例分析题中修改", CLAUSE)
    if item.state in UNDER_REVIEW:
        raise Refused(f"试题 {item.pk} 现为“{item.get_state_display()}”，请审题人退回后再修改", CLAUSE)
    if on_a_closed_paper(item):
        raise Refused("本题在封存而未考的试卷上，考完之前不能修改", CLAUSE)


def require_writer(actor: Actor, item: Item | None) -> None:
    """Raises Refused unless the actor wrote a version of it, or leads the experts."""
    if item is not None and not actor.holds("X4") and actor.account_id not in item.writers():
        raise Refused(f"试题 {item.pk} 不是您编写的，修改意见请写在审题意见中", CLAUSE)


@act(
    "bank.save_item", duty=("X4", "R4"), title="编写试题", clause="三(五)", markup=True, guard=require_writable,
    for_whom=require_writer,
)  # fmt: skip
def save_item(
    ctx: Context,
    item: Item | None,
    row: ItemRow,
    specification: Specification,
    *,
    pictures: Mapping[str, bytes] | None = None,
) -> Item:
    """Make an item, or a new version of one's own (of any, for who leads the experts); it is a draft then and has to be reviewed
    again. The former version is kept, and papers keep the version that they were made with."""
    require_secrecy(ctx)
    alone_with(specification)
    problems = [message for _, message in rules.problems_by_part(row)]
    point = specification.points.select_related("range").filter(code=row.point).first() if row.point else None
    if row.point and point is None:
        problems.append(f"细目表中没有鉴定点 {row.point}")
    problems += place_problems(specification, point, row.type, row.sheet)
    same = specification.items.filter(stem_digest=rules.stem_digest(row.type, row.stem), case=None)
    other = (same.exclude(pk=item.pk) if item else same).first()
    if other is not None:
        problems.append(f"{_double(other.pk)}（{other.get_state_display()}）")
    if problems:
        raise Refused("；".join(problems), CLAUSE)
    for content in (pictures or {}).values():
        files.keep(content)
    made = _item(specification, point, row, ctx.actor.account_id)
    if item is not None:
        former = Item.objects.select_for_update().get(pk=item.pk)
        require_writable(former)
        require_writer(ctx.actor, former)
        keep_version(ctx, former)
        made.pk, made.version, made.exposure, made.last_used = (
            former.pk,
            former.version + 1,
            former.exposure,
            former.last_used,
        )
        for part in former.live_parts():
            part.state = Item.State.REPLACED
            part.save()
            ctx.record(part)
    made.save()
    ctx.record(made)
    parts = _parts(made, row, ctx.actor.account_id)
    Item.objects.bulk_create(parts)
    ctx.record_all(parts)
    return made


def keep_version(ctx: Context, item: Item) -> None:
    """Put the present version aside before it is written over."""
    content = {
        "type": item.type, "difficulty": item.difficulty, "point": item.point.code if item.point else "", "stem": item.stem,
        "options": item.options, "premises": item.premises, "key": item.key, "explanation": item.explanation,
        "reference": item.reference, "image": item.image_id, "sheet": item.sheet,
        "parts": [[p.type, p.stem, p.options, p.premises, p.key] for p in item.live_parts()],
    }  # fmt: skip
    kept = ItemVersion.objects.create(
        item=item, version=item.version, content=content, author_id=item.author_id, replaced_at=ctx.at
    )
    ctx.record(kept)


@act("bank.assign_point", duty=("X4", "R4"), title="试题归点", clause="三(五)")
def assign_point(ctx: Context, items: Sequence[Item], point: Point) -> list[Item]:
    """Hang drafts on a point: those of one's own, or any for who leads the experts."""
    require_secrecy(ctx)
    done = list(Item.objects.select_for_update().filter(pk__in=[i.pk for i in items]).order_by("pk"))
    for item in done:
        if not item.is_draft or item.case_id:
            raise Refused(f"试题 {item.pk} 现为“{item.get_state_display()}”，只有草稿可以归点", CLAUSE)
        if item.specification_id != point.specification_id:
            raise Refused(f"试题 {item.pk} 不属于这份细目表", CLAUSE)
        if item.author_id != ctx.actor.account_id and not ctx.actor.holds("X4"):
            raise Refused(f"试题 {item.pk} 不是您编写的", CLAUSE)
        problems = place_problems(point.specification, point, item.type, item.sheet)
        if problems:
            raise Refused(f"试题 {item.pk}：{'；'.join(problems)}", CLAUSE)
        item.point = point
    rewrite(done, ["point"])
    ctx.record_all(done)
    return done


@act("bank.comment", duty=("X4", "R4"), title="对试题提出意见", clause="三(五)", markup=True)
def comment(ctx: Context, item: Item, text: str) -> ItemRemark:
    """Say something of an item without deciding."""
    require_secrecy(ctx)
    if not text.strip():
        raise Refused("请写明意见", CLAUSE)
    made = remark(ctx, item, RemarkKind.COMMENT, text)
    return made


def remark(ctx: Context, item: Item, kind: RemarkKind, text: str) -> ItemRemark:
    """A line in the record of an item."""
    made = ItemRemark.objects.create(
        item=item, version=item.version, kind=kind, text=text.strip(), by_id=ctx.actor.account_id, at=ctx.at
    )
    ctx.record(made)
    return made


@act("bank.read_item", duty=("X4", "E7"), title="查阅在用试题", clause="三(一)2(1)⑪")
def read_item(ctx: Context, item: Item, purpose: str) -> ItemReading:
    """Look at an item in use, key and all: the reading stays on record."""
    require_secrecy(ctx)
    made = ItemReading.objects.create(
        item=item, version=item.version, account_id=ctx.actor.account_id, at=ctx.at, purpose=purpose
    )
    ctx.record(made)
    return made


@act("bank.export_items", duty="X4", title="导出在用试题", clause="三(一)2(1)⑪")
def export_items(ctx: Context, specification: Specification, form: str) -> None:
    """That items in use left the bank as a file."""
    require_secrecy(ctx)
    in_use = specification.items.filter(state=Item.State.IN_USE).count()
    ctx.note = f"导出“{specification}”在用试题 {in_use} 题（{form}）"


@act("bank.save_enemies", duty=("X4", "R4"), title="设置相近题组", clause="三(五)")
def save_enemies(ctx: Context, specification: Specification, title: str, items: Sequence[Item]) -> EnemyGroup:
    """Items of which at most one may stand on a paper."""
    if len(items) < 2 or any(i.specification_id != specification.pk for i in items):
        raise Refused("相近题组至少要有本细目表的两道试题", CLAUSE)
    group = EnemyGroup.objects.create(specification=specification, title=uncut(title, 80, "题组名称") or "相近题组")
    group.items.set(items)
    ctx.record(group)
    return group


@act("bank.remove_enemies", duty="X4", title="取消相近题组", clause="三(五)")
def remove_enemies(ctx: Context, group: EnemyGroup) -> None:
    """These items may meet on a paper again."""
    group = EnemyGroup.objects.select_for_update().get(pk=group.pk)
    ctx.record_removed(EnemyGroup, group.pk)
    ctx.note = (
        f"取消相近题组“{group.title}”：试题 {'、'.join(str(i) for i in group.items.values_list('pk', flat=True))}"
    )
    group.delete()


@act("bank.dismiss_enemies", duty="X4", title="不设相近题", clause="三(五)")
def dismiss_enemies(ctx: Context, specification: Specification, items: Sequence[Item]) -> EnemyDismissal:
    """These items only look alike: they may meet on a paper and are proposed no more, unless one is written anew."""
    if len(items) < 2 or any(i.specification_id != specification.pk for i in items):
        raise Refused("请选择本细目表的两道以上试题")
    made = EnemyDismissal.objects.create(
        specification=specification, items={str(i.pk): i.version for i in items}, by=ctx.actor.name, at=ctx.at
    )
    ctx.record(made)
    return made


@act("bank.remember_columns", duty=("X4", "R4"), title="记住表格各列的含义", clause="三(七)2")
def remember_columns(ctx: Context, titles: Sequence[str], mapping: Mapping[str, str]) -> ColumnMapping:
    """What the columns of a table are, for the next table with the same titles."""
    made, _ = ColumnMapping.objects.update_or_create(titles=titles_digest(titles), defaults={"mapping": dict(mapping)})
    ctx.record(made)
    return made


def titles_digest(titles: Sequence[str]) -> str:
    return sha256("\n".join(sorted(titles)).encode()).hexdigest()


@act("bank.set_difficulties", duty="X4", title="按实测更新难度", clause="题库建设管理办法")
def set_difficulties(ctx: Context, difficulties: Mapping[int, int], *, source: str) -> int:
    """Set items' difficulty to what was measured; how many changed."""
    items = list(Item.objects.select_for_update().filter(pk__in=difficulties))
    changed = [item for item in items if item.difficulty != difficulties[item.pk]]
    for item in changed:
        item.difficulty = difficulties[item.pk]
    rewrite(changed, ["difficulty"])
    ctx.note = f"{source}，{len(changed)} 题"
    ctx.record_all(changed)
    return len(changed)
