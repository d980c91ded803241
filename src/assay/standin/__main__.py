"""`python -m assay.standin`, settings by environment.

ASSAY_STANDIN_TOKEN (required), ASSAY_STANDIN_DATABASE (standin.sqlite3), ASSAY_STANDIN_HOST (127.0.0.1),
ASSAY_STANDIN_PORT (8002); ASSAY_STANDIN_AUTO=approve approves every filing and result report on receipt.
ASSAY_TLS_CERT, ASSAY_TLS_KEY: PEM files, to be reached by https.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assay.front.running import UMASK
from assay.standin.main import run


def main() -> None:
    """Start with the environment's settings; say in Chinese what is wrong with them."""
    token = os.environ.get("ASSAY_STANDIN_TOKEN", "")
    port = os.environ.get("ASSAY_STANDIN_PORT", "8002")
    auto = os.environ.get("ASSAY_STANDIN_AUTO", "")
    wrong = []
    if not token:
        wrong.append("未设置 ASSAY_STANDIN_TOKEN（访问密码）")
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        wrong.append(f"ASSAY_STANDIN_PORT 应为 0 至 65535 的整数，现为“{port}”")
    if auto not in ("", "approve"):
        wrong.append(f"ASSAY_STANDIN_AUTO 只可填 approve 或留空，现为“{auto}”")
    if wrong:
        sys.exit("省平台演示站不能启动：" + "；".join(wrong))
    os.umask(UMASK)
    run(
        os.environ.get("ASSAY_STANDIN_HOST", "127.0.0.1"),
        int(port),
        Path(os.environ.get("ASSAY_STANDIN_DATABASE", "standin.sqlite3")),
        token,
        auto_approve=auto == "approve",
    )


if __name__ == "__main__":
    main()
