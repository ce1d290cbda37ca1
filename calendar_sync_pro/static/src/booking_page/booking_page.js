import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { Interaction } from "@web/public/interaction";

const STEP = "#booking_step";
const FETCHED = ".o_booking_week a, .o_booking_people a, .o_booking_cards a, .o_booking_none a, .o_booking_other";

/** The booking page without loading it anew: the same links and forms, with their answers put into
 * the page. The visitor's own time zone is taken unless one was chosen. */
export class BookingPage extends Interaction {
    static selector = ".o_booking";
    dynamicContent = {
        _root: { "t-on-click": this.onClick, "t-on-change": this.onChange, "t-on-submit": this.onSubmit },
        _window: { "t-on-popstate": () => this.show(browser.location.href, { isBack: true }) },
    };

    setup() {
        this.el.classList.add("o_booking_scripted");
        this.turn = 0;
    }

    start() {
        const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        const url = new URL(browser.location.href);
        const hasZone = this.el.querySelector("#booking_tz");
        if (zone && hasZone && zone !== this.el.dataset.tz && !url.searchParams.has("tz")) {
            url.searchParams.set("tz", zone);
            this.show(url.href, { isBack: true });
        }
    }

    onClick(ev) {
        const link = ev.target.closest(FETCHED);
        if (!link || ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.button) {
            return;
        }
        ev.preventDefault();
        this.show(link.href);
    }

    onChange(ev) {
        if (ev.target.id === "booking_tz") {
            const form = ev.target.form;
            const asked = new URLSearchParams(new FormData(form));
            this.show(`${form.action}?${asked}`);
        }
    }

    /** A second press while the first is on its way would only wait for it. */
    onSubmit(ev) {
        if (ev.target.method !== "post") {
            return;
        }
        if (ev.target.dataset.sent) {
            ev.preventDefault();
            return;
        }
        ev.target.dataset.sent = "1";
        ev.submitter?.setAttribute("aria-busy", "true");
        this.el.classList.add("o_booking_loading");
    }

    /** Put the step at `url` into the page; where that fails the browser goes there itself. */
    async show(url, { isBack = false } = {}) {
        const turn = ++this.turn;
        const focused = document.activeElement?.getAttribute("href");
        this.el.classList.add("o_booking_loading");
        try {
            const answer = await this.waitFor(browser.fetch(url, { headers: { Accept: "text/html" } }));
            const text = answer.ok ? await this.waitFor(answer.text()) : "";
            const page = new DOMParser().parseFromString(text, "text/html");
            if (turn !== this.turn) {
                return;
            }
            this.replace(page, url);
            if (!isBack) {
                browser.history.pushState({}, "", url);
            }
            this.refocus(focused);
        } catch {
            browser.location.assign(url);
        } finally {
            this.el.classList.remove("o_booking_loading");
        }
    }

    replace(page, url) {
        const step = page.querySelector(STEP);
        if (!step) {
            throw new Error(`no step at ${url}`);
        }
        this.el.querySelector(STEP).replaceChildren(...step.childNodes);
        this.el.dataset.tz = page.querySelector(".o_booking").dataset.tz || "";
        const said = this.el.querySelector("h3, .o_booking_none p, h2");
        this.el.querySelector("#booking_said").textContent = said ? said.textContent : "";
    }

    /** The keyboard stays where it was: on the same link, else on what is chosen now. */
    refocus(href) {
        const links = [...this.el.querySelectorAll("a[href]")];
        const same = href && links.find((link) => link.getAttribute("href") === href);
        const target = same || (href && this.el.querySelector(".o_booking_chosen"));
        target?.focus({ preventScroll: true });
    }
}

registry.category("public.interactions").add("calendar_sync_pro.booking_page", BookingPage);
