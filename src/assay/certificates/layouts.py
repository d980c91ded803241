"""What is printed of a certificate: how it is laid onto the sheet. Pure."""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    WHOLE = "whole"
    INSIDE = "inside"
    VALUES = "values"


LAYOUTS = {
    Layout.WHOLE: "整本（封面和内页，白纸双面打印）",
    Layout.INSIDE: "只印内页（封面另印）",
    Layout.VALUES: "套打（只印填写内容，印在预印好的空白证书上）",
}
SAID_SHORT = {Layout.WHOLE: "整本", Layout.INSIDE: "内页", Layout.VALUES: "套打"}
