"""Writes docs/screens.md and its Chinese twin: what an officer sees, at 80 cells, made by the commands
themselves on a made-up office.

python scripts/screens.py            write them
python scripts/screens.py --check    fail if the screens are others now

The office, its cases and the day are always the same, so the same program gives the same pages.
"""

from __future__ import annotations

import io
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"en": ROOT / "docs" / "screens.md", "zh_CN": ROOT / "docs" / "screens.zh-CN.md"}
# A Friday morning in China. Acts bear their own days.
MOMENT = "2026-03-27 01:00:00"
WIDTH = 80
HEADS = {
    "en": (
        "Screens",
        "What the main commands show at a terminal of 80 columns, on an office that does not exist. Written by `scripts/screens.py`: do not edit.",
    ),
    "zh_CN": (
        "屏幕",
        "主要命令在80列终端上的显示，用的是虚构的机关。由 `scripts/screens.py` 生成，请勿手工修改。",
    ),
}


class Screen(NamedTuple):
    """One screen: its titles, what it is for, the line that is typed, and the answers to what it asks."""

    zh: str
    en: str
    zh_said: str
    en_said: str
    line: str
    answers: tuple[str, ...] | None = None


# The cases on which the screens are taken, as officers would have typed them.
CASES = """
init --office docs/office.sample.toml
receive --as chen --channel post --signed-on 2026-02-24 --name 王建国 --request 2025年度老旧小区改造项目清单 --id-type 居民身份证 --id-number 11010519491231002X --address 清江县人民路9号 --postcode 212000
register 1 --as chen --on 2026-02-24 --later
assign 1 --as chen --unit zfbzk --on 2026-02-25 --later
accept 1 --as lin --on 2026-02-25
draft 1 --as lin --outcome granted --means 邮寄纸质复印件 --on 2026-03-03
submit 1 --as lin --on 2026-03-03
return-draft 1 --as gao --reasons 请写明清单的名称和页数 --on 2026-03-05
receive --as chen --channel in_person --on 2026-03-02 --name 清江机械有限公司 --kind commercial_enterprise --request 某地块出让合同及附件 --address 清江县工业路1号 --postcode 212000
register 2 --as chen --on 2026-03-02 --later
assign 2 --as chen --unit zfbzk --on 2026-03-03 --later
accept 2 --as lin --on 2026-03-03
consult-third-party 2 --as lin --name 乙开发有限公司 --address 清江县学府路2号 --postcode 212000 --on 2026-03-04 --later
opinion-delivered 2 --as lin --no 1 --on 2026-03-06
receive --as chen --channel online --system-on 2026-03-25 --name 李红 --request 政府信息公开年度报告
receive --as chen --channel post --signed-on 2026-03-09 --name 赵明 --request 车辆调度记录 --address 清江县人民路19号 --postcode 212000
register 4 --as chen --on 2026-03-09 --later
assign 4 --as chen --unit zfbzk --on 2026-03-09 --later
accept 4 --as lin --on 2026-03-10
draft 4 --as lin --outcome withheld --ground internal_affairs --reasons 属于本机关车辆调度的内部事务信息，不对外产生影响，公开会影响工作秩序 --extra severance=经逐页审查，不能作区分处理 --on 2026-03-12
submit 4 --as lin --on 2026-03-12
"""

