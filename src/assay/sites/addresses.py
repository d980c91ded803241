"""Which computer stands at which seat, by its network address: a text of one line a computer, «1 10.0.0.31»."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from ipaddress import ip_address

_APART = re.compile(r"[\s,;，；、]+")
MOST_SAID = 20
"""Problems of one text; who has more has pasted something else."""


def addresses_of(text: str) -> dict[int, str]:
    """Seat → address, of a text without problems."""
    return {int(seat): str(ip_address(address)) for _, (seat, address) in _lines(text)}


def problems_of(text: str, stations: int) -> list[str]:
    """Everything that is wrong with the text, in Chinese, line by line; [] when nothing is."""
    return list(_problems(text, stations))[:MOST_SAID]


def _problems(text: str, stations: int) -> Iterator[str]:
    seats: dict[int, int] = {}
    addresses: dict[str, int] = {}
    for number, words in _lines(text):
        if len(words) != 2 or not words[0].isdecimal():
            yield f"第 {number} 行“{' '.join(words)[:40]}”看不懂，应为机位号和网络地址，如“1 10.0.0.31”"
            continue
        seat, address = int(words[0]), _address(words[1])
        if not 1 <= seat <= stations:
            yield f"第 {number} 行：没有 {seat} 号机位（本考场 {stations} 个机位）"
        elif seat in seats:
            yield f"第 {number} 行：{seat} 号机位已在第 {seats[seat]} 行"
        if address is None:
            yield f"第 {number} 行：“{words[1][:40]}”不是网络地址"
        elif address in addresses:
            yield f"第 {number} 行：{address} 已在第 {addresses[address]} 行"
        seats.setdefault(seat, number)
        if address:
            addresses.setdefault(address, number)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Number and words of each line that says something; full-width signs count as plain ones."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = list(filter(None, _APART.split(unicodedata.normalize("NFKC", line))))
        if words:
            yield number, words


def _address(word: str) -> str | None:
    try:
        return str(ip_address(word))
    except ValueError:
        return None
