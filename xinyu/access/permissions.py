"""What a person may do: one table, verb × role. Whose rows she may do it to is row sight's business (seal.py)."""

from .roles import ROLES

EVERYBODY = frozenset(ROLES)
SCHOOL_STAFF = frozenset(
    ["teacher", "homeroom", "grade_head", "counselor", "moral_head", "vice_principal", "principal"]
)
SCHOOL_LEADERS = frozenset(["moral_head", "vice_principal", "principal"])
BUREAU = frozenset(["county_officer", "city_officer"])
COUNSELOR = frozenset({"counselor"})
SEES_NAMES = frozenset(
    code for code, role in ROLES.items() if role.sees_names and role.level in ("klass", "grade", "school")
)

VERBS: dict[str, frozenset[str]] = {
    # accounts
    "accounts.see_today": EVERYBODY,
    "accounts.grant_post": frozenset({"security_admin"}),
    "accounts.approve_post": frozenset({"security_admin", "principal", "city_officer", "county_officer"}),
    "accounts.manage_accounts": frozenset({"system_admin"}),
    "accounts.see_posts": frozenset({"security_admin", "principal", "city_officer", "county_officer"}),
    # organisations
    "organisations.see": EVERYBODY,
    "organisations.edit_calendar": BUREAU,
    # students
    "students.list": SEES_NAMES,
    "students.see": SEES_NAMES,
    "students.edit": COUNSELOR,
    "students.type": SEES_NAMES,
    "students.import_roster": COUNSELOR,
    "students.tag": COUNSELOR | {"homeroom"},
    "students.record_decision": COUNSELOR | {"homeroom"},
    "students.confirm_decision": SEES_NAMES,
    "students.see_readers": COUNSELOR | {"principal"},
    # assessments
    "assessments.see_scales": SCHOOL_STAFF | BUREAU | {"station_counselor"},
    "assessments.approve_scale": frozenset({"county_officer"}),
    "assessments.edit_bands": BUREAU,
    "assessments.bind_text": COUNSELOR | {"county_officer"},
    "assessments.bind_screener": frozenset({"county_officer"}),
    "assessments.set_interview_forms": frozenset({"county_officer"}),
    "assessments.set_hotline": frozenset({"county_officer"}),
    "assessments.set_talk_periods": frozenset({"county_officer"}),
    "assessments.plan_screening": COUNSELOR,
    "assessments.approve_screening": frozenset({"county_officer"}),
    "assessments.see_screening": SEES_NAMES,
    "assessments.watch_room": SCHOOL_STAFF,
    "assessments.stop_screening": COUNSELOR | SCHOOL_LEADERS,
    "assessments.print_slips": COUNSELOR | {"homeroom"},
    "assessments.see_results": COUNSELOR,
    "assessments.import_results": COUNSELOR,
    "assessments.interview": COUNSELOR,
    "assessments.see_growth": COUNSELOR | {"homeroom", "principal"},
    "assessments.write_observation": COUNSELOR | {"homeroom"},
    "assessments.raise_concern": SCHOOL_STAFF,
    "assessments.see_climbed": COUNSELOR | SCHOOL_LEADERS,
    "assessments.check_in": COUNSELOR | SCHOOL_LEADERS,
    "assessments.answer_staff_round": SCHOOL_STAFF,
    "assessments.plan_staff_round": frozenset({"station_counselor", "county_officer"}),
    "assessments.see_staff_results": frozenset({"station_counselor"}),
    "assessments.allow_unguarded": frozenset({"principal"}),
    # counseling rooms
    "rooms.see": SCHOOL_STAFF | BUREAU | {"station_counselor"},
    "rooms.edit": COUNSELOR,
    "rooms.book": COUNSELOR,
    "rooms.set_rules": frozenset({"county_officer"}),
    # crisis
    "crisis.see": COUNSELOR | {"principal", "vice_principal"},
    "crisis.confirm_level": COUNSELOR,
    "crisis.move": COUNSELOR,
    "crisis.pass_case": COUNSELOR | {"principal", "vice_principal"},
    "crisis.plan": COUNSELOR,
    "crisis.notes": COUNSELOR,
    "crisis.convene": COUNSELOR | {"principal", "vice_principal"},
    "crisis.answer_card": frozenset({"homeroom"}),
    "crisis.read_minutes": SCHOOL_STAFF,
    "crisis.protect": COUNSELOR | {"principal", "vice_principal"},
    "crisis.tell_guardian": COUNSELOR | {"principal", "vice_principal"},
    "crisis.advise": COUNSELOR,
    "crisis.medical_papers": COUNSELOR,
    "crisis.safety_plan": COUNSELOR,
    "crisis.pair": COUNSELOR | {"principal", "vice_principal"},
    "crisis.help": SCHOOL_STAFF,
    "crisis.card_templates": COUNSELOR,
    "crisis.review": frozenset({"principal", "vice_principal", "moral_head", "counselor"}),
    "crisis.answer_step": COUNSELOR | {"homeroom", "grade_head", "vice_principal", "principal"},
    "crisis.hand_over": frozenset({"principal", "vice_principal"}),
    "crisis.see_handovers": BUREAU,
    "crisis.choose_scheme": frozenset({"county_officer"}),
    "crisis.set_clock_times": frozenset({"county_officer"}),
    "crisis.assign_expert": BUREAU,
    "crisis.keep_experts": frozenset({"county_officer"}),
    "crisis.answer_assignment": frozenset({"expert"}),
    "crisis.print_papers": COUNSELOR | {"principal", "vice_principal"},
    "crisis.see_duty_figures": BUREAU,
    # reminders, boards, reports, audit
    "reminders.see": EVERYBODY,
    "reminders.check_class": COUNSELOR | {"homeroom", "grade_head"},
    "reminders.confirm_record": COUNSELOR | {"principal"},
    "reminders.review_county": frozenset({"county_officer"}),
    "reminders.see_plan": COUNSELOR | {"principal", "county_officer"},
    "reminders.see_rules": BUREAU,
    "reminders.set_rules": frozenset({"county_officer"}),
    "reminders.mend_channels": COUNSELOR | {"vice_principal"},
    "dashboard.see": BUREAU,
    "dashboard.see_report": SCHOOL_LEADERS | COUNSELOR,
    "dashboard.see_staff_count": SCHOOL_LEADERS,
    "dashboard.see_school": SCHOOL_LEADERS | COUNSELOR | BUREAU,
    "reports.growth_file": COUNSELOR,
    "reports.case_file": COUNSELOR,
    "audit.see_log": frozenset({"audit_admin"}),
    "audit.see_readers": COUNSELOR | {"principal"},
    "audit.verify_signature": SCHOOL_STAFF | BUREAU,
}


def roles_for(verb: str) -> frozenset[str]:
    """Roles that may do `verb`. Raises KeyError for a verb that the table does not know."""
    return VERBS[verb]
