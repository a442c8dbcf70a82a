"""On the path of Python, this makes a machine without fonts: matplotlib finds none but its own, and keeps the list it makes so."""

import matplotlib.font_manager as manager

search = manager.findSystemFonts
manager.findSystemFonts = lambda places=None, fontext="ttf": search(places, fontext) if places else []
manager.fontManager = manager._load_fontmanager(try_read_cache=False)  # noqa: SLF001  # there is no public way to make the list anew
