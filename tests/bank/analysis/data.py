"""Public data sets whose figures stand in papers and in the documentation of reference software."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

# Law School Admission Test, sections 6 and 7: 1,000 persons, 5 items, by pattern 00000, 00001 … 11111
# (Bock & Lieberman 1970, Psychometrika 35, 179-197).
LSAT6 = [
    3,
    6,
    2,
    11,
    1,
    1,
    3,
    4,
    1,
    8,
    0,
    16,
    0,
    3,
    2,
    15,
    10,
    29,
    14,
    81,
    3,
    28,
    15,
    80,
    16,
    56,
    21,
    173,
    11,
    61,
    28,
    298,
]
LSAT7 = [
    12,
    19,
    1,
    7,
    3,
    19,
    3,
    17,
    10,
    5,
    3,
    7,
    7,
    23,
    8,
    28,
    7,
    39,
    11,
    34,
    14,
    51,
    15,
    90,
    6,
    25,
    7,
    35,
    18,
    136,
    32,
    308,
]
# Graduate admissions at Berkeley 1973 by department: men admitted and rejected, women admitted and rejected (Bickel, Hammel &
# O'Connell 1975, Science 187, 398-403).
BERKELEY = [
    (512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299), (22, 351, 24, 317),
]  # fmt: skip
# Motor Trend road tests 1974: cylinders, gears, carburettors, horse power of 32 cars (Henderson & Velleman 1981).
CARS = [
    (6, 4, 4, 110), (6, 4, 4, 110), (4, 4, 1, 93), (6, 3, 1, 110), (8, 3, 2, 175), (6, 3, 1, 105), (8, 3, 4, 245), (4, 4, 2, 62),
    (4, 4, 2, 95), (6, 4, 4, 123), (6, 4, 4, 123), (8, 3, 3, 180), (8, 3, 3, 180), (8, 3, 3, 180), (8, 3, 4, 205), (8, 3, 4, 215),
    (8, 3, 4, 230), (4, 4, 1, 66), (4, 4, 2, 52), (4, 4, 1, 65), (4, 3, 1, 97), (8, 3, 2, 150), (8, 3, 2, 150), (8, 3, 4, 245),
    (8, 3, 2, 175), (4, 4, 1, 66), (4, 5, 2, 91), (4, 5, 2, 113), (8, 5, 4, 264), (6, 5, 6, 175), (8, 5, 8, 335), (4, 4, 2, 109),
]  # fmt: skip


def answers(frequencies: list[int]) -> NDArray[np.float64]:
    """Persons x items, right 1 and wrong 0."""
    patterns = np.array(list(product([0.0, 1.0], repeat=5)))
    return np.repeat(patterns, frequencies, axis=0)
