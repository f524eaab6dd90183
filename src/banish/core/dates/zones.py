"""Zones as log lines name them: offsets, and abbreviations with one fixed meaning each.

Many abbreviations are ambiguous in the world; here each has the meaning the fail2ban engine gives it,
without daylight saving.
"""

import re

from banish.core.dates.tokens import ABBREVIATION, OFFSET
from banish.core.errors import RuleError

_BY_MINUTES = {
    -720: "Y",
    -660: "NUT SST X",
    -600: "CKT HAST HST TAHT TKT W",
    -570: "MART MIT",
    -540: "AKST GAMT GIT HADT HNY V",
    -480: "AKDT CIST HAY HNP PST PT U",
    -420: "HAP HNR MST PDT T",
    -360: "CST EAST GALT HAR HNC MDT S",
    -300: "CDT COT EASST ECT EST ET HAC HNE PET R",
    -270: "HLV VET",
    -240: "AST BOT CLT COST EDT FKT GYT HAE HNA PYT Q",
    -210: "HNT NST NT",
    -180: "ADT ART BRT CLST FKST GFT HAA P PMST PYST SRT UYT WGT",
    -150: "HAT NDT",
    -120: "BRST FNT O PMDT UYST WGST",
    -60: "AZOT CVT EGT N",
    0: "EGST GMT UTC WET WT Z",
    60: "A CET DFT WAT WEDT WEST",
    120: "B CAT CEDT CEST EET SAST WAST",
    180: "C EAT EEDT EEST IDT MSK",
    210: "IRST",
    240: "AMT AZT D GET GST KUYT MSD MUT RET SAMT SCT",
    270: "AFT IRDT",
    300: "AMST AQTT AZST E HMT MAWT MVT PKT TFT TJT TMT UZT YEKT",
    330: "SLT",
    345: "NPT",
    360: "ALMT BIOT BTT F IOT KGT NOVT OMST YEKST",
    390: "CCT MMT",
    420: "CXT DAVT G HOVT ICT KRAT NOVST OMSST THA WIB",
    480: "ACT AWST BDT BNT CAST H HKT IRKT KRAST MYT PHT SGT ULAT WITA WST",
    540: "AWDT I IRKST JST KST PWT TLT WDT WIT YAKT",
    570: "ACST",
    600: "AEST K PGT VLAT YAKST YAPT",
    630: "ACDT LHST",
    660: "AEDT L LHDT MAGT NCT PONT SBT VLAST VUT",
    690: "NFT",
    720: "ANAST ANAT FJT GILT M MAGST MHT NZST PETST PETT TVT WFT",
    780: "FJST NZDT",
}
ABBREVIATIONS = {name: minutes for minutes, names in _BY_MINUTES.items() for name in names.split()}

_ZONE = re.compile(f"(?P<name>{ABBREVIATION})?(?P<offset>{OFFSET})?")


def offset(zone: str) -> int:
    """Read a zone as minutes east of Greenwich; abbreviation and offset add up (`PST-0800` is -960).

    What is no zone, or none we know, is a `ValueError`.
    """
    match = _ZONE.fullmatch(zone)
    if not zone or match is None:
        raise ValueError(f'"{zone}" is no zone')
    minutes = _minutes(match["offset"] or "")
    if match["name"]:
        if match["name"] not in ABBREVIATIONS:
            raise ValueError(f'"{zone}" is no zone that is known')
        minutes += ABBREVIATIONS[match["name"]]
    return minutes


def _minutes(signed: str) -> int:
    """Read `+hh`, `+hhmm` or `+hh:mm`; nothing is 0."""
    digits = signed[1:].replace(":", "")
    minutes = int(digits[:2] or 0) * 60 + int(digits[2:] or 0)
    return -minutes if signed.startswith("-") else minutes


def logtimezone(value: str) -> int | None:
    """Read the setting of that name as minutes east of Greenwich; absent: the machine's own zone."""
    if not value:
        return None
    try:
        return offset(value)
    except ValueError:
        raise RuleError(
            f'logtimezone = "{value}": not a zone; write an offset such as +0100 or UTC+02:30, '
            "or an abbreviation such as CET"
        ) from None
