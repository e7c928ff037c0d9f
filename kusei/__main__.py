"""`python -m kusei`: the same as the command `kusei`."""

import sys

from kusei.config.cli import main

sys.exit(main())
