"""Models from elsewhere: found on a hub or at an address, downloaded, and made known to the catalog.

The one room whose code opens connections for the writer; it is asked by `cowrite models pull` alone.
"""
