"""The built wheel: its licences and data are inside, and beside nothing but what it declares it reads a page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from email.parser import Parser
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from communique import __version__

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HOME = PROJECT["urls"]["Repository"]
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "LICENSES", "src")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree so that no earlier build is in it."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, folder / "tree" / name, ignore=skipped)
        else:
            (folder / "tree").mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / "tree" / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    done = subprocess.run([*command, str(folder / "tree")], capture_output=True, text=True)
    if done.returncode and ("No module named" in done.stderr or "setuptools" in done.stderr):
        pytest.skip(f"no wheel can be built here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def _of(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as archive:
        return {i.filename: i.file_size for i in archive.infolist()}


def test_every_licence_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (info,) = {n.split("/")[0] for n in names if n.split("/")[0].endswith(".dist-info")}
        for path in [ROOT / "LICENSE", ROOT / "NOTICE", *sorted((ROOT / "LICENSES").iterdir())]:
            inside = f"{info}/licenses/{path.relative_to(ROOT).as_posix()}"
            assert archive.read(inside) == path.read_bytes(), inside
        told = Parser().parsestr(archive.read(f"{info}/METADATA").decode("utf-8"))
    assert told["Version"] == __version__ and told["License-Expression"] == PROJECT["license"]
    assert {"Repository", "Issues", "Changelog"} <= {u.split(",")[0] for u in told.get_all("Project-URL")}


def test_the_licences_of_metadata_notice_and_texts_agree() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    texts = {p.stem for p in (ROOT / "LICENSES").iterdir() if p.stem[0].isupper()}  # by SPDX id
    stated = set(PROJECT["license"].split(" AND ")) - {"Apache-2.0"}
    assert stated == {t for t in texts if re.search(rf"(?<![\w-]){re.escape(t)}(?![\w-])", notice)}


def test_the_wheel_has_the_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    names = _of(wheel)
    assert {n.split("/")[0] for n in names} <= {"communique", f"communique-{__version__}.dist-info"}
    tracked = {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src/communique").rglob("*") if p.is_file()}
    wanted = {n for n in tracked if "__pycache__" not in n and not n.endswith(".pyc")}
    assert wanted - set(names) == set(), "files of the package that the wheel lacks: package-data in pyproject.toml"
    assert wheel.stat().st_size < 100e6


def _closure(requirements: list[str]) -> dict[str, Distribution]:
    """The installed distributions that requirements want, without extras, and what those want."""
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(r), frozenset()) for r in requirements]
    while waiting:
        requirement, extras = waiting.pop()
        if requirement.marker and not any(requirement.marker.evaluate({"extra": e}) for e in extras or {""}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            pytest.fail(f"{name} is wanted and not installed")
        waiting += [(Requirement(r), frozenset(requirement.extras)) for r in found[name].requires or ()]
    return found


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel and what it declares to need, and no extra."""
    folder = tmp_path_factory.mktemp("alone")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    for found in _closure(PROJECT["dependencies"]).values():
        tops = {f.parts[0] for f in found.files or () if f.parts[0] not in ("..", "__pycache__")}
        for top in tops:
            if not (site / top).exists():
                os.symlink(found.locate_file(top), site / top)
    return python


def test_the_wheel_reads_a_page_beside_nothing_but_what_it_declares(alone: Path, tmp_path: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    (tmp_path / "feed.xml").write_text(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>A</title></channel></rss>"
    )
    shutil.copy(sorted((ROOT / "examples/pages").glob("*.html"))[0], tmp_path / "page.html")
    done = subprocess.run(
        [alone, "-m", "communique", "read", str(tmp_path), "--format", "json"],
        cwd=tmp_path, env=clean, capture_output=True, text=True,
    )  # fmt: skip
    (line,) = done.stdout.splitlines()
    report = json.loads(line)
    assert report["events"] and report["article"]["title"], done.stderr
    assert "pip install 'communique[watch]'" in done.stderr and done.returncode == 1
    record = subprocess.run(
        [alone, "-m", "communique", "add", "news.duckdb", "page.html"],
        cwd=tmp_path, env=clean, capture_output=True, text=True,
    )  # fmt: skip
    assert record.returncode == 0 and "1 new" in record.stdout, record.stderr


def test_the_version_stands_in_one_place() -> None:
    assert "version" in PROJECT["dynamic"]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M)
    assert cited and cited[1] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_readme_can_be_shown_elsewhere() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    images = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme)
    assert images
    for image in images:
        assert image.startswith(f"{HOME}/raw/main/"), image
        assert (ROOT / image.removeprefix(f"{HOME}/raw/main/")).is_file(), image
    assert f"git clone --depth 1 {HOME}" in readme
    for url in PROJECT["urls"].values():
        assert url.startswith(HOME)
    assert f"repository-code: {HOME}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_every_dependency_has_its_reason() -> None:
    told = (ROOT / "docs/dependencies.md").read_text("utf-8").lower()
    wanted = [*PROJECT["dependencies"], *(r for e in PROJECT["optional-dependencies"].values() for r in e)]
    for requirement in map(Requirement, wanted):
        if requirement.name not in ("communique", "lxml-stubs"):
            assert re.search(rf"(?<![\w-]){re.escape(requirement.name.lower())}(?![\w-])", told), requirement.name
        assert all(s.operator == ">=" for s in requirement.specifier), f"{requirement}: a narrow pin"
