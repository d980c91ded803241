"""The numbers in the rules of how long archives are kept."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter("archive.paper_years", "纸质档案保存", "int", "3", "年", "工作规程（试行）"),
    Parameter("archive.electronic_years", "电子档案保存", "int", "5", "年", "工作规程（试行）"),
)
