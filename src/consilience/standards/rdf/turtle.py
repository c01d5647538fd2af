r"""Turtle (W3C Recommendation, 2014): prefixes, predicate and object lists, literals, blank nodes, collections.

>>> text = '@prefix s: <http://x/> . s:a s:label "tea"@en , "thé"@fr ; a s:Thing .'
>>> [(t.predicate.rpartition("/")[2], t.object, t.language) for t in read_turtle(text)][:2]
[('label', 'tea', 'en'), ('label', 'thé', 'fr')]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from consilience.errors import StandardError
from consilience.standards.rdf.triple import RDF_TYPE, Triple

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<text>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<type>\^\^)
    |(?P<number>[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)(?=[\s;,.)\]]))
    |(?P<blank>_:[\w.-]*\w)
    |(?P<name>[\w-]*(?:\.[\w-]+)*:(?:[\w:%-]|\\.|\.(?=[\w:%-]))*)
    |(?P<word>[A-Za-z]+)
    |(?P<sign>[;,.\[\]()])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass
class _Reader:
    tokens: list[_Token]
    base: str = ""
    at: int = 0
    prefixes: dict[str, str] = field(default_factory=dict)
    triples: list[Triple] = field(default_factory=list)
    blanks: int = 0

    def document(self) -> list[Triple]:
        while self.at < len(self.tokens) - 1:
            if self.peek().text.lower() in {"@prefix", "@base", "prefix", "base"}:
                self.directive()
            else:
                self.statement()
        return self.triples

    def peek(self) -> _Token:
        return self.tokens[self.at]

    def take(self, text: str = "") -> _Token:
        token = self.peek()
        if token.kind == "end" or (text and token.text != text):
            raise _broken(token, f"'{text}'" if text else "more")
        self.at += 1
        return token

    def directive(self) -> None:
        word = self.take()
        if word.text.lower().endswith("prefix"):
            name = self.take()
            if not name.text.endswith(":"):
                raise _broken(name, "a prefix that ends in a colon")
            self.prefixes[name.text.removesuffix(":")] = self.iri(self.take())
        else:
            self.base = self.iri(self.take())
        if word.text.startswith("@"):
            self.take(".")

    def statement(self) -> None:
        bare = self.peek().text == "["
        subject = self.node()
        if not (bare and self.peek().text == "."):
            self.properties(subject, end=".")
        self.take(".")

    def properties(self, subject: str, end: str) -> None:
        while self.peek().text != end:
            verb = self.take()
            predicate = RDF_TYPE if verb.text == "a" else self.iri(verb)
            self.objects(subject, predicate)
            while self.peek().text == ";":
                self.take()

    def objects(self, subject: str, predicate: str) -> None:
        while True:
            if self.peek().kind in {"text", "number", "word"}:
                self.triples.append(self.literal(subject, predicate))
            else:
                self.triples.append(Triple(subject, predicate, self.node()))
            if self.peek().text != ",":
                return
            self.take()

    def literal(self, subject: str, predicate: str) -> Triple:
        token = self.take()
        text = _unquoted(token.text) if token.kind == "text" else token.text
        language = ""
        if self.peek().kind == "language":
            language = self.take().text[1:]
        elif self.peek().kind == "type":
            self.take()
            self.take()
        return Triple(subject, predicate, text, is_literal=True, language=language)

    def node(self) -> str:
        token = self.take()
        if token.text in {"[", "("}:
            return self.nested(token.text)
        return token.text if token.kind == "blank" else self.iri(token)

    def nested(self, opening: str) -> str:
        self.blanks += 1
        name = f"_:b{self.blanks}"
        if opening == "[":
            self.properties(name, end="]")
            self.take("]")
        else:
            while self.peek().text != ")":
                self.objects(name, "member")
            self.take(")")
        return name

    def iri(self, token: _Token) -> str:
        if token.kind == "iri":
            return urljoin(self.base, _unescaped(token.text[1:-1]))
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or not colon or prefix not in self.prefixes:
            raise _broken(token, "an IRI, or a name with a declared prefix")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def read_turtle(text: str) -> list[Triple]:
    """Return the triples of a Turtle text.

    Raises:
        StandardError: the text is not Turtle; the message names the line.
    """
    return _Reader(list(_tokens(text))).document()


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _broken(_Token("", text[at : at + 20], line), "Turtle")
        if match.lastgroup != "skip":
            yield _Token(match.lastgroup, match[0], line)
        line += match[0].count("\n")
        at = match.end()
    yield _Token("end", "", line)


def _unquoted(text: str) -> str:
    size = 3 if text[:3] in {'"""', "'''"} else 1
    return _unescaped(text[size:-size])


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" and len(code) > 1 else _ESCAPED.get(code, code)


def _broken(token: _Token, expected: str) -> StandardError:
    return StandardError(
        f"Line {token.line} of the Turtle text cannot be read", found=token.text or "its end", expected=expected
    )
