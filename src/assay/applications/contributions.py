from assay.kernel.contributions import MenuEntry, add_menu

add_menu(
    MenuEntry("报名与考生", "报名与资格审核", "applications:list", order=10),
    MenuEntry("报名与考生", "导入名册", "applications:roster", order=20),
)
