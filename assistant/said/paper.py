"""A Word file as Chinese offices expect it: Chinese fonts in every style, no italics, black headings."""

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as Paper

_STYLES = {
    "Normal": "宋体",
    "Quote": "楷体",
    "List Bullet": "宋体",
    "Heading 1": "黑体",
    "Heading 2": "黑体",
    "Table Grid": "宋体",
}


def sheet(*, landscape: bool = False) -> "Paper":
    """An empty A4 page."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, RGBColor

    paper = docx.Document()
    for name, font in _STYLES.items():
        style = paper.styles[name]
        style.font.name, style.font.italic, style.font.color.rgb = "Times New Roman", False, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for themed in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(themed), None)
        fonts.set(qn("w:eastAsia"), font)
    section = paper.sections[0]
    short, long = Cm(21), Cm(29.7)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2))
    return paper


def content_of(paper: "Paper") -> bytes:
    content = BytesIO()
    paper.save(content)
    return content.getvalue()
