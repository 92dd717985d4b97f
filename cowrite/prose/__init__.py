"""Grammar and remarks on prose, without a model: what of a draft is prose, what is wrong or odd in it.

Grammar is harper's, an extra, in a process of its own (`grammar`, `host`); the remarks of `proofread` need
nothing but Python. All places are code points of the draft.
"""
