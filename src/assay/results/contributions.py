from assay.applications import history
from assay.batches.stages import Stage
from assay.kernel.contributions import BatchPage, add_batch_pages
from assay.marking.acts import again
from assay.results.acts.checks import sheets_to_mark_again
from assay.results.history import earlier_results

add_batch_pages(
    BatchPage(Stage.RESULTS, "成绩认定与复核", "results:batch"),
    BatchPage(Stage.RESULTS, "本系学生成绩", "results:own"),
    BatchPage(Stage.NOTICE, "校内公示", "results:batch"),
)
history.contribute(earlier_results)
again.contribute(sheets_to_mark_again)
