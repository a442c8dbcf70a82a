"""The wheel, installed away from the checkout, holds all that the demonstration needs."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def clean_python(wheel, tmp_path_factory):
    """A new environment that holds the wheel; what graphkit depends on is taken from this one, so that nothing is downloaded."""
    home = tmp_path_factory.mktemp("env")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    places = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True, check=True
    ).stdout.strip()  # fmt: skip
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(places)
    # The names of packages alone are lent: the .pth of an editable install, which would lead back to the checkout, is not read.
    lent = "\n".join(f"import sys; sys.path.append({folder!r})" for folder in site.getsitepackages())
    (Path(places) / "lent.pth").write_text(lent + "\n", encoding="utf-8")
    return python


def run(python, *words, cwd, **settings):
    environment = {**os.environ, "PYTHONPATH": "", "GRAPHKIT_LANG": "zh", **settings}
    command = [str(python), "-c", "import sys; from graphkit.cli import main; sys.exit(main())", *map(str, words)]
    return subprocess.run(command, capture_output=True, cwd=cwd, env=environment, encoding="utf-8", check=False)


def test_wheel_holds_data_rules_and_page_assets(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for wanted in (
        "graphkit/shipped/queries/",
        "graphkit/shipped/examples/acheng/",
        "graphkit/shipped/examples/acheng_claims.csv",
        "graphkit/rules/",
        "graphkit/show/map/assets/",
    ):
        assert [name for name in names if name.startswith(wanted) and not name.endswith(".py")], wanted
    assert "graphkit/py.typed" in names
    assert "loaders/py.typed" in names


def test_graphkit_comes_from_the_wheel(clean_python, tmp_path):
    told = subprocess.run(
        [clean_python, "-c", "import graphkit, loaders; print(graphkit.__file__, loaders.__file__, graphkit.find_data('queries'))"],
        capture_output=True, text=True, check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert str(ROOT / "graphkit") not in told.stdout
    assert str(ROOT / "queries") not in told.stdout


def test_demo_runs_from_the_wheel_in_a_folder_of_its_own(clean_python, tmp_path):
    ran = run(clean_python, "demo", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    out = tmp_path / "out" / "acheng"
    wanted = [
        "index.html",
        "map.html",
        "findings.xlsx",
        *(f"{name}.{suffix}" for name in ("gaps", "bridges", "reach") for suffix in ("csv", "parquet")),
    ]
    assert [name for name in wanted if not (out / name).is_file()] == []
