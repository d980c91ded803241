"""The analysis agrees with figures that others have published for public data sets."""

from __future__ import annotations

import numpy as np
import pytest

from assay.analysis import classical, group_differences, response_models
from tests.bank.analysis.data import BERKELEY, CARS, LSAT6, LSAT7, answers


def test_alpha_of_the_1974_cars_as_the_r_package_performance_has_it() -> None:
    """easystats/performance, tests/testthat/test-cronbachs_alpha.R: 0.09463206."""
    assert classical.alpha(np.array(CARS, dtype=float)) == pytest.approx(0.09463206, abs=1e-8)


def test_common_odds_ratio_of_the_berkeley_admissions_as_r_has_it() -> None:
    """R, mantelhaen.test(UCBAdmissions): odds ratio 0.9046968, 95 % interval 0.7719074 to 1.0603298, X-squared 1.4269,
    p 0.2323; without continuity correction 1.5246, p 0.2169."""
    found = group_differences.mantel_haenszel(BERKELEY)
    assert found.odds == pytest.approx(0.9046968, abs=5e-8)
    assert (found.low, found.high) == pytest.approx((0.7719074, 1.0603298), abs=5e-8)
    assert (found.chi_square, found.p_value) == pytest.approx((1.4269, 0.2323), abs=5e-5)
    plain = group_differences.mantel_haenszel(BERKELEY, correct=False)
    assert (plain.chi_square, plain.p_value) == pytest.approx((1.5246, 0.2169), abs=5e-5)


def test_item_figures_of_lsat_7_as_the_r_package_mirt_prints_them() -> None:
    """mirt, itemstats(expand.table(LSAT7)): printed to three decimals, so compared to half of the last."""
    marks = answers(LSAT7)
    whole, items = classical.test_figures(marks), classical.item_figures(marks)
    printed = (3.707, 1.199, 0.143, 0.453, 0.886)
    assert (whole.mean, whole.deviation, whole.mean_correlation, whole.alpha, whole.error) == pytest.approx(
        printed, abs=5e-4
    )
    table = [
        (0.828, 0.378, 0.530, 0.246, 0.396), (0.658, 0.475, 0.600, 0.247, 0.394), (0.772, 0.420, 0.611, 0.313, 0.345),
        (0.606, 0.489, 0.592, 0.223, 0.415), (0.843, 0.364, 0.461, 0.175, 0.438),
    ]  # fmt: skip
    for found, row in zip(items, table, strict=True):
        mine = (found.difficulty, found.deviation, found.with_total, found.with_rest, found.alpha_without)
        assert mine == pytest.approx(row, abs=5.01e-4)


def test_shares_of_right_answers_of_lsat_6_as_bock_and_lieberman_counted_them() -> None:
    found = [item.difficulty for item in classical.item_figures(answers(LSAT6))]
    assert found == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870], abs=1e-12)


def test_kr_20_is_alpha_for_right_and_wrong() -> None:
    for data in (LSAT6, LSAT7):
        assert classical.kr20(answers(data)) == pytest.approx(classical.alpha(answers(data)), abs=1e-12)


def test_two_parameter_model_of_lsat_6_as_the_r_package_ltm_fits_it() -> None:
    """ltm(LSAT ~ z1): log likelihood -2466.653; its optimiser stops at a gradient of 0.024, so its parameters have about
    three decimals."""
    found = response_models.two_parameters(answers(LSAT6))
    assert found.settled
    assert found.log_likelihood == pytest.approx(-2466.653, abs=6e-4)
    assert found.difficulties == pytest.approx([-3.3597341, -1.3696497, -0.2798983, -1.8659189, -3.1235725], abs=3e-3)
    assert found.slopes == pytest.approx([0.8253715, 0.7229499, 0.8904748, 0.6885502, 0.6574516], abs=1e-3)


def test_two_parameter_model_of_lsat_7_as_mirt_fits_it() -> None:
    """mirt, tests/tests/test-01-mirtOne.R: slopes and intercepts."""
    found = response_models.two_parameters(answers(LSAT7))
    intercepts = [-s * d for s, d in zip(found.slopes, found.difficulties, strict=True)]
    assert found.slopes == pytest.approx([0.988, 1.081, 1.706, 0.7651, 0.7358], abs=2e-3)
    assert intercepts == pytest.approx([1.8561, 0.808, 1.8043, 0.486, 1.8545], abs=2e-3)


def test_rasch_model_of_both_as_mirt_fits_it() -> None:
    """mirt, the same file: with one common slope LSAT7 has 1.011; LSAT6 as a Rasch model has the variance 0.57 (slope 0.755)
    and the intercepts 2.730, 0.999, 0.240, 1.306, 2.099. Log likelihood of LSAT6: ltm's rasch prints -2466.938."""
    seven, six = response_models.rasch(answers(LSAT7)), response_models.rasch(answers(LSAT6))
    assert seven.slopes == pytest.approx([1.011] * 5, abs=1e-3)
    assert six.slopes[0] ** 2 == pytest.approx(0.57, abs=3e-3)
    assert [-d * six.slopes[0] for d in six.difficulties] == pytest.approx(
        [2.730, 0.999, 0.240, 1.306, 2.099], abs=2e-3
    )
    assert six.log_likelihood == pytest.approx(-2466.938, abs=6e-4)
