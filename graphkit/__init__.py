"""graphkit: coverage gaps, bridge figures and pairing reach in the networks of rural organisation.

Everything a user needs is a name of this package; each is imported from its module at first use,
so that ``import graphkit`` costs nothing.

>>> import graphkit
>>> graphkit.Text(zh="村", en="village").say("en")
'village'
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
