"""Writes the crosswalk between CAMEO and PLOVER with Goldstein's scale, for the GDELT export.

python -m training.tables.cameo DATA
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from communique.events.ontology import MODES, SCORES

OUT = Path("src/communique/record/exports/cameo.csv")
_MODES = {
    "massacre": "targeted",
    "cleansing": "targeted",
    "assassinate": "targeted",
    "ban": "restrict",
    "political": "",
    "ease": "",
    "return": "",
}
_CONTEXTS = {"humanitarian": "human_security", "democracy": "pro_democracy"}
# Goldstein's scale as GDELT publishes it: codes followed by their value.
_SCALE = """01 0;02 3;03 4;04 1;05 3.5;06 6;07 7;08 5;09 -2;10 -5;11 -2;12 -4;13 -6;14 -6.5;15 -7.2;16 -4;17 -7
18 -9;19 -10;20 -10;011 -0.1;012 -0.4;013 0.4;016 018 019 3.4;010 014 015 017 0;020 3;021 022 023 3.4;024 025 -0.3
026 027 028 4;030 036 4;031 033 5.2;032 4.5;034 035 038 7;037 039 5;040 041 1;042 1.9;043 2.8;044 2.5;045 5;046 7
050 052 3.5;051 3.4;053 3.8;054 6;055 056 7;057 8;060 6;061 6.4;062 063 7.4;064 7;070 075 7;071 073 7.4;072 8.3;074 8.5
080 081 082 083 5;084 085 7;086 087 9;120 121 122 123 -4;124 125 126 127 128 -5;130 -4.4;131 132 133 134 135 -5.8
136 137 138 139 -7;140 141 142 143 -6.5;144 145 -7.5;160 161 -4;162 -5.6;163 -6.5;164 165 -7;166 -8;170 -7;171 -9.2
172 173 174 -5;175 -9;180 181 -9;182 -9.5;183 186 -10;184 185 -8;190 193 194 195 -10;191 192 196 -9.5;201 -9.5;0334 6
0874 10;1821 1822 -9;1823 -10"""


def goldstein() -> dict[str, float]:
    found = {}
    for part in re.split(r"[;\n]", _SCALE):
        *codes, value = part.split()
        found |= dict.fromkeys(codes, float(value))
    return found


def main() -> None:
    scale = goldstein()
    found: dict[str, tuple[str, str, str]] = {}
    for line in (Path(sys.argv[1]) / "cameo2plover.txt").read_text("utf-8").splitlines():
        match = re.match(r"(\d{2,4})\s*:\s*([A-Z]+)\s*(?:,([^,#]*))?(?:,([^#]*))?", line)
        if not match or match[2] not in SCORES:
            continue
        kind, mode = match[2], _MODES.get((match[3] or "").strip(), (match[3] or "").strip())
        contexts = [_CONTEXTS.get(c, c) for c in re.split(r"[,\s]+", (match[4] or "").strip()) if c]
        if mode and mode not in MODES.get(kind, {}):
            print(f"{match[1]}: {kind} has no mode {mode}")
            mode = ""
        found[match[1]] = (kind, mode, ";".join(contexts))
    with open(OUT, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["code", "type", "mode", "contexts", "goldstein"])
        for code in sorted({*found, *scale}):
            value = next(scale[code[:n]] for n in range(len(code), 1, -1) if code[:n] in scale)
            table.writerow([code, *found.get(code, ("", "", "")), value])


if __name__ == "__main__":
    main()
