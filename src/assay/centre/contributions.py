from assay.centre import basis  # noqa: F401 - says how the basis of the rules is read
from assay.centre.duties import DUTIES
from assay.kernel.acts import name_duties
from assay.kernel.contributions import MenuEntry, add_menu

add_menu(
    MenuEntry("中心设置", "中心与岗位", "centre:profile", order=10),
    MenuEntry("中心设置", "账号", "centre:accounts", order=20),
    MenuEntry("中心设置", "参数", "centre:parameters", order=30),
)
name_duties({code: duty.text for code, duty in DUTIES.items()})
