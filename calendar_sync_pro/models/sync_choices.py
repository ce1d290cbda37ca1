"""The values of the settings that people choose, for the company's and the account's fields."""

CHOICES = {
    "remote_delete": [("cancel", "Cancel the appointment"), ("keep", "Keep the appointment")],
    "local_delete": [("remove", "Remove from the calendar"), ("leave", "Leave in the calendar")],
    "import_policy": [
        ("external", "Meetings with outsiders in full, the rest as busy time"),
        ("everything", "Everything in full"),
        ("busy_only", "Busy times only"),
        ("nothing", "Nothing"),
    ],
    "export_policy": [
        ("everything", "All meetings that the user attends"),
        ("leads", "Only appointments with a lead"),
        ("nothing", "Nothing"),
    ],
    "conflict_winner": [
        ("latest", "The latest edit"),
        ("calendar", "The calendar"),
        ("odoo", "Odoo"),
    ],
    "video_calls": [
        ("outsiders", "On appointments with outsiders and without a place"),
        ("never", "Never by itself"),
    ],
}
