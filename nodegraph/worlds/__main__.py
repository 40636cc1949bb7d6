"""`python -m nodegraph.worlds`: see `nodegraph.worlds.sheet`."""

import sys

from nodegraph.worlds.sheet import main

sys.exit(main())
