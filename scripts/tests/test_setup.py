"""Set-up says what is missing, and never guesses."""

import os
import subprocess

import pytest

from scripts.ground import odoo_tree, places, system
from scripts.ground.progress import StepFailed, run_step
from scripts.test import STAGES, parse


def test_an_odoo_of_another_series_is_refused(tmp_path, monkeypatch):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    monkeypatch.setenv("ODOO_DIR", str(tmp_path))
    with pytest.raises(StepFailed, match="not Odoo 19"):
        odoo_tree.ensure()


def test_an_existing_odoo_19_is_used_where_it_is(tmp_path, monkeypatch):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    (tmp_path / "addons" / "web").mkdir(parents=True)
    monkeypatch.setenv("ODOO_DIR", str(tmp_path))
    found = odoo_tree.ensure()
    assert found["CSP_ODOO"] == str(tmp_path)
    assert found["CSP_ODOO_ADDONS"] == str(tmp_path / "addons")


def test_another_version_than_the_tested_one_gives_a_notice_not_a_failure(
    tmp_path, monkeypatch, capsys
):
    tree = tmp_path / f"odoo-{places.tested_odoo_version()}"
    tree.mkdir()
    (tree / "VERSION").write_text("19.0.1+dfsg-1\n")
    monkeypatch.setenv("CALENDAR_SYNC_PRO_CACHE", str(tmp_path))
    monkeypatch.delenv("ODOO_DIR", raising=False)
    assert odoo_tree.ensure()["CSP_ODOO_VERSION"] == "19.0.1+dfsg-1"
    assert "Notice: Odoo 19.0.1+dfsg-1 is used" in capsys.readouterr().err


def test_an_ordinary_user_gets_one_line_that_installs_what_is_missing(monkeypatch):
    """No browser on the path, no right to install one: the line to type is printed."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(StepFailed, match=r"sudo apt-get update && .*install -y chromium"):
        system.ensure({"chromium"})


def test_the_newest_postgresql_is_taken():
    found = system.postgres_bin()
    assert found is None or (found / "initdb").exists()


def test_a_failed_step_shows_the_end_of_its_output():
    with pytest.raises(StepFailed, match="the reason"):
        run_step("a step", ["bash", "-c", "echo the reason; exit 3"])


def test_the_socket_path_stays_under_the_kernels_limit(monkeypatch, tmp_path):
    deep = tmp_path / ("x" * 90)
    deep.mkdir()
    monkeypatch.setattr(places, "state_dir", lambda: deep / "calendar_sync_pro-0-abc")
    assert len(str(places.socket_dir())) < places.SOCKET_PATH_LIMIT


def test_a_word_after_k_is_a_name_even_when_a_folder_is_called_so():
    assert parse(["-k", "sandbox"]) == ("", ["-k", "sandbox"], [])
    assert parse(["deep", "sandbox"]) == ("deep", [], ["sandbox"])


def test_every_test_file_belongs_to_a_stage():
    """No test is forgotten because it lies in a folder that nobody runs."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*test_*.py"],
        cwd=places.REPO, capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = [name for name in listed.stdout.split() if name.rsplit("/", 1)[-1].startswith("test_")]
    assert [name for name in files if not any(stage.owns(name) for stage in STAGES)] == []
