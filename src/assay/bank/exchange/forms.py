"""What is said of a file of items that was read."""

from __future__ import annotations

from assay.centre.act_forms import ActForm, Flag


class TakeForm(ActForm):
    """Whether only the items without problems come in, and whether they were approved before."""

    good_ones = Flag("只导入没有问题的题")
    approved = Flag("直接列为在用")
