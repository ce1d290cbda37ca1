"""Free slots, who gets a booking, and why: pure functions. No Odoo, no HTTP.

Times are whole seconds since 1970 UTC (`intervals.instant` and `intervals.moment` convert), ids are
whatever integers the caller uses. The caller loads, these functions answer, the caller records:

1. *Load* for each person hours, days off, blocked times, busy times, Odoo events, bookings and
   holds as layers (`hours`, `layers`), and what can't be read (`reading`); make a `slots.Search`.
2. *Offer*: `slots.by_day` for a page, `suggest.next_free` after a lost race, `explain.timeline` and
   `explain.tell` for "why (not) this slot?".
3. *Book*: check the request with `slots.is_offered` (a forged one is refused for the reason that
   `explain.tell` gives), choose with `assign.assign`, insert `BookingRules.stored_range` for the
   chosen person in the table whose exclusion constraint has the last word, re-read the calendars
   and ask again with `layers.with_live`.
4. *Move*: the same with `layers.without_own`, so that it is not in its own way.
   *Hand over*: `handover.plan_handover`.

A hold or booking is passed as `layers.Taken` (the appointment and its buffers), never as its stored
range, so that no buffer counts twice; its event is left out of the Odoo events. An event that is
linked to a calendar is passed as an Odoo event, not among that calendar's busy times.
"""
