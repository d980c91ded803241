"""A bank as a file for somebody else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from assay.interchange import excel, moodle, qti_package
from assay.interchange.outgoing import Outgoing

FORMATS = {"excel": "Excel", "qti": "QTI 3.0", "moodle": "Moodle XML"}


def write(bank: Outgoing, form: str) -> tuple[str, bytes]:
    """(file name, content). With pictures an Excel bank is a ZIP of the workbook and the pictures."""
    if form == "excel":
        book = excel.write(bank)
        return (f"{bank.title}.zip", _bundle(bank, book)) if bank.pictures else (f"{bank.title}.xlsx", book)
    writers: dict[str, tuple[str, Callable[[Outgoing], bytes]]] = {
        "qti": ("QTI3.zip", qti_package.write),
        "moodle": ("Moodle.xml", moodle.write),
    }
    suffix, writer = writers[form]
    return f"{bank.title}_{suffix}", writer(bank)


def _bundle(bank: Outgoing, book: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("试题.xlsx", book)
        for digest, content in bank.pictures.items():
            bundle.writestr(f"图片/{bank.picture_name(digest)}", content)
    return buffer.getvalue()
