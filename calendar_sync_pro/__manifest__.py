{
    "name": "Calendar Sync Pro",
    "summary": "Two-way calendar sync and lead-linked appointments for sales teams",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Calendar Sync Pro contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["calendar", "crm", "resource", "sms", "portal"],
    "external_dependencies": {
        "python": [
            "cryptography",
            "google-api-python-client",
            "icalendar",
            "pytz",
            "recurring-ical-events",
            "requests",
        ],
    },
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/record_rules.xml",
        "data/crons.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": ["calendar_sync_pro/static/src/**/*"],
        "web.assets_unit_tests": ["calendar_sync_pro/static/tests/**/*.test.js"],
        "web.assets_tests": ["calendar_sync_pro/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
