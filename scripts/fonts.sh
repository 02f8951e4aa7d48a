#!/bin/sh
# What the letters need from the machine: Pango and HarfBuzz, fontconfig, and free Chinese faces.
# Says nothing when all is there. As root, or with a sudo that asks nothing, it installs what is missing;
# otherwise it lays the Fandol faces into the user's own font folder (no root needed) and prints the one
# line that installs the rest. Exit status 0: all present; 1: something is still missing.
set -u

LIBRARIES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
FACES="fonts-lxgw-wenkai fonts-hanazono"
FANDOL="FandolFang-Regular FandolSong-Regular FandolSong-Bold FandolKai-Regular FandolHei-Regular"
FANDOL_PACKAGE=texlive-lang-chinese
FANDOL_INSIDE=usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
FOLDER="${XDG_DATA_HOME:-$HOME/.local/share}/fonts/disclosure"

installed() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

missing_packages() {
    for package in $LIBRARIES $FACES; do
        installed "$package" || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

apt_install() {
    # A fresh image has no package lists: fetch them once when the first try fails.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    as_root apt-get update -q >/dev/null 2>&1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >/dev/null
}

fandol_here() {
    known=$(fc-list : file 2>/dev/null)
    for face in $FANDOL; do
        case "$known" in *"/$face.otf"*) ;; *) return 1 ;; esac
    done
}

lay_fandol() {
    # $1: the folder that holds the faces. Each is moved into place whole: a killed copy leaves no half font.
    mkdir -p "$FOLDER" || return 1
    for face in $FANDOL; do
        cp "$1/$face.otf" "$FOLDER/.$face.new" && mv "$FOLDER/.$face.new" "$FOLDER/$face.otf" || return 1
    done
    fc-cache "$FOLDER" >/dev/null 2>&1
}

fetch_fandol() {
    # Of a package of 49 MB with two dozen dependencies, only these five files.
    [ -d "/$FANDOL_INSIDE" ] && { lay_fandol "/$FANDOL_INSIDE"; return; }
    command -v apt-get >/dev/null 2>&1 || return 1
    work=$(mktemp -d) || return 1
    (
        cd "$work" || exit 1
        apt-get download -q -o APT::Sandbox::User=root "$FANDOL_PACKAGE" >/dev/null 2>&1 || {
            can_be_root && as_root apt-get update -q >/dev/null 2>&1
            apt-get download -q -o APT::Sandbox::User=root "$FANDOL_PACKAGE" >/dev/null 2>&1
        } || exit 1
        dpkg-deb --fsys-tarfile "$FANDOL_PACKAGE"_*.deb | tar -xf - "./$FANDOL_INSIDE" "./usr/share/doc/texlive-doc/fonts/fandol" || exit 1
    ) && lay_fandol "$work/$FANDOL_INSIDE" && cp "$work"/usr/share/doc/texlive-doc/fonts/fandol/COPYING* "$FOLDER"/ 2>/dev/null
    status=$?
    rm -rf "$work"
    return $status
}

status=0
if command -v dpkg-query >/dev/null 2>&1; then
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        if can_be_root; then
            echo "Installing: $missing"
            # Word splitting is wanted: one package a word.
            # shellcheck disable=SC2086
            apt_install $missing || status=1
        fi
        missing=$(missing_packages)
        if [ -n "$missing" ]; then
            echo "Please run once: sudo apt-get update && sudo apt-get install --no-install-recommends -y ${missing% }" >&2
            status=1
        fi
    fi
else
    echo "Not a Debian system: please install Pango, HarfBuzz (with its subset library), fontconfig, LXGW WenKai and HanaMin." >&2
fi

if ! fandol_here; then
    echo "Laying the Fandol faces into $FOLDER"
    if ! fetch_fandol || ! fandol_here; then
        echo "The Fandol faces are missing: they are in Debian's package $FANDOL_PACKAGE; copy its fandol/*.otf to $FOLDER" >&2
        status=1
    fi
fi
exit $status
