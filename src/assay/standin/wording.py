"""Codes of the contract in the words of the pages."""

from __future__ import annotations

ROUTES = {"exam": "考试考核", "direct": "直接认定", "process": "过程化考核", "contest": "竞赛取证"}
LEVELS = {"5": "五级/初级工", "4": "四级/中级工", "3": "三级/高级工", "2": "二级/技师", "1": "一级/高级技师"}
LEFT_OUT = {"kept": "保留", "exempt": "免考"}
OUTCOMES = {"pass": "合格", "fail": "不合格", "absent": "缺考"}
CHANGES = {"withdrawn": "撤销", "corrected": "更正", "reprinted": "流水码变更"}
CERTIFICATE_STATES = {"valid": "有效", "withdrawn": "已撤销"}
STATES = {
    "received": "待审批",
    "approved": "已批准",
    "returned": "已退回",
    "accepted": "全部接收",
    "partly": "部分拒收",
    "rejected": "全部拒收",
}
SIGNER = "省职业技能鉴定指导中心（演示站）"
AUTO_SIGNER = "省职业技能鉴定指导中心（演示站自动批准）"
