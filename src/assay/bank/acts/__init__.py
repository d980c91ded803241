"""The acts of the bank: specifications, items and their life, papers."""

from assay.bank.acts.custody import hand_out as hand_out
from assay.bank.acts.custody import report_leak as report_leak
from assay.bank.acts.custody import take_back as take_back
from assay.bank.acts.items import comment as comment
from assay.bank.acts.items import export_items as export_items
from assay.bank.acts.items import import_items as import_items
from assay.bank.acts.items import read_item as read_item
from assay.bank.acts.items import remember_columns as remember_columns
from assay.bank.acts.items import remove_enemies as remove_enemies
from assay.bank.acts.items import save_enemies as save_enemies
from assay.bank.acts.items import save_item as save_item
from assay.bank.acts.items import set_difficulties as set_difficulties
from assay.bank.acts.items import sign_secrecy as sign_secrecy
from assay.bank.acts.life import retire as retire
from assay.bank.acts.life import review as review
from assay.bank.acts.life import submit as submit
from assay.bank.acts.papers import Options as Options
from assay.bank.acts.papers import assemble as assemble
from assay.bank.acts.papers import content_digest as content_digest
from assay.bank.acts.papers import print_paper as print_paper
from assay.bank.acts.papers import seal as seal
from assay.bank.acts.papers import swap_item as swap_item
from assay.bank.acts.specifications import PointRow as PointRow
from assay.bank.acts.specifications import install_specification as install_specification
from assay.bank.acts.specifications import specification_problems as specification_problems
from assay.bank.items import ItemRow as ItemRow
