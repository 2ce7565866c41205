"""Who qualifies for what, and why. Pure.

``assessing`` judges by the law's conditions (``rulebook``, ``words``), ``results`` by those of a campaign's list.
"""
