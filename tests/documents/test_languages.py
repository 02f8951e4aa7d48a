"""Documents in two languages: those that are here agree, and what does not agree is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import languages, typed_in_chinese
from tests.documents.test_docs_samples import lines_of, words_of

ENGLISH = """# Posting

Words of some length that say what is done and by whom, for everybody to read.

```sh
disclosure posting make --out OUT   # put together
```

| file | what |
| --- | --- |
| `a.pdf` | letters |

## Numbers

See [the office](office.md), and `disclosure letter numbers --year YEAR`.
"""
CHINESE = """# 邮寄

这里用若干文字说明做什么、由谁做，供所有人阅读，并且足够长，可以判断是不是中文写成的。

```sh
disclosure posting make --out OUT   # 组成批次
```

| 文件 | 内容 |
| --- | --- |
| `a.pdf` | 文书 |

## 文号

见[机关](office.zh-CN.md)，以及 `disclosure letter numbers --year 年份`。
"""


def test_the_documents_say_the_same_in_both_languages() -> None:
    assert list(languages.faults()) == []


def test_two_texts_that_agree_have_no_fault() -> None:
    assert list(languages.compare("posting", ENGLISH, CHINESE)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("## 文号", "### 文号", "stands where"),
        ("\n## 文号\n", "\n", "no counterpart"),
        ("--out OUT ", "--out OUT --again ", "a line of code is in one language only"),
        ("```sh", "```text", "a block of sh is one of text"),
        ("numbers --year", "numbers --jahr", "`disclosure letter numbers --year` is in English only"),
        ("office.zh-CN.md", "letters.zh-CN.md", "links differ"),
        ("| `a.pdf` | 文书 |\n", "| `a.pdf` | 文书 |\n| | |\n", "tables differ"),
        (
            "这里用若干文字说明做什么、由谁做，供所有人阅读，并且足够长，可以判断是不是中文写成的。",
            "Words of some length that say what is done and by whom, for everybody to read.",
            "the text is not in Chinese",
        ),
        ("# 邮寄", "# Posting", "the heading is not in Chinese"),
    ],
)
def test_what_does_not_agree_is_found(before: str, after: str, said: str) -> None:
    assert before in CHINESE
    found = list(languages.compare("posting", ENGLISH, CHINESE.replace(before, after)))
    assert any(said in one for one in found), found


def test_a_chinese_document_says_what_is_in_english_alone(tmp_path: Path) -> None:
    page = tmp_path / "office.zh-CN.md"
    page.write_text(
        "见[说明](office.md)、[决定](decisions/0009-x.md)、[用语](library.zh-CN.md)。\n", encoding="utf-8"
    )
    assert [fault.partition(": ")[2] for fault in languages._reached(page.name, page)] == [
        "office.md is English; write office.zh-CN.md",
        "decisions/0009-x.md is in English alone; say so: （英文）",
    ]
    page.write_text("决定：[全文](decisions/0009-x.md)（英文）。\n", encoding="utf-8")
    assert list(languages._reached(page.name, page)) == []


@pytest.mark.parametrize(
    ("english", "chinese", "alike"),
    [
        ("disclosure letter check 赵小强", "disclosure 文书 审核 赵小强", True),
        ("disclosure letter overrides list", "disclosure 文书 范本 列表", True),
        ("disclosure pass 1 --as sun", "disclosure 通过 1 --as sun", True),
        ("disclosure pass 1 --as sun", "disclosure 退回 1 --as sun", False),
        ("disclosure pass 1 --as sun", "disclosure 通过 1", False),
        ("disclosure why last", "disclosure 为什么 上次", True),
        ("disclosure receive --channel post", "disclosure 收件 --channel 邮寄", True),
        ("disclosure receive --channel post", "disclosure 收件 --channel 传真", False),
        ("disclosure letter-posted 1 --letter P3", "disclosure 告知书发出 1 --letter 补正", True),
        ("disclosure letter-posted 1 --letter P3", "disclosure 告知书发出 1 --letter 收费", False),
    ],
)
def test_a_command_and_a_value_are_the_same_under_either_name(
    english: str, chinese: str, alike: bool
) -> None:
    assert typed_in_chinese.same(english, chinese) is alike
    text, other = (f"# 一\n\n```sh\n{line}\n```\n" for line in (english, chinese))
    assert (list(languages.compare("page", text, other)) == []) is alike


@pytest.mark.parametrize("name", ["handbook", "tutorial"])
def test_an_officer_types_the_chinese_names_of_commands(name: str) -> None:
    lines = [line for line, _whole in lines_of(languages.DOCS / f"{name}.zh-CN.md")]
    assert len(lines) > 30
    assert [line for line in lines if words_of(line) and words_of(line)[0].isascii()] == []
