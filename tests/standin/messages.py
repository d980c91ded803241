"""A filing that is whole, to be spoilt by tests."""

from __future__ import annotations

from typing import Any


def filing() -> dict[str, Any]:
    person = {"name": "赵示例", "card_no": "KP4100001", "department": "汽车工程系", "title": "讲师"}
    return {
        "centre_code": "S000041000123", "centre_name": "示例认定中心", "batch_code": "B1", "batch_name": "示例批次",
        "route": "exam", "exam_on": "2099-09-05", "scheme": "一、组织领导……", "version": 1,
        "lines": [
            {"occupation_code": "4-12-01-01", "occupation": "汽车维修工", "job": None, "level": "4", "candidates": 30}
        ],
        "timetable": [
            {
                "part": "理论知识考试", "number": 1, "starts_at": "2099-09-05T08:00+08:00",
                "ends_at": "2099-09-05T09:30+08:00",
            }
        ],
        "rooms": [{"session": "理论第 1 场", "room": "机房 1", "line": None, "candidates": 30}],
        "invigilators": [person], "examiners": [person], "supervisors": [person], "staff": [person],
    }  # fmt: skip
