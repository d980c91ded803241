"""The pieces that pages are made of: what stands in them is escaped, what is left out leaves nothing behind."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Template

from assay.kernel.offers import Offer
from assay.kernel.refusals import NotAllowed, Refused


def rendered(template: str, **values: object) -> str:
    return Template(template).render(Context(values))


def test_a_card_has_its_title_and_what_stands_in_it_escaped() -> None:
    page = rendered("{% card title %}{{ text }}{% endcard %}", title="<题>", text="<b>")
    assert '<h2 class="card-title">&lt;题&gt;</h2>' in page
    assert '<div class="card-body">&lt;b&gt;</div>' in page
    assert "card-body" not in rendered("{% card body=False %}x{% endcard %}")
    assert "card-header" not in rendered("{% card %}x{% endcard %}")


@pytest.mark.parametrize("of", [2, ["甲", "乙"]])
def test_a_title_says_how_many_there_are(of: object) -> None:
    assert "等待（2）</h2>" in rendered('{% card "等待"|counted:of %}{% endcard %}', of=of)


def test_a_row_of_a_list_stands_beside_its_button() -> None:
    page = rendered(
        "{% entries %}{% entry beside=True %}{% words %}{{ text }}{% endwords %}{% endentry %}{% endentries %}",
        text="<",
    )
    assert 'list-group-flush"><div class="list-group-item d-flex' in page
    assert '<div class="flex-fill">&lt;</div>' in page


def test_a_note_is_read_out_where_it_comes_by_itself() -> None:
    assert (
        rendered('{% note "warning" role="status" %}x{% endnote %}')
        == '<div class="alert alert-warning" role="status">x</div>'
    )
    assert "role" not in rendered("{% note %}x{% endnote %}")


def test_where_a_table_has_no_rows_one_says_so_over_its_whole_width() -> None:
    assert rendered('{% nothing "没有" across=3 %}') == '<tr><td colspan="3" class="text-secondary">没有</td></tr>'


def test_a_head_over_numbers_stands_where_they_end() -> None:
    page = rendered('{% grid "考场" "人数#" %}<tr><td>{{ room }}</td></tr>{% endgrid %}', room="1<2")
    assert '<th>考场</th><th class="text-end">人数</th>' in page
    assert "<td>1&lt;2</td>" in page


@pytest.mark.parametrize(("movable", "heads"), [(True, 2), (False, 1)])
def test_a_column_that_is_not_there_has_no_head(movable: bool, heads: int) -> None:
    page = rendered('{% grid "座位" movable|then:"调整" %}{% endgrid %}', movable=movable)
    assert page.count("<th>") == heads


@pytest.mark.parametrize(("code", "tone"), [("approved", "green"), ("returned", "orange"), ("unheard-of", "secondary")])
def test_a_state_has_the_same_colour_on_every_page(code: str, tone: str) -> None:
    row = SimpleNamespace(state=code, get_state_display=lambda: "某状态")
    assert rendered("{% state row %}", row=row) == f'<span class="badge bg-{tone}-lt">某状态</span>'


def test_facts_stand_under_each_other_by_name() -> None:
    page = rendered('{% facts %}{% fact "姓名" %}{{ name }}{% endfact %}{% endfacts %}', name="柳一")
    assert page == '<dl class="row mb-0"><dt class="col-4">姓名</dt><dd class="col-8">柳一</dd></dl>'
    assert 'class="col-sm-2">姓名<' in rendered('{% fact "姓名" wide=True %}{% endfact %}')


@pytest.mark.parametrize(
    ("against", "main", "expected"),
    [
        (None, True, 'action="/do/"'),
        (Refused("还不能办"), True, "办理：还不能办"),
        (Refused("还不能办"), False, ""),
        (NotAllowed("不是您的职责"), True, ""),
    ],
)
def test_an_offer_is_a_button_or_its_reason_or_nothing(against: Refused | None, main: bool, expected: str) -> None:
    page = rendered("{% offered step %}", step=Offer("办理", "/do/", against, main=main)).strip()
    assert expected in page
    assert bool(page) is bool(expected)
    assert ("<form" in page) is (against is None)


def test_an_offer_with_a_form_of_its_own_is_a_link_and_no_offer_is_nothing() -> None:
    page = rendered("{% offered steps 7 %}", steps={7: Offer("更正", "/form/", None, page=True, small=True)})
    assert '<a class="btn btn-primary btn-sm" href="/form/">更正</a>' in page
    assert rendered("{% offered steps 8 %}{% offered none %}", steps={}, none=None).strip() == ""
