"""What the set-up changed, or would change, in words."""

from __future__ import annotations

from assay.setup.acts import UNCHANGED, Installed


def what_changed(done: Installed, *, checked: bool = False) -> str:
    if done.said == UNCHANGED:
        return f"所填与现有资料一致，{UNCHANGED}。"
    same = f"；其余 {done.same} 行{UNCHANGED}" if done.same else ""
    if checked:
        return f"检查通过，没有写入。正式导入将写入：{done.said}{same}。"
    return f"已写入：{done.said}{same}。"
