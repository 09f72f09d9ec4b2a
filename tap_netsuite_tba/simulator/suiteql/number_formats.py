"""Oracle's number formats: TO_CHAR of a number, and TO_NUMBER of text."""

import re
from dataclasses import dataclass, replace

from tap_netsuite_tba.simulator.suiteql.formulas import DECIMAL, as_number, filled
from tap_netsuite_tba.simulator.suiteql.kinds import (
    Expression,
    Kind,
    Preferences,
    number_text,
    quoted,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

_FORMAT = re.compile(
    r"""
    (?P<bare>FM)? (?P<sign>S)? (?P<currency>[$LC])? (?P<whole>[09,G]*)
    (?: [.D] (?P<fraction>[09]*) )? (?P<exponent>EEEE)? (?P<after>MI|PR|S)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What stands for a currency, and how many places Oracle keeps for it.
_CURRENCIES = {"$": ("$", 1), "L": ("$", 10), "C": ("USD", 7)}
_MOST_DIGITS = 36
_EXPONENT_WIDTH = len("E+123")
# The digits before the point, of all digits {1}.
_WHOLE = "split_part({1}, '.', 1)"


@dataclass(frozen=True)
class _Format:
    """A number format such as ``FM$999,990.00MI``.

    Attributes:
        bare: FM: no blanks, and no zeros that a 9 stands for.
        whole: the digits before the point, with their commas.
        fraction: those after it; None without a point.
        currency: its sign, and the places kept for it.
        scientific: EEEE.
        sign: where the sign stands: empty (before, if negative), ``S``, ``MI``, ``PR``, or ``-S``
            (after, always).
    """

    bare: bool
    whole: str
    fraction: str | None
    currency: tuple[str, int]
    scientific: bool
    sign: str

    @property
    def digits(self) -> int:
        """How many digits may stand before the point."""
        return len(self.whole) - self.whole.count(",")

    @property
    def zeros(self) -> int:
        """How many digits have to stand before the point."""
        bare = self.whole.replace(",", "")
        return len(bare.lstrip("9"))

    @property
    def width(self) -> int:
        """How many characters the number takes, with the place of a sign before it."""
        signs = {"MI": 1, "PR": 2}.get(self.sign, 1)
        point = 0 if self.fraction is None else 1 + len(self.fraction)
        return len(self.whole) + point + signs + self.currency[1]


def _parse(text: str) -> _Format:
    """Take a number format apart.

    Raises:
        Refusal: Oracle has no such format, or it is not imitated (V, X, RN, B, U).
    """
    match = _FORMAT.fullmatch(text)
    if match is None or (match["sign"] and match["after"]):
        raise unsupported()
    whole = match["whole"].upper().replace("G", ",")
    after = (match["after"] or "").upper()
    fraction = match["fraction"]
    digits = whole.replace(",", "") + (fraction or "")
    if not digits or len(digits) > _MOST_DIGITS or whole.startswith(","):
        raise unsupported()
    return _Format(
        bare=bool(match["bare"]),
        whole=whole,
        fraction=fraction,
        currency=_CURRENCIES.get((match["currency"] or "").upper(), ("", 0)),
        scientific=bool(match["exponent"]),
        sign="S" if match["sign"] else ("-S" if after == "S" else after),
    )


def number_in_format(value: Expression, text: str, preferences: Preferences) -> Expression:
    """Return a number's text in one of Oracle's formats; ``#`` where it has no room.

    Raises:
        Refusal: there is no such format.
    """
    number = as_number(value).sql
    if text.upper() in {"TM", "TM9"}:
        return Expression(number_text(number, preferences), Kind.TEXT)
    form = _parse(text)
    if form.scientific:
        return _scientific(number, form)
    places = len(form.fraction or "")
    # Its digits, rounded and without a sign; null if they are too many for any format.
    rounded = f"CAST(abs(TRY_CAST({number} AS DECIMAL(38, {places}))) AS VARCHAR)"
    shown = _signed(form, f"{_whole(form)} || {_fraction(form)}")
    too_large = f"{{1}} IS NULL OR length(ltrim({_WHOLE}, '0')) > {form.digits}"
    sql = (
        f"(CASE WHEN {{0}} IS NULL THEN NULL WHEN {too_large} THEN '{'#' * form.width}'"
        f" ELSE {shown} END)"
    )
    return Expression(filled(sql, [number, rounded]), Kind.TEXT)


def _whole(form: _Format) -> str:
    """Return the formula of what stands before the point, of the digits {1}."""
    nothing = "'0'"
    if form.fraction:
        # FM leaves a zero where there would be nothing but the point.
        zero = "'0'" if form.bare else "''"
        nothing = f"CASE WHEN regexp_matches({{1}}, '[1-9]') THEN '' ELSE {zero} END"
    digits = f"CASE WHEN {_WHOLE} = '0' THEN {nothing} ELSE {_WHOLE} END"
    if form.zeros:
        digits = f"lpad({_WHOLE}, greatest(length({_WHOLE}), {form.zeros})::INTEGER, '0')"
    if "," not in form.whole:
        return f"({digits})"
    padded = f"lpad({digits}, {form.digits}, ' ')"
    parts: list[str] = []
    position = 1
    for group in form.whole.split(","):
        parts.append(f"substr({padded}, {position}, {len(group)})")
        position += len(group)
    # Commas before the first digit are not printed.
    commas = " || ',' || ".join(parts)
    return f"ltrim({commas}, ' ,')"


def _fraction(form: _Format) -> str:
    """Return the formula of the point and what stands after it, of the digits {1}."""
    if form.fraction is None:
        return "''"
    digits = "split_part({1}, '.', 2)"
    if not form.bare:
        return f"'.' || {digits}"
    kept = form.fraction.rfind("0") + 1
    return f"'.' || substr({digits}, 1, {kept}) || rtrim(substr({digits}, {kept + 1}), '0')"


def _signed(form: _Format, digits: str) -> str:
    """Return the formula of digits with their currency and sign, padded unless FM says no."""
    digits = f"'{form.currency[0]}' || {digits}"
    negative = "{0} < 0"
    if form.sign == "PR":
        text = f"CASE WHEN {negative} THEN '<' || {digits} || '>' ELSE ' ' || {digits} || ' ' END"
    elif form.sign == "MI":
        text = f"{digits} || CASE WHEN {negative} THEN '-' ELSE ' ' END"
    elif form.sign == "-S":
        text = f"{digits} || CASE WHEN {negative} THEN '-' ELSE '+' END"
    else:
        positive = "+" if form.sign == "S" else ""
        text = f"CASE WHEN {negative} THEN '-' ELSE '{positive}' END || {digits}"
    return f"trim({text})" if form.bare else f"lpad({text}, {form.width}, ' ')"


def _scientific(number: str, form: _Format) -> Expression:
    places = len(form.fraction or "")
    wide = replace(form, whole=form.whole + "9" * _EXPONENT_WIDTH)
    text = f"printf('%.{places}E', abs(CAST({{0}} AS DOUBLE)))"
    return Expression(filled(f"({_signed(wide, text)})", [number]), Kind.TEXT)


def read_number(text: Expression, form_text: str) -> Expression:
    """Return the number that text shows in one of Oracle's formats.

    Text that does not fit is an error of DuckDB's when the query runs.

    Raises:
        Refusal: there is no such format.
    """
    form = _parse(form_text)
    places = len(form.fraction or "")
    fits = rf"\s*[-+<]?[$]?(?:\d,?){{0,{form.digits}}}(?:\.\d{{0,{places}}})?[-+>]?\s*"
    digits = "regexp_replace({0}, '[^0-9.]', '', 'g')"
    number = f"CASE WHEN regexp_matches({{0}}, '[-<]') THEN '-' ELSE '' END || {digits}"
    sql = (
        f"(CASE WHEN regexp_full_match({{0}}, {quoted(fits)}) THEN CAST({number} AS {DECIMAL})"
        " WHEN {0} IS NOT NULL THEN error('text that does not fit its format') END)"
    )
    return Expression(filled(sql, [text.sql]), Kind.NUMBER)
