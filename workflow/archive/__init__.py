"""The archive of a case: whether it is complete, its folder with checksums, its volume as one PDF, its
end.
"""
