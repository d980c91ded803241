"""A candidate's exam gone through at random: two computers, two tabs at each, cables, pauses, restarts of the hall, clocks that are
wrong, and an end: handed in, forced, over. After each step, on every page, at work or not: badge, answer card and items say the
same; what a page calls saved was acknowledged; where nothing may be chosen no key chooses. The page at work shows what the hall
holds, and in the end every page that held something has said what became of it."""

from __future__ import annotations

import math
import random
import re
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.hall.console import Console
from tests.hall_pages.conftest import SECRET, HallAtWork, kept, until, whole_paper

CHOICES = {"100": "ABCD", "101": "对错", "102": "ABCD", "103": "ABCD", "105": "ABCD"}
TEXTS = ("300", "302", "200")
SETTLED_S = 40.0
BETWEEN_COMPUTERS_S = 1.0
"""Nobody is at another computer sooner; what the hall's time is, pages know to some tenths of a second."""
SAID = """(item) => {
    const area = item.querySelector("textarea"), blanks = [...item.querySelectorAll("input.blank")].map((one) => one.value.trim());
    if (area) return area.value;
    if (blanks.length) return blanks.some(Boolean) ? JSON.stringify(blanks) : "";
    return [...item.querySelectorAll("input:checked")].map((one) => one.value).sort().join("");
}"""
SHOWN = f"""() => {{
    const said = {SAID}, text = (selector) => (document.querySelector(selector) || {{}}).textContent || "";
    const items = [...document.querySelectorAll("fieldset.item")];
    return {{
        sign_in: Boolean(document.getElementById("ticket")), asleep: Boolean(document.querySelector("dialog.asleep[open]")),
        receipt: text(".receipt"), badge: text(".badge"), words: document.getElementById("app").innerText,
        open: items.some((one) => !one.disabled),
        items: items.map((item) => [item.dataset.item, item.dataset.where, said(item)]),
        card: [...document.querySelectorAll(".answer-card .number")].map((one) => one.getAttribute("aria-label")),
        figures: text(".answer-card .figures"),
    }};
}}"""
PARTLY = re.compile("没答完（[^）]*）")
"""An answer that is not whole is one: what it lacks the card says as well."""
IN_CARD = {"here": "，待上传", "sending": "，待上传", "refused": "，未能保存"}


