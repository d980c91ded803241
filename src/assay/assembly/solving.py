"""One or many parallel forms from a pool, by CP-SAT.

Two steps. **Select**: how many of the forms each item goes on, so that all forms together have what they need, at the least
cost: items shared by forms, use and wear, importance and difficulty off their targets. Forms are alike, so their sum is a
relaxation of them: its bound is a bound on the whole. **Split**: the selected items over the forms, every rule kept on each,
the difficulty of the forms as equal as can be. When the split costs nothing, the bound of the first step proves the whole.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.assembly.blueprint import IMPORTANCES, Blueprint, PoolItem
from assay.assembly.halving import Band, Share, halve

SHARED, WORN, IMPORTANCE, DIFFICULTY, UNLIKE = 100, 2, 3, 1, 1
"""Costs: an item more on two forms; each earlier use of an item; an item of another importance than wanted; a step of
difficulty off the target, over all forms; a step between a form's difficulty and the others'."""


@dataclass(frozen=True)
class Shortage:
    """A rule that cannot be met, and by how many items; `message` in Chinese."""

    rule: str
    missing: int
    message: str


@dataclass
class Assembled:
    """`forms`: the items of each, in the order of the sections. `gap`: how far the cost may be above the least possible (0 =
    proved least, 0.01 = 1 %). `shortages`: rules that were not met (empty forms unless they were to be relaxed)."""

    forms: list[list[PoolItem]] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)
    cost: int = 0
    gap: float = 0.0
    seconds: float = 0.0

    @property
    def shared(self) -> int:
        """Items that stand on more than one form."""
        seen: dict[int, int] = defaultdict(int)
        for form in self.forms:
            for item in form:
                seen[item.pk] += 1
        return sum(1 for times in seen.values() if times > 1)


@dataclass(frozen=True)
class _Rules:
    """A blueprint worked out for a pool: for each rule its items and how many of them a form has."""

    blueprint: Blueprint
    pool: list[PoolItem]

    def sections(self) -> Iterable[tuple[str, int]]:
        wanted: dict[str, int] = defaultdict(int)
        for section in self.blueprint.sections:
            wanted[section.type] += section.count
        return wanted.items()

    def by(self, name: Callable[[PoolItem], Hashable]) -> dict[Any, list[PoolItem]]:
        found: dict[Any, list[PoolItem]] = defaultdict(list)
        for item in self.pool:
            found[name(item)].append(item)
        return found

    def groups(self) -> dict[int, list[PoolItem]]:
        found: dict[int, list[PoolItem]] = defaultdict(list)
        for item in self.pool:
            for group in item.groups:
                found[group].append(item)
        return {group: items for group, items in found.items() if len(items) > 1}

    def point_limit(self) -> int:
        return self.blueprint.point_limit(len({i.point for i in self.pool}))


def assemble(
    blueprint: Blueprint, pool: Sequence[PoolItem], forms: int, seed: int, *, relaxed: bool = False, seconds: float = 50
) -> Assembled:
    """`forms` parallel forms, or what stands in their way. `relaxed`: come as near to rules that cannot be met as can be, and
    say which they are. The same seed gives the same choice among equals as long as the time suffices."""
    started = time.monotonic()
    usable = blueprint.usable(pool)
    random.Random(seed).shuffle(usable)  # noqa: S311 - a choice among equals, not a secret
    rules = _Rules(blueprint, usable)
    made = _attempt(rules, forms, seed, elastic=False, seconds=seconds)
    if made is None:
        made = _attempt(rules, forms, seed, elastic=True, seconds=seconds)
        if made is None or not made.shortages:
            # Enough items for all forms together, and no way to share them out: enemies and points get in each other's way.
            made = made or Assembled()
            made.shortages.append(Shortage("split", 0, "题够，但分到各套时总有要求不能满足，请减少套数或放宽要求"))
        if not relaxed:
            made.forms = []
    order = {section.type: n for n, section in enumerate(blueprint.sections)}
    made.forms = [sorted(form, key=lambda i: (order[i.type], i.area, i.point, i.pk)) for form in made.forms]
    made.seconds = time.monotonic() - started
    return made


def _attempt(rules: _Rules, forms: int, seed: int, *, elastic: bool, seconds: float) -> Assembled | None:
    selection = _Selection(rules, forms, elastic=elastic)
    if not selection.solve(seed, seconds):
        return None
    split = _split(rules, selection.times, forms, seed, elastic=elastic, seconds=seconds)
    if split is None:
        return None
    made, unlike = split
    cost = selection.cost + UNLIKE * unlike
    bound = selection.bound
    gap = 0.0 if cost <= bound else (cost - bound) / max(cost, 1)
    # Which mix is not met is counted on the forms: in an attempt with all rules kept there is none.
    mixed = [Shortage(m.rule, n, said) for m in rules.blueprint.mixes() for n, said in m.shortages(made)]
    return Assembled(made, selection.shortages() + mixed, int(cost), gap)


def _model() -> Any:
    from ortools.sat.python import cp_model  # half a second to load, and only papers need it

    return cp_model.CpModel()


def _solver(seed: int, seconds: float, gap: float) -> Any:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2_000_000_000
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.relative_gap_limit = gap
    # Thousands of like items under few rules: looking for hidden structure takes longer than solving.
    solver.parameters.find_big_linear_overlap = False
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.presolve_inclusion_work_limit = 1_000_000
    return solver


class _Selection:
    """How many of the forms each item goes on."""

    def __init__(self, rules: _Rules, forms: int, *, elastic: bool) -> None:
        self.rules, self.forms, self.elastic = rules, forms, elastic
        self.model = _model()
        self.slack: list[tuple[Any, str, str]] = []
        self.terms: list[Any] = []
        self.vars = {i.pk: self._times(i) for i in rules.pool}
        self.times: dict[int, int] = {}
        self.cost = self.bound = 0.0
        self._state()

    def _times(self, item: PoolItem) -> Any:
        """How many forms an item goes on: whether on one, and how many more, each of which costs as much as any of them."""
        once: Any = self.model.new_bool_var(f"i{item.pk}")
        if self.forms == 1:
            return once
        more = self.model.new_int_var(0, self.forms - 1, "")
        self.terms.append(SHARED * more)
        return once + more

    def _state(self) -> None:
        rules, forms = self.rules, self.forms
        of_type, of_area = rules.by(lambda i: i.type), rules.by(lambda i: i.area)
        for kind, count in rules.sections():
            self._exactly(of_type.get(kind, []), count * forms, "section", kind)
        for area, count in rules.blueprint.area_quotas().items():
            self._exactly(of_area.get(area, []), count * forms, "area", area)
        limit = rules.point_limit()
        for point, items in rules.by(lambda i: i.point).items():
            if len(items) > limit:
                self._at_most(items, limit * forms, "point", point)
        for group, items in rules.groups().items():
            self._at_most(items, forms, "enemies", str(group))
        for mix in rules.blueprint.mixes():
            of_kind = rules.by(mix.of)
            for kind, (least, most) in mix.bounds().items():
                self._between(of_kind.get(kind, []), least * forms, most * forms)
        self._costs()

    def _between(self, items: list[PoolItem], least: int, most: int) -> None:
        """A kind of a mix. It gives way before the shares of areas and types do."""
        total: Any = sum(self.vars[i.pk] for i in items)
        if not self.elastic:
            self.model.add(total >= least)
            self.model.add(total <= most)
            return
        off = self.model.new_int_var(0, max(least, self.rules.blueprint.items * self.forms), "")
        self.model.add(off >= least - total)
        self.model.add(off >= total - most)
        self.terms.append(5_000 * off)

    def _exactly(self, items: list[PoolItem], count: int, rule: str, name: str) -> None:
        total: Any = sum(self.vars[i.pk] for i in items)
        if self.elastic:
            short = self._slack(count, rule, name)
            more = self.model.new_int_var(0, max(count, self.rules.blueprint.items * self.forms), "")
            self.terms.append(10_000 * more)
            total = total + short - more
        self.model.add(total == count)

    def _at_most(self, items: list[PoolItem], count: int, rule: str, name: str) -> None:
        total: Any = sum(self.vars[i.pk] for i in items)
        if self.elastic:
            total = total - self._slack(count * len(items), rule, name)
        self.model.add(total <= count)

    def _slack(self, most: int, rule: str, name: str) -> Any:
        variable = self.model.new_int_var(0, max(most, 1), "")
        # A paper that is too short is worse than one that leans to one side.
        self.terms.append((100_000 if rule == "section" else 20_000) * variable)
        self.slack.append((variable, rule, name))
        return variable

    def _costs(self) -> None:
        rules, forms = self.rules, self.forms
        for item in rules.pool:
            if item.exposure:
                self.terms.append(WORN * item.exposure * self.vars[item.pk])
        targets = rules.blueprint.importance_targets(rules.pool)
        of_importance = rules.by(lambda i: i.importance)
        for kind in IMPORTANCES:
            items = of_importance.get(kind, [])
            self._off(sum(self.vars[i.pk] for i in items), targets[kind] * forms, IMPORTANCE)
        if rules.blueprint.levels:
            self._levels_off()
        difficulty = sum(i.difficulty * self.vars[i.pk] for i in rules.pool)
        self._off(difficulty, rules.blueprint.total_difficulty() * forms, DIFFICULTY)

    def _levels_off(self) -> None:
        """Within what the mix of difficulty may be off by, the nearer the better."""
        (mix,) = (m for m in self.rules.blueprint.mixes() if m.rule == "difficulty")
        of_level = self.rules.by(mix.of)
        for level, count in mix.counts.items():
            self._off(sum(self.vars[i.pk] for i in of_level.get(level, [])), count * self.forms, DIFFICULTY)

    def _off(self, total: Any, target: int, cost: int) -> None:
        off = self.model.new_int_var(0, 10 * self.rules.blueprint.items * self.forms + target, "")
        self.model.add(off >= total - target)
        self.model.add(off >= target - total)
        self.terms.append(cost * off)

    def solve(self, seed: int, seconds: float) -> bool:
        from ortools.sat.python import cp_model

        self.model.minimize(sum(self.terms))
        solver = _solver(seed, seconds, 0.0)
        found = solver.solve(self.model)
        if found not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False
        self.times = {pk: int(solver.value(v)) for pk, v in self.vars.items() if solver.value(v)}
        self.cost, self.bound = solver.objective_value, solver.best_objective_bound
        self.missing = [(int(solver.value(v)), rule, name) for v, rule, name in self.slack if solver.value(v)]
        return True

    def shortages(self) -> list[Shortage]:
        """What was given up, in Chinese, over all forms."""
        return [Shortage(rule, n, _MESSAGES[rule](name, n)) for n, rule, name in getattr(self, "missing", [])]


_MESSAGES: Mapping[str, Callable[[str, int], str]] = {
    "section": lambda name, n: f"题型 {name}：可用试题不够，缺 {n} 题",
    "area": lambda name, n: f"鉴定范围 {name}：按比重应有的试题不够，缺 {n} 题",
    "point": lambda name, n: f"鉴定点 {name}：超出一份试卷中同一点的题数，多 {n} 题",
    "enemies": lambda name, n: f"相近题组 {name}：不得不有 {n} 题与相近题同卷",
}


def _split(
    rules: _Rules, times: Mapping[int, int], forms: int, seed: int, *, elastic: bool, seconds: float
) -> tuple[list[list[PoolItem]], int] | None:
    """The selected items over the forms, and by how many steps the forms' difficulties differ from even shares."""
    chosen = [i for i in rules.pool if i.pk in times]
    if forms == 1:
        return [chosen], 0
    small = _Rules(rules.blueprint, chosen)
    bands = list(_bands(small, times, forms, rules.point_limit(), elastic=elastic))
    halved = None if elastic else halve(Share(chosen, times, forms), bands, seed, seconds / 10)
    return (halved, 0) if halved else _split_at_once(small, times, forms, bands, seed, elastic=elastic, seconds=seconds)


