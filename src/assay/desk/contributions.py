from assay.kernel.contributions import MenuEntry, add_menu

add_menu(
    MenuEntry("工作台", "我的工作台", "desk:home", order=10),
    MenuEntry("中心设置", "登录放行", "desk:held_up", order=25),
    MenuEntry("中心设置", "放假安排", "desk:calendar", order=60),
    MenuEntry("中心设置", "职责对照表", "desk:duties", order=80),
    MenuEntry("督导与档案", "安全日志", "desk:security", order=95),
    MenuEntry("督导与档案", "台账", "desk:ledger", order=90),
)
