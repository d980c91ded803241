from assay.kernel.contributions import MenuEntry, add_menu

add_menu(MenuEntry("中心设置", "建校工作簿", "setup:workbook", order=70))
