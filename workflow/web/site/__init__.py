"""The organ's public pages: static files made from the office's own record and the tables of law, served by
any web server."""
