"""Outlines drawn with fewer curves, the difference being far below what a printer can show.

The free FangSong was traced from brush-like masters and has eighty and more curves a character. Runs of smooth
curves are drawn anew as one, where no point lies more than TOLERANCE from the old outline (1.5 thousandths of the
character: 8 micrometres in a letter's body, a fifth of a dot at 600 dpi). Corners and strokes stay where they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from letters.fonts.subset import Private

TOLERANCE = 1.5
"""In units of the character (1000 to the em)."""
VERSION = "1"
"""Part of the key under which results are kept: to be raised with any change of what comes out."""
_CORNER = math.radians(25)
_SAMPLES = 4
_LONGEST_RUN = 12

Point = tuple[float, float]
Segment = tuple[Point, ...]
"""Two points: a straight line; four: a cubic curve."""


def lighten(char_string: bytes, private: Private) -> bytes:
    """The outline of a glyph (Type 2 charstring without subroutines) with fewer curves, its width unchanged.

    Returns the outline as it came when it has no curves to spare or when the result would not be smaller.
    """
    contours, width = _read(char_string, private)
    lighter = [_simplify(contour) for contour in contours]
    if not _same_shape(contours, lighter):
        return char_string
    written = _write(lighter, width)
    return written if len(written) < len(char_string) else char_string


def _read(char_string: bytes, private: Private) -> tuple[list[list[Segment]], float | None]:
    from fontTools.misc.psCharStrings import T2CharString, T2OutlineExtractor
    from fontTools.pens.recordingPen import RecordingPen

    pen = RecordingPen()
    extractor = T2OutlineExtractor(pen, [], [], private.nominal_width, private.default_width)
    extractor.execute(T2CharString(bytecode=char_string))
    contours: list[list[Segment]] = []
    start = here = (0.0, 0.0)
    for operator, points in pen.value:
        if operator == "moveTo":
            start = here = points[0]
            contours.append([])
        elif operator == "lineTo":
            contours[-1].append((here, points[0]))
            here = points[0]
        elif operator == "curveTo":
            contours[-1].append((here, *points))
            here = points[-1]
        elif here != start:
            contours[-1].append((here, start))
            here = start
    width = extractor.width
    return [contour for contour in contours if contour], (
        None if width == private.default_width else width - private.nominal_width
    )


def _write(contours: Sequence[Sequence[Segment]], width: float | None) -> bytes:
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    pen: Any = T2CharStringPen(width, None)
    for contour in contours:
        pen.moveTo(contour[0][0])
        for segment in contour:
            if len(segment) == 2:
                pen.lineTo(segment[1])
            else:
                pen.curveTo(*segment[1:])
        pen.closePath()
    char_string = pen.getCharString(optimize=True)
    char_string.compile()
    return bytes(char_string.bytecode)


# --- geometry


def _at(segment: Segment, t: float) -> Point:
    if len(segment) == 2:
        (ax, ay), (bx, by) = segment
        return (ax + (bx - ax) * t, ay + (by - ay) * t)
    m = 1 - t
    a, b, c, d = m * m * m, 3 * m * m * t, 3 * m * t * t, t * t * t
    p, q, r, s = segment
    return (a * p[0] + b * q[0] + c * r[0] + d * s[0], a * p[1] + b * q[1] + c * r[1] + d * s[1])


def _direction(segment: Segment, *, end: bool) -> Point | None:
    """The unit tangent at the start or the end; None for a segment without length."""
    base = segment[-1] if end else segment[0]
    for other in segment[-2::-1] if end else segment[1:]:
        x, y = (base[0] - other[0], base[1] - other[1]) if end else (other[0] - base[0], other[1] - base[1])
        length = math.hypot(x, y)
        if length > 1e-9:
            return (x / length, y / length)
    return None


def _turn(before: Segment, after: Segment) -> float:
    a, b = _direction(before, end=True), _direction(after, end=False)
    if a is None or b is None:
        return math.pi
    return math.acos(max(-1.0, min(1.0, a[0] * b[0] + a[1] * b[1])))


def _samples(run: Sequence[Segment]) -> list[Point]:
    points = [run[0][0]]
    for segment in run:
        count = _SAMPLES if len(segment) == 4 else 2
        points += [_at(segment, n / count) for n in range(1, count + 1)]
    return points


def _simplify(contour: list[Segment]) -> list[Segment]:
    """The contour with runs of smooth segments replaced by one curve or line each, longest first from each place."""
    count = len(contour)
    if count < 2:
        return contour
    turns = [_turn(contour[n - 1], contour[n]) for n in range(count)]
    first = max(range(count), key=turns.__getitem__)
    contour, turns = contour[first:] + contour[:first], turns[first:] + turns[:first]
    simpler: list[Segment] = []
    place = 0
    while place < count:
        best, after = _line([contour[place]]) or contour[place], place + 1
        failures = 0
        for end in range(place + 2, min(count, place + _LONGEST_RUN) + 1):
            if turns[end - 1] > _CORNER or failures > 1:
                break
            run = contour[place:end]
            found = _line(run) or _curve(run)
            if found is None:
                failures += 1
            else:
                best, after, failures = found, end, 0
        simpler.append(best)
        place = after
    return simpler


def _line(run: Sequence[Segment]) -> Segment | None:
    """One straight line for the run, if it is one within the tolerance."""
    (ax, ay), (bx, by) = run[0][0], run[-1][-1]
    dx, dy = bx - ax, by - ay
    length = math.hypot(dx, dy)
    if length < 1:
        return None
    for x, y in _samples(run):
        along = ((x - ax) * dx + (y - ay) * dy) / (length * length)
        across = abs((x - ax) * dy - (y - ay) * dx) / length
        if across > TOLERANCE * 0.6 or not -0.01 <= along <= 1.01:
            return None
    return (run[0][0], run[-1][-1])


def _curve(run: Sequence[Segment]) -> Segment | None:
    """One cubic for the run with its end tangents, fitted by least squares; None if it strays too far."""
    start, end = run[0][0], run[-1][-1]
    out, back = _direction(run[0], end=False), _direction(run[-1], end=True)
    if out is None or back is None:
        return None
    points = _samples(run)
    distances = [0.0]
    for a, b in pairwise(points):
        distances.append(distances[-1] + math.hypot(b[0] - a[0], b[1] - a[1]))
    length = distances[-1]
    if length < 1e-6:
        return None
    places = [distance / length for distance in distances]
    for _ in range(4):
        reach = _handles(points, places, start, end, out, back)
        if reach is None or not all(0 < handle < 1.5 * length for handle in reach):
            return None
        curve = (
            start,
            (float(round(start[0] + out[0] * reach[0])), float(round(start[1] + out[1] * reach[0]))),
            (float(round(end[0] - back[0] * reach[1])), float(round(end[1] - back[1] * reach[1]))),
            end,
        )
        places, worst = _nearest(curve, points, places)
        if worst <= TOLERANCE:
            return curve
        if worst > 4 * TOLERANCE:
            return None
    return None


def _handles(
    points: Sequence[Point], places: Sequence[float], start: Point, end: Point, out: Point, back: Point
) -> tuple[float, float] | None:
    """The lengths of the two handles that fit the points best at these places (normal equations, 2 x 2)."""
    c00 = c01 = c11 = x0 = x1 = 0.0
    for (px, py), t in zip(points, places, strict=True):
        m = 1 - t
        b0, b1, b2, b3 = m * m * m, 3 * m * m * t, 3 * m * t * t, t * t * t
        ax, ay, bx, by = out[0] * b1, out[1] * b1, -back[0] * b2, -back[1] * b2
        c00 += ax * ax + ay * ay
        c01 += ax * bx + ay * by
        c11 += bx * bx + by * by
        qx = px - start[0] * (b0 + b1) - end[0] * (b2 + b3)
        qy = py - start[1] * (b0 + b1) - end[1] * (b2 + b3)
        x0 += ax * qx + ay * qy
        x1 += bx * qx + by * qy
    determinant = c00 * c11 - c01 * c01
    if abs(determinant) < 1e-12:
        return None
    return ((x0 * c11 - x1 * c01) / determinant, (c00 * x1 - c01 * x0) / determinant)


def _nearest(curve: Segment, points: Sequence[Point], places: Sequence[float]) -> tuple[list[float], float]:
    """The places moved towards the nearest points of the curve (one Newton step), and the largest distance left."""
    p, q, r, s = curve
    moved: list[float] = []
    worst = 0.0
    for (px, py), place in zip(points, places, strict=True):
        t = place
        x, y = _at(curve, t)
        m = 1 - t
        dx = 3 * (m * m * (q[0] - p[0]) + 2 * m * t * (r[0] - q[0]) + t * t * (s[0] - r[0]))
        dy = 3 * (m * m * (q[1] - p[1]) + 2 * m * t * (r[1] - q[1]) + t * t * (s[1] - r[1]))
        speed = dx * dx + dy * dy
        if speed > 1e-9:
            t = min(1.0, max(0.0, t - ((x - px) * dx + (y - py) * dy) / speed))
        x, y = _at(curve, t)
        moved.append(t)
        worst = max(worst, math.hypot(x - px, y - py))
    return moved, worst


def _area(contour: Sequence[Segment]) -> tuple[float, float]:
    """The enclosed area (signed) and the length of a contour, by its samples."""
    points = _samples(contour)
    area = length = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        area += ax * by - bx * ay
        length += math.hypot(bx - ax, by - ay)
    return area / 2, length


def _same_shape(old: Sequence[Sequence[Segment]], new: Sequence[Sequence[Segment]]) -> bool:
    """Whether every contour encloses what it did, but for a border as wide as the tolerance."""
    for before, after in zip(old, new, strict=True):
        area, length = _area(before)
        changed, _ = _area(after)
        if abs(area - changed) > TOLERANCE * length or (area > 0) != (changed > 0):
            return False
    return True
