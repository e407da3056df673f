"""The heading in a clause: what stands before its first full stop or line end."""

import re

from ingest.document import Span

_LONGEST = 50
_AND_MORE = 7  # 指导思想和工作目标 is a heading too
_FAMILIAR = re.compile(
    r"(?:指导思想|基本原则|基本思路|总体要求|总体目标|总体思路|总体考虑|发展目标|主要目标|工作目标|目标任务|工作原则|工作思路|"
    r"重点任务|主要任务|工作任务|工作要求|保障措施|组织实施|组织保障|实施步骤|工作步骤|时间安排|总则|附则|适用范围|适用对象|"
    r"主要措施|政策措施|重要意义|行动目标|任务目标|实施范围|实施时间|实施期限|补贴标准|补贴对象|申报条件|申报程序)"
)
_FIELD = re.compile(r"(?:任务|工作|事项|项目|改革|措施|举措|问题){1,2}(?:名称|内容|描述)[:：]\s*")  # of a record
_FIRST_LINE = re.compile(r"[^\n]{0,200}")
_BREAKS = re.compile(r"　{2}|\xa0{2}| {4}|\t")
_STOP = re.compile(r"[。！？；：:]")
_PAUSE = re.compile(r"[，；：:（(]")


def title_of(text: str, span: Span, *, article: bool = False) -> str:
    """The title in ``span``, which starts after the number; an article has one only where it is set off by a space or 【】."""
    start = span.start
    while start < span.end and text[start].isspace():
        start += 1
    line = text[start : min(span.end, start + 200)].split("\n", 1)[0]
    line = _FIELD.sub("", line)
    line = _BREAKS.split(line, maxsplit=1)[0].strip()
    if article:
        bracketed = re.match(r"[【\[（(]([^】\])）]{2,20})[】\])）]", line)
        return bracketed[1] if bracketed else ""
    sentence = _outside_brackets(_STOP.split(line, maxsplit=1)[0]).strip()
    familiar = _FAMILIAR.match(line)
    if familiar and "。" in line and len(sentence) > len(familiar[0]) + _AND_MORE:
        return familiar[0]  # the text that lost its line breaks runs on right behind the heading
    if len(sentence) <= _LONGEST:
        return sentence
    return _PAUSE.split(sentence, maxsplit=1)[0][:_LONGEST].strip()


def _outside_brackets(sentence: str) -> str:
    """No title ends inside a bracket: 优化环境（责任单位：… is named 优化环境."""
    opened = _OPENED.search(sentence)
    return sentence[: opened.start()] if opened and opened.start() else sentence


_OPENED = re.compile(r"[（(【\[〔][^）)】\]〕]*$")
