"""The numbers in the rules of the theory exam."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter("exam.open_minutes", "开考前可启封试卷", "int", "60", "分钟", "通行做法：考前 30 至 60 分钟两人启封"),
    Parameter(
        "exam.check_days", "考前检查最早在考核首日前", "int", "3", "天", "工作方案 四(一)6(1) 只说提前；本中心约定"
    ),
    Parameter("exam.grace_seconds", "到时后补传答案", "int", "60", "秒", "本中心约定"),
    Parameter("exam.reschedule_minutes", "中断未恢复另行安排", "int", "45", "分钟", "机考考务通行做法"),
)
