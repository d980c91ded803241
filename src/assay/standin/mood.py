"""The switch that makes the stand-in rude, so that the product's retries can be tried: failures and delays."""

from __future__ import annotations

import asyncio
from typing import Any

from assay.standin.failures import Problem

MOST_FAILURES = 1000
LONGEST_DELAY_MS = 60_000


class Mood:
    """`fail_next` API calls still to be refused with 503; `delay_ms` by which each answer is held back.

    The answer is held back *after* the work is done and committed: a caller that gives up waiting has the hard
    case before it, a message that arrived although its answer did not. Lives in memory: a restart is a good mood.
    """

    def __init__(self) -> None:
        self.fail_next = 0
        self.delay_ms = 0

    def set(self, wanted: Any) -> dict[str, int]:
        """Take {"fail_next": n, "delay_ms": n}, either left out meaning 0; the mood now in force."""
        if not isinstance(wanted, dict):
            raise Problem(422, "invalid", '请求内容应为对象，如 {"fail_next": 2, "delay_ms": 0}')
        limits = {"fail_next": MOST_FAILURES, "delay_ms": LONGEST_DELAY_MS}
        faults = [
            {"field": key, "message": f"{key} 应为 0 至 {most} 的整数"}
            for key, most in limits.items()
            if type(wanted.get(key, 0)) is not int or not 0 <= wanted.get(key, 0) <= most
        ]
        faults += [{"field": key, "message": f"不认识的设置“{key}”"} for key in wanted if key not in limits]
        if faults:
            raise Problem(422, "invalid", "；".join(f["message"] for f in faults), faults)
        self.fail_next, self.delay_ms = wanted.get("fail_next", 0), wanted.get("delay_ms", 0)
        return {"fail_next": self.fail_next, "delay_ms": self.delay_ms}

    def require_good(self) -> None:
        """Raises Problem 503 while failures are due, and counts one off."""
        if self.fail_next:
            self.fail_next -= 1
            raise Problem(503, "unavailable", "省平台暂不可用，请稍后重试（演示站按测试设置拒绝本次请求）")

    async def dawdle(self) -> None:
        """Hold the answer back."""
        if self.delay_ms:
            await asyncio.sleep(self.delay_ms / 1000)
