"""Markdown: the words without the marks; list numbers stay, because they are the clause numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.formats.extract import Blob, Extract, Writer
from ingest.formats.html import write_fragment
from ingest.formats.text import decode

if TYPE_CHECKING:
    from markdown_it.token import Token


def read_markdown(blob: Blob) -> Extract:
    """Headings, paragraphs and list items one a line; tables with their cells."""
    from markdown_it import MarkdownIt

    text, encoding = decode(blob.data, declared=blob.charset)
    # indented text in an official document is a paragraph, never program code
    parser = MarkdownIt("commonmark").enable("table").disable("code")
    writer = Writer()
    _write(parser.parse(text), writer)
    return writer.extract(encoding=encoding)


def _write(tokens: Sequence["Token"], writer: Writer) -> None:
    label, rows = "", None
    for token in tokens:
        match token.type:
            case "list_item_open":
                label = f"{token.info}{token.markup}" if token.info else ""
            case "table_open":
                rows = list[list[str]]()
            case "table_close" if rows is not None:
                writer.table(rows)
                rows = None
            case "tr_open" if rows is not None:
                rows.append([])
            case "inline" if rows is not None:
                rows[-1].append(_plain(token))
            case "inline":
                writer.line(label + _plain(token))
                label = ""
            case "fence":
                writer.line(token.content)
            case "html_block":
                write_fragment(token.content, writer)


def _plain(token: "Token") -> str:
    return "".join(_piece(child) for child in token.children or ())


def _piece(token: "Token") -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return "" if token.type == "html_inline" else token.content
