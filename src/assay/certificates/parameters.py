"""Addresses that stand on a certificate."""

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
)
