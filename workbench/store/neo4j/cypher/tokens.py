"""Split a Cypher query into tokens as every server does; text that servers could read differently is refused.

Neo4j decodes `\\uXXXX` in the whole query before it looks for texts and comments, so an escape can hide a quote, a
line end or a keyword: none is allowed, and no backslash outside texts. Another parser of Neo4j reads comments before
the query, and for it `/*/*/` has not ended: no comment may contain `/*`.
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
    at: int  # position: number of characters before it
    closes: int = 0  # for an opening bracket: the index of the token that closes it

    @property
    def upper(self) -> str:
        """A word in capitals, "" for any other token; used to recognise keywords."""
        return self.text.upper() if self.kind == "word" else ""


def refused(why: str, at: int) -> UsageError:
    """The error for a query that is refused."""
    return UsageError(f"this query is refused, at character {at + 1}: {why}")


def tokens(query: str) -> list[Token]:
    """The tokens of a query without blanks and comments, followed by one of the kind `end`.

    UsageError if it is too long, something is not closed or ambiguous, or a word in it is refused.
    """
    if len(query) > LONGEST:
        raise refused(f"it is longer than {LONGEST} characters; pass long values as parameters", LONGEST)
    if escape := _ESCAPE.search(query):
        raise refused(r"\u could hide what it means; write the character, or pass it as a parameter", escape.start())
    read, at = list[Token](), 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise _not_a_token(query, at)
        kind, text = str(match.lastgroup), match.group()
        _look_at_characters(kind, text, at)
        if kind not in ("blank", "comment"):
            read.append(Token(kind, text, at))
            if read[-1].upper in REFUSED:
                raise refused(f"{text} is not allowed; if it is a name, put it in backticks", at)
        at = match.end()
    return _matched([*read, Token("end", "", at)])


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
    return refused(f"{character!a} is allowed only in texts, and letters also in names in backticks", at)


def _look_at_characters(kind: str, text: str, at: int) -> None:
    """Refuse invisible characters and direction marks; texts may hold those that several scripts need."""
    hidden = ("Cc", "Cs") if kind == "text" else ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
    for offset, character in enumerate(text):
        if category(character) in hidden and character not in "\t\r\n":
            raise refused(f"{character!a} is invisible; leave it out, or pass it in a parameter", at + offset)


def _matched(read: list[Token]) -> list[Token]:
    """The tokens, with the index of the closing token set on each opening bracket."""
    opened = list[int]()
    for index, token in enumerate(read):
        if token.kind != "mark":
            continue
        if token.text in _OPEN:
            opened.append(index)
        elif token.text in _CLOSE:
            if not opened or _OPEN[read[opened[-1]].text] != token.text:
                raise refused(f"{token.text} closes nothing that is open", token.at)
            start = opened.pop()
            read[start] = read[start]._replace(closes=index)
    if opened:
        raise refused(f"{read[opened[-1]].text} is not closed", read[opened[-1]].at)
    return read
