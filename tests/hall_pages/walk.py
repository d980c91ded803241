"""A candidate's exam gone through at random: two computers, two tabs at each, cables, pauses, restarts of the hall, clocks that are
wrong. After each step: what a page calls saved was acknowledged, and the page at work shows what the hall holds."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from tests.hall.console import Console
from tests.hall_pages.conftest import SECRET, HallAtWork, until, whole_paper

CHOICES = {"100": "ABCD", "101": "对错", "102": "ABCD", "103": "ABCD", "105": "ABCD"}
TEXTS = ("300", "302")
SETTLED_S = 40.0
SHOWN = """() => ({
    sign_in: Boolean(document.getElementById("ticket")), asleep: Boolean(document.querySelector("dialog.asleep")),
    done: Boolean(document.querySelector(".receipt")), badge: (document.querySelector(".badge") || {}).textContent || "",
    open: [...document.querySelectorAll("fieldset.item")].some((one) => !one.disabled),
    items: [...document.querySelectorAll("fieldset.item")].map((item) => [item.dataset.item, item.dataset.where,
        item.querySelector("textarea") ? item.querySelector("textarea").value
        : [...item.querySelectorAll("input:checked")].map((one) => one.value).sort().join("")]),
})"""


@dataclass
class Shown:
    """What a page shows: its kind, its badge, and of each item where its answer is and what it is."""

    sign_in: bool
    asleep: bool
    done: bool
    badge: str
    open: bool
    items: list[tuple[str, str, str]]

    def answers(self) -> dict[str, str]:
        return {item: choice for item, _, choice in self.items if choice}


@dataclass
class Computer:
    """A browser of its own; the last page is the one at work."""

    context: BrowserContext
    pages: list[Page] = field(default_factory=list)
    online: bool = True


class Walk:
    """One candidate. `given`: what was answered last, wherever that was."""

    def __init__(self, hall: HallAtWork, chance: random.Random, index: int) -> None:
        self.hall, self.chance, self.index = hall, chance, index
        self.console = Console(hall.url, secret=SECRET)
        self.sitting, self.ticket = f"p1-s{index}", f"p1-t{index}"
        self.up, self.paused, self.forced = True, False, False
        self.given: dict[str, str] = {}
        self.steps: list[str] = []
        self.computers = [Computer(self._context()), Computer(self._context())]
        self.current = self.computers[0]
        self.current.pages.append(self._sits(self.current.context))

    def _context(self) -> BrowserContext:
        context = self.hall.computer()
        shift = self.chance.randint(-40 * 86_400, 40 * 86_400) * 1000
        context.add_init_script(f"const real = Date.now; Date.now = () => real() + {shift};")
        return context

    def _sits(self, context: BrowserContext) -> Page:
        page = self.hall.sits(self.index, context)
        page.on("dialog", lambda dialog: dialog.accept())
        whole_paper(page)
        return page

    def go(self, steps: int) -> None:
        ways = [
            (10, self.choose), (5, self.write), (3, self.cable), (2, self.second_tab), (3, self.take_back), (2, self.pause),
            (1, self.restart), (1, self.move), (3, self.leave_behind), (2, self.reload), (1, self.decide),
        ]  # fmt: skip
        for _ in range(steps):
            (way,) = self.chance.choices([way for _, way in ways], [weight for weight, _ in ways])
            self.steps.append(way.__name__)
            way()
            self.check()

    def pages(self) -> list[tuple[Computer, Page]]:
        return [(computer, page) for computer in self.computers for page in computer.pages]

    def shown(self, page: Page) -> Shown:
        return Shown(**page.evaluate(SHOWN))

    def _open_page(self) -> Page | None:
        """A page where something can be chosen, at whichever computer."""
        able = [page for _, page in self.pages() if self._able(self.shown(page))]
        return self.chance.choice(able) if able else None

    @staticmethod
    def _able(shown: Shown) -> bool:
        return shown.open and not shown.asleep and bool(shown.items)

    # What may happen.

    def choose(self) -> None:
        page, item = self._open_page(), self.chance.choice(list(CHOICES))
        if page is not None:
            told = page.evaluate(
                """([item, value]) => {
                    const view = document.querySelector(`fieldset[data-item="${item}"]`);
                    if (!view || view.disabled) return null;
                    const before = [...view.querySelectorAll("input:checked")].map((one) => one.value).join("");
                    view.querySelector(`input[value="${value}"]`).click();
                    const after = [...view.querySelectorAll("input:checked")].map((one) => one.value).sort().join("");
                    return before === after ? null : after;
                }""",
                [item, self.chance.choice(CHOICES[item])],
            )
            self._given(item, told)

    def write(self) -> None:
        page, item = self._open_page(), self.chance.choice(TEXTS)
        if page is not None:
            text = f"第 {self.chance.randint(1, 10**6)} 稿"
            told = page.evaluate(
                """([item, text]) => {
                    const area = document.querySelector(`fieldset[data-item="${item}"] textarea`);
                    if (!area || area.matches(":disabled")) return null;
                    area.value = text; area.dispatchEvent(new Event("input", { bubbles: true }));
                    return text;
                }""",
                [item, text],
            )
            self._given(item, told)

    def _given(self, item: str, told: str | None) -> None:
        if told is not None:
            self.given[item] = told

    def cable(self) -> None:
        computer = self.chance.choice(self.computers)
        computer.online = not computer.online
        computer.context.set_offline(not computer.online)

    def second_tab(self) -> None:
        computer = self.current
        if computer.online and self.up and len(computer.pages) == 1 and self._able(self.shown(computer.pages[0])):
            page = self.hall.page(computer.context)
            page.on("dialog", lambda dialog: dialog.accept())
            page.get_by_role("button", name="交卷").wait_for()
            whole_paper(page)
            computer.pages.append(page)

    def take_back(self) -> None:
        for _, page in self.pages():
            button = page.get_by_role("button", name="在此页继续作答")
            if button.count():
                button.click()
                return

    def pause(self) -> None:
        if self.up:
            self.paused = not self.paused
            done = self.console.do(do="pause" if self.paused else "resume", text="停电")
            assert done.status_code == 200

    def restart(self) -> None:
        if self.up:
            self.hall.process.kill()
        else:
            self.hall.process.start()
        self.up = not self.up

    def move(self) -> None:
        target = self.chance.choice(self.computers)
        free = not target.pages or all(self.shown(page).sign_in for page in target.pages)
        if not (self.up and target.online and free):
            return
        assert self.console.do(do="move", sittings=[self.sitting], text="换机").status_code == 200
        for page in target.pages:
            page.close()
        target.pages = [self._sits(target.context)]
        self.current = target

    def leave_behind(self) -> None:
        """The cable goes, the candidate answers on, and is then let to the other computer."""
        computer = self.current
        computer.online = False
        computer.context.set_offline(True)
        self.choose()
        self.write()
        self.move()

    def reload(self) -> None:
        computer = self.current
        page = computer.pages[-1]
        if computer.online and self.up and self._able(self.shown(page)):
            until(lambda: "待上传" not in self.shown(page).badge, SETTLED_S)
            page.reload()
            page.get_by_role("button", name="交卷").or_(page.get_by_label("准考证号")).first.wait_for()
            whole_paper(page)

    def decide(self) -> None:
        """The invigilator takes what was offered."""
        if self.up:
            for late in self.console.sittings()[self.ticket].late:
                if late["accepted"] is None:
                    deed = {"do": "late", "sittings": [self.sitting], "number": late["number"], "text": "断网"}
                    assert self.console.do(**deed, accept=True).status_code == 200

    # What has to be so.

    def check(self) -> None:
        """Whatever a page calls saved the hall has committed; the page at work, once nothing waits, shows what the hall holds."""
        shown = [self.shown(page) for _, page in self.pages()]
        if not self.up:
            return
        log = {(one.item, one.choice) for one in self.hall.log() if one.sitting == self.sitting}
        said = {(item, choice) for one in shown for item, where, choice in one.items if where == "hall"}
        assert said <= log, f"called saved, and never committed: {said - log}"
        if self.current.online:
            for page in self.current.pages:
                if not self.shown(page).asleep:
                    self._agrees(page)

    def _agrees(self, page: Page) -> None:
        ends = time.monotonic() + SETTLED_S
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
        while True:
            shown, there = self.shown(page), self.hall.answers(self.index)
            if shown.badge == "已保存" and shown.answers() == there:
                return
            assert time.monotonic() < ends, f"the page says {shown}, the hall holds {there}"
            time.sleep(0.1)

    def end(self) -> None:
        """Everything comes back: every computer reports, every offer is taken, and the last word given is what counts."""
        if not self.up:
            self.restart()
        if self.paused:
            self.pause()
        for computer in self.computers:
            computer.online = True
            computer.context.set_offline(False)
        self.take_back()
        for computer, page in self.pages():
            if not self.shown(page).asleep and computer is not self.current:
                page.get_by_label("准考证号").wait_for(timeout=SETTLED_S * 1000)
        (page,) = [page for page in self.current.pages if not self.shown(page).asleep]
        self._agrees(page)
        self.decide()
        self._agrees(page)
        assert self.hall.answers(self.index) == {item: choice for item, choice in self.given.items() if choice}
        if self.chance.random() < 0.5:
            self._is_forced(page)

    def _is_forced(self, page: Page) -> None:
        """Closed by the invigilator while the cable is out: what is given then is kept apart, and the page says so."""
        before = self.hall.answers(self.index)
        self.current.context.set_offline(True)
        assert self.console.do(do="force", sittings=[self.sitting], text="试").status_code == 200
        self.choose()
        self.current.context.set_offline(False)
        page.get_by_text("已交卷").wait_for(timeout=SETTLED_S * 1000)
        assert self.hall.answers(self.index) == before

    def close(self) -> None:
        for computer in self.computers:
            computer.context.close()
            self.hall.contexts.remove(computer.context)


def walks(hall: HallAtWork, seed: int, seconds: float, candidates: int) -> int:
    """One candidate after the other until the time is over; returns how many steps there were. A failure names the seed."""
    ends, done = time.monotonic() + seconds, 0
    for index in range(candidates):
        chance = random.Random(f"{seed}-{index}")  # a failure can be gone through again
        walk = Walk(hall, chance, index)
        try:
            walk.go(chance.randint(10, 30))
            walk.end()
        except BaseException as broken:
            broken.add_note(f"seed {seed}, candidate {index}: {' '.join(walk.steps)}")
            raise
        done += len(walk.steps)
        walk.close()
        if time.monotonic() > ends:
            return done
    return done
