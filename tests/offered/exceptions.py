"""What the proof leaves out, and why. Short on purpose: whoever adds a line says what a person sees instead."""

from __future__ import annotations

INPUTS: dict[str, tuple[str, ...]] = {
    "applications.exempt": ("^登记免考须有：",),
    "bank.print_notice": ("还没有操作技能试卷，组卷后才能出准备通知单$",),
    "bank.hand_out": ("^请填写发出的份数和领取人",),
    "bank.assemble": ("组不成卷：.*可用试题不够",),
    "bank.assemble_skill": ("不是操作技能细目表$",),
    "batches.revise_batch": ("^考试考核须填写考核日期；至少要有一个工种$", "^至少要有一个工种$"),
    "applications.first_review": ("^没有选中任何报名$",),
    "applications.centre_review": ("^没有选中任何报名$",),
    "applications.import_roster": ("^报名时间为 .* 至 [^，]*$", "^“[^”]*”现处“[^”]*”，不接受报名$"),
    "arrangement.move_candidate": ("^只能调到同一批次、同一科目的考场$",),
    "arrangement.replace_member": (
        "^[^ ]* (该时段已安排在|已是本考场的|证卡|没有该岗位的证卡|没有账号|账号已停用)",
        "^请写明人员变动的原因$",
    ),
    "arrangement.add_member": ("^请选择增派的岗位$", "^请先选择增派的人员", "^请写明人员变动的原因$"),
    "arrangement.release_member": ("^请写明人员变动的原因$",),
    "arrangement.name_leader": ("^请写明人员变动的原因$",),
    "arrangement.swap_seats": ("^这就是该考生现在的座位$",),
    "exam.add_to_record": ("^请选择“更正”或“补充”$",),
    "exam.countersign_addition": ("^不同意的，请写明理由$",),
    "exam.postpone": ("^改期的时间须在今后$",),
    "exam.check_readiness": ("^检查项目不全$",),
    "exam.check_rooms": ("^没有选中任何考场$",),
    "applications.withdraw": ("^没有选中任何报名$",),
    "exam.sign_paper_exam": ("^请写明改用纸质试卷的原因$",),
    "exam.record_collection": ("已另行发布，取回的不是现在的考试包，请重新收卷$",),
    "oversight.give_feedback": ("^督导项目未评价：全部$",),
    "certificates.draw": ("^没有要打印的证书$",),
    "certificates.propose_correction": ("^没有要更正的内容：所填与证书现在的内容相同$",),
    "exam.close_room_record": (r"^实考 \d+ 人加缺考 \d+ 人，应为应考 \d+ 人$",),
}
"""By act: what it says of made-up inputs, and not of the rows. The batch of a roster is an input: it is chosen in its form."""

NOT_OFFERED: dict[str, str] = {
    "bank:notice": "a paper is chosen in the form, and printed",
    "applications:applicant": "a page of its own, which opens only while the act can be done",
    "exam:postpone": "a page of its own, which opens only while the act can be done",
    "exam:check_day": "a page of its own, whose form is there only while there is a room to be checked",
    "exam:readiness": "a page of its own, whose form is there only while the act can be done",
    "exam:record_additions": "a page of its own, whose form is there only while the act can be done",
    "exam:record": "a page of its own, which opens only while the act can be done",
    "marking:open_all": "each panel is offered in its row; this opens those that are, and is there while there are any",
}
"""Pages whose form leads to an act and stands for no offer."""

NOT_SHOWN: dict[str, str] = {
    "exam.announce": "the hall says it first, on the page of sessions that run; only what was said is put down",
    "applications.add_evidence": "papers come in with the application, on its form, as one act: `applications.hand_in`",
    "bank.read_paper": "opening the paper's page is the act",
    "bank.report_leak": "stands on the page of each paper, at any time",
}
"""Acts that can be done though no page of a batch shows them."""
