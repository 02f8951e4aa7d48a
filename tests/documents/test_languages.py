"""Documents in two languages: those that are here agree, and what does not agree is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import languages

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
