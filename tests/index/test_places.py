"""A place that a question names tells documents of that place from those of another."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.curate import Curator
from index.hit import Filters
from index.places import places_in
from index.search import Index
from tests.index.conftest import document

RULE = "关于支持渔船改造的通知\n\n{where}对更新渔船发动机的企业给予补助，每艘最高十万元。\n"
OURS = Filters(documents=("qingdao", "zhoushan", "of-zhoushan", "nation"))
QUESTION = "对更新渔船发动机的企业补助多少"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    data = tmp_path_factory.mktemp("places")
    documents = [
        document("qingdao", RULE.format(where="青岛市")),
        document("zhoushan", RULE.format(where="舟山市")),
        replace(document("of-zhoushan", RULE.format(where="我市")), region="舟山市"),
        document("nation", RULE.format(where="各地"), issuer="财政部", level="国家"),
    ]
    curator = Curator(data)
    curator.build()
    curator.add_documents(documents)
    with Index.open(data) as opened:
        yield opened


def elsewhere(index: Index, question: str) -> set[str]:
    explained = index.explain(question, filters=OURS)
    marked = zip(explained.hits, explained.features, strict=True)
    return {hit.document_id for hit, features in marked if features["elsewhere"]}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("舟山市" + QUESTION, {"qingdao"}),
        ("青岛" + QUESTION, {"zhoushan", "of-zhoushan"}),
        ("青岛和舟山" + QUESTION, set()),
        (QUESTION, set()),
    ],
)
def test_what_is_of_another_place_is_elsewhere_and_the_nation_never(
    index: Index, question: str, expected: set[str]
) -> None:
    assert elsewhere(index, question) == expected


@pytest.mark.parametrize(("place", "other"), [("qingdao", "zhoushan"), ("zhoushan", "qingdao")])
def test_the_document_of_the_place_asked_for_comes_before_that_of_another(index: Index, place: str, other: str) -> None:
    name = {"qingdao": "青岛", "zhoushan": "舟山"}[place]
    order = [hit.document_id for hit in index.search(name + QUESTION, filters=OURS)]
    assert order.index(place) < order.index(other)


def test_the_longest_name_is_read() -> None:
    assert places_in("马鞍山市和黑龙江省的企业") == ("马鞍山", "黑龙江")
