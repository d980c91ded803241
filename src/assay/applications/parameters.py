"""The numbers in the rules of who may apply, and with what."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter(
        "applications.sources", "认定对象（考生来源）", "words", "在校学生、在职教职工", "", "工作方案 二(一)", most=10
    ),
    Parameter("results.pass_mark", "合格分数线", "decimal", "60", "分", "国家职业技能标准 1.9", most=100),
    Parameter("results.resits", "单科补考次数", "int", "1", "次", "河南某校 2026 年通知"),
    Parameter("photo.months", "照片拍摄时间不超过", "int", "6", "个月", "人社鉴发〔2021〕1号"),
)
