"""Two reviews by two people, none by who entered the application; nothing out of the ordinary is decided over one's own."""

from assay.applications.own_matters import candidate
from assay.kernel.separation import Side, apart, apart_about, not_own

CLAUSE = "工作方案 四(一)3(1)"
SUBJECT = "applications.application"
REVIEWS = ("applications.first_review", "applications.centre_review")
ENTERING = ("applications.hand_in", "applications.import_roster", "applications.mend")
PARTS = ("applications.exempt", "applications.drop_exemption", "applications.set_parts")
EXCEPTIONS = (*PARTS, "applications.admit_again")
CORRECTING = "applications.correct_applicant"

apart(SUBJECT, *REVIEWS, said="系部初审与中心审核", clause=CLAUSE)
apart(SUBJECT, ENTERING, REVIEWS[1], said="录入报名与中心审核", clause=CLAUSE)
apart(SUBJECT, PARTS, REVIEWS[1], said="更正考试类别、登记免考与中心审核", clause=CLAUSE)
for corrected in (Side("applications.applicant", (CORRECTING,), "application"), Side(SUBJECT, (CORRECTING,))):
    # As below: the act records the one, a page asks about the other.
    apart_about(corrected, Side(SUBJECT, (REVIEWS[1],)), said="更正已审核的考生信息与中心审核", clause=CLAUSE)
not_own(SUBJECT, REVIEWS, **candidate("person"), said="资格审核", clause=CLAUSE)
not_own(SUBJECT, EXCEPTIONS, **candidate("person"), said="免考、考试类别与再次认定", clause=CLAUSE)
for subject, path in (("applications.applicant", "application__person"), (SUBJECT, "person")):
    # The act records what is said of the person; a page asks about the application.
    not_own(subject, CORRECTING, **candidate(path), said="更正已审核的考生信息", clause=CLAUSE)
