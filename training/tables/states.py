"""Writes the table of states' numbers and blocs for questions to a record, from country_converter (GPL-3 code; only the
facts of its table) and membership lists.

pip install --no-deps country_converter && python -m training.tables.states
"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

OUT = Path("src/communique/record/states.csv")
# Correlates of War state numbers that differ from Gleditsch and Ward's.
COW = {
    "DEU": 255,
    "YEM": 679,
    "SRB": 345,
    "KIR": 946,
    "TUV": 947,
    "TON": 955,
    "NRU": 970,
    "MHL": 983,
    "PLW": 986,
    "FSM": 987,
    "WSM": 990,
    "DMA": 54,
    "GRD": 55,
    "LCA": 56,
    "VCT": 57,
    "ATG": 58,
    "KNA": 60,
    "MCO": 221,
    "LIE": 223,
    "AND": 232,
    "SMR": 331,
    "STP": 403,
    "SYC": 591,
    "VUT": 935,
}
BLOCS = {
    "NATO": (
        "ALB BEL BGR CAN HRV CZE DNK EST FIN FRA DEU GRC HUN ISL ITA LVA LTU LUX MNE NLD MKD NOR POL PRT ROU "
        "SVK SVN ESP SWE TUR GBR USA"
    ),
    "ASEAN": "BRN KHM IDN LAO MYS MMR PHL SGP THA VNM TLS",
    "BRICS": "BRA RUS IND CHN ZAF EGY ETH IRN ARE IDN",
    "GCC": "BHR KWT OMN QAT SAU ARE",
    "SCO": "CHN RUS IND PAK KAZ KGZ TJK UZB IRN BLR",
    "CSTO": "ARM BLR KAZ KGZ RUS TJK",
    "EAEU": "ARM BLR KAZ KGZ RUS",
    "MERCOSUR": "ARG BOL BRA PRY URY",
    "ECOWAS": "BEN CPV CIV GMB GHA GIN GNB LBR NGA SEN SLE TGO",
    "AES": "BFA MLI NER",
    "SADC": "AGO BWA COM COD SWZ LSO MDG MWI MUS MOZ NAM SYC ZAF TZA ZMB ZWE",
    "EAC": "BDI COD KEN RWA SSD SOM TZA UGA",
    "QUAD": "AUS IND JPN USA",
    "AUKUS": "AUS GBR USA",
    "ARAB LEAGUE": "DZA BHR COM DJI EGY IRQ JOR KWT LBN LBY MRT MAR OMN PSE QAT SAU SOM SDN SYR TUN ARE YEM",
}
COLUMNS = {"EU": "EU27", "G7": "G7", "G20": "G20", "APEC": "APEC", "OECD": "OECD", "CIS": "CIS"}


def main() -> None:
    found = importlib.util.find_spec("country_converter")
    assert found and found.submodule_search_locations
    with open(Path(found.submodule_search_locations[0]) / "country_data.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    with open(OUT, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["iso3", "iso2", "cow", "gw", "name", "blocs"])
        for r in sorted(rows, key=lambda r: r["ISO3"]):
            if r["obsolete"] and r["ISO3"] != "XKV":
                continue
            code = "XKX" if r["ISO3"] in ("XKV", "XKX") else r["ISO3"]
            gw = r["GWcode"] if r["GWcode"].isdigit() else ""
            blocs = [b for b, members in BLOCS.items() if code in members.split()] + [
                b for b, column in COLUMNS.items() if r[column]
            ]
            table.writerow([code, r["ISO2"], COW.get(code, gw), gw, r["name_short"], ";".join(sorted(blocs))])


if __name__ == "__main__":
    main()
