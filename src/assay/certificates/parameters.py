"""Addresses that stand on a certificate, and where what is filled in falls onto its blank sheet."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter("certificate.url", "证书查询网址", "text", "http://jndj.osta.org.cn/", "", "人社鉴发〔2021〕1号"),
    Parameter(
        "certificate.body_url",
        "机构查询网址",
        "text",
        "http://pjjg.osta.org.cn/",
        "",
        "人社鉴发〔2021〕1号",
    ),
    Parameter(
        "certificate.offset_right", "套打右移（负数左移）", "decimal", "0", "毫米", "本中心约定：按打印机量得", least=-50, most=50,
        measured=True,
    ),
    Parameter(
        "certificate.offset_down", "套打下移（负数上移）", "decimal", "0", "毫米", "本中心约定：按打印机量得", least=-50, most=50,
        measured=True,
    ),
)  # fmt: skip