SCREENS = (
    Screen(
        "今日",
        "Today",
        "每天早上先看：到期的、退回的、待寄发的、待登记的。",
        "First in the morning: what is due, was sent back, is to be sent or proved.",
        "today --as lin",
    ),
    Screen(
        "案件列表",
        "The list of cases",
        "在办的案件和答复期限。",
        "Open cases with the last day of the reply.",
        "list --open --as chen",
    ),
    Screen(
        "一个案件",
        "One case",
        "轮到谁、期限、申请内容、草稿、退回理由、文书，都在一屏。",
        "Whose turn it is, the times, the request, the draft, why it was returned, and the letters, on one screen.",
        "show 1 --as lin",
    ),
    Screen(
        "下一步",
        "What comes next",
        "先列通常的一步和可以直接输入的命令。",
        "The usual step first, with the command as it is typed.",
        "next 1 --as lin",
    ),
    Screen(
        "逐步引导",
        "Guided",
        "选案件、看下一步、逐项填写，写入之前先看会发生什么。",
        "The case, its next step, each field, and before anything is written what will happen.",
        "do 4 --as gao",
        ("", "同意", ""),
    ),
    Screen(
        "办理记录",
        "The record",
        "谁在哪一天做了什么、说了什么。",
        "Who did what on which day, and what was said.",
        "history 1 --as lin",
    ),
    Screen(
        "期限说明",
        "How a deadline was reached",
        "答复期限怎样算出，逐日列出。",
        "Every day that was counted or left out.",
        "explain 2 --rule reply.limit --as lin",
    ),
    Screen("查找", "Search", "在申请和文书中查找。", "In requests and letters.", "search 出让合同 --as chen"),
    Screen("台账", "The register", "每件申请一行。", "One line an application.", "roll --as chen"),
    Screen(
        "预警", "Alerts", "全机关需要注意的。", "What presses in the whole office.", "alerts --all --as shen"
    ),
    Screen(
        "被拒绝时",
        "A refusal",
        "说明错在哪里、依据哪一条、接下来怎么办。",
        "What is wrong, which provision says so, and how to go on.",
        "pass 4 --as lin",
    ),
    Screen("为什么", "Why", "上一次被拒绝的规则是怎样规定的。", "The rule of the last refusal.", "why last"),
)


def typed(line: str, language: str) -> str:
    """What a line prints, on either stream."""
    import cli
    from workflow.base import messages

    said = io.StringIO()
    os.environ["DISCLOSURE_LANG"] = language
    messages.use(language)
    with redirect_stdout(said), redirect_stderr(said), suppress(SystemExit):
        cli.main(args=shlex.split(line), prog_name="disclosure")
    return "\n".join(one.rstrip() for one in said.getvalue().rstrip().splitlines())


def asked(line: str, answers: tuple[str, ...], language: str) -> str:
    """What a line shows at a real terminal after these answers and when it is then broken off."""
    import cli
    from tests.sitting import Sitting
    from workflow.base import messages

    os.environ["DISCLOSURE_LANG"] = language
    messages.use(language)
    at = Sitting(lambda: cli.main(args=shlex.split(line), prog_name="disclosure"), WIDTH)
    at.answer(*answers)
    at.type("\x03")
    return at.end().strip("\n")


@contextmanager
def office() -> Iterator[None]:
    """A made-up office in a folder that goes away, with its cases, on a day that stands still."""
    import freezegun

    from workflow.storage import models  # noqa: F401  # its classes have to know the real date

    kept = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in os.environ if name.startswith("DISCLOSURE_")]:
            del os.environ[name]
        os.environ |= {"DISCLOSURE_HOME": folder, "DISCLOSURE_SERVICE": "off", "COLUMNS": str(WIDTH)}
        os.chdir(ROOT)
        try:
            with freezegun.freeze_time(MOMENT):
                for line in CASES.strip().splitlines():
                    told = typed(line + " --json", "en")
                    if '"error"' in told:
                        raise SystemExit(f"{line}\n{told}")
                yield
        finally:
            os.environ.clear()
            os.environ |= kept


def pages() -> dict[str, str]:
    """Both pages as they are now."""
    found = {}
    with office():
        for language in PAGES:
            title, said = HEADS[language]
            parts = [f"# {title}\n\n{said}\n"]
            for one in SCREENS:
                heading, words = (one.zh, one.zh_said) if language == "zh_CN" else (one.en, one.en_said)
                if one.answers is None:
                    shown = typed(one.line, language)
                else:
                    shown = asked(one.line, one.answers, language)
                parts.append(
                    f"\n## {heading}\n\n{words}\n\n```text\n$ disclosure {one.line}\n\n{shown}\n```\n"
                )
            found[language] = "".join(parts)
    return found


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them with --check; the exit status."""
    wrong = 0
    for language, now in pages().items():
        path = PAGES[language]
        name = path.relative_to(ROOT)
        if "--check" not in arguments:
            path.write_text(now, encoding="utf-8")
            print(f"wrote {name}")
        elif path.read_text(encoding="utf-8") != now:
            wrong = 1
            print(
                f"{name} does not show the screens as they are now: run scripts/screens.py and read the change"
            )
        else:
            print(f"screens: {name} shows what the commands show")
    return wrong


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
