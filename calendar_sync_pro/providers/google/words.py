"""What people are told of this calendar alone; `models/sync_terms.py` has it for translators."""

MISSING_INVITATIONS = (
    "Google keeps invitations from people you have never dealt with out of your calendar, unless"
    " “Add invitations to my calendar” is set to “From everyone” (Google Calendar, Settings,"
    " General, Event settings) or you press “I know the sender” in the invitation's e-mail. As"
    " soon as an invitation is in your calendar it comes to Odoo, once, however late that is."
)
