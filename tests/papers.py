"""What stands on a paper."""

from __future__ import annotations

import subprocess


def text_of(pdf: bytes) -> str:
    """The words of a paper without the spaces and breaks between them."""
    said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(said.stdout.decode().split())
