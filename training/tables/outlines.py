"""Compiles the outlines of states for the reading room's map from the low-resolution Natural Earth data (public domain)
in geopandas 0.14.

pip download --no-deps geopandas==0.14.4; pip install pyshp
python -m training.tables.outlines geopandas-0.14.4-py3-none-any.whl
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import shapefile

OUT = Path("src/communique/room/outlines.json")
_CODES = {"France": "FRA", "Norway": "NOR", "Kosovo": "XKX", "Somaliland": "SOM", "N. Cyprus": "CYP"}


def main() -> None:
    found: dict[str, list[list[list[float]]]] = {}
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        parts = {
            e: io.BytesIO(wheel.read(f"geopandas/datasets/naturalearth_lowres/naturalearth_lowres.{e}"))
            for e in ("shp", "shx", "dbf")
        }
    with shapefile.Reader(**parts, encoding="latin-1") as shapes:
        for item in shapes.iterShapeRecords():
            code = item.record["iso_a3"]
            code = _CODES.get(item.record["name"], code)
            rings = [*item.shape.parts, len(item.shape.points)]
            for a, b in zip(rings, rings[1:]):
                found.setdefault(code, []).append([[round(x, 1), round(y, 1)] for x, y in item.shape.points[a:b]])
    OUT.write_text(json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n")
    print(len(found), "states", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
