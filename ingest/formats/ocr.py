"""Scanned pages and images → lines, offline; an optional extra (requirements-ocr.txt)."""

import importlib.util
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ingest.errors import IngestError
from ingest.formats.extract import Blob, Extract
from ingest.formats.layout import Line, Sheet, paragraphs, rows_of
from ingest.formats.limits import MAX_OCR_PAGES, MAX_OCR_PIXELS
from ingest.formats.package import DAMAGED

if TYPE_CHECKING:
    from PIL.Image import Image

MIN_SCORE = 0.5


def read_image(blob: Blob) -> Extract:
    """A photographed or scanned page; a TIFF may hold several."""
    require("图片里的文字需要识别")
    sheets = []
    for picture in _frames(blob.data):
        lines, width, height = recognise(picture)
        sheets.append(Sheet(tuple(rows_of(lines)), width, height))
    extract = paragraphs(sheets)
    if not extract.text.strip():
        raise IngestError("图片里没有识别出文字，请换一张更清晰的图片。")
    return extract


def is_installed() -> bool:
    return importlib.util.find_spec("rapidocr") is not None


def require(reason: str) -> None:
    """Raise the sentence that names the extra where it is missing."""
    if not is_installed():
        raise IngestError(f"{reason}，请先运行 pip install -r requirements-ocr.txt 安装离线识别组件，再重新导入。")


def recognise(picture: "Image") -> tuple[list[Line], float, float]:
    """The lines found, and the width and height of the picture in pixels."""
    import numpy

    pixels = numpy.asarray(picture.convert("RGB"))[:, :, ::-1]
    result = _engine()(pixels)
    lines = []
    for box, text, score in zip(_list(result.boxes), _list(result.txts), _list(result.scores), strict=True):
        if score >= MIN_SCORE:
            across, down = [float(point[0]) for point in box], [float(point[1]) for point in box]
            lines.append(Line(text, min(across), min(down), max(across), max(down)))
    return lines, float(picture.width), float(picture.height)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Loading the models takes a second or two, so it is done once."""
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error"})


def _list(values: Any) -> list[Any]:
    return [] if values is None else list(values)


def _frames(data: bytes) -> "list[Image]":
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_OCR_PIXELS:
                raise IngestError(f"图片超过 {MAX_OCR_PIXELS // 1_000_000} 百万像素，请缩小后再导入。")
            if getattr(image, "n_frames", 1) > MAX_OCR_PAGES:
                raise IngestError(f"图片超过 {MAX_OCR_PAGES} 页，请拆成几个文件后分别导入。")
            return [ImageOps.exif_transpose(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise IngestError(DAMAGED) from error
