"""The Merkle tree of RFC 6962: hashing, growing by one leaf, paths and their checks. Pure.

A tree that grows is kept as its peaks: the roots of the full subtrees of which it consists, the largest
first. `Node` gives the root of the full subtree of 2^level leaves that begins at index * 2^level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
Node = Callable[[int, int], bytes]


def leaf(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + data).digest()


def joined(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two."""
    return sha256(b"\1" + left + right).digest()


def grow(peaks: list[bytes], size: int, added: bytes) -> list[tuple[int, int, bytes]]:
    """Add the hash of a leaf to the peaks of a tree of `size` leaves, in place; the nodes that became full,
    as level, index and hash (level 0, the leaf itself, left out).
    """
    full = []
    level = 0
    while size >> level & 1:
        added = joined(peaks.pop(), added)
        level += 1
        full.append((level, size >> level, added))
    peaks.append(added)
    return full


def root(peaks: Sequence[bytes]) -> bytes:
    """The root over the peaks; of no leaves, the hash of nothing."""
    if not peaks:
        return EMPTY
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = joined(peak, found)
    return found


def root_at(size: int, node: Node) -> bytes:
    """The root of the tree as it was at `size` leaves."""
    return _over(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The path from the leaf at `index` to the root of the tree of `size` leaves, its sibling first."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        half = _half(end - start)
        if index < start + half:
            path.append(_over(start + half, end, node))
            end = start + half
        else:
            path.append(_over(start, start + half, node))
            start += half
    return path[::-1]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """The proof that the tree of `size` leaves begins with that of `old` leaves."""
    if not 0 < old <= size:
        raise ValueError("no such tree")
    proof: list[bytes] = []
    start, end, whole = 0, size, True
    while old != end:
        half = _half(end - start)
        if old <= start + half:
            proof.append(_over(start + half, end, node))
            end = start + half
        else:
            proof.append(_over(start, start + half, node))
            start, whole = start + half, False
    if not whole:
        proof.append(_over(start, end, node))
    return proof[::-1]


def includes(added: bytes, index: int, size: int, path: Sequence[bytes], claimed: bytes) -> bool:
    """Whether the path leads from a leaf's hash at `index` to the root claimed (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, added
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = joined(step, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = joined(found, step)
        at >>= 1
        last >>= 1
    return last == 0 and found == claimed


def continues(old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the larger tree begins with the smaller (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not proof and old_root == new_root
    if not 0 < old < size:
        return False
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at >>= 1
        last >>= 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = joined(step, before), joined(step, after)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            after = joined(after, step)
        at >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == new_root


def _half(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return 1 << (count - 1).bit_length() - 1


def _over(start: int, end: int, node: Node) -> bytes:
    """The root over the leaves from start to end; start lies where such a subtree may begin."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    half = _half(count)
    return joined(_over(start, start + half, node), _over(start + half, end, node))
