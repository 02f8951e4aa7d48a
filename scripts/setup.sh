#!/bin/sh
# Makes everything that running the project takes: .venv with the pinned packages, the command
# .venv/bin/disclosure, the message catalogues, and by apt the libraries and fonts of the letters.
# Run again it only does what is not done yet. With --dev it adds what the tests and checks take.
#
# Exit status: 0 ready; 1 something is missing, and the last line said how to get it.
set -eu

cd "$(dirname "$0")/.."
# dpkg wants these; a plain user's PATH often lacks them.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
HOME="${HOME:-/tmp}"
export HOME

dev=no
[ "${1:-}" = "--dev" ] && dev=yes
pins=requirements.txt
[ "$dev" = yes ] && pins=requirements-dev.txt
venv=.venv

say() { printf '%s\n' "$*"; }
die() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# --- packages of the system ---------------------------------------------------------------------------

is_debian() { command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; }

is_installed() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

letters_packages() {
    # The list is the letters' own (libraries and faces); it is read, so that it stands in one place.
    [ -f scripts/fonts.sh ] && sed -n 's/^\(LIBRARIES\|FACES\)="\(.*\)"$/\2/p' scripts/fonts.sh
}

has_postgresql() {
    command -v initdb >/dev/null 2>&1 && return
    for place in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$place" ] && return
    done
    return 1
}

has_browser() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

needed_packages() {
    if ! venv_works && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian's own python3 needs python3-venv, another one of Debian's, say python3.12, python3.12-venv.
        echo "$(basename "$python")-venv"
    fi
    for package in $(letters_packages); do
        is_installed "$package" || echo "$package"
    done
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }

apt_install() {
    say "setup: installing $*"
    # A fresh machine has no package lists yet, and one left alone has stale ones: then fetch them and try again.
    apt_get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt_get update >/dev/null || true
    apt_get install -y --no-install-recommends "$@" >/dev/null
}

install_postgresql() {
    # The tests start servers of their own: no cluster is made for the machine, and none is started.
    folder=/etc/postgresql-common/createcluster.d
    as_root mkdir -p "$folder"
    echo "create_main_cluster = false" | as_root tee "$folder/disclosure-setup.conf" >/dev/null
    status=0
    apt_install postgresql || status=$?
    as_root rm -f "$folder/disclosure-setup.conf"
    return $status
}

system_packages() {
    is_debian || return 0
    # Word splitting is wanted wherever a list of packages is given: one word a package.
    missing=$(needed_packages | tr '\n' ' ')
    wanted=$missing
    [ "$dev" = yes ] && ! has_postgresql && wanted="$missing postgresql"
    browser=
    [ "$dev" = yes ] && ! has_browser && browser=chromium && wanted="$wanted chromium"
    [ -n "$wanted" ] || return 0
    if can_be_root; then
        # shellcheck disable=SC2086
        [ -z "$missing" ] || apt_install $missing || die "apt could not install: $missing"
        if [ "$dev" = yes ] && ! has_postgresql && ! install_postgresql; then
            say "setup: PostgreSQL could not be installed; its tests will be skipped"
        fi
        if [ -n "$browser" ] && ! apt_install "$browser"; then
            say "setup: chromium could not be installed; the tests of the public pages in a browser will be skipped"
        fi
        return 0
    fi
    line="sudo apt-get update && sudo apt-get install -y --no-install-recommends $(echo $wanted)"
    if [ -n "$missing" ]; then
        die "packages of the system are missing. Run this once, then the same command again:
    $line"
    fi
    say "setup: the tests on PostgreSQL and in a browser, as far as these are missing, will be skipped; to have them:  $line"
}

# --- the virtual environment --------------------------------------------------------------------------

venv_works() {
    [ -x $venv/bin/python ] && $venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

drop_moved_venv() {
    # An environment that was moved or copied here runs another tree's code: it is made anew.
    if [ -e $venv/made-for ] && [ "$(cat $venv/made-for)" != "$(pwd)" ]; then rm -rf $venv; fi
}

make_venv() {
    venv_works && return
    say "setup: making $venv with $("$python" --version) ($python)"
    rm -rf $venv
    "$python" -m venv $venv || die "$python could not make a virtual environment"
}

same() { cmp -s "$1" "$2"; }

install_pins() {
    # What was installed is kept beside it: pip is asked only when the list is another one than last time.
    same $pins $venv/installed-$pins && return
    say "setup: installing the packages of $pins (a minute or two)"
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location -r $pins ||
        die "pip could not install $pins; the lines above say why"
    cp $pins $venv/installed-$pins
    [ "$dev" = no ] || cp requirements.txt $venv/installed-requirements.txt
}

install_command() {
    # As `pip install --editable .` would, but by a plain path entry: setuptools' import hook for a flat
    # layout is loaded at every start of Python and costs as much as a third of `disclosure --help`.
    here=$(pwd)
    site=$($venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    # Without site (-S): the command first asks the service, and loads the rest only where none answers.
    case "$here" in *" "*) shebang="#!/usr/bin/env -S \"$here/$venv/bin/python\" -S" ;; *) shebang="#!$here/$venv/bin/python -S" ;; esac
    printf '%s\n' "$here" >"$site/disclosure-tree.pth"
    cat >$venv/bin/disclosure.new <<EOF
$shebang
import sys

sys.path[0] = "$here"
from workflow.service.client import main

sys.exit(main())
EOF
    chmod +x $venv/bin/disclosure.new
    mv $venv/bin/disclosure.new $venv/bin/disclosure
    printf '%s\n' "$here" >$venv/made-for
}

python=$(find_python) || die "Python 3.11 or newer is needed (Debian: sudo apt-get install -y python3 python3-venv)"
drop_moved_venv
system_packages
make_venv
install_pins
[ -e $venv/made-for ] && grep -qs service.client $venv/bin/disclosure || install_command
$venv/bin/python scripts/catalogues.py
# What is not compiled yet the first command would compile; who wants nothing compiled in the tree is heard.
[ -n "${PYTHONDONTWRITEBYTECODE:-}" ] || $venv/bin/python -m compileall -q -j 0 cli.py workflow letters migrations
if [ -f scripts/fonts.sh ] && ! sh scripts/fonts.sh; then
    say "setup: some faces are missing; letters use the ones there are (see: $venv/bin/disclosure doctor)"
fi
[ "$dev" = yes ] || say "setup: ready: $venv/bin/disclosure"
