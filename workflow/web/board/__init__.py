"""The board as pages for officers, on the inner side: on loopback or a Unix socket, without scripts."""
