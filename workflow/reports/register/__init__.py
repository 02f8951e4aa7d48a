"""The register of all applications (台账): one line an application, chosen, filtered, and written in several
forms.
"""
