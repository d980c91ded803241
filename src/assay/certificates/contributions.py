from assay.applications import history
from assay.certificates.history import certificates_in_force
from assay.certificates.queries import work_of_closed_batches
from assay.kernel.contributions import BatchPage, MenuEntry, add_batch_pages, add_engagements, add_menu

add_batch_pages(BatchPage("certificates", "证书核发", "certificates:batch"))
add_menu(MenuEntry("认定批次", "证书台账", "certificates:list", order=60))
add_engagements(work_of_closed_batches)
history.contribute(certificates_in_force)
