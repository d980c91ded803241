"""The numbers in the rules of cards."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter("card.years", "考评员、督导员证卡有效期", "int", "3", "年", "工作方案 三(四)2"),
)
