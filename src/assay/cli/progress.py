"""Progress on the terminal, and the summary table at the end."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from assay.rehearsal.report import Report


class Bars:
    """A bar for each stage; one without a total only spins. On a pipe, one line a stage. Use as a context manager."""

    def __init__(self) -> None:
        self.console = Console()
        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, title: str, total: int) -> None:
        self._task = self._bars.add_task(title, total=total or None)
        if not self.console.is_terminal:
            self.console.print(f"{title} …")

    def step(self, count: int = 1) -> None:
        if self._task is not None:
            self._bars.advance(self._task, count)

    def done(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[self._task]
            self._bars.update(self._task, total=task.completed or 1, completed=task.completed or 1)


def show(report: Report, console: Console) -> None:
    """The stages with their counts and seconds, then what became of the answers and certificates."""
    table = Table(title="演练小结", show_edge=False)
    for heading, justify in (("环节", "left"), ("数量", "left"), ("秒", "right")):
        table.add_column(heading, justify="right" if justify == "right" else "left")
    for stage in report.stages:
        counts = "，".join(f"{name} {count}" for name, count in stage.counts.items())
        table.add_row(stage.title, counts, f"{stage.seconds:.1f}")
    console.print(table)
    console.print(
        f"确认的答案 {report.answers_acknowledged}，丢失 {report.answers_lost}；"
        f"保存耗时 p50 {report.quantile(0.5)} 毫秒，p99 {report.quantile(0.99)} 毫秒"
    )
    slowest = sorted(report.stages, key=lambda s: -s.seconds)[:3]
    console.print("最慢的环节：" + "，".join(f"{s.title} {s.seconds:.1f} 秒" for s in slowest))
    for one in report.slowest_requests()[:3]:
        console.print(
            f"最慢的请求：{one['path']} {one['count']} 次，"
            f"p50 {one['p50_ms']} 毫秒，p99 {one['p99_ms']} 毫秒，最慢 {one['slowest_ms']} 毫秒"
        )
    console.print(f"证书 {report.certificates_issued} 本，查验一致 {report.certificates_verified} 本")
    console.print(f"台账 {report.ledger_entries} 条，问题 {len(report.ledger_problems)} 处")
    for text in [*report.refused[:10], *report.ledger_problems[:10]]:
        console.print(f"✗ {text}", style="red")
