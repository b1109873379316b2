"""Facts of the demo's rooms, named as the room standard asks for them; some schools fall short in a point. Pure."""

SIMPLE = {
    "largest_room_m2": 18, "has_talk_corner": True, "staff_count": 1, "is_staff_trained": True,
    "has_lockable_cabinet": True, "has_mailbox": True, "has_phone": False, "has_rules_on_wall": True,
    "opening_percent": 100,
}  # fmt: skip
STANDARD = SIMPLE | {
    "individual_room_count": 1, "smallest_individual_m2": 12, "group_room_m2": 32, "office_m2": 16, "has_phone": True,
    "has_computer": True, "has_printer": True, "has_books": True, "has_group_kit": True, "is_open_outside_class": True,
}  # fmt: skip
MODEL = STANDARD | {
    "individual_room_count": 2, "group_room_m2": 48, "has_testing_area": True, "has_relaxation_area": True,
    "has_relaxation_kit": True, "has_supervision_log": True, "has_research_activity": True,
    "has_duty_noon_and_after_class": False,
}  # fmt: skip


def facts_of(built: str, enrolment: int, counselors: int) -> dict:
    """`built`: simple, standard or model. Raises KeyError for another."""
    facts = {"simple": SIMPLE, "standard": STANDARD, "model": MODEL}[built]
    people = {
        "staff_count": counselors,
        "full_time_count": counselors,
        "students_per_full_time": enrolment // counselors,
    }
    return facts | people
