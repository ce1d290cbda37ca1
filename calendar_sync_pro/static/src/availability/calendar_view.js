import { patch } from "@web/core/utils/patch";
import { user } from "@web/core/user";
import { useBus } from "@web/core/utils/hooks";
import { CalendarFilterSection } from "@web/views/calendar/calendar_filter_section/calendar_filter_section";
import { CalendarSidePanel } from "@web/views/calendar/calendar_side_panel/calendar_side_panel";
import { AttendeeCalendarController } from "@calendar/views/attendee_calendar/attendee_calendar_controller";
import { ASKED, useAvailability } from "./open";

const MINUTES = 60;

/** The list of people beside the calendar; each name can be asked for. */
export class PeopleSection extends CalendarFilterSection {
    static subTemplates = {
        ...CalendarFilterSection.subTemplates,
        filter: "calendar_sync_pro.PeopleSection.filter",
    };

    /** True for a person, not for "Everybody's calendars". */
    isPerson(filter) {
        return this.props.section.fieldName === "partner_ids" && Number.isInteger(filter.value);
    }

    /** The name asks; the box before it shows and hides the person's appointments. */
    onName(filter, ev) {
        if (this.isPerson(filter)) {
            ev.preventDefault();
            this.ask(filter);
        }
    }

    ask(filter) {
        this.env.bus.trigger(ASKED, { partnerId: filter.value, name: filter.label });
    }
}

export class PeopleSidePanel extends CalendarSidePanel {
    static components = { ...CalendarSidePanel.components, FilterSection: PeopleSection };
}

AttendeeCalendarController.components = {
    ...AttendeeCalendarController.components,
    CalendarSidePanel: PeopleSidePanel,
};

patch(AttendeeCalendarController.prototype, {
    setup() {
        super.setup();
        this.showAvailability = useAvailability();
        useBus(this.env.bus, ASKED, ({ detail }) => this.onAvailabilityAsked(detail));
    },

    /** A name in the list or in an appointment's card: that person's day, and when both can meet. */
    onAvailabilityAsked({ partnerId, name }) {
        const people = [{ id: partnerId, name }];
        if (partnerId !== user.partnerId) {
            people.push({ id: user.partnerId, name: user.name });
        }
        this.showAvailability({
            people,
            first: partnerId,
            day: this.model.date,
            minutes: MINUTES,
            pick: (start, stop) => this.bookWith(people, start, stop),
        });
    },

    /** A new appointment with these people at that time. */
    bookWith(people, start, stop) {
        return this.goToFullEvent(false, {
            default_start: start.toUTC().toFormat("yyyy-MM-dd HH:mm:ss"),
            default_stop: stop.toUTC().toFormat("yyyy-MM-dd HH:mm:ss"),
            default_duration: stop.diff(start, "hours").hours,
            default_partner_ids: people.map((person) => person.id),
        });
    },
});