def _bands(rules: _Rules, times: Mapping[int, int], forms: int, point_limit: int, *, elastic: bool) -> Iterable[Band]:
    """For some of the items how few and how many of them a form has: as many as every other form of each kind of item (or one
    more), what the stated mixes allow, so many of a point, one of a group of enemies."""
    for items in [
        *rules.by(lambda i: i.type).values(),
        *rules.by(lambda i: i.area).values(),
        *rules.by(lambda i: i.importance).values(),
        *(rules.by(lambda i: i.difficulty).values() if rules.blueprint.levels and not elastic else ()),
    ]:
        total = sum(times[i.pk] for i in items)
        yield items, total // forms, -(-total // forms)
    for items in rules.by(lambda i: i.point).values():
        if sum(times[i.pk] for i in items) > point_limit:
            yield items, 0, point_limit if not elastic else max(point_limit, len(items))
    if elastic:
        return
    for items in rules.groups().values():
        yield items, 0, 1
    for mix in rules.blueprint.mixes():
        of_kind = rules.by(mix.of)
        for kind, (least, most) in mix.bounds().items():
            if kind in of_kind:
                yield of_kind[kind], least, most


def _split_at_once(
    rules: _Rules,
    times: Mapping[int, int],
    forms: int,
    bands: Iterable[Band],
    seed: int,
    *,
    elastic: bool,
    seconds: float,
) -> tuple[list[list[PoolItem]], int] | None:
    """All forms in one model: what halving did not find, or what cannot be shared out evenly."""
    from ortools.sat.python import cp_model

    chosen, model = rules.pool, _model()
    on = {(i.pk, f): model.new_bool_var("") for i in chosen for f in range(forms)}
    for item in chosen:
        model.add(sum(on[item.pk, f] for f in range(forms)) == times[item.pk])
    for items, least, most in bands:
        for f in range(forms):
            model.add_linear_constraint(sum(on[i.pk, f] for i in items), least, most)
    unlike = _mixes_on_forms(model, rules, on, forms) if elastic else []
    total = sum(i.difficulty * times[i.pk] for i in chosen)
    for f in range(forms):
        off = model.new_int_var(0, 5 * len(chosen), "")
        here = sum(i.difficulty * on[i.pk, f] for i in chosen)
        model.add(off >= here - -(-total // forms))
        model.add(off >= total // forms - here)
        unlike.append(off)
    model.minimize(sum(unlike))
    solver = _solver(seed, seconds, 0.0)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    made = [[i for i in chosen if solver.value(on[i.pk, f])] for f in range(forms)]
    return made, int(solver.objective_value)


def _mixes_on_forms(model: Any, rules: _Rules, on: Mapping[tuple[int, int], Any], forms: int) -> list[Any]:
    """What being off the stated mixes costs on each form, where rules are relaxed."""
    off_by = []
    for mix in rules.blueprint.mixes():
        of_kind = rules.by(mix.of)
        for kind, (least, most) in mix.bounds().items():
            for f in range(forms):
                here = sum(on[i.pk, f] for i in of_kind.get(kind, []))
                off = model.new_int_var(0, rules.blueprint.items, "")
                model.add(off >= least - here)
                model.add(off >= here - most)
                off_by.append(10 * off)
    return off_by
