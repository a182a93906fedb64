"""A query of Cypher in tokens, each read as every server reads it; what one could read otherwise is refused.

Neo4j decodes `\\uXXXX` in the whole query before it looks for texts and comments, so that a quote, the end
of a line or a keyword can hide in one: none is let through, and no backslash outside of texts. A comment before
the query is read by another part of it, for which `/*/*/` has not ended: no comment holds the beginning of one.
"""

import re
from typing import NamedTuple
from unicodedata import category

from workbench.errors import UsageError
from workbench.store.neo4j.cypher.words import REFUSED

LONGEST = 20_000  # characters
_OPEN = {"(": ")", "[": "]", "{": "}"}
_CLOSE = frozenset(_OPEN.values())

_TOKEN = re.compile(
    r"""
    (?P<blank>   (?: [ \t\n] | \r\n )+ )
  | (?P<comment> // [^\r\n]* | /\* (?: (?! /\* ) . )*? \*/ )
  | (?P<text>    ' (?: [^'\\] | \\[\\'"bfnrt] )* ' | " (?: [^"\\] | \\[\\'"bfnrt] )* " )
  | (?P<quoted>  ` (?: [^`\\] | `` )+ ` (?! ` ) )
  | (?P<number>  (?: 0[xX][0-9a-fA-F]+ | 0o[0-7]+
                   | (?: [0-9](?:_?[0-9])* (?: \.[0-9]+ )? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? ) (?! [\w$] ) )
  | (?P<word>    [A-Za-z_][A-Za-z0-9_]* )
  | (?P<mark>    \.\. | <> | <= | >= | =~ | \|\| | / (?! \* ) | [()\[\]{},.:;|&!%*+\-^<>=$] )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\[uU]")


class Token(NamedTuple):
    """A token: `word`, `quoted` name, `text`, `number`, `mark`, or `end`."""

    kind: str
    text: str
    at: int  # characters before it
    closes: int = 0  # for an opening bracket: the index of the token that closes it

    @property
    def upper(self) -> str:
        """A word in capitals, empty for any other token: keywords are told by it."""
        return self.text.upper() if self.kind == "word" else ""


def refused(why: str, at: int) -> UsageError:
    """The error for a query that is not let through."""
    return UsageError(f"this query is refused, at character {at + 1}: {why}")


def tokens(query: str) -> list[Token]:
    """The tokens of a query but for blanks and comments, ended by one of the kind `end`.

    UsageError for what is too long, not closed, or could be read otherwise, and for every refused word.
    """
    if len(query) > LONGEST:
        raise refused(f"it is longer than {LONGEST} characters; give long values as parameters", LONGEST)
    if escape := _ESCAPE.search(query):
        raise refused(r"\u could hide what it means; write the character, or give it as a parameter", escape.start())
    found, at = list[Token](), 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise _not_a_token(query, at)
        kind, text = str(match.lastgroup), match.group()
        _look_at_characters(kind, text, at)
        if kind not in ("blank", "comment"):
            found.append(Token(kind, text, at))
            if found[-1].upper in REFUSED:
                raise refused(f"{text} is not allowed; where it is a name, put it in backticks", at)
        at = match.end()
    return _matched([*found, Token("end", "", at)])


def _not_a_token(query: str, at: int) -> UsageError:
    character = query[at]
    if character in "'\"":
        return refused(r"this text is not closed, or holds an escape other than \\ \' \" \b \f \n \r \t", at)
    if query.startswith("/*", at):
        return refused("this comment is not closed, or holds another /*", at)
    if character == "`":
        return refused("this name is not closed, or holds a backslash", at)
    if character.isdecimal() and character.isascii():
        return refused("this number is not understood", at)
    return refused(f"{character!a} may stand in texts only, or as a letter of a name in backticks", at)


def _look_at_characters(kind: str, text: str, at: int) -> None:
    """Refuse what does not show, or turns the direction of what does; texts hold such signs in several scripts."""
    hidden = ("Cc", "Cs") if kind == "text" else ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
    for offset, character in enumerate(text):
        if category(character) in hidden and character not in "\t\r\n":
            raise refused(f"{character!a} does not show; leave it out, or give it in a parameter", at + offset)


def _matched(found: list[Token]) -> list[Token]:
    """The tokens, each opening bracket with where it closes."""
    opened = list[int]()
    for index, token in enumerate(found):
        if token.kind != "mark":
            continue
        if token.text in _OPEN:
            opened.append(index)
        elif token.text in _CLOSE:
            if not opened or _OPEN[found[opened[-1]].text] != token.text:
                raise refused(f"nothing is open that {token.text} closes", token.at)
            start = opened.pop()
            found[start] = found[start]._replace(closes=index)
    if opened:
        raise refused(f"{found[opened[-1]].text} is not closed", found[opened[-1]].at)
    return found
