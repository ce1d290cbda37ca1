import { onWillUnmount } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { AvailabilityPanel } from "./panel";

/** Sent on the environment's bus when a participant's name is clicked; see `AvailabilityAsk`. */
export const ASKED = "calendar_sync_pro:availability";

/** A function that opens the panel with its props; one at a time, gone with the component. */
export function useAvailability() {
    const overlay = useService("overlay");
    let close = () => {};
    onWillUnmount(() => close());
    return (props) => {
        close();
        close = overlay.add(AvailabilityPanel, { ...props, close: () => close() });
    };
}
