"""The public counter: `public` takes applications sealed and shows how they stand, and knows no case and no
key; the inner side collects what came and publishes what may be shown.
"""
