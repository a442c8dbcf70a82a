"""Cypher in Jupyter: ``%load_ext graphkit.notebook``, then ``%cypher NAME`` or a cell that begins with ``%%cypher``.

Rows come as a DataFrame; where a text returns nodes or ties themselves, as a small drawn graph. The store is the
notebook's variable ``store``, another variable, a folder or an address. A notebook keeps what it shows in its file: so
people's names stand as ``***`` unless the line says ``--names``::

    store = graphkit.connect("acheng.gk")
    %cypher household_without_helper as_of=2012-04-30
    %cypher member_page member_id=m0001 --to page
    %%cypher --store bolt://localhost:7687
    MATCH (m:Member)-[r:HELPS]->(h:Household) RETURN m, r, h LIMIT 20
"""

from graphkit.notebook.drawing import DrawnGraph, draw_answer
from graphkit.notebook.magic import CypherMagic, load_ipython_extension, unload_ipython_extension

__all__ = ["CypherMagic", "DrawnGraph", "draw_answer", "load_ipython_extension", "unload_ipython_extension"]
