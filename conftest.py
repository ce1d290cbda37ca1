"""For every pytest run: what belongs to `./dev test` and what to `./dev test deep`."""

import os

from hypothesis import HealthCheck, settings

DEEP = os.environ.get("CALENDAR_SYNC_PRO_DEEP") == "1"

_calm = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=50, **_calm)
settings.register_profile("ci", max_examples=500, **_calm)
settings.register_profile("deep", max_examples=5000, **_calm)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "deep" if DEEP else "dev"))


def pytest_collection_modifyitems(config, items):
    """Leave tests marked `deep` out of the daily run, unless they are asked for by path."""
    asked = any("::" in argument for argument in config.args)
    if DEEP or asked or config.option.markexpr:
        return
    deep = [item for item in items if item.get_closest_marker("deep")]
    if deep:
        config.hook.pytest_deselected(items=deep)
        items[:] = [item for item in items if not item.get_closest_marker("deep")]


def pytest_terminal_summary(terminalreporter):
    """Say what the searches of this run did."""
    from e2e.search.statistics import LINES

    for line in LINES:
        terminalreporter.write_line(line)
