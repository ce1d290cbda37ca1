import { status, useComponent } from "@odoo/owl";

/**
 * A function that reads the component's record again. It does nothing while somebody edits the
 * record, nor once its page was left: Odoo refuses what a page asks that is gone, with an error.
 */
export function useFreshRecord() {
    const component = useComponent();
    const isGone = () => status(component) === "destroyed";
    return async () => {
        const { record } = component.props;
        if (isGone() || (record.isInEdition && (await record.isDirty())) || isGone()) {
            return;
        }
        try {
            await record.load();
        } catch (error) {
            if (!isGone()) {
                throw error;
            }
        }
    };
}