@dataclass
class Shown:
    """What a page shows: its kind, its badge, its card, and of each item where its answer is and what it is."""

    sign_in: bool
    asleep: bool
    receipt: str
    badge: str
    words: str
    open: bool
    items: list[tuple[str, str, str]]
    card: list[str]
    figures: str

    def answers(self) -> dict[str, str]:
        return {item: choice for item, _, choice in self.items if choice}

    def saved(self) -> set[tuple[str, str]]:
        return {(item, choice) for item, where, choice in self.items if where == "hall"}

    def require_one_story(self) -> None:
        """Badge, card and items say the same."""
        if not self.items:
            return
        waiting = [item for item, where, _ in self.items if where in ("here", "sending")]
        refused = [item for item, where, _ in self.items if where == "refused"]
        badge = f"待上传 {len(waiting)}" if waiting else f"未能保存 {len(refused)}" if refused else "已保存"
        assert self.badge == badge, f"the badge says {self.badge}, the items {self.items}"
        nowhere = [item for item, where, choice in self.items if choice and not where]
        assert not nowhere, f"shown as chosen, and nobody knows of it: {nowhere}"
        # Something typed is an answer a moment later: until then the card calls the item what it was.
        card = [
            f"第 {n} 题，{'已答' if choice else '未答'}{IN_CARD.get(where, '')}"
            for n, (_, where, choice) in enumerate(self.items, 1)
        ]
        said = [
            one.replace("未答", "已答") if choice and where == "here" else one
            for one, (_, where, choice) in zip([PARTLY.sub("已答", one) for one in self.card], self.items, strict=True)
        ]
        assert said == card, f"the card says {self.card}, the items {self.items}"


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
        self.up, self.paused = True, False
        self.committed: set[tuple[str, str]] = set()
        self.given: dict[str, str] = {}
        self.steps: list[str] = []
        self.last_at: BrowserContext | None = None
        self.last_given = 0.0
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

    def go(self, steps: int, until: float = math.inf) -> None:
        ways = [
            (10, self.choose), (5, self.write), (3, self.cable), (2, self.second_tab), (3, self.take_back), (2, self.pause),
            (1, self.restart), (1, self.move), (3, self.leave_behind), (2, self.reload), (1, self.decide), (2, self.press),
        ]  # fmt: skip
        for _ in range(steps):
            (way,) = self.chance.choices([way for _, way in ways], [weight for weight, _ in ways])
            if self.is_over() or time.monotonic() > until:
                return
            self.steps.append(way.__name__)
            way()
            self.check()

    def _awake(self) -> Page:
        """The one tab at work; one that was just taken up is heard by the other one a moment later."""

        def awake() -> list[Page]:
            return [page for page in self.current.pages if not self.shown(page).asleep]

        until(lambda: len(awake()) == 1, SETTLED_S)
        return awake()[0]

    def is_over(self) -> bool:
        return any(self.shown(page).receipt for _, page in self.pages())

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

    def _goes_to(self, page: Page | None) -> Page | None:
        """The candidate is before this page now."""
        if page is None:
            return None
        if self.last_at not in (None, page.context):
            page.wait_for_timeout(1000 * max(0.0, self.last_given + BETWEEN_COMPUTERS_S - time.monotonic()))
        self.last_at = page.context
        return page

    def choose(self) -> None:
        page, item = self._goes_to(self._open_page()), self.chance.choice(list(CHOICES))
        if page is not None:
            told = page.evaluate(
                f"""([item, value]) => {{
                    const view = document.querySelector(`fieldset[data-item="${{item}}"]`), said = {SAID};
                    if (!view || view.disabled) return null;
                    const before = said(view);
                    view.querySelector(`input[value="${{value}}"]`).click();
                    return before === said(view) ? null : said(view);
                }}""",
                [item, self.chance.choice(CHOICES[item])],
            )
            self._given(page, item, told)

    def write(self) -> None:
        page, item = self._goes_to(self._open_page()), self.chance.choice(TEXTS)
        if page is not None:
            text = f"第 {self.chance.randint(1, 10**6)} 稿"
            told = page.evaluate(
                f"""([item, text]) => {{
                    const view = document.querySelector(`fieldset[data-item="${{item}}"]`), said = {SAID};
                    if (!view || view.disabled) return null;
                    const field = view.querySelector("textarea, input.blank");
                    field.value = text; field.dispatchEvent(new Event("input", {{ bubbles: true }}));
                    return said(view);
                }}""",
                [item, text],
            )
            self._given(page, item, told)

    def _given(self, page: Page, item: str, told: str | None) -> None:
        places = [
            f"{n}.{m}" for n, one in enumerate(self.computers) for m, other in enumerate(one.pages) if other is page
        ]
        self.steps.append(f"[{places[0]} {item}={told}]")
        self.last_given = time.monotonic()
        if told is not None:
            self.given[item] = told

    def press(self) -> None:
        """A letter key, wherever: it is no answer where nothing may be chosen."""
        _, page = self.chance.choice(self.pages())
        before = self.shown(page)
        if before.items and not self._able(before):
            page.keyboard.press(self.chance.choice("abcd"))
            assert self.shown(page).answers() == before.answers(), "a key chose something"

    def cable(self) -> None:
        computer = self.chance.choice(self.computers)
        computer.online = not computer.online
        computer.context.set_offline(not computer.online)

    def second_tab(self) -> None:
        computer = self.current
        if computer.online and self.up and len(computer.pages) == 1 and self._able(self.shown(computer.pages[0])):
            page = self.hall.page(computer.context)
            page.on("dialog", lambda dialog: dialog.accept())
            page.get_by_role("button", name="交卷").or_(page.get_by_text("已交卷")).first.wait_for()
            whole_paper(page)
            computer.pages.append(page)

    def take_back(self) -> None:
        """A tab that sleeps is taken up, and sometimes the other one right after it."""
        for _, page in self.pages():
            button = page.get_by_role("button", name="在此页继续作答")
            if button.count():
                button.press("Enter")  # a click so soon after one at the same place would be its double
                if self.chance.random() < 0.7:
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

    def late(self) -> list[dict[str, Any]]:
        return self.console.sittings()[self.ticket].late

    def decide(self) -> None:
        """The invigilator takes what was offered."""
        if self.up:
            for late in self.late():
                if late["accepted"] is None:
                    deed = {"do": "late", "sittings": [self.sitting], "number": late["number"], "text": "断网"}
                    done = self.console.do(**deed, accept=True)
                    # The hall decides by itself where its computer has brought the same meanwhile.
                    decided = (
                        next(one for one in self.late() if one["number"] == late["number"])["accepted"] is not None
                    )
                    assert done.status_code == 200 or decided, f"{done.text}; of {late} it was {self.late()}"

    # What has to be so.

    def check(self) -> None:
        """Of every page, whatever it is: one story, nothing called saved that never was, nothing to choose in a tab that sleeps.
        The page at work, once nothing waits, shows what the hall holds."""
        for _, page in self.pages():
            self._is_true(page)
        if self.up and self.current.online:
            for page in self.current.pages:
                if not self.shown(page).asleep:
                    self._agrees(page)

    def _is_true(self, page: Page) -> Shown:
        shown = self.shown(page)
        shown.require_one_story()
        assert not (shown.asleep and shown.open), "another tab is at work"
        if self.up and not shown.saved() <= self.committed:
            self.committed = {(one.item, one.choice) for one in self.hall.log() if one.sitting == self.sitting}
            never = shown.saved() - self.committed
            assert not never, f"called saved, and never committed: {never}"
        return shown

    def _agrees(self, page: Page) -> None:
        ends = time.monotonic() + SETTLED_S
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
        while True:
            shown, there = self._is_true(page), self.hall.answers(self.index)
            if shown.receipt or (shown.badge == "已保存" and shown.answers() == there):
                return
            assert time.monotonic() < ends, f"the page says {shown}, the hall holds {there}"
            time.sleep(0.1)

    def _everything_comes_back(self) -> None:
        if not self.up:
            self.restart()
        if self.paused:
            self.pause()
        for computer in self.computers:
            computer.online = True
            computer.context.set_offline(False)

    def end(self) -> None:
        """Everything comes back: every computer reports, every offer is taken, and the last word given is what counts."""
        self._everything_comes_back()
        self.take_back()
        self._old_computers_have_reported()
        page = self._awake()
        self._agrees(page)
        self.decide()
        self._agrees(page)
        until(lambda: self.shown(page).open, SETTLED_S)  # it has heard that no pause holds any more
        self._last_word_counts()
        self.chance.choice([lambda _: None, self._is_forced, self._hands_in, self._hands_in_later])(page)

    def _old_computers_have_reported(self) -> None:
        """A page that was left is at its door; it says how much of what it held was brought, and holds nothing any more."""
        for computer, page in self.pages():
            if not self.shown(page).asleep and computer is not self.current:
                page.get_by_label("准考证号").wait_for(timeout=SETTLED_S * 1000)
                self._says_what_was_brought(self.shown(page).words, "old", len(computer.pages))
                assert [one for one in kept(page) if one["sitting"] == self.sitting] == []

    def _says_what_was_brought(self, words: str, source: str, tabs: int) -> None:
        told = re.search(r"(?:本机保存的|结束后送达) (\d+) 题(?:已送到|，其中)", words)
        offers = [one["in_time"] + one["after"] for one in self.late() if one["source"] == source]
        true = not told or (
            1 <= int(told[1]) <= sum(offers) if tabs > 1 else int(told[1]) in offers
        )  # tabs bring the same
        assert true, f"the page says {words}, offered is {self.late()}"
        assert "没有送到" not in words

    def _last_word_counts(self) -> None:
        there, given = self.hall.answers(self.index), {item: choice for item, choice in self.given.items() if choice}
        log = [(one.item, one.choice, one.rev, one.said_at) for one in self.hall.log() if one.sitting == self.sitting]
        assert there == given, f"the hall holds {there}, last given was {given}; log {log}; offered {self.late()}"

    def _is_handed_in(self, page: Page, why: str = "") -> None:
        """The page says so, why, and with the receipt that the hall has."""
        page.get_by_text("已交卷").wait_for(timeout=SETTLED_S * 1000)
        receipt = self.console.sittings()[self.ticket].receipt
        shown = self.shown(page)
        assert receipt
        assert shown.receipt == receipt
        assert why in shown.words
        assert [one for one in kept(page) if one["sitting"] == self.sitting] == []

    def _other_tab_says_so(self) -> None:
        for page in self.current.pages:
            if self.shown(page).asleep:
                page.get_by_role("button", name="在此页继续作答").press("Enter")
                self._is_handed_in(page)

    def _confirms(self, page: Page) -> None:
        page.get_by_role("button", name="交卷").first.click()
        page.get_by_role("button", name="确认交卷").click()

    def _hands_in(self, page: Page) -> None:
        self._confirms(page)
        self._hands_in_after_all(page)

    def _hands_in_later(self, page: Page) -> None:
        """With the cable out: it waits, the page says how much it holds, and brings it before it hands in."""
        self.current.context.set_offline(True)
        self.choose()
        self.write()
        self._confirms(page)
        page.get_by_role("dialog", name="等待交卷").wait_for(timeout=SETTLED_S * 1000)
        assert not self.console.sittings()[self.ticket].receipt
        self.current.context.set_offline(False)
        self._hands_in_after_all(page)

    def _hands_in_after_all(self, page: Page) -> None:
        self._is_handed_in(page)
        self._last_word_counts()
        self._other_tab_says_so()

    def _is_forced(self, page: Page) -> None:
        """Closed by the invigilator while the cable is out: what is given then is kept apart, and the page says so."""
        before = self.hall.answers(self.index)
        self.current.context.set_offline(True)
        assert self.console.do(do="force", sittings=[self.sitting], text="试").status_code == 200
        self.choose()
        self.current.context.set_offline(False)
        self._is_handed_in(page, "监考员已为您交卷")
        self._says_what_was_brought(self.shown(page).words, "network", len(self.current.pages))
        assert [one["in_time"] for one in self.late() if one["source"] == "network" and one["after"]] in ([], [0])
        assert self.hall.answers(self.index) == before
        self._other_tab_says_so()

    def runs_out(self, longest_s: float) -> None:
        """The time is over, perhaps with the cable out or the hall away: what was given in it counts, and the page says why it is
        closed."""
        self._everything_comes_back()
        self.take_back()
        self._old_computers_have_reported()
        page = self._awake()
        until(lambda: self.shown(page).open or self._says_it_is_over(page), SETTLED_S)  # no pause holds any more
        trouble = self.chance.choice(["none", "cable", "hall"])
        self.steps.append(f"[over: {trouble}]")
        if trouble == "cable":
            self.current.context.set_offline(True)
        if trouble == "hall":
            self.restart()
        while not self._says_it_is_over(page):
            self.choose()
            self.write()
            longest_s -= 1
            assert longest_s > 0, "the page never said that the time is over"
            page.wait_for_timeout(1000)
        self._everything_comes_back()
        self._is_handed_in(page, "考试时间到，系统已自动为您交卷")
        self._says_what_was_brought(self.shown(page).words, "network", len(self.current.pages))
        self.decide()
        self._last_word_counts()
        self._other_tab_says_so()

    @staticmethod
    def _says_it_is_over(page: Page) -> bool:
        return page.get_by_text("考试时间到").count() > 0

    def close(self) -> None:
        for computer in self.computers:
            computer.context.close()
            self.hall.contexts.remove(computer.context)


def walks(hall: HallAtWork, seed: int, seconds: float, candidates: int) -> int:
    """One candidate after the other until the time is over; returns how many there were. A failure names the seed."""
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
        done += 1
        walk.close()
        if time.monotonic() > ends:
            return done
    return done


def runs_out(hall: HallAtWork, seed: int, longest_s: float = 120.0) -> None:
    """One candidate until the end of the time."""
    walk = Walk(hall, random.Random(f"{seed}-out"), 0)
    try:
        walk.go(1000, until=time.monotonic() + 20)
        walk.runs_out(longest_s)
    except BaseException as broken:
        broken.add_note(f"seed {seed}: {' '.join(walk.steps)}")
        raise
    walk.close()
