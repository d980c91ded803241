"""What a supervisor looks at, by stage (work plan §三(一)2(2)⑤ and §四(一)6). Pure data."""

from __future__ import annotations

from assay.batches.stages import Stage

CHECKLISTS: dict[str, tuple[str, ...]] = {
    Stage.REVIEW: ("申报条件逐人审核", "证明材料齐全真实", "系部初审与中心审核由不同的人进行"),
    Stage.READINESS: ("考场布置符合要求", "设备完好、备用机位充足", "视频监控覆盖全考场", "试卷封存完好、交接有签字"),
    Stage.EXAM: (
        "监考、考评人员按时到岗，人数符合配比",
        "考生身份逐人核验",
        "考场秩序良好，无关人员未入场",
        "考评员独立评分，执行回避制度",
        "考场记录如实填写，违纪处理规范",
        "全程视频监控",
    ),
    Stage.RESULTS: ("成绩合成、上报与原始记录一致", "缺考、违纪登记准确"),
    Stage.CERTIFICATES: ("证书编号、打印、发放手续齐全", "空白证书领用、作废登记清楚"),
}
