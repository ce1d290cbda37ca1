"""What every provider must do, as inherited tests."""

import pytest

for _part in ("reading", "writing", "series", "people"):
    pytest.register_assert_rewrite(f"{__name__}.{_part}")
