"""The marks in a page's content that tie it to a structure, or set it apart as an artifact (PDF 32000-1,
14.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

_MARKS = ("BMC", "BDC", "EMC", "MP", "DP")


def as_figure(page: pikepdf.Page) -> tuple[bytes, int]:
    """The content of a page as pieces of a figure, and how many; artifacts stay what they are, other marks
    go.
    """
    import pikepdf

    made: list[Any] = []
    count = 0

    def mark(operator: str, *operands: Any) -> None:
        made.append(pikepdf.ContentStreamInstruction(list(operands), pikepdf.Operator(operator)))

    def begin() -> None:
        nonlocal count
        mark("BDC", pikepdf.Name.Figure, pikepdf.Dictionary(MCID=count))
        count += 1

    begin()
    outer: list[bool] = []
    text = False
    for instruction in pikepdf.parse_content_stream(page):
        match str(instruction.operator):
            case "BMC" | "BDC":
                own = instruction.operands and instruction.operands[0] == pikepdf.Name.Artifact
                outer.append(bool(own) and not text and not any(outer))
                if outer[-1]:
                    mark("EMC")
                    mark("BMC", pikepdf.Name.Artifact)
            case "EMC":
                if outer and outer.pop():
                    mark("EMC")
                    begin()
            case "MP" | "DP":
                pass
            case operator:
                text = operator == "BT" or (text and operator != "ET")
                made.append(instruction)
    mark("EMC")
    return pikepdf.unparse_content_stream(made), count


def artifacts(data: bytes) -> bytes:
    """Pages that are drawn over others, such as stamps: all that is on them an artifact, their structure left
    out.
    """
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            kept = [
                instruction
                for instruction in pikepdf.parse_content_stream(page)
                if str(instruction.operator) not in _MARKS
            ]
            content = b"/Artifact BMC\n" + pikepdf.unparse_content_stream(kept) + b"\nEMC"
            page.obj.Contents = pdf.make_stream(content)
            if "/StructParents" in page.obj:
                del page.obj.StructParents
        if "/StructTreeRoot" in pdf.Root:
            del pdf.Root.StructTreeRoot
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    done: bytes = out.getvalue()
    return done
