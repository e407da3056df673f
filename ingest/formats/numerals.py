"""The numbers that Word and browsers generate: (value, format name) → what is printed."""

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def numeral(value: int, style: str) -> str:
    """``style`` as in OOXML w:numFmt; an unknown style counts in Arabic figures."""
    if not 0 <= value <= 9999:
        return str(value)
    return STYLES.get(style, str)(value)


def chinese(value: int, digits: str = DIGITS, places: str = "十百千") -> str:
    """12 → 十二, 105 → 一百零五, 20 → 二十."""
    if value == 0:
        return digits[0]
    written, pending_zero = "", False
    for position, figure in enumerate(str(value)):
        place = len(str(value)) - position - 1
        if figure == "0":
            pending_zero = bool(written)
            continue
        zero = "零" if pending_zero else ""
        written += zero + digits[int(figure)] + (places[place - 1] if place else "")
        pending_zero = False
    return written[1:] if digits is DIGITS and 10 <= value < 20 else written


def _letters(value: int) -> str:
    """a … z, aa, bb …, as Word counts."""
    return "" if value < 1 else chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    written = ""
    for worth, letters in ROMAN:
        written += letters * (value // worth)
        value %= worth
    return written


def _circled(value: int) -> str:
    return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)


def _full_width(value: int) -> str:
    return "".join(chr(ord(figure) + 0xFEE0) for figure in str(value))


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda value: signs[value - 1] if 1 <= value <= len(signs) else str(value)


def _figure_by_figure(value: int) -> str:
    return "".join(DIGITS[int(figure)] for figure in str(value))


def _legal(value: int) -> str:
    return chinese(value, LEGAL_DIGITS, "拾佰仟")


STYLES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": lambda value: f"{value}.",
    "decimalEnclosedParen": lambda value: f"({value})",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": _figure_by_figure,
    "japaneseDigitalTenThousand": _figure_by_figure,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _one_of(STEMS),
    "ideographZodiac": _one_of(BRANCHES),
    "ideographEnclosedCircle": _one_of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "none": lambda value: "",
}
