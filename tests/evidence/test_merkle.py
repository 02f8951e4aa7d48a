"""The tree of RFC 6962: known values, and every path and proof of small trees."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.base import merkle

# The eight leaves and roots of the test vectors that implementations of RFC 6962 share.
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def simple(leaves: list[bytes]) -> bytes:
    """The root by the definition of the RFC."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return merkle.joined(simple(leaves[:half]), simple(leaves[half:]))


class Whole:
    """A tree of which every node is at hand."""

    def __init__(self, count: int) -> None:
        self.leaves = [merkle.leaf(bytes([n % 256, n // 256])) for n in range(count)]

    def node(self, level: int, place: int) -> bytes:
        return simple(self.leaves[place << level : (place + 1) << level])

    def root(self, size: int) -> bytes:
        return simple(self.leaves[:size])


@pytest.mark.parametrize("size", ROOTS)
def test_roots_that_others_have_too(size: int) -> None:
    peaks: list[bytes] = []
    for n, data in enumerate(LEAVES[:size]):
        merkle.grow(peaks, n, merkle.leaf(data))
    assert merkle.root(peaks).hex() == ROOTS[size]


def test_no_leaf_at_all() -> None:
    assert merkle.root([]) == merkle.root_at(0, Whole(0).node) == sha256(b"").digest()


def test_every_path_and_proof_of_small_trees() -> None:
    tree = Whole(41)
    for size in range(1, 41):
        root = tree.root(size)
        assert merkle.root_at(size, tree.node) == root
        for index in range(size):
            path = merkle.inclusion(index, size, tree.node)
            assert merkle.includes(tree.leaves[index], index, size, path, root)
            assert not merkle.includes(tree.leaves[index], index, size, path, tree.root(size + 1))
        for old in range(1, size + 1):
            proof = merkle.consistency(old, size, tree.node)
            assert merkle.continues(old, tree.root(old), size, root, proof)
            assert not merkle.continues(old, b"\1" * 32, size, root, proof)


@given(st.data())
def test_whatever_is_changed_in_a_path_shows(data: st.DataObject) -> None:
    tree = Whole(70)
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, tree.node)
    at = data.draw(st.integers(0, len(path) - 1))
    changed = [*path[:at], bytes([path[at][0] ^ 1]) + path[at][1:], *path[at + 1 :]]
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    root = tree.root(size)
    assert not merkle.includes(tree.leaves[index], index, size, changed, root)
    assert not merkle.includes(tree.leaves[index], index, size, path[:-1], root)
    assert not merkle.includes(tree.leaves[index], index, size, [*path, path[0]], root)
    assert not merkle.includes(tree.leaves[other], index, size, path, root)


@given(st.integers(1, 69), st.data())
def test_a_tree_that_forked_does_not_continue(old: int, data: st.DataObject) -> None:
    tree, fork = Whole(70), Whole(70)
    fork.leaves[data.draw(st.integers(0, old - 1))] = merkle.leaf(b"other")
    size = data.draw(st.integers(old, 70))
    proof = merkle.consistency(old, size, fork.node)
    assert not merkle.continues(old, tree.root(old), size, fork.root(size), proof)
    for index, size in ((-1, 5), (5, 5), (0, 0)):
        with pytest.raises(ValueError, match="no such"):
            merkle.inclusion(index, size, tree.node)
    for old, size in ((0, 5), (6, 5)):
        with pytest.raises(ValueError, match="no such"):
            merkle.consistency(old, size, tree.node)
