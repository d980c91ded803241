from assay.kernel.contributions import MenuEntry, add_menu

add_menu(
    MenuEntry("中心设置", "认定范围", "catalogue:scope_list", order=40),
    MenuEntry("中心设置", "职业标准", "catalogue:standards_list", order=45),
    MenuEntry("中心设置", "其他认定方式", "catalogue:mappings_list", order=50),
)
