"""What the proof leaves out, and why. Short on purpose: whoever adds a line says what a person sees instead."""

from __future__ import annotations

INPUTS: dict[str, tuple[str, ...]] = {
    "applications.exempt": ("^登记免考须有：",),
    "bank.print_notice": ("还没有操作技能试卷，组卷后才能出准备通知单$",),
    "bank.hand_out": ("^请填写发出的份数和领取人",),
}
"""By act: what it says of made-up inputs, and not of the rows."""

NOT_OFFERED: dict[str, str] = {
    "bank:notice": "a paper is chosen in the form, and printed",
}
"""Pages whose form leads to an act and stands for no offer."""

NOT_SHOWN: dict[str, str] = {
    "exam.announce": "the hall says it first, on the page of sessions that run; only what was said is put down",
    "bank.read_paper": "opening the paper's page is the act",
    "bank.report_leak": "stands on the page of each paper, at any time",
}
"""Acts that can be done though no page of a batch shows them."""
