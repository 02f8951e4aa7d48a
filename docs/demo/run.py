"""The demonstration: two cases from receipt to filing, step by step, and one to the post in five lines.

(a) Guiding case 26 of the Supreme People's Court: an online application received on 2011-06-01, under the
    Regulations of 2008. (b) An application of 2026 under the Regulations of 2019 for two things, of which one
    is a third party's trade secret. (c) A routine application of today, by four people in five lines.

Everything lands in docs/demo/out, which is made anew at each run.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import folder

HERE = Path(__file__).resolve().parent
OUT = HERE / "out"


def prepare() -> None:
    """An empty folder for the database, the key, the files and the letters."""
    folder.made_anew(OUT)
    os.environ["DISCLOSURE_HOME"] = str(OUT)
    for name in (
        "DISCLOSURE_DATABASE_URL",
        "DISCLOSURE_KEY_FILE",
        "DISCLOSURE_FILES",
        "DISCLOSURE_LETTERS",
        "DISCLOSURE_OFFICER",
        "DISCLOSURE_OFFICE",
    ):
        os.environ.pop(name, None)
    os.chdir(HERE)


def typed(line: str) -> None:
    """Show a command as it is typed, and run it; a refusal stops the demo."""
    print(
        f"\n\033[1m$ disclosure {line}\033[0m" if sys.stdout.isatty() else f"\n$ disclosure {line}",
        flush=True,
    )
    folder.run(line)


def heading(text: str) -> None:
    """A heading between the two cases."""
    print(f"\n{'=' * 78}\n{text}\n{'=' * 78}", flush=True)


CASE_26 = """
init --office guangdong.toml
receive --as chen --channel online --name 李健雄 --system-on 2011-06-01 --request 广州广园客运站至佛冈的客运里程数等政府信息 --form 网上查阅
register 2011-0001 --as chen --on 2011-06-01
clocks 2011-0001 --as chen
assign 2011-0001 --as chen --unit zongfa --on 2011-06-02
accept 2011-0001 --as liang --on 2011-06-02
draft 2011-0001 --as liang --outcome granted --means 通过广东省人民政府公众网络系统向你提供电子文本 --attachments 广园客运站至佛冈客运线路里程表 --on 2011-06-15
submit 2011-0001 --as liang --on 2011-06-15
pass 2011-0001 --as huang --opinion 同意 --on 2011-06-16
next 2011-0001 --as he
pass 2011-0001 --as he --opinion 同意公开 --on 2011-06-20
issue 2011-0001 --as liang --served-by online --on 2011-06-22
dispatch 2011-0001 --as liang --served-by online --on 2011-06-23
served 2011-0001 --as liang --proof 系统送达回执 --on 2011-06-23
clocks 2011-0001 --as chen
file 2011-0001 --as chen --on 2011-06-24
show 2011-0001 --as chen
"""

PRESENT = """
init --office jiangnan.toml
receive --as zhao --file trade-secret.toml
register 2026-0001 --as zhao --on 2026-03-03
assign 2026-0001 --as zhao --unit jsgz --on 2026-03-03
accept 2026-0001 --as qian --on 2026-03-04
next 2026-0001 --as qian
consult-third-party 2026-0001 --as qian --name 甲精密制造有限公司 --items 2 --on 2026-03-06
opinion-delivered 2026-0001 --as qian --no 1 --on 2026-03-09
opinion-given 2026-0001 --as qian --no 1 --answer object --reasons 报告含未公开的工艺参数和成本构成，属于商业秘密，公开将损害本公司竞争地位 --on 2026-03-20
clocks 2026-0001 --as qian
draft 2026-0001 --as qian --item 1 --outcome granted --means 随本答复书邮寄纸质复印件 --attachments 江州市2025年度技术改造专项资金扶持项目名单 --on 2026-03-24
draft 2026-0001 --as qian --item 2 --outcome withheld --ground trade_secret --reasons 经审查，该报告所载工艺参数、成本构成不为公众所知悉，具有商业价值，且该公司采取了保密措施；第三方不同意公开的理由合理，不公开不会对公共利益造成重大影响。 --extra severance=经逐页审查，报告各部分均载有上述内容，不能作区分处理。 --on 2026-03-24
submit 2026-0001 --as qian --on 2026-03-24
pass 2026-0001 --as sun --opinion 同意 --on 2026-03-25
pass 2026-0001 --as li --opinion 区分处理适当，适用法律正确 --on 2026-03-26
pass 2026-0001 --as zhou --opinion 同意 --on 2026-03-27
issue 2026-0001 --as qian --served-by post --on 2026-03-30
dispatch 2026-0001 --as zhao --served-by post --tracking XA320500009CN --on 2026-03-30
served 2026-0001 --as zhao --proof 邮件签收回执 --on 2026-04-01
file 2026-0001 --as wu --on 2026-04-02
show 2026-0001 --as zhao
letters 2026-0001 --as zhao
history 2026-0001 --as zhao
verify --files
"""


# A routine case of today in five lines, each typed by the officer who does it.
ROUTINE = (
    (
        "chen",
        "收件 --channel 邮寄 --name 张三 --address 清江县平安路1号 --request 2025年度老旧小区改造项目清单 --register --assign 住房",
    ),
    ("lin", "拟稿 1 --accept --outcome yygk --means 随函邮寄纸质复印件 --submit"),
    ("gao", "通过 1"),
    ("shen", "通过 1"),
    ("chen", "编号 1 --dispatch 邮寄"),
)


def routine() -> None:
    """The five lines, in the sample office; each officer sits at his own place."""
    typed("init --office ../office.sample.toml")
    os.environ["DISCLOSURE_OFFICE"] = "qj-zjj"
    for officer, line in ROUTINE:
        os.environ["DISCLOSURE_OFFICER"] = officer
        typed(line)


def main() -> None:
    """Run both cases, then say where the letters lie and how long it took."""
    started = time.monotonic()
    prepare()
    for title, script in (
        (
            "一、指导案例26号：李健雄申请广东省交通运输厅公开政府信息（2008年条例，2011年6月23日前答复）",
            CASE_26,
        ),
        (
            "二、邮寄申请，两项内容：一项公开，一项涉及第三方商业秘密（2019年条例第十五条、第三十二条、第三十六条第（三）项）",
            PRESENT,
        ),
    ):
        heading(title)
        for line in script.strip().splitlines():
            typed(line)
    heading("三、通常的一件：四个人，五行")
    routine()
    heading("文书（PDF）")
    for path in sorted(OUT.glob("letters/**/*.pdf")):
        print(f"  {path}")
    print(f"\n用时 {time.monotonic() - started:.1f} 秒")


if __name__ == "__main__":
    main()
