from crisis.management.commands.case_diagram import PAGE, page


def test_the_diagram_in_the_documentation_is_current():
    assert PAGE.read_text("utf-8") == page(), "run manage.py case_diagram"
