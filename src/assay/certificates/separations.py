"""A correction is proposed and decided by two people; nobody decides over an own certificate."""

from assay.applications.own_matters import candidate
from assay.kernel.separation import apart, not_own

CLAUSE = "证书管理及发放办法"

apart(
    "certificates.correction", "certificates.propose_correction", "certificates.decide_correction",
    said="提出证书更正与审批更正", clause=CLAUSE,
)  # fmt: skip
for subject, deed, to in (
    ("certificates.certificate", "certificates.propose_correction", "application__person"),
    ("certificates.correction", "certificates.decide_correction", "certificate__application__person"),
    ("applications.application", "certificates.decide_right", "person"),
):
    not_own(subject, deed, **candidate(to), said="证书更正、核发决定", clause=CLAUSE)
