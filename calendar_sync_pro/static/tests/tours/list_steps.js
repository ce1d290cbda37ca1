export const row = (name) => `.o_data_row:contains("${name}")`;

/** Waits until a list shows these and none of the others. */
export const only = (names, others) => ({
    content: `Only ${names}`,
    trigger:
        `.o_list_view:has(${row(names[0])})` +
        names.slice(1).map((name) => `:has(${row(name)})`).join("") +
        others.map((name) => `:not(:has(${row(name)}))`).join(""),
});
