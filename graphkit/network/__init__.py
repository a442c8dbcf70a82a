"""Network: nodes, kinds and groups as arrays, ties as CSR; from Tables, to and from networkx, out to pyvis and files."""

from graphkit.network.files import write_network as write_network
from graphkit.network.guard import takes_network as takes_network
from graphkit.network.network import Network as Network
from graphkit.network.parts import Grouping as Grouping
from graphkit.network.parts import Ties as Ties
