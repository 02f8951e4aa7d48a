"""The office: profile, officers, settings, imported notices, mail server. Imports storage and what lies
below.
"""
