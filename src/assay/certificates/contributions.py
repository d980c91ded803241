from collections.abc import Sequence

from assay.applications import history
from assay.applications.certified import add_numbers
from assay.applications.models import Application
from assay.applications.resting import add_resting
from assay.batches.stages import Stage
from assay.certificates.history import certificates_in_force
from assay.certificates.models import Certificate
from assay.certificates.queries import work_of_closed_batches
from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_engagements, add_menu

add_batch_pages(BatchPage(Stage.CERTIFICATES, "证书核发", "certificates:batch"))
add_menu(MenuEntry("认定批次", "证书台账", "certificates:list", order=60))
add_menu(MenuEntry("认定批次", "空白证书", "certificates:blanks", order=61))
add_engagements(work_of_closed_batches)
history.contribute(certificates_in_force)


def _numbered(application: Application) -> str | None:
    """A certificate prints its own copy of what was reviewed."""
    found = Certificate.objects.in_force().filter(application=application).first()
    return f"证书 {found.number} 已编号，信息有误请在该证书的页面办理" if found else None


def _numbers(applications: Sequence[Application]) -> dict[int, str]:
    """Of the certificates in force."""
    rows = Certificate.objects.in_force().filter(application__in=applications)
    return dict(rows.values_list("application", "number"))


add_resting(_numbered)
add_numbers(_numbers)
