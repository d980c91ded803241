from assay.applications import history
from assay.kernel.contributions import BatchPage, add_batch_pages
from assay.marking.acts import again
from assay.results.acts.checks import sheets_to_mark_again
from assay.results.history import earlier_results

add_batch_pages(
    BatchPage("results", "成绩认定与复核", "results:batch"),
    BatchPage("notice", "校内公示", "results:batch"),
)
history.contribute(earlier_results)
again.contribute(sheets_to_mark_again)
