from assay.applications.models import Person
from assay.kernel.contributions import MenuEntry, add_menu
from assay.kernel.persons import known_by

add_menu(
    MenuEntry("报名与考生", "报名与资格审核", "applications:list", order=10),
    MenuEntry("报名与考生", "导入名册", "applications:roster", order=20),
)
known_by(Person)
